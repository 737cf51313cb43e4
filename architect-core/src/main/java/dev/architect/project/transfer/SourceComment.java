package dev.architect.project.transfer;

import dev.architect.check.Check;
import dev.architect.project.Actor;
import java.time.Instant;
import java.util.Optional;

/**
 * A comment as another program's file holds it.
 *
 * @param id its id there
 * @param parent the id of the comment that it answers; empty for the first of a thread
 * @param author who wrote it; empty when the file does not say so
 * @param at when; empty when the file does not say so
 * @param body Markdown of any length; what is longer than a comment becomes several
 */
public record SourceComment(
        String id, Optional<String> parent, Optional<Actor> author, Optional<Instant> at, String body) {

    /** Checks every field. */
    public SourceComment {
        Check.notBlank("id", id);
        Check.notNull("parent", parent);
        Check.notNull("author", author);
        Check.notNull("at", at);
        Check.notBlank("body", body);
    }
}
