package dev.architect.project.item;

import dev.architect.check.Check;
import dev.architect.project.PartId;
import dev.architect.project.ProjectId;
import dev.architect.project.Revision;
import dev.architect.project.Versioned;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What somebody has said about an item. Threads are one level deep; texts before an edit are kept.
 *
 * @param id its id
 * @param project whose item it is
 * @param item the item
 * @param parent the comment that it answers
 * @param body Markdown, 1 to 20,000 characters
 * @param resolvedAt when it was settled
 * @param earlier the texts before, oldest first, at most 50
 * @param revision its version; who created it is its author
 */
public record Comment(
        PartId id,
        ProjectId project,
        ItemId item,
        Optional<PartId> parent,
        String body,
        Optional<Instant> resolvedAt,
        List<String> earlier,
        Revision revision)
        implements Versioned {

    /** The most earlier texts that are kept. */
    public static final int MOST_EARLIER = 50;

    private static final int MAX_BODY_CHARACTERS = 20_000;

    /** Copies the list and checks every field. */
    public Comment {
        Check.notNull("id", id);
        Check.notNull("project", project);
        Check.notNull("item", item);
        Check.notNull("parent", parent);
        Check.atMost("body", Check.notBlank("body", body), MAX_BODY_CHARACTERS);
        Check.notNull("resolvedAt", resolvedAt);
        earlier = List.copyOf(Check.noNulls("earlier", earlier));
        Check.range("earlier size", earlier.size(), 0, MOST_EARLIER);
        Check.notNull("revision", revision);
    }
}
