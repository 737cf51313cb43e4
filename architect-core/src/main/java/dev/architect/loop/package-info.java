/** The loops of the engine: threads that repeat a step and survive whatever it throws, and steps that look at the store at intervals. */
@NullMarked
package dev.architect.loop;

import org.jspecify.annotations.NullMarked;
