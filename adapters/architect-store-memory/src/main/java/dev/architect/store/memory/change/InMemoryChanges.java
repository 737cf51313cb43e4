package dev.architect.store.memory.change;

import dev.architect.change.ChangePage;
import dev.architect.change.ChangePosition;
import dev.architect.change.ChangeStore;
import dev.architect.change.ChangeTopic;
import dev.architect.change.RecordedChange;
import dev.architect.store.memory.lock.PageLimit;
import dev.architect.store.memory.lock.StoreLock;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The log of changes in memory. Guarded by the store's lock; a call of the store writes its entries at its end. */
public final class InMemoryChanges implements ChangeStore {

    private final StoreLock store;
    private final TreeMap<Long, RecordedChange> entries = new TreeMap<>();
    private final Map<ChangeTopic, Set<String>> noted = new EnumMap<>(ChangeTopic.class);
    private long era;
    private long last;

    /** Creates an empty log of the store that {@code store} guards. */
    public InMemoryChanges(StoreLock store, long era) {
        this.store = store;
        this.era = era;
    }

    /** Notes a thing that the present call has changed. */
    public void note(ChangeTopic topic, Object key) {
        noted.computeIfAbsent(topic, any -> new LinkedHashSet<>()).add(key.toString());
    }

    /** Gives what the present call has noted its numbers, at the end of the call. */
    public void flush() {
        if (noted.isEmpty()) {
            return;
        }
        noted.forEach((topic, keys) -> {
            List<String> all = List.copyOf(keys);
            for (int from = 0; from < all.size(); from += MAX_KEYS) {
                last++;
                entries.put(
                        last,
                        new RecordedChange(last, topic, all.subList(from, Math.min(all.size(), from + MAX_KEYS))));
            }
        });
        noted.clear();
        entries.headMap(last - KEPT, true).clear();
    }

    /** Forgets what the present call has noted. */
    public void discard() {
        noted.clear();
    }

    private ChangePosition position(long sequence) {
        return new ChangePosition(Long.toString(era, Character.MAX_RADIX), sequence);
    }

    @Override
    public ChangePosition newest() {
        return store.locked(() -> position(last));
    }

    @Override
    public ChangePage after(ChangePosition position, int limit) {
        PageLimit.check(limit, MAX_PAGE);
        return store.locked(() -> {
            long oldest = entries.isEmpty() ? 1 : entries.firstKey();
            boolean isKept = position.sequence() >= oldest - 1 && position.sequence() <= last;
            if (!isKept || !position.era().equals(position(last).era())) {
                return new ChangePage(true, List.of(), position(last));
            }
            List<RecordedChange> changes = entries.tailMap(position.sequence(), false).values().stream()
                    .limit(limit)
                    .toList();
            long sequence = changes.isEmpty()
                    ? position.sequence()
                    : changes.get(changes.size() - 1).sequence();
            return new ChangePage(false, changes, position(sequence));
        });
    }

    @Override
    public void beginEra() {
        store.locked(() -> ++era);
    }
}
