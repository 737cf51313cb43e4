package dev.architect.pool;

import dev.architect.check.Check;
import dev.architect.event.EventListener;
import dev.architect.spi.TimeSource;
import dev.architect.task.PoolLimits;
import dev.architect.task.SessionInfo;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The session pools of one node, one for each kind of session. Safe for use by several threads. */
public final class SessionPools {

    private final Map<String, SessionPool> byKind = new TreeMap<>();

    /** Creates a pool for each kind, which has no session yet. */
    public SessionPools(Map<String, PoolLimits> limits, TimeSource time, EventListener events) {
        Check.noNulls("limits", limits)
                .forEach((kind, each) -> byKind.put(kind, new SessionPool(kind, each, time, events)));
    }

    /** The kinds of session that there is a pool of. */
    public Set<String> kinds() {
        return Set.copyOf(byKind.keySet());
    }

    /** The pool of a kind; empty when there is none. */
    public Optional<SessionPool> of(String kind) {
        return Optional.ofNullable(byKind.get(kind));
    }

    /** All of them, by kind. */
    public Collection<SessionPool> all() {
        return byKind.values();
    }

    /** Opens the minimum of sessions of each. */
    public void open() {
        byKind.values().forEach(SessionPool::open);
    }

    /** Gives a slot back to the pool of its session. */
    public void release(SessionPool.Session session) {
        Objects.requireNonNull(byKind.get(session.kind())).release(session);
    }

    /**
     * Lets a session {@linkplain SessionPool#drain drain}.
     *
     * @return false when there is no such session, or it has been asked for the same before
     */
    public boolean drain(String name, boolean isReplaced) {
        return byKind.values().stream().anyMatch(pool -> pool.drain(name, isReplaced));
    }

    /** Whether there is a session of that name, draining or not. */
    boolean has(String name) {
        return byKind.values().stream().anyMatch(pool -> pool.has(name));
    }

    /** The sessions as they are now. */
    public List<SessionInfo> snapshot() {
        return byKind.values().stream()
                .flatMap(pool -> pool.snapshot().stream())
                .toList();
    }

    /** Closes every session; the node ends. */
    public void close() {
        byKind.values().forEach(SessionPool::close);
    }
}
