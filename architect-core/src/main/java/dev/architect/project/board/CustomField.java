package dev.architect.project.board;

import dev.architect.check.Check;
import dev.architect.project.PartId;
import dev.architect.project.ProjectId;
import dev.architect.project.Revision;
import dev.architect.project.Versioned;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A field that a project has added to its items.
 *
 * @param id its id
 * @param project whose it is
 * @param draft what people may change
 * @param deletedAt when it was deleted; its values are kept for {@link #VALUES_KEPT}. Empty when it is not
 * @param revision its version
 */
public record CustomField(
        PartId id, ProjectId project, FieldDraft draft, Optional<Instant> deletedAt, Revision revision)
        implements Versioned {

    /** How long the values of a deleted field are kept. */
    public static final Duration VALUES_KEPT = Duration.ofDays(30);

    /** Checks every field. */
    public CustomField {
        Check.notNull("id", id);
        Check.notNull("project", project);
        Check.notNull("draft", draft);
        Check.notNull("deletedAt", deletedAt);
        Check.notNull("revision", revision);
    }
}
