package dev.architect.benchmarks.failover;

import java.util.Locale;

/** How a client did in a scenario, the best first. */
public enum Verdict {
    /** The ideal outcome, every check clean. */
    PASS,
    /** The ideal outcome, an advisory check failed. */
    PARTIAL,
    /** No answer, but a typed error in time, every required check clean. */
    SAFE,
    /** A required check failed, it took too long, or a part was presented as the whole. */
    FAIL;

    /** Its name in figures. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
