/** Projects, boards and items in a database. */
@NullMarked
package dev.architect.store.jdbi.project;

import org.jspecify.annotations.NullMarked;
