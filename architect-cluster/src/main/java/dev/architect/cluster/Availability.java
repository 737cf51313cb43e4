package dev.architect.cluster;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether what is deployed outlives the loss of any one machine, and what speaks against it.
 *
 * @param reasons what speaks against it, in the order of {@link Cause}
 */
public record Availability(List<Reason> reasons) {

    /** What can speak against it. Further ones may be added. */
    public enum Cause {
        /** This node cannot ask the store. */
        STORE_UNREACHABLE,
        /** The store ends with one process or one machine, as SQLite does. */
        STORE_NOT_SHARED,
        /** The store does not state which processes share it. */
        STORE_UNKNOWN,
        /** No other server has the data of the store. */
        NO_STANDBY,
        /** It is not known whether another server has the data of the store. */
        STANDBY_UNKNOWN,
        /** Fewer than two nodes take work. */
        FEW_NODES,
        /** All nodes are on one machine, by their addresses. */
        ONE_MACHINE,
        /** A node that counts as alive has not beaten for a while. */
        NODE_SILENT,
        /** A role that was taken before has no holder. */
        ROLE_WITHOUT_HOLDER,
        /** Two living nodes have one name. */
        SAME_NAME,
        /** Nodes that beat do not see each other. */
        VIEWS_SPLIT,
        /** A node does not reach the store. */
        NODE_WITHOUT_STORE,
        /** The clocks of two nodes differ by more than two seconds: due times and reports are wrong by as much. */
        CLOCKS_DIFFER,
        /** A member of the transport does not belong here. */
        MEMBER_ISOLATED
    }

    /**
     * One thing that speaks against it.
     *
     * @param cause what it is, for programs
     * @param text what it is, for people, with the names and numbers seen
     */
    public record Reason(Cause cause, String text) {

        /** Checks both. */
        public Reason {
            Given.notNull("cause", cause);
            Given.notBlank("text", text);
        }
    }

    /** Copies the list. */
    public Availability {
        reasons = List.copyOf(Given.notNull("reasons", reasons));
    }

    /** Whether nothing speaks against it. */
    public boolean isHighlyAvailable() {
        return reasons.isEmpty();
    }

    /** Whether {@code cause} is among the reasons. */
    public boolean has(Cause cause) {
        return reasons.stream().anyMatch(reason -> reason.cause() == cause);
    }

    /** {@code highly available: yes}, or {@code no, because} and the reasons. */
    @Override
    public String toString() {
        return isHighlyAvailable()
                ? "highly available: yes"
                : "highly available: no, because "
                        + reasons.stream().map(Reason::text).collect(Collectors.joining("; "));
    }
}
