package dev.architect.view;

import dev.architect.check.Check;
import dev.architect.project.Revision;
import dev.architect.project.Versioned;
import java.util.regex.Pattern;

/**
 * What a page showed when somebody saved it: its filter, order and range, under a name.
 *
 * @param id its id, which no other one has
 * @param page the page, such as {@code tasks} or {@code llm-metrics}: 1 to 32 lower-case letters and hyphens, a letter first
 * @param draft what its owner may change
 * @param revision its version; who created it owns it
 */
public record PageView(String id, String page, PageViewDraft draft, Revision revision) implements Versioned {

    private static final Pattern PAGE = Pattern.compile("[a-z][a-z-]{0,31}");

    /** Checks every field. */
    public PageView {
        Check.notBlank("id", id);
        requirePage(page);
        Check.notNull("draft", draft);
        Check.notNull("revision", revision);
    }

    static String requirePage(String page) {
        if (!PAGE.matcher(Check.notNull("page", page)).matches()) {
            throw new IllegalArgumentException("page is '" + (page.length() > 80 ? page.substring(0, 80) + "…" : page)
                    + "', expected the name of one, such as tasks");
        }
        return page;
    }
}
