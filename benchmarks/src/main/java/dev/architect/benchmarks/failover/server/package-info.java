/** A provider that fails on purpose, over raw sockets. */
@NullMarked
package dev.architect.benchmarks.failover.server;

import org.jspecify.annotations.NullMarked;
