/** Durable steps, progress and partial output of tasks in a database. */
@NullMarked
package dev.architect.store.jdbi.step;

import org.jspecify.annotations.NullMarked;
