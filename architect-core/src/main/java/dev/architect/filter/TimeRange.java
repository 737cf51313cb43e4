package dev.architect.filter;

import dev.architect.check.Check;
import java.time.Instant;
import java.util.Optional;

/**
 * A range of times; nothing is in one that ends before it begins.
 *
 * @param from the first time; empty for the beginning of time
 * @param before the end, which is not in it; empty for the end of time
 */
public record TimeRange(Optional<Instant> from, Optional<Instant> before) {

    /** Every time. */
    public static final TimeRange ALL = new TimeRange(Optional.empty(), Optional.empty());

    /** Checks every field. */
    public TimeRange {
        Check.notNull("from", from);
        Check.notNull("before", before);
    }

    /** Returns the times that are in both. */
    public TimeRange and(TimeRange other) {
        Check.notNull("other", other);
        return new TimeRange(
                from.filter(mine -> other.from.isEmpty() || mine.isAfter(other.from.get()))
                        .or(other::from),
                before.filter(mine -> other.before.isEmpty() || mine.isBefore(other.before.get()))
                        .or(other::before));
    }

    /** Whether a time is in it. */
    public boolean contains(Instant time) {
        Check.notNull("time", time);
        return from.stream().noneMatch(time::isBefore) && before.stream().allMatch(time::isBefore);
    }
}
