package dev.architect.benchmarks.postgres;

import dev.architect.benchmarks.InvalidOptionException;
import java.util.Arrays;
import java.util.Locale;

/** What is measured of an engine. */
enum BenchmarkCase {
    /** Submits in batches, nothing being performed meanwhile. */
    BULK,
    /** Submits from one thread, one task a call. */
    SINGLE,
    /** Submits from 16 threads, one task a call. */
    SINGLE16,
    /** Performs what was submitted, until the database shows nothing unfinished. */
    DRAIN,
    /** Performs while many more tasks are ready. */
    BACKLOG,
    /** Performs beside many more tasks that wait for the permits of limit keys; ours alone. */
    STUCK,
    /** Performs while another transaction holds a snapshot, so that no dead row can be removed. */
    SNAPSHOT,
    /** Performs in several processes. */
    PROCESSES,
    /** From the call of submit to the handler, both in one process, nothing else to do. */
    LOCAL,
    /** From the call of submit in one process to the handler in another. */
    REMOTE,
    /** Millions of tasks: whether the rate stays, and whether the tables stay as large. */
    SOAK;

    /** The word on the command line and in figures. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the acknowledgement matters, so that ours is measured with both. */
    boolean performs() {
        return this == DRAIN || this == BACKLOG || this == STUCK || this == SNAPSHOT || this == PROCESSES;
    }

    /** Whether the figure is a time, of which less is better. */
    boolean isPickUp() {
        return this == LOCAL || this == REMOTE;
    }

    static BenchmarkCase of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new InvalidOptionException("--cases names '" + word + "', expected of " + words()));
    }

    static String words() {
        return String.join(
                ", ", Arrays.stream(values()).map(BenchmarkCase::word).toList());
    }
}
