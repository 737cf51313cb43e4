package dev.architect.project.milestone;

import java.util.Set;

/** Where a milestone stands. */
public enum MilestoneState {
    /** It has not begun; its scope is open. */
    PLANNED,
    /** It has begun; what it had at its start is its baseline. */
    ACTIVE,
    /** It was reached. */
    REACHED,
    /** Its date has passed without it. */
    MISSED,
    /** It was given up. */
    DROPPED;

    /** The states that may follow. */
    public Set<MilestoneState> next() {
        return switch (this) {
            case PLANNED -> Set.of(ACTIVE, DROPPED);
            case ACTIVE -> Set.of(REACHED, MISSED, DROPPED);
            case MISSED -> Set.of(REACHED, DROPPED);
            case REACHED, DROPPED -> Set.of();
        };
    }
}
