package dev.architect.cluster;

import dev.architect.cluster.message.Gossip;
import dev.architect.model.ModelId;
import dev.architect.route.HealthHint;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What other nodes have last said of themselves. Safe for use by several threads; every method is short. */
final class GossipBoard {

    /** The most members that are kept; a further one is left out. */
    private static final int MOST_MEMBERS = 1_000;

    private static final int MOST_MODELS = 1_000;

    /** Of so many readings of a clock the nearest one counts: a message that was late must not show a clock that is wrong. */
    private static final int READINGS = 4;

    private final TimeSource time;
    private final Map<String, Entry> entries = new TreeMap<>();

    /** What one member has said. Guarded by the board. */
    private static final class Entry {
        private final Map<ModelId, HealthHint> health = new TreeMap<>(Comparator.comparing(ModelId::toString));
        private final Deque<Long> skews = new ArrayDeque<>();
        private Gossip gossip = new Gossip("", 0, true, -1, List.of());
        private long at;
        private boolean hasGossip;
    }

    /**
     * What a member has said, as it is now.
     *
     * @param gossip its last message
     * @param age how long ago that came
     * @param skew how much its clock is ahead of the one here; negative when it is behind
     * @param health what it knows of models
     */
    record Said(Gossip gossip, Duration age, Duration skew, List<HealthHint> health) {}

    GossipBoard(TimeSource time) {
        this.time = time;
    }

    synchronized void heard(String member, Gossip gossip) {
        Entry entry = entry(member);
        if (entry == null) {
            return;
        }
        entry.gossip = gossip;
        entry.at = time.nanoTime();
        entry.hasGossip = true;
        if (entry.skews.size() == READINGS) {
            entry.skews.removeFirst();
        }
        entry.skews.addLast(gossip.wallMillis() - time.wallTime().toEpochMilli());
    }

    synchronized void heard(String member, List<HealthHint> hints) {
        Entry entry = entry(member);
        if (entry == null) {
            return;
        }
        for (HealthHint hint : hints) {
            HealthHint before = entry.health.get(hint.model());
            boolean isOlder = before != null && before.node().equals(hint.node()) && before.version() > hint.version();
            if (!isOlder && (before != null || entry.health.size() < MOST_MODELS)) {
                entry.health.put(hint.model(), hint);
            }
        }
    }

    private @Nullable Entry entry(String member) {
        Entry known = entries.get(member);
        if (known == null && entries.size() < MOST_MEMBERS) {
            known = new Entry();
            entries.put(member, known);
        }
        return known;
    }

    /** Forgets members that are gone. */
    synchronized void keepOnly(Set<String> members) {
        entries.keySet().retainAll(members);
    }

    synchronized Optional<Said> of(String member) {
        Entry entry = entries.get(member);
        if (entry == null || !entry.hasGossip) {
            return Optional.empty();
        }
        long skew =
                entry.skews.stream().min(Comparator.comparingLong(Math::abs)).orElse(0L);
        return Optional.of(new Said(
                entry.gossip,
                Duration.ofNanos(time.nanoTime() - entry.at),
                Duration.ofMillis(skew),
                List.copyOf(entry.health.values())));
    }
}
