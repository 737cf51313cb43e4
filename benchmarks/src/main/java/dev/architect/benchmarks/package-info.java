/** Measurements against peers and against plain references; run by hand, see {@code benchmarks/README.md}. */
@NullMarked
package dev.architect.benchmarks;

import org.jspecify.annotations.NullMarked;
