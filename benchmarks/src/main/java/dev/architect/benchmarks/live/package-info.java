/** The live channel of the server under many pages, slow ones and cut links. */
@NullMarked
package dev.architect.benchmarks.live;

import org.jspecify.annotations.NullMarked;
