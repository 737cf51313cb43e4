/** The parts of exports in a database. */
@NullMarked
package dev.architect.store.jdbi.export;

import org.jspecify.annotations.NullMarked;
