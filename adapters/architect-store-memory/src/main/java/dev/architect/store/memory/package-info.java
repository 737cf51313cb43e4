/** A store that keeps everything in memory, for tests, demonstrations and single requests. */
@NullMarked
package dev.architect.store.memory;

import org.jspecify.annotations.NullMarked;
