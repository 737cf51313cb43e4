/** The lists of the server over many tasks and calls. */
@NullMarked
package dev.architect.benchmarks.list;

import org.jspecify.annotations.NullMarked;
