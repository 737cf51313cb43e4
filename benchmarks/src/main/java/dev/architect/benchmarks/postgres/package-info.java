/**
 * Task engines side by side on PostgreSQL. {@link dev.architect.benchmarks.postgres.PostgresComparison} starts each run of one engine in one
 * case in a process of its own, {@link dev.architect.benchmarks.postgres.ScenarioRun}.
 */
@NullMarked
package dev.architect.benchmarks.postgres;

import org.jspecify.annotations.NullMarked;
