package dev.architect.store.memory;

import dev.architect.change.ChangeTopic;
import dev.architect.event.ActivityEntry;
import dev.architect.spi.ActivityStore;
import dev.architect.store.memory.lock.PageLimit;
import dev.architect.store.memory.lock.StoredTime;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** The activity log in memory. Guarded by the store's lock. */
final class InMemoryActivity implements ActivityStore {

    private static final int MAX_PAGE = 500;

    private final InMemoryStore store;
    private final TreeMap<Long, ActivityEntry> entries = new TreeMap<>();
    private long lastSequence;

    InMemoryActivity(InMemoryStore store) {
        this.store = store;
    }

    @Override
    public void append(List<ActivityEntry> added) {
        List<ActivityEntry> copy = List.copyOf(added);
        store.locked(() -> {
            if (!copy.isEmpty()) {
                store.changed(ChangeTopic.ACTIVITY, "new");
            }
            for (ActivityEntry entry : copy) {
                entries.put(
                        ++lastSequence,
                        new ActivityEntry(
                                lastSequence, StoredTime.micros(entry.at()), entry.kind(), entry.task(), entry.text()));
            }
            return true;
        });
    }

    @Override
    public List<ActivityEntry> newest(long before, int limit) {
        PageLimit.check(limit, MAX_PAGE);
        // headMap is a view, so a page costs its length and not that of the log.
        return store.locked(() -> entries.headMap(before, false).descendingMap().values().stream()
                .limit(limit)
                .toList());
    }

    @Override
    public List<ActivityEntry> newest(Set<String> kinds, long before, int limit) {
        PageLimit.check(limit, MAX_PAGE);
        checkKinds(kinds);
        Set<String> wanted = Set.copyOf(kinds);
        return store.locked(() -> entries.headMap(before, false).descendingMap().values().stream()
                .filter(entry -> wanted.isEmpty() || wanted.contains(entry.kind()))
                .limit(limit)
                .toList());
    }

    @Override
    public List<ActivityEntry> following(Set<String> kinds, long after, int limit) {
        PageLimit.check(limit, MAX_PAGE);
        checkKinds(kinds);
        Set<String> wanted = Set.copyOf(kinds);
        return store.locked(() -> entries.tailMap(after, false).values().stream()
                .filter(entry -> wanted.isEmpty() || wanted.contains(entry.kind()))
                .limit(limit)
                .toList());
    }

    private static void checkKinds(Set<String> kinds) {
        if (kinds.size() > MAX_KINDS) {
            throw new IllegalArgumentException(kinds.size() + " kinds, expected at most " + MAX_KINDS);
        }
    }
}
