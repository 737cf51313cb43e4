/** The clients under test, each with its best documented settings. */
@NullMarked
package dev.architect.benchmarks.failover.subject;

import org.jspecify.annotations.NullMarked;
