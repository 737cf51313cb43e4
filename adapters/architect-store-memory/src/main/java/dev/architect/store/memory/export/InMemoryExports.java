package dev.architect.store.memory.export;

import dev.architect.export.ExportStore;
import dev.architect.store.memory.lock.StoreLock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The parts of exports in memory. Guarded by the store's lock. */
public final class InMemoryExports implements ExportStore {

    private final StoreLock lock;
    private final Map<String, Map<Integer, byte[]>> parts = new HashMap<>();

    /** Creates an empty store of the one that {@code lock} guards. */
    public InMemoryExports(StoreLock lock) {
        this.lock = lock;
    }

    @Override
    public void write(String export, int number, byte[] content) {
        ExportStore.check(export, number, content);
        byte[] copy = content.clone();
        lock.locked(() -> {
            parts.computeIfAbsent(export, id -> new HashMap<>()).put(number, copy);
            return true;
        });
    }

    @Override
    public Optional<byte[]> part(String export, int number) {
        Objects.requireNonNull(export, "export");
        return lock.locked(
                () -> Optional.ofNullable(parts.getOrDefault(export, Map.of()).get(number))
                        .map(byte[]::clone));
    }

    @Override
    public int delete(String export) {
        Objects.requireNonNull(export, "export");
        return lock.locked(() -> {
            Map<Integer, byte[]> deleted = parts.remove(export);
            return deleted == null ? 0 : deleted.size();
        });
    }

    @Override
    public Set<String> exports() {
        return lock.locked(() -> new TreeSet<>(parts.keySet()));
    }
}
