/** The failover suite: sixteen faults of a provider, and what a client makes of each. */
@NullMarked
package dev.architect.benchmarks.failover;

import org.jspecify.annotations.NullMarked;
