/** Reviews, approval rules and recorded decisions in a database. */
@NullMarked
package dev.architect.store.jdbi.review;

import org.jspecify.annotations.NullMarked;
