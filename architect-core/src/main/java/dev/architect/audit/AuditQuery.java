package dev.architect.audit;

import dev.architect.check.Check;
import java.util.Optional;

/**
 * Which entries to return. Immutable; methods return changed copies.
 *
 * @param before only entries with smaller numbers
 * @param limit the most entries, 1 to 1,000
 * @param actor only what this actor did; empty for all
 * @param operation only this operation; empty for all
 */
public record AuditQuery(long before, int limit, Optional<String> actor, Optional<String> operation) {

    /** The most entries of one answer. */
    public static final int MAX_LIMIT = 1_000;

    /** Checks the components. */
    public AuditQuery {
        Check.notNegative("before", before);
        Check.range("limit", limit, 1, MAX_LIMIT);
        Check.notNull("actor", actor);
        Check.notNull("operation", operation);
    }

    /** Returns the query for the newest entries. */
    public static AuditQuery newest(int limit) {
        return new AuditQuery(Long.MAX_VALUE, limit, Optional.empty(), Optional.empty());
    }

    /** Returns a copy for entries with smaller numbers than {@code number}. */
    public AuditQuery before(long number) {
        return new AuditQuery(number, limit, actor, operation);
    }

    /** Returns a copy for what {@code name} did. */
    public AuditQuery by(String name) {
        return new AuditQuery(before, limit, Optional.of(Check.notNull("name", name)), operation);
    }

    /** Returns a copy for one operation. */
    public AuditQuery of(String name) {
        return new AuditQuery(before, limit, actor, Optional.of(Check.notNull("name", name)));
    }
}
