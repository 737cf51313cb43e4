package dev.architect.cluster;

import dev.architect.error.StoreException;
import dev.architect.node.NodeRecord;
import dev.architect.spi.NodeStore;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses a node whose name another living node has. A node that was killed counts as alive in the store until its lease ends, and its
 * successor must not wait for that: a node that does not beat while it is watched has no claim to the name. Safe for use by several threads.
 */
final class JoinGuard {

    /** How long a node of the same name is watched: at least two beats of a node that lives. */
    static final Duration WATCH = Duration.ofMillis(2_500);

    static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

    /** The store may measure by another clock. */
    private static final Duration TOLERANCE = Duration.ofMillis(50);

    private final NodeStore nodes;
    private final TimeSource time;

    JoinGuard(NodeStore nodes, TimeSource time) {
        this.nodes = nodes;
        this.time = time;
    }

    /**
     * Waits until it is clear that no node beats under the name, which takes no time when none has it.
     *
     * @return the incarnations that have the name and are silent
     * @throws NodeNameTakenException when one does
     */
    Set<Long> awaitFree(String name) {
        Map<Long, Watched> watched = new HashMap<>();
        while (true) {
            long begun = time.nanoTime();
            List<NodeRecord> sameName = living(name);
            long ended = time.nanoTime();
            boolean isSilent = true;
            for (NodeRecord node : sameName) {
                Watched before = watched.get(node.incarnation());
                if (before != null && before.hasBeaten(node, begun)) {
                    throw taken(node);
                }
                long since = before == null ? ended : before.since;
                watched.put(node.incarnation(), new Watched(since, ended, node.sinceBeat()));
                // Each for the whole time: one may have come while another was watched.
                isSilent &= begun - since >= WATCH.toNanos();
            }
            if (isSilent) {
                return Set.copyOf(watched.keySet());
            }
            pause();
        }
    }

    /**
     * A node of the name.
     *
     * @param since since when it is watched
     * @param looked when the last look had ended
     * @param sinceBeat what that showed
     */
    private record Watched(long since, long looked, Duration sinceBeat) {

        /** Whether less time has passed since its last beat than between the two looks, however long they took. */
        boolean hasBeaten(NodeRecord node, long begun) {
            Duration silent = sinceBeat.plusNanos(begun - looked).minus(TOLERANCE);
            return node.sinceBeat().compareTo(silent) < 0;
        }
    }

    /**
     * Looks once more after a node has joined: two that join at the same moment do not see each other before. The one with the higher number leaves.
     *
     * @param silent what {@link #awaitFree} has returned
     * @throws NodeNameTakenException when another one was faster; the incarnation has left then
     */
    void confirm(String name, long incarnation, Set<Long> silent) {
        Optional<NodeRecord> faster = living(name).stream()
                .filter(node -> node.incarnation() < incarnation && !silent.contains(node.incarnation()))
                .findFirst();
        if (faster.isPresent()) {
            nodes.leave(incarnation);
            throw taken(faster.get());
        }
    }

    private List<NodeRecord> living(String name) {
        return nodes.nodes().stream()
                .filter(node -> node.state().isAlive() && node.info().name().equals(name))
                .toList();
    }

    private static NodeNameTakenException taken(NodeRecord node) {
        return new NodeNameTakenException(
                node.info().name(), node.incarnation(), node.info().address());
    }

    private void pause() {
        try {
            time.sleep(LOOK_INTERVAL);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoreException(
                    StoreException.Kind.BUSY, "joining was interrupted, nothing has changed", interrupted);
        }
    }
}
