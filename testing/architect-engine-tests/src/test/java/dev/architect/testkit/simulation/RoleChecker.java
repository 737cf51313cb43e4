package dev.architect.testkit.simulation;

import dev.architect.node.NodeRole;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Checks that a role has one holder for each epoch, that it is taken from no living one, that its work is done by its holder, and that nothing
 * is accepted of an earlier one.
 */
final class RoleChecker {

    /** So long a node that goes on after a freeze may do what it was about to do. */
    private static final Duration STOP_TIME = Duration.ofMillis(1_500);

    private final ThreadSchedule schedule;
    private final Map<String, NodeRole> roles = new HashMap<>();
    private final Map<String, Long> takenAt = new HashMap<>();
    private final Map<String, Long> written = new HashMap<>();

    RoleChecker(ThreadSchedule schedule) {
        this.schedule = schedule;
    }

    private void check(boolean holds, String message, Object... details) {
        if (!holds) {
            AssertionError broken = new AssertionError(message + Arrays.asList(details));
            // The engine survives whatever a call throws; the simulation must not.
            schedule.fail(broken);
            throw broken;
        }
    }

    /** Who holds a role by what was seen, 0 for nobody. */
    long holder(String name) {
        NodeRole role = roles.get(name);
        return role == null ? 0 : role.holder();
    }

    /** {@code isHolderAlive} is whether the holder before had not been declared dead. */
    void taken(NodeRole role, boolean isHolderAlive) {
        NodeRole before = roles.getOrDefault(role.name(), new NodeRole(role.name(), 0, 0));
        if (role.holder() == before.holder()) {
            check(role.equals(before), "a holder that took its role again has another epoch: ", before, role);
            return;
        }
        check(role.epoch() > before.epoch(), "the epoch of a role does not rise: ", before, role);
        check(before.isFree() || !isHolderAlive, "a role was taken from a living holder: ", before, role);
        roles.put(role.name(), role);
        takenAt.put(role.name(), schedule.nanos());
    }

    void givenUp(NodeRole role) {
        roles.replace(role.name(), role, new NodeRole(role.name(), role.epoch(), 0));
    }

    /** A node is about to do the work of a role that it believes to hold. */
    void performs(SimulatedNode node, NodeRole role) {
        NodeRole now = roles.getOrDefault(role.name(), role);
        check(node.incarnations().contains(role.holder()), "a node does the work of another one's role: ", node, role);
        boolean couldNotKnow = schedule.nanos() - node.process().thawedAt() < STOP_TIME.toNanos()
                || schedule.nanos() == takenAt.getOrDefault(role.name(), -1L);
        check(
                now.epoch() == role.epoch() || couldNotKnow,
                "a node does the work of a role that it has lost: ",
                role,
                now);
    }

    /** A document was written by a holder with that epoch. */
    void wrote(String document, String epoch) {
        long next = Long.parseLong(epoch);
        long last = written.getOrDefault(document, 0L);
        check(next >= last, "a write of an earlier holder was accepted: ", document, last, next);
        written.put(document, next);
    }
}
