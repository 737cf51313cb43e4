package dev.architect;

import dev.architect.node.NodeSession;
import dev.architect.node.PoolStatus;
import dev.architect.schedule.Scheduler;
import dev.architect.spi.Store;
import dev.architect.task.SessionInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The session pools of this node, and the sessions of all nodes that share the store. Does not block but where it says so; safe for use by
 * several threads.
 */
public final class Sessions {

    private final Store store;
    private final @Nullable Scheduler schedulerOrNull;

    Sessions(Store store, @Nullable Scheduler schedulerOrNull) {
        this.store = store;
        this.schedulerOrNull = schedulerOrNull;
    }

    /** Returns the sessions of this node as they are now; none when it performs no tasks. */
    public List<SessionInfo> list() {
        return schedulerOrNull == null ? List.of() : schedulerOrNull.sessions();
    }

    /**
     * Returns the sessions of all living nodes, by node and name. Blocks for the store, which has them as each node has saved them last, a few
     * seconds ago at the most.
     */
    public List<NodeSession> all() {
        Map<Long, List<SessionInfo>> sessions = store.nodes().sessionsByNode();
        Map<Long, String> names = new HashMap<>();
        store.nodes()
                .nodes()
                .forEach(node -> names.put(node.incarnation(), node.info().name()));
        List<NodeSession> all = new ArrayList<>();
        sessions.forEach((incarnation, own) -> own.forEach(
                session -> all.add(new NodeSession(incarnation, names.getOrDefault(incarnation, ""), session))));
        all.sort(Comparator.comparing(NodeSession::node)
                .thenComparingLong(NodeSession::incarnation)
                .thenComparing(each -> each.session().kind())
                .thenComparingInt(each -> each.session().name().length())
                .thenComparing(each -> each.session().name()));
        return all;
    }

    /** Returns the session pools of each kind over all living nodes, by kind. Blocks for the store, as {@link #all} does. */
    public List<PoolStatus> pools() {
        Map<String, List<NodeSession>> byKind = all().stream()
                .collect(Collectors.groupingBy(each -> each.session().kind(), TreeMap::new, Collectors.toList()));
        return byKind.entrySet().stream()
                .map(kind -> pool(kind.getKey(), kind.getValue()))
                .toList();
    }

    private static PoolStatus pool(String kind, List<NodeSession> sessions) {
        return new PoolStatus(
                kind,
                (int) sessions.stream()
                        .mapToLong(NodeSession::incarnation)
                        .distinct()
                        .count(),
                sessions.size(),
                sessions.stream().mapToInt(each -> each.session().slots()).sum(),
                sessions.stream().mapToInt(each -> each.session().busy()).sum());
    }

    /** Returns how many attempts run on this node now. */
    public int runningAttempts() {
        return schedulerOrNull == null ? 0 : schedulerOrNull.runningCount();
    }

    /**
     * Makes this node claim no more tasks until {@link #resume}. What runs goes on, requests and submissions are taken, and other nodes
     * are not affected. Returns at once; does nothing on a node that performs no tasks.
     */
    public void pause() {
        if (schedulerOrNull != null) {
            schedulerOrNull.pause();
        }
    }

    /**
     * Makes this node claim tasks again, unless it is {@linkplain Nodes#cordon(long) cordoned} as well. Waits for a {@link #drain} in progress;
     * does nothing once the {@code Architect} is closed.
     */
    public void resume() {
        if (schedulerOrNull != null) {
            schedulerOrNull.resume();
        }
    }

    /**
     * Makes this node claim no more tasks until {@link #resume}, and blocks until none runs here: lets running ones go on for up to {@link
     * ArchitectBuilder#stopTimeout}, interrupts the rest and hands their tasks back, which costs them no try. Requests and submissions are
     * taken meanwhile and afterwards.
     */
    public void drain() {
        if (schedulerOrNull != null) {
            schedulerOrNull.drain();
        }
    }

    /** Whether this node claims no tasks: it is paused, drained or cordoned, closed, or performs none at all. */
    public boolean isPaused() {
        return schedulerOrNull == null || schedulerOrNull.isPaused();
    }
}
