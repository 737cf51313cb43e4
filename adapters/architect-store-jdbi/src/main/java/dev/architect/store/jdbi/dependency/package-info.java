/** Which tasks wait for which others, in the tables of a store. */
@NullMarked
package dev.architect.store.jdbi.dependency;

import org.jspecify.annotations.NullMarked;
