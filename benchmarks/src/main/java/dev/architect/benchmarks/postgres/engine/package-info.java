/** The engines that are compared on PostgreSQL, each in its best documented settings behind one interface. */
@NullMarked
package dev.architect.benchmarks.postgres.engine;

import org.jspecify.annotations.NullMarked;
