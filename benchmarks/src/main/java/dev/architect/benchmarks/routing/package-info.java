/** How good the learned router is, on recorded outcomes. */
@NullMarked
package dev.architect.benchmarks.routing;

import org.jspecify.annotations.NullMarked;
