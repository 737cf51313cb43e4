/** Brings a database to the newest schema. */
@NullMarked
package dev.architect.store.jdbi.schema;

import org.jspecify.annotations.NullMarked;
