package dev.architect.task;

import dev.architect.check.Check;

/**
 * How urgent a task is, from 0 (most urgent) to 9.
 *
 * <p>A task is overtaken by work of a more urgent level only for thirty seconds per level, so nothing starves.
 *
 * @param level 0 to 9
 */
public record Priority(int level) {

    /** Before everything else. */
    public static final Priority URGENT = new Priority(0);
    /** Before ordinary work. */
    public static final Priority HIGH = new Priority(2);
    /** Ordinary work. */
    public static final Priority NORMAL = new Priority(4);
    /** When there is nothing better to do. */
    public static final Priority LOW = new Priority(7);

    private static final int LEAST_URGENT = 9;

    /** Checks the level. */
    public Priority {
        Check.range("priority", level, 0, LEAST_URGENT);
    }
}
