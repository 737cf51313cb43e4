package dev.architect.cli.cluster;

import dev.architect.task.TaskId;
import java.util.Locale;
import java.util.Optional;

/**
 * A line of a journal.
 *
 * @param kind what happened
 * @param task to which task
 * @param epoch in which attempt: the epoch of its fencing token
 * @param micros when, in microseconds since 1970 by the clock of the machine that all nodes of the demo share
 */
record JournalEntry(Kind kind, TaskId task, long epoch, long micros) {

    /** What happened. */
    enum Kind {
        /** An effect has begun. */
        BEGUN,
        /** An effect has ended; whether that was recorded, the database says. */
        ENDED
    }

    private static final int PARTS = 4;

    String line() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + task + " " + epoch + " " + micros;
    }

    /** Reads a line; empty when it is none, as the last one of a process that was killed may be. */
    static Optional<JournalEntry> parse(String line) {
        String[] parts = line.split(" ", -1);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        try {
            return Optional.of(new JournalEntry(
                    Kind.valueOf(parts[0].toUpperCase(Locale.ROOT)),
                    TaskId.parse(parts[1]),
                    Long.parseLong(parts[2]),
                    Long.parseLong(parts[3])));
        } catch (IllegalArgumentException broken) {
            return Optional.empty();
        }
    }
}
