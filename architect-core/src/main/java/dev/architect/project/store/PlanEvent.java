package dev.architect.project.store;

import dev.architect.check.Check;
import dev.architect.project.Actor;
import dev.architect.project.ProjectId;
import java.time.Instant;

/**
 * A field that was changed. Events are only ever added.
 *
 * @param sequence grows with time in a store; 0 in one that is not stored yet
 * @param project the project
 * @param kind what was changed
 * @param subject its id; 0 for the project itself
 * @param version the version that it got
 * @param field the name of the field
 * @param before its value before, cut to 500 characters; empty for none
 * @param after its value afterwards, likewise
 * @param by who changed it
 * @param at when, by the store's clock
 */
public record PlanEvent(
        long sequence,
        ProjectId project,
        SubjectKind kind,
        long subject,
        long version,
        String field,
        String before,
        String after,
        Actor by,
        Instant at) {

    /** The most characters of a value. */
    public static final int MAX_VALUE_CHARACTERS = 500;

    /** Cuts the values and checks every field. */
    public PlanEvent {
        Check.notNegative("sequence", sequence);
        Check.notNull("project", project);
        Check.notNull("kind", kind);
        Check.notNegative("subject", subject);
        Check.notNegative("version", version);
        Check.notBlank("field", field);
        before = cut(Check.notNull("before", before));
        after = cut(Check.notNull("after", after));
        Check.notNull("by", by);
        Check.notNull("at", at);
    }

    private static String cut(String value) {
        return value.length() <= MAX_VALUE_CHARACTERS ? value : value.substring(0, MAX_VALUE_CHARACTERS);
    }
}
