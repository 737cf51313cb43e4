package dev.architect.project.board;

import dev.architect.check.Check;
import dev.architect.project.ProjectDraft;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What people may change of a column.
 *
 * @param title 1 to 60 characters, unique in its project without case
 * @param stage how far the work in it is
 * @param isHidden whether the board leaves it out
 * @param wipLimit the most cards in it, 1 to 1,000; empty for any number
 * @param colour a colour as {@code #rrggbb}
 */
public record ColumnDraft(String title, Stage stage, boolean isHidden, OptionalInt wipLimit, Optional<String> colour) {

    private static final int MAX_TITLE_CHARACTERS = 60;
    private static final int MAX_LIMIT = 1_000;

    /** Checks every field. */
    public ColumnDraft {
        Check.atMost("title", Check.notBlank("title", title), MAX_TITLE_CHARACTERS);
        Check.notNull("stage", stage);
        Check.notNull("wipLimit", wipLimit).ifPresent(limit -> Check.range("wipLimit", limit, 1, MAX_LIMIT));
        Check.notNull("colour", colour).ifPresent(each -> ProjectDraft.checkColour("colour", each));
    }

    /** Returns a visible column without limit and colour. */
    public static ColumnDraft of(String title, Stage stage) {
        return new ColumnDraft(title, stage, false, OptionalInt.empty(), Optional.empty());
    }

    /** Returns a copy with a limit. */
    public ColumnDraft withWipLimit(int changed) {
        return new ColumnDraft(title, stage, isHidden, OptionalInt.of(changed), colour);
    }
}
