package dev.architect.benchmarks.live;

/**
 * A task.
 *
 * @param at before its submission, by the monotonic clock
 */
record SubmittedTask(String id, long at) {}
