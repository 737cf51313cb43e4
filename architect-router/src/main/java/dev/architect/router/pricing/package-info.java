/** Price catalogues and the files that they are read from. */
@NullMarked
package dev.architect.router.pricing;

import org.jspecify.annotations.NullMarked;
