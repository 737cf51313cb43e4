package dev.architect.task;

import dev.architect.check.Check;

/**
 * A session of the pool.
 *
 * @param name its name, unique in its incarnation, for example {@code llm-3}
 * @param kind what it runs, for example {@code llm}
 * @param slots how many tasks it runs at once
 * @param busy how many it runs now
 */
public record SessionInfo(String name, String kind, int slots, int busy) {

    /** Checks the counts. */
    public SessionInfo {
        Check.notNull("name", name);
        Check.notNull("kind", kind);
        Check.range("slots", slots, 1, 1_000);
        Check.range("busy", busy, 0, slots);
    }
}
