package dev.architect.project.board;

import dev.architect.check.Check;
import dev.architect.project.PartId;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A column of a board as it is to be: one that is there, or a new one.
 *
 * @param id names the column; empty makes a new one
 * @param version the version of the column that was seen, where there is one; empty for any
 * @param draft how it is to be
 */
public record ColumnChange(Optional<PartId> id, OptionalLong version, ColumnDraft draft) {

    /** Checks every field. */
    public ColumnChange {
        Check.notNull("id", id);
        Check.notNull("version", version);
        Check.notNull("draft", draft);
    }
}
