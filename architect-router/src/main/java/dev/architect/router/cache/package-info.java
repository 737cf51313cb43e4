/** Answers that are kept for equal requests. */
@NullMarked
package dev.architect.router.cache;

import org.jspecify.annotations.NullMarked;
