package dev.architect.lane;

import dev.architect.check.Check;
import dev.architect.check.ContentVersion;
import java.util.List;
import java.util.Optional;

/**
 * How a queue, or one tenant of it, shares the sessions, and its limits. Both apply to a tenant's tasks: those of its queue and its own.
 * Immutable; its {@code with} methods return changed copies.
 *
 * @param scope what the settings are for
 * @param weight the part of the session time that it gets where several lanes have work: 1 to 1,000. That of a tenant's lane is its queue's
 *     times its own
 * @param maxRunning how many of its tasks may run at once over all nodes of a store, 1 or more; empty for no limit
 * @param rate how fast its tasks may start over all nodes of a store; empty for no limit
 * @param maxWaiting how many of its tasks may be unfinished without running before further ones are refused, 1 or more; empty for no limit
 * @param isPaused whether none of its tasks is started; those that run go on
 * @param isDraining whether further tasks are refused; those that wait and run are worked off
 */
public record LaneSettings(
        LaneScope scope,
        int weight,
        Optional<Integer> maxRunning,
        Optional<StartRate> rate,
        Optional<Integer> maxWaiting,
        boolean isPaused,
        boolean isDraining) {

    /** The weight of what has no settings. */
    public static final int DEFAULT_WEIGHT = 1;

    /** The largest weight. */
    public static final int MAX_WEIGHT = 1_000;

    /** Checks every field. */
    public LaneSettings {
        Check.notNull("scope", scope);
        Check.range("weight", weight, 1, MAX_WEIGHT);
        Check.notNull("maxRunning", maxRunning)
                .ifPresent(most -> Check.range("maxRunning", most, 1, Integer.MAX_VALUE));
        Check.notNull("rate", rate);
        Check.notNull("maxWaiting", maxWaiting)
                .ifPresent(most -> Check.range("maxWaiting", most, 1, Integer.MAX_VALUE));
    }

    /** The settings of what has none: no limit. */
    public static LaneSettings of(LaneScope scope) {
        return new LaneSettings(
                scope, DEFAULT_WEIGHT, Optional.empty(), Optional.empty(), Optional.empty(), false, false);
    }

    /** Returns a copy with another weight. */
    public LaneSettings withWeight(int changed) {
        return new LaneSettings(scope, changed, maxRunning, rate, maxWaiting, isPaused, isDraining);
    }

    /** Returns a copy that lets so many tasks run at once. */
    public LaneSettings withMaxRunning(int changed) {
        return withMaxRunning(Optional.of(changed));
    }

    /** Returns a copy with this limit of what runs at once, or none. */
    public LaneSettings withMaxRunning(Optional<Integer> changed) {
        return new LaneSettings(scope, weight, changed, rate, maxWaiting, isPaused, isDraining);
    }

    /** Returns a copy with this rate. */
    public LaneSettings withRate(StartRate changed) {
        return withRate(Optional.of(Check.notNull("rate", changed)));
    }

    /** Returns a copy with this rate, or none. */
    public LaneSettings withRate(Optional<StartRate> changed) {
        return new LaneSettings(scope, weight, maxRunning, changed, maxWaiting, isPaused, isDraining);
    }

    /** Returns a copy that lets so many tasks wait. */
    public LaneSettings withMaxWaiting(int changed) {
        return withMaxWaiting(Optional.of(changed));
    }

    /** Returns a copy with this limit of what waits, or none. */
    public LaneSettings withMaxWaiting(Optional<Integer> changed) {
        return new LaneSettings(scope, weight, maxRunning, rate, changed, isPaused, isDraining);
    }

    /** Returns a copy that is paused, or is not. */
    public LaneSettings withPaused(boolean changed) {
        return new LaneSettings(scope, weight, maxRunning, rate, maxWaiting, changed, isDraining);
    }

    /** Returns a copy that is being drained, or is not. */
    public LaneSettings withDraining(boolean changed) {
        return new LaneSettings(scope, weight, maxRunning, rate, maxWaiting, isPaused, changed);
    }

    /** Whether it may refuse further tasks. */
    public boolean isBounded() {
        return maxWaiting.isPresent() || isDraining;
    }

    /** A number that names what is set: another one as soon as any of it is another. */
    public long version() {
        return ContentVersion.of(List.of(
                scope.toString(),
                Integer.toString(weight),
                maxRunning.map(String::valueOf).orElse(""),
                rate.map(StartRate::toString).orElse(""),
                maxWaiting.map(String::valueOf).orElse(""),
                Boolean.toString(isPaused),
                Boolean.toString(isDraining)));
    }

    /** Whether a claim has to count what runs or has started lately. */
    public boolean isLimited() {
        return maxRunning.isPresent() || rate.isPresent();
    }
}
