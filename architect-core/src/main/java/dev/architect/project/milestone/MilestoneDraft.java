package dev.architect.project.milestone;

import dev.architect.check.Check;
import java.time.LocalDate;
import java.util.Optional;

/**
 * What people may change of a milestone.
 *
 * @param title 1 to 200 characters
 * @param description Markdown, at most 20,000 characters
 * @param target the day that it is promised for
 */
public record MilestoneDraft(String title, String description, Optional<LocalDate> target) {

    private static final int MAX_TITLE_CHARACTERS = 200;
    private static final int MAX_DESCRIPTION_CHARACTERS = 20_000;

    /** Checks every field. */
    public MilestoneDraft {
        Check.atMost("title", Check.notBlank("title", title), MAX_TITLE_CHARACTERS);
        Check.atMost("description", description, MAX_DESCRIPTION_CHARACTERS);
        Check.notNull("target", target);
    }

    /** Returns one of which only the title is known. */
    public static MilestoneDraft of(String title) {
        return new MilestoneDraft(title, "", Optional.empty());
    }
}
