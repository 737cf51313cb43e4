package dev.architect.project.board;

import dev.architect.check.Check;
import dev.architect.project.PartId;
import dev.architect.project.Position;
import dev.architect.project.ProjectId;
import dev.architect.project.Revision;
import dev.architect.project.Versioned;

/**
 * A column of a board, as it is stored.
 *
 * @param id its id
 * @param project whose it is
 * @param draft what people may change
 * @param position its place among the columns
 * @param revision its version
 */
public record BoardColumn(PartId id, ProjectId project, ColumnDraft draft, Position position, Revision revision)
        implements Versioned {

    /** Checks every field. */
    public BoardColumn {
        Check.notNull("id", id);
        Check.notNull("project", project);
        Check.notNull("draft", draft);
        Check.notNull("position", position);
        Check.notNull("revision", revision);
    }

    /** The stage of what is in it. */
    public Stage stage() {
        return draft.stage();
    }
}
