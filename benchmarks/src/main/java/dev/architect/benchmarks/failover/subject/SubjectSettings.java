package dev.architect.benchmarks.failover.subject;

import java.time.Duration;
import java.util.Locale;

/** Which limits a subject gets. */
public enum SubjectSettings {
    /** 30 s for a call and for silence in a stream, and at most two retries: what the public benchmark sets. */
    COMPARABLE,
    /** Whatever the subject does when nothing is set. */
    DEFAULTS;

    /** The limit of the comparable row. */
    static final Duration LIMIT = Duration.ofSeconds(30);
    /** The retries of the comparable row. */
    static final int RETRIES = 2;

    /** Its name in options and figures. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
