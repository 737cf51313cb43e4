/** The log of changes: what was changed in a store, under numbers without a gap. */
@NullMarked
package dev.architect.change;

import org.jspecify.annotations.NullMarked;
