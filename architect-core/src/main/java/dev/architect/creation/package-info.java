/** Creations that are made once, however often they are asked for. */
@NullMarked
package dev.architect.creation;

import org.jspecify.annotations.NullMarked;
