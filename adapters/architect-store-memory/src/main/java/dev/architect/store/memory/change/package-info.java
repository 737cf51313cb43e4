/** The log of changes of a store in memory. */
@NullMarked
package dev.architect.store.memory.change;

import org.jspecify.annotations.NullMarked;
