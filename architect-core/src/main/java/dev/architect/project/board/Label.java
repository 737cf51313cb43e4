package dev.architect.project.board;

import dev.architect.check.Check;
import dev.architect.project.PartId;
import dev.architect.project.ProjectId;
import dev.architect.project.Revision;
import dev.architect.project.Versioned;

/**
 * A label that items may have.
 *
 * @param id its id
 * @param project whose it is
 * @param draft what people may change
 * @param revision its version
 */
public record Label(PartId id, ProjectId project, LabelDraft draft, Revision revision) implements Versioned {

    /** Checks every field. */
    public Label {
        Check.notNull("id", id);
        Check.notNull("project", project);
        Check.notNull("draft", draft);
        Check.notNull("revision", revision);
    }
}
