package dev.architect.project;

import dev.architect.check.Check;
import java.time.Instant;

/**
 * How often a thing was changed, when and by whom.
 *
 * @param version 1 for what is new; each change adds one
 * @param createdAt when it was made, by the store's clock
 * @param createdBy who made it
 * @param updatedAt when it was last changed
 * @param updatedBy who changed it last
 */
public record Revision(long version, Instant createdAt, Actor createdBy, Instant updatedAt, Actor updatedBy) {

    /** Checks every field. */
    public Revision {
        if (version < 1) {
            throw new IllegalArgumentException("version is " + version + ", expected 1 or more");
        }
        Check.notNull("createdAt", createdAt);
        Check.notNull("createdBy", createdBy);
        Check.notNull("updatedAt", updatedAt);
        Check.notNull("updatedBy", updatedBy);
    }

    /** Returns the first one. */
    public static Revision first(Instant at, Actor by) {
        return new Revision(1, at, by, at, by);
    }

    /** Returns the one after a change. */
    public Revision next(Instant at, Actor by) {
        return new Revision(version + 1, createdAt, createdBy, at, by);
    }
}
