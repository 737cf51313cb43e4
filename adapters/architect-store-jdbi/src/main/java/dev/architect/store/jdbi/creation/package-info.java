/** Answers of creations in SQL, written in the transaction that creates. */
@NullMarked
package dev.architect.store.jdbi.creation;

import org.jspecify.annotations.NullMarked;
