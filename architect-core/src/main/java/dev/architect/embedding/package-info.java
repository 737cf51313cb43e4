/** Vectors that represent texts: the call and its answer. */
@NullMarked
package dev.architect.embedding;

import org.jspecify.annotations.NullMarked;
