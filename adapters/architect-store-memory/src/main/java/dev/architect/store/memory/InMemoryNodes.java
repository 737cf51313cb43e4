package dev.architect.store.memory;

import dev.architect.change.ChangeTopic;
import dev.architect.node.NodeBeat;
import dev.architect.node.NodeInfo;
import dev.architect.node.NodeLoad;
import dev.architect.node.NodeOrder;
import dev.architect.node.NodeRecord;
import dev.architect.node.NodeState;
import dev.architect.spi.NodeStore;
import dev.architect.spi.Store.Change;
import dev.architect.spi.Store.ChangeKind;
import dev.architect.task.SessionInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Nodes in memory. Guarded by the store's lock. */
final class InMemoryNodes implements NodeStore {

    /** No other process sees this memory, so no node has to be taken for dead after a time. */
    private static final Duration UNLIMITED = Duration.ofDays(36_500);

    /** How long a node that has ended is listed. */
    private static final Duration KEPT = Duration.ofHours(24);

    private static final Change CHANGE = Change.of(ChangeKind.NODE);

    private final InMemoryStore store;
    private final Map<Long, Node> nodes = new TreeMap<>();
    // Still alive: as in other stores, a death has no effect before deadOwners detects it.
    private final Set<Long> killed = new HashSet<>();
    private long lastIncarnation;

    /** An incarnation. */
    private static final class Node {
        private final NodeInfo info;
        private final Instant joinedAt;
        private NodeState state = NodeState.LIVE;
        private NodeOrder order = NodeOrder.WORK;
        private NodeLoad load = NodeLoad.NONE;
        private List<SessionInfo> sessions = List.of();
        private Instant changedAt;
        private long beatNanos;

        Node(NodeInfo info, Instant now, long nanos) {
            this.info = info;
            this.joinedAt = now;
            this.changedAt = now;
            this.beatNanos = nanos;
        }
    }

    InMemoryNodes(InMemoryStore store) {
        this.store = store;
    }

    @Override
    public long join(NodeInfo info) {
        return store.locked(() -> {
            Instant oldest = store.now().minus(KEPT);
            nodes.values().removeIf(node -> !node.state.isAlive() && node.changedAt.isBefore(oldest));
            store.changed(ChangeTopic.NODE, lastIncarnation + 1);
            nodes.put(++lastIncarnation, new Node(info, store.now(), store.nanoTime()));
            return lastIncarnation;
        });
    }

    @Override
    public Optional<NodeBeat> beat(long incarnation, NodeLoad load) {
        return store.locked(() -> {
            Node node = living(incarnation);
            if (node == null) {
                return Optional.empty();
            }
            node.load = load;
            node.beatNanos = store.nanoTime();
            return Optional.of(new NodeBeat(UNLIMITED, node.order));
        });
    }

    @Override
    public void leave(long incarnation) {
        store.changing(CHANGE, hasEnded -> hasEnded, () -> end(incarnation, NodeState.LEFT));
    }

    private boolean end(long incarnation, NodeState state) {
        Node node = living(incarnation);
        if (node == null) {
            return false;
        }
        store.changed(ChangeTopic.NODE, incarnation);
        node.state = state;
        node.changedAt = store.now();
        node.beatNanos = store.nanoTime();
        node.sessions = List.of();
        return true;
    }

    @Override
    public List<Long> deadOwners() {
        return store.locked(() -> {
            endKilled();
            return store.taskTable().attemptTable().owners().stream()
                    .filter(owner -> !isAlive(owner))
                    .toList();
        });
    }

    private void endKilled() {
        killed.forEach(incarnation -> end(incarnation, NodeState.DEAD));
        killed.clear();
    }

    @Override
    public boolean endSilent(long incarnation, Duration silence) {
        requireSilence(silence);
        return store.locked(() -> {
            Node node = living(incarnation);
            if (node != null && store.nanoTime() - node.beatNanos >= silence.toNanos()) {
                end(incarnation, NodeState.DEAD);
            }
            return !isAlive(incarnation);
        });
    }

    private static void requireSilence(Duration silence) {
        if (silence.compareTo(SHORTEST_SILENCE) < 0) {
            throw new IllegalArgumentException("silence is " + silence + ", expected " + SHORTEST_SILENCE + " or more");
        }
    }

    @Override
    public boolean order(long incarnation, NodeOrder order) {
        return store.changing(CHANGE, isGiven -> isGiven, () -> {
            Node node = living(incarnation);
            if (node == null) {
                return false;
            }
            store.changed(ChangeTopic.NODE, incarnation);
            node.order = order;
            node.state = order == NodeOrder.WORK ? NodeState.LIVE : NodeState.DRAINING;
            return true;
        });
    }

    @Override
    public List<NodeRecord> nodes() {
        return store.locked(() -> nodes.entrySet().stream()
                .map(entry -> record(entry.getKey(), entry.getValue()))
                .toList());
    }

    private NodeRecord record(long incarnation, Node node) {
        return new NodeRecord(
                incarnation,
                node.info,
                node.state,
                node.order,
                node.load,
                Duration.ofNanos(Math.max(0, store.nanoTime() - node.beatNanos)),
                node.joinedAt,
                node.state.isAlive() ? Optional.empty() : Optional.of(node.changedAt));
    }

    @Override
    public int aliveCount() {
        return store.locked(() -> Math.toIntExact(
                nodes.values().stream().filter(node -> node.state.isAlive()).count()));
    }

    @Override
    public void saveSessions(long incarnation, List<SessionInfo> sessions) {
        List<SessionInfo> copy = List.copyOf(sessions);
        store.locked(() -> {
            // Never added for a node that has ended: its sessions would be listed for ever.
            Node node = living(incarnation);
            if (node != null) {
                node.sessions = copy;
            }
            return true;
        });
    }

    @Override
    public Map<Long, List<SessionInfo>> sessionsByNode() {
        return store.locked(() -> {
            Map<Long, List<SessionInfo>> sessions = new TreeMap<>();
            nodes.forEach((incarnation, node) -> {
                if (!node.sessions.isEmpty()) {
                    sessions.put(incarnation, node.sessions);
                }
            });
            return sessions;
        });
    }

    boolean isAlive(long incarnation) {
        return living(incarnation) != null;
    }

    private @Nullable Node living(long incarnation) {
        Node node = nodes.get(incarnation);
        return node != null && node.state.isAlive() ? node : null;
    }

    /** Whether it may claim tasks and take roles. */
    boolean isLive(long incarnation) {
        Node node = nodes.get(incarnation);
        return node != null && node.state == NodeState.LIVE;
    }

    void kill(long incarnation) {
        killed.add(incarnation);
    }
}
