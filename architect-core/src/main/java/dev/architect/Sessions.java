package dev.architect;

import dev.architect.check.Check;
import dev.architect.node.NodeSession;
import dev.architect.node.PoolSettings;
import dev.architect.node.PoolStatus;
import dev.architect.node.SessionNotFoundException;
import dev.architect.node.SessionState;
import dev.architect.pool.PoolDocuments;
import dev.architect.pool.SessionDrains;
import dev.architect.schedule.Scheduler;
import dev.architect.spi.Store;
import dev.architect.task.PoolLimits;
import dev.architect.task.SessionInfo;
import dev.architect.task.TaskOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
        Map<Long, Set<String>> draining = SessionDrains.read(store.cluster());
        sessions.forEach((incarnation, own) -> own.forEach(session -> all.add(new NodeSession(
                incarnation,
                names.getOrDefault(incarnation, ""),
                session,
                state(session, draining.getOrDefault(incarnation, Set.of()))))));
        all.sort(Comparator.comparing(NodeSession::node)
                .thenComparingLong(NodeSession::incarnation)
                .thenComparing(each -> each.session().kind())
                .thenComparingInt(each -> each.session().name().length())
                .thenComparing(each -> each.session().name()));
        return all;
    }

    private static SessionState state(SessionInfo session, Set<String> draining) {
        if (draining.contains(session.name())) {
            return SessionState.DRAINING;
        }
        return session.busy() > 0 ? SessionState.BUSY : SessionState.IDLE;
    }

    /** Returns the session pools of each kind over all living nodes, by kind. Blocks for the store, as {@link #all} does. */
    public List<PoolStatus> pools() {
        Map<String, List<NodeSession>> byKind = all().stream()
                .collect(Collectors.groupingBy(each -> each.session().kind(), TreeMap::new, Collectors.toList()));
        return byKind.entrySet().stream()
                .map(kind -> pool(kind.getKey(), kind.getValue()))
                .toList();
    }

    /** Returns the limits that the pool of a kind keeps to on this node; empty when it has none. Does not block. */
    public Optional<PoolLimits> limits(String kind) {
        Check.notNull("kind", kind);
        return schedulerOrNull == null ? Optional.empty() : schedulerOrNull.poolLimits(kind);
    }

    /** Returns the limits that the pool of a kind was configured with on this node; empty when it has none. Does not block. */
    public Optional<PoolLimits> configuredLimits(String kind) {
        Check.notNull("kind", kind);
        return schedulerOrNull == null ? Optional.empty() : schedulerOrNull.configuredLimits(kind);
    }

    /** Returns what is set for the pools of a kind on all nodes; nothing when it was never set. Blocks for the store. */
    public PoolSettings poolSettings(String kind) {
        return PoolDocuments.read(store.cluster(), Check.notBlank("kind", kind));
    }

    /** Returns what is set for the pools of all nodes, by kind; kinds for which nothing was ever set are absent. Blocks for the store. */
    public Map<String, PoolSettings> poolSettings() {
        return PoolDocuments.read(store.cluster());
    }

    /**
     * Sets limits of the pools of a kind, in place of those that each node was configured with; what is empty is left to them. A node follows within
     * about a second: it opens sessions up to the minimum, and of those beyond the maximum the youngest take nothing more and end when they run
     * nothing any more. Blocks for the store.
     *
     * @param settings with the version that was read
     * @return the same with its new version
     * @throws dev.architect.node.StaleDocumentException when it has another version; nothing has changed
     */
    public PoolSettings setPool(PoolSettings settings) {
        TaskOptions.checkName("kind", Check.notNull("settings", settings).kind());
        PoolSettings saved = PoolDocuments.write(store.cluster(), settings);
        if (schedulerOrNull != null) {
            schedulerOrNull.poolsChanged();
        }
        return saved;
    }

    /**
     * Lets a session of this node take nothing more, and end when it runs nothing any more; as {@link #drain(long, String)}.
     *
     * @throws SessionNotFoundException when this node has no such session
     */
    public boolean drain(String name) {
        return drain(ownIncarnation(), name);
    }

    /**
     * Lets a session take nothing more; what it runs goes on, for as long as its own time limits allow. It ends when it runs nothing any more, and
     * if its pool has fewer sessions than the minimum then, another one is opened. A session of this node takes nothing from the return on, one of
     * another node within about a second. Of what is draining already, the last call counts. Blocks for the store.
     *
     * @param incarnation the run of its node
     * @param name its name, unique on its node
     * @return whether that was not asked before
     * @throws SessionNotFoundException when no living node has such a session
     * @throws IllegalArgumentException when {@value SessionDrains#MAX_SESSIONS} others drain
     */
    public boolean drain(long incarnation, String name) {
        return end(incarnation, name, false);
    }

    /**
     * As {@link #restart(long, String)}, of a session of this node.
     *
     * @throws SessionNotFoundException when this node has no such session
     */
    public boolean restart(String name) {
        return restart(ownIncarnation(), name);
    }

    /**
     * As {@link #drain(long, String)}; but when the session has ended, another one is opened in its place, which has run nothing before and has a name
     * of its own.
     *
     * @return whether that was not asked before
     * @throws SessionNotFoundException when no living node has such a session
     * @throws IllegalArgumentException when {@value SessionDrains#MAX_SESSIONS} others drain
     */
    public boolean restart(long incarnation, String name) {
        return end(incarnation, name, true);
    }

    private long ownIncarnation() {
        return schedulerOrNull == null ? 0 : schedulerOrNull.incarnation();
    }

    private boolean end(long incarnation, String name, boolean isReplaced) {
        Check.notNull("name", name);
        boolean isOwn = schedulerOrNull != null && incarnation == schedulerOrNull.incarnation();
        Map<Long, List<SessionInfo>> sessions = store.nodes().sessionsByNode();
        // This node knows its own better than the store, which has them as they were a moment ago.
        List<SessionInfo> present = isOwn ? list() : sessions.getOrDefault(incarnation, List.of());
        if (present.stream().noneMatch(session -> session.name().equals(name))) {
            throw new SessionNotFoundException(incarnation, name);
        }
        Set<Long> living = new HashSet<>(sessions.keySet());
        living.add(incarnation);
        boolean isNew = SessionDrains.ask(store.cluster(), living, incarnation, name, isReplaced);
        if (schedulerOrNull != null && isOwn) {
            schedulerOrNull.drainSession(name, isReplaced);
        }
        return isNew;
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
