package dev.architect.server.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.change.RecordedChange;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spi.TimeSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A topic that somebody follows. What has changed is read and written as JSON once for all who follow it. Used by the thread of the channel
 * alone.
 */
final class LiveTopicState {

    /** With more changed things it is cheaper to read all. */
    private static final int MAX_READ = 200;

    /** Reading takes no more than a fifth of the thread. */
    private static final int PAUSE_FACTOR = 4;

    private final String name;
    private final LiveTopic topic;
    private final TimeSource time;
    private final Optional<Duration> period;
    private final List<LiveSubscription> subscriptions = new ArrayList<>();
    private final Set<String> changed = new LinkedHashSet<>();
    private Map<String, String> known = Map.of();
    private boolean isKnown;
    private boolean isOverflowing;
    private long dueAt;

    /** {@code isLogged} says whether there is a log of changes. Without one, all is read each second. */
    LiveTopicState(String name, LiveTopic topic, TimeSource time, boolean isLogged) {
        this.name = name;
        this.topic = topic;
        this.time = time;
        this.period = isLogged ? topic.period() : topic.period().or(() -> Optional.of(Duration.ofSeconds(1)));
        this.dueAt = time.nanoTime();
    }

    String name() {
        return name;
    }

    LiveTopic topic() {
        return topic;
    }

    List<LiveSubscription> subscriptions() {
        return subscriptions;
    }

    /** Notes what a change is about. */
    void note(RecordedChange change) {
        changed.addAll(topic.keys(change));
        if (changed.size() > LiveConnection.MAX_WAITING) {
            overflow();
        }
    }

    /** Changes were missed: each client gets a snapshot. */
    void overflow() {
        changed.clear();
        isOverflowing = true;
    }

    /** Reads what has changed, and offers it to who follows. */
    void refresh() {
        if (isOverflowing) {
            isOverflowing = false;
            isKnown = false;
            subscriptions.forEach(LiveSubscription::overflow);
            return;
        }
        boolean isDue = period.isPresent() && time.nanoTime() - dueAt >= 0;
        if (changed.isEmpty() && !isDue) {
            return;
        }
        boolean isRead = subscriptions.stream().anyMatch(LiveSubscription::isWhole);
        Set<String> keys = new LinkedHashSet<>(changed);
        if (!isDue && !isRead) {
            changed.clear();
            offer(ofKeys(keys));
            return;
        }
        Optional<Map<String, String>> some = isDue || keys.size() > MAX_READ
                ? Optional.empty()
                : topic.read(keys).map(LiveTopicState::texts);
        // After the reading, which may fail: then the next round has them again.
        if (some.isPresent()) {
            Map<String, Optional<String>> changes = new LinkedHashMap<>();
            keys.forEach(key -> changes.put(key, Optional.ofNullable(some.get().get(key))));
            offer(changes);
            isKnown = false;
        } else {
            compare(keys);
        }
        changed.clear();
    }

    private void compare(Collection<String> keys) {
        boolean wasKnown = isKnown;
        Map<String, String> before = known;
        Map<String, String> now = readAll();
        if (!wasKnown) {
            LiveContent all = LiveContent.of(now);
            LiveContent changes = new LiveContent(ofKeys(keys));
            for (LiveSubscription each : subscriptions) {
                if (each.isWhole()) {
                    each.snapshot(all);
                } else if (!keys.isEmpty()) {
                    each.offer(changes);
                }
            }
            return;
        }
        Map<String, Optional<String>> changes = new LinkedHashMap<>();
        before.keySet().stream()
                .filter(key -> !now.containsKey(key))
                .forEach(key -> changes.put(key, Optional.empty()));
        now.forEach((key, json) -> {
            if (!json.equals(before.get(key))) {
                changes.put(key, Optional.of(json));
            }
        });
        offer(changes);
    }

    private static Map<String, Optional<String>> ofKeys(Collection<String> keys) {
        Map<String, Optional<String>> items = new LinkedHashMap<>();
        keys.forEach(key -> items.put(key, Optional.empty()));
        return items;
    }

    private void offer(Map<String, Optional<String>> changes) {
        if (!changes.isEmpty()) {
            LiveContent content = new LiveContent(changes);
            subscriptions.forEach(each -> each.offer(content));
        }
    }

    /** Reads all things; what they are is known then. */
    private Map<String, String> readAll() {
        long start = time.nanoTime();
        known = texts(topic.all());
        isKnown = true;
        long took = time.nanoTime() - start;
        dueAt = start + Math.max(period.map(Duration::toNanos).orElse(0L), took * PAUSE_FACTOR);
        return known;
    }

    /** Gives a snapshot to who waits for one. */
    void serveSnapshots() {
        List<LiveSubscription> waiting =
                subscriptions.stream().filter(LiveSubscription::isSnapshotDue).toList();
        if (waiting.isEmpty()) {
            return;
        }
        boolean isRead = waiting.stream().anyMatch(LiveSubscription::isWhole);
        // Of a topic that is read from time to time the last reading will do; others follow each change since.
        LiveContent items =
                isRead ? LiveContent.of(period.isPresent() && isKnown ? known : readAll()) : LiveContent.NONE;
        waiting.forEach(each -> each.snapshot(each.isWhole() ? items : LiveContent.NONE));
    }

    /** Offers the present state of things that one client may not know. */
    void resume(LiveSubscription subscription, Set<String> keys) {
        if (!subscription.isWhole()) {
            keys.forEach(key -> subscription.offer(key, Optional.empty()));
            return;
        }
        Optional<Map<String, ObjectNode>> read = keys.size() > MAX_READ ? Optional.empty() : topic.read(keys);
        if (read.isEmpty()) {
            subscription.overflow();
            return;
        }
        Map<String, String> items = texts(read.get());
        keys.forEach(key -> subscription.offer(key, Optional.ofNullable(items.get(key))));
    }

    /** Whether it is read from time to time, whatever the log has. */
    boolean isPeriodic() {
        return period.isPresent();
    }

    /** Whether a client that knows some position can be told what has happened since. */
    boolean isResumable() {
        return period.isEmpty();
    }

    static Map<String, String> texts(Map<String, ObjectNode> items) {
        Map<String, String> texts = new LinkedHashMap<>();
        items.forEach(
                (key, item) -> texts.put(key, new String(JsonResponseWriter.bytes(item), StandardCharsets.UTF_8)));
        return texts;
    }
}
