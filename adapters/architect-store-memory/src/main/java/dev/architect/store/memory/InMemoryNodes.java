package dev.architect.store.memory;

import dev.architect.spi.NodeStore;
import dev.architect.task.SessionInfo;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Nodes in memory. Guarded by the store's lock. */
final class InMemoryNodes implements NodeStore {

    /** No other process sees this memory, so no node has to be taken for dead after a time. */
    private static final Duration UNLIMITED = Duration.ofDays(36_500);

    private final InMemoryStore store;
    private final Map<Long, List<SessionInfo>> alive = new TreeMap<>();
    // Still in alive: as in other stores, a death has no effect before deadOwners detects it.
    private final Set<Long> killed = new HashSet<>();
    private long lastIncarnation;

    InMemoryNodes(InMemoryStore store) {
        this.store = store;
    }

    @Override
    public long join(String name) {
        return store.locked(() -> {
            alive.put(++lastIncarnation, List.of());
            return lastIncarnation;
        });
    }

    @Override
    public Optional<Duration> beat(long incarnation) {
        return store.locked(() -> isAlive(incarnation) ? Optional.of(UNLIMITED) : Optional.empty());
    }

    @Override
    public void leave(long incarnation) {
        store.locked(() -> alive.remove(incarnation) != null);
    }

    @Override
    public List<Long> deadOwners() {
        return store.locked(() -> {
            killed.forEach(alive::remove);
            killed.clear();
            return store.taskTable().owners().stream()
                    .filter(owner -> !isAlive(owner))
                    .toList();
        });
    }

    @Override
    public int aliveCount() {
        return store.locked(alive::size);
    }

    @Override
    public void saveSessions(long incarnation, List<SessionInfo> sessions) {
        List<SessionInfo> copy = List.copyOf(sessions);
        // Never added for a node that has ended: its sessions would be listed for ever.
        store.locked(() -> alive.computeIfPresent(incarnation, (id, before) -> copy) != null);
    }

    @Override
    public List<SessionInfo> sessions() {
        return store.locked(() -> alive.values().stream().flatMap(List::stream).toList());
    }

    boolean isAlive(long incarnation) {
        return alive.containsKey(incarnation);
    }

    void kill(long incarnation) {
        killed.add(incarnation);
    }
}
