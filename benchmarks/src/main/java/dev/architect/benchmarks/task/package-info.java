/** Task engines side by side. */
@NullMarked
package dev.architect.benchmarks.task;

import org.jspecify.annotations.NullMarked;
