package dev.architect.project.board;

import dev.architect.check.Check;
import dev.architect.project.PartId;
import dev.architect.project.ProjectId;
import dev.architect.project.Revision;
import dev.architect.project.Versioned;

/**
 * A filter and a layout that somebody has saved.
 *
 * @param id its id
 * @param project whose items it shows
 * @param draft what people may change
 * @param revision its version; who created it owns it
 */
public record SavedView(PartId id, ProjectId project, ViewDraft draft, Revision revision) implements Versioned {

    /** Checks every field. */
    public SavedView {
        Check.notNull("id", id);
        Check.notNull("project", project);
        Check.notNull("draft", draft);
        Check.notNull("revision", revision);
    }
}
