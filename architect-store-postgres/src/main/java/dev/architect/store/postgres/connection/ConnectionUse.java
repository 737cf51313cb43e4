package dev.architect.store.postgres.connection;

/** What a connection is borrowed for. Each use has connections that no other one takes. */
public enum ConnectionUse {
    /** Beats, the search for dead nodes, and hints: never behind anything that takes long. */
    NODE,
    /** The task engine's reads and writes. */
    ENGINE,
    /** Lists and counts. */
    PAGES,
    /** Reports on the ledger, each of which may take a processor for seconds. */
    REPORTS;

    private static final int FOR_NODE = 2;

    /** How many of {@code total} connections are for this use. */
    public int shareOf(int total) {
        int reports = Math.max(1, total / 10);
        int pages = Math.max(1, total / 5);
        return switch (this) {
            case NODE -> FOR_NODE;
            case ENGINE -> total - FOR_NODE - pages - reports;
            case PAGES -> pages;
            case REPORTS -> reports;
        };
    }
}
