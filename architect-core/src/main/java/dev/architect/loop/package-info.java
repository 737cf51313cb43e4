/** The loops of the engine: threads that repeat a step and survive whatever it throws. */
@NullMarked
package dev.architect.loop;

import org.jspecify.annotations.NullMarked;
