package dev.architect.cluster;

import dev.architect.node.NodeBeat;
import dev.architect.node.NodeInfo;
import dev.architect.node.NodeLoad;
import dev.architect.node.NodeOrder;
import dev.architect.node.NodeRecord;
import dev.architect.spi.NodeStore;
import dev.architect.task.SessionInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Nodes as one of them changes them: a join states where the node is found, and is refused when another one has its name; what the beats show
 * of the store is kept. Safe for use by several threads.
 */
final class JoiningNodes implements NodeStore {

    private final NodeStore nodes;
    private final OwnNode own;
    private final JoinGuard guard;
    private final UnaryOperator<NodeInfo> located;
    private final Runnable onChange;

    /**
     * Creates a store.
     *
     * @param located adds where the node is found
     * @param onChange is called after a node has come or gone or got an order; never blocks and never throws
     */
    JoiningNodes(NodeStore nodes, OwnNode own, JoinGuard guard, UnaryOperator<NodeInfo> located, Runnable onChange) {
        this.nodes = nodes;
        this.own = own;
        this.guard = guard;
        this.located = located;
        this.onChange = onChange;
    }

    @Override
    public long join(NodeInfo info) {
        Set<Long> silent = guard.awaitFree(info.name());
        long incarnation = nodes.join(located.apply(info));
        guard.confirm(info.name(), incarnation, silent);
        own.joined(info.name(), incarnation);
        onChange.run();
        return incarnation;
    }

    @Override
    public Optional<NodeBeat> beat(long incarnation, NodeLoad load) {
        Optional<NodeBeat> beat;
        try {
            beat = nodes.beat(incarnation, load);
        } catch (Throwable failure) {
            own.failed(failure);
            throw failure;
        }
        own.reached();
        if (beat.isPresent()) {
            own.beaten(incarnation);
        } else {
            own.ended(incarnation);
        }
        return beat;
    }

    @Override
    public void leave(long incarnation) {
        nodes.leave(incarnation);
        own.ended(incarnation);
        onChange.run();
    }

    @Override
    public List<Long> deadOwners() {
        return nodes.deadOwners();
    }

    @Override
    public boolean endSilent(long incarnation, Duration silence) {
        return nodes.endSilent(incarnation, silence);
    }

    @Override
    public boolean order(long incarnation, NodeOrder order) {
        boolean isTaken = nodes.order(incarnation, order);
        if (isTaken) {
            onChange.run();
        }
        return isTaken;
    }

    @Override
    public List<NodeRecord> nodes() {
        return nodes.nodes();
    }

    @Override
    public int aliveCount() {
        return nodes.aliveCount();
    }

    @Override
    public void saveSessions(long incarnation, List<SessionInfo> sessions) {
        nodes.saveSessions(incarnation, sessions);
    }

    @Override
    public Map<Long, List<SessionInfo>> sessionsByNode() {
        return nodes.sessionsByNode();
    }
}
