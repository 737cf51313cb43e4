/** Models that learn from recorded outcomes where a strong model is worth its price. */
@NullMarked
package dev.architect.router.learned;

import org.jspecify.annotations.NullMarked;
