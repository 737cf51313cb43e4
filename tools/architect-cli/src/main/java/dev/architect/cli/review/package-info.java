/** {@code gaia review}: the queue of reviews of a data directory. */
@NullMarked
package dev.architect.cli.review;

import org.jspecify.annotations.NullMarked;
