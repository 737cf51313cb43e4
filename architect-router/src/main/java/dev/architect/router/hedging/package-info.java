/** Second calls for requests whose first one takes unusually long. */
@NullMarked
package dev.architect.router.hedging;

import org.jspecify.annotations.NullMarked;
