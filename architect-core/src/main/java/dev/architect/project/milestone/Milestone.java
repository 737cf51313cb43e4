package dev.architect.project.milestone;

import dev.architect.check.Check;
import dev.architect.project.ProjectId;
import dev.architect.project.Revision;
import dev.architect.project.Versioned;
import java.util.Optional;

/**
 * A date that a project promises, as it is stored.
 *
 * @param id its id
 * @param project whose it is
 * @param draft what people may change
 * @param state where it stands
 * @param baseline its scope at its start; empty before
 * @param revision its version
 */
public record Milestone(
        MilestoneId id,
        ProjectId project,
        MilestoneDraft draft,
        MilestoneState state,
        Optional<Baseline> baseline,
        Revision revision)
        implements Versioned {

    /** Checks every field. */
    public Milestone {
        Check.notNull("id", id);
        Check.notNull("project", project);
        Check.notNull("draft", draft);
        Check.notNull("state", state);
        Check.notNull("baseline", baseline);
        Check.notNull("revision", revision);
    }
}
