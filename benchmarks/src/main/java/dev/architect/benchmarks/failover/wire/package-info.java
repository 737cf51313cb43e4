/** What providers send and receive, a class for each dialect. */
@NullMarked
package dev.architect.benchmarks.failover.wire;

import org.jspecify.annotations.NullMarked;
