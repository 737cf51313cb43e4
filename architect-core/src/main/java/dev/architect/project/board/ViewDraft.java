package dev.architect.project.board;

import dev.architect.check.Check;

/**
 * What people may change of a saved view.
 *
 * @param name 1 to 60 characters, unique in its project without case
 * @param query the filter as people type it, at most 1,000 characters
 * @param layout how it is shown
 * @param isShared whether others see it too
 */
public record ViewDraft(String name, String query, Layout layout, boolean isShared) {

    private static final int MAX_NAME_CHARACTERS = 60;
    private static final int MAX_QUERY_CHARACTERS = 1_000;

    /** How items are shown. */
    public enum Layout {
        /** In columns. */
        BOARD,
        /** In rows. */
        TABLE
    }

    /** Checks every field. */
    public ViewDraft {
        Check.atMost("name", Check.notBlank("name", name), MAX_NAME_CHARACTERS);
        Check.atMost("query", query, MAX_QUERY_CHARACTERS);
        Check.notNull("layout", layout);
    }
}
