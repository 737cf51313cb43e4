package dev.architect.task;

import dev.architect.check.Check;

/**
 * A key that at most one unfinished task of a project has. It is free again as soon as its task has ended.
 *
 * @param value 1 to 255 characters, not all of them blank
 * @param onConflict what becomes of a submission whose key is taken
 */
public record UniqueKey(String value, OnConflict onConflict) {

    private static final int MAX_CHARACTERS = 255;

    /** Checks the value. */
    public UniqueKey {
        Check.atMost("uniqueKey", Check.notBlank("uniqueKey", value), MAX_CHARACTERS);
        Check.notNull("onConflict", onConflict);
    }

    /** A key whose second submission is refused. */
    public static UniqueKey rejecting(String value) {
        return new UniqueKey(value, OnConflict.REJECT);
    }

    /** A key whose second submission answers the task that has it. */
    public static UniqueKey existing(String value) {
        return new UniqueKey(value, OnConflict.EXISTING);
    }

    /** A key whose second submission changes the task that has it, while that does not run: a debounce. */
    public static UniqueKey replacing(String value) {
        return new UniqueKey(value, OnConflict.REPLACE);
    }

    /** What becomes of a submission whose key is taken. */
    public enum OnConflict {
        /** It is refused. */
        REJECT,
        /** It accepts no task, and answers the one that has the key. */
        EXISTING,
        /**
         * The task that has the key gets its work and its due time, if it does not run; a task that runs is answered as it is.
         */
        REPLACE
    }
}
