package dev.architect.project.transfer;

import dev.architect.check.Check;
import dev.architect.project.Project;
import dev.architect.project.ProjectId;

/**
 * Where an import goes: a project that is there, or one that it makes.
 *
 * @param project its name
 * @param prefix what the keys of its items begin with; that of a project that is there stays as it is
 */
public record ImportTarget(ProjectId project, String prefix) {

    /** Checks every field. */
    public ImportTarget {
        Check.notNull("project", project);
        Project.checkPrefix(prefix);
    }
}
