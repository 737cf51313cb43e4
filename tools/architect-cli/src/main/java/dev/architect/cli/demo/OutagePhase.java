package dev.architect.cli.demo;

import java.util.Locale;

/** When something happened, seen from the outage. */
enum OutagePhase {
    BEFORE,
    DURING,
    AFTER;

    /** The word for tables and reports. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
