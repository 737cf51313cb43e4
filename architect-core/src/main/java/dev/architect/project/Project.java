package dev.architect.project;

import dev.architect.check.Check;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A project, as it is stored.
 *
 * @param id its name, which never changes
 * @param prefix what the keys of its items begin with: 2 to 6 upper-case letters, unique; it never changes
 * @param draft what people may change
 * @param state what may be done with it
 * @param deletedAt when it was deleted; empty when it is not
 * @param revision its version
 * @param template what it was made from: the name of a {@link dev.architect.project.board.ProjectTemplate}, or {@code project:} and the name of
 *     another project; empty when nothing was asked for
 */
public record Project(
        ProjectId id,
        String prefix,
        ProjectDraft draft,
        ProjectState state,
        Optional<Instant> deletedAt,
        Revision revision,
        Optional<String> template)
        implements Versioned {

    /** How long a deleted project can be restored. */
    public static final Duration RESTORABLE = Duration.ofDays(30);

    private static final int MAX_TEMPLATE_CHARACTERS = 100;
    private static final Pattern PREFIX = Pattern.compile("[A-Z]{2,6}");

    /** Checks every field. */
    public Project {
        Check.notNull("id", id);
        checkPrefix(prefix);
        Check.notNull("draft", draft);
        Check.notNull("state", state);
        Check.notNull("deletedAt", deletedAt);
        if (deletedAt.isPresent() != (state == ProjectState.DELETED)) {
            throw new IllegalArgumentException(
                    "deletedAt is " + deletedAt + " in state " + state + ", expected it for deleted ones only");
        }
        Check.notNull("revision", revision);
        Check.notNull("template", template)
                .ifPresent(each -> Check.atMost("template", Check.notBlank("template", each), MAX_TEMPLATE_CHARACTERS));
    }

    /**
     * Checks a prefix, and returns it.
     *
     * @throws IllegalArgumentException when it has another form
     */
    public static String checkPrefix(String prefix) {
        if (!PREFIX.matcher(Check.notNull("prefix", prefix)).matches()) {
            throw new IllegalArgumentException("prefix is '" + prefix + "', expected 2 to 6 letters A to Z");
        }
        return prefix;
    }

    /** Returns a copy with other fields. */
    public Project with(ProjectDraft changed, Revision next) {
        return new Project(id, prefix, changed, state, deletedAt, next, template);
    }

    /** Returns a copy in another state; a deleted one is deleted since the last change. */
    public Project with(ProjectState changed, Revision next) {
        return new Project(
                id,
                prefix,
                draft,
                changed,
                changed == ProjectState.DELETED
                        ? Optional.of(Check.notNull("next", next).updatedAt())
                        : Optional.empty(),
                next,
                template);
    }

    /** Whether it may be changed. */
    public boolean isOpen() {
        return state == ProjectState.ACTIVE || state == ProjectState.PAUSED;
    }
}
