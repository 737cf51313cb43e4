package dev.architect.cli.cluster;

import java.util.Locale;

/** What the demo does to a node. */
enum ClusterFault {
    /** {@code kill -9}; afterwards the node is started again. */
    KILL("killed with kill -9"),
    /** {@code SIGSTOP} for longer than its lease, and then {@code SIGCONT}. */
    PAUSE("paused past its lease"),
    /** Nothing passes between the node and the database for longer than its lease, and then everything that was held back. */
    CUT("cut off the database");

    private final String words;

    ClusterFault(String words) {
        this.words = words;
    }

    /** What happened, for people. */
    String words() {
        return words;
    }

    /** Reads a constant from the command line. */
    static ClusterFault parse(String word) {
        return valueOf(word.strip().toUpperCase(Locale.ROOT));
    }
}
