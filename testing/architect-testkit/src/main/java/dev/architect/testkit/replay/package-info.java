/** Recorded replies, replayed whole, split and mutated. */
@NullMarked
package dev.architect.testkit.replay;

import org.jspecify.annotations.NullMarked;
