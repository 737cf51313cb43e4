/** Checkers of answers that need no further library. */
@NullMarked
package dev.architect.router.verification;

import org.jspecify.annotations.NullMarked;
