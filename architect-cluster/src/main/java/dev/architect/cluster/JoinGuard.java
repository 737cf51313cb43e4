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
 * successor must not wait for that: whoever does not beat while it is watched has no claim to the name. Safe for use by several threads.
 */
final class JoinGuard {

    /** How long a node of the same name is watched: at least two beats of a node that lives. */
    static final Duration WATCH = Duration.ofMillis(2_500);

    static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

    private final NodeStore nodes;
    private final TimeSource time;

    JoinGuard(NodeStore nodes, TimeSource time) {
        this.nodes = nodes;
        this.time = time;
    }

    /**
     * Waits until it is clear that nobody beats under the name, which takes no time when nobody has it.
     *
     * @return the incarnations that have the name and are silent
     * @throws NodeNameTakenException when somebody does
     */
    Set<Long> awaitFree(String name) {
        Map<Long, Watched> watched = new HashMap<>();
        while (true) {
            long now = time.nanoTime();
            boolean isSilent = true;
            for (NodeRecord node : living(name)) {
                Watched before = watched.get(node.incarnation());
                // It only falls by a beat.
                if (before != null && node.sinceBeat().compareTo(before.sinceBeat) < 0) {
                    throw taken(node);
                }
                long since = before == null ? now : before.since;
                watched.put(node.incarnation(), new Watched(since, node.sinceBeat()));
                // Each for the whole time: one may have come while another was watched.
                isSilent &= now - since >= WATCH.toNanos();
            }
            if (isSilent) {
                return Set.copyOf(watched.keySet());
            }
            pause();
        }
    }

    /** A node of the name: since when it is watched, and the time since its last beat at the last look. */
    private record Watched(long since, Duration sinceBeat) {}

    /**
     * Looks once more after a node has joined: two that join at the same moment see nobody before. The one with the higher number leaves.
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
