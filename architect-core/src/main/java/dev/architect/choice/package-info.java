/** How a learned router chose between models. */
@NullMarked
package dev.architect.choice;

import org.jspecify.annotations.NullMarked;
