package dev.architect.project.store;

import dev.architect.check.Check;
import dev.architect.project.ProjectId;

/**
 * A part of a project as it is stored.
 *
 * @param kind what it is; {@link SubjectKind#isPart} holds
 * @param id unique among all parts and items
 * @param project whose it is
 * @param owner the id of the item or milestone that it belongs to; 0 for none
 * @param version its version, from 1
 * @param body everything about it, as a JSON object
 */
public record PartRow(SubjectKind kind, long id, ProjectId project, long owner, long version, String body) {

    /** Checks every field. */
    public PartRow {
        if (!Check.notNull("kind", kind).isPart()) {
            throw new IllegalArgumentException("kind is " + kind + ", expected that of a part");
        }
        Check.notNegative("id", id);
        Check.notNull("project", project);
        Check.notNegative("owner", owner);
        Check.notNegative("version", version);
        Check.notNull("body", body);
    }
}
