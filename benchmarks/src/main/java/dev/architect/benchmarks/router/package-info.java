/** The cost of a route decision. */
@NullMarked
package dev.architect.benchmarks.router;

import org.jspecify.annotations.NullMarked;
