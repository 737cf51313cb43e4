/** The parts of exports in memory. */
@NullMarked
package dev.architect.store.memory.export;

import org.jspecify.annotations.NullMarked;
