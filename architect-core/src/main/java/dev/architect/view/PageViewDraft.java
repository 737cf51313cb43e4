package dev.architect.view;

import dev.architect.check.Check;

/**
 * What people may change of a saved view of a page.
 *
 * @param name 1 to 60 characters, unique among the views of its owner of that page without case
 * @param query what the address of the page says after its {@code ?}: filter, order, range and grouping; at most 1,000 characters
 * @param isShared whether others see it too
 */
public record PageViewDraft(String name, String query, boolean isShared) {

    private static final int MAX_NAME_CHARACTERS = 60;
    private static final int MAX_QUERY_CHARACTERS = 1_000;

    /** Checks every field. */
    public PageViewDraft {
        Check.atMost("name", Check.notBlank("name", name), MAX_NAME_CHARACTERS);
        Check.atMost("query", query, MAX_QUERY_CHARACTERS);
    }
}
