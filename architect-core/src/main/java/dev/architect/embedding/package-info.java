/** Vectors that stand for texts: what is asked, and the answer. */
@NullMarked
package dev.architect.embedding;

import org.jspecify.annotations.NullMarked;
