package dev.architect.server.live;

import dev.architect.change.ChangePosition;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Things of a topic that several clients get, written as messages once for all who call the subscription alike: hundreds of pages show the same, and
 * each of them would have its own text made of it. Immutable as far as callers can see; safe for use by several threads.
 */
final class LiveContent {

    /** None. */
    static final LiveContent NONE = new LiveContent(Map.of());

    private final Map<String, Optional<String>> items;
    private final Map<Form, List<LiveMessage>> messages = new ConcurrentHashMap<>();

    /** What the messages of the things depend on. */
    private record Form(boolean isSnapshot, String id, boolean isWhole, ChangePosition position) {}

    /**
     * Creates the content.
     *
     * @param items the JSON of each thing by its key, in order; empty for one that is gone, or of which the key alone is told
     */
    LiveContent(Map<String, Optional<String>> items) {
        this.items = Collections.unmodifiableMap(new LinkedHashMap<>(items));
    }

    /** Returns the content of things that are there. */
    static LiveContent of(Map<String, String> texts) {
        Map<String, Optional<String>> items = new LinkedHashMap<>();
        texts.forEach((key, json) -> items.put(key, Optional.of(json)));
        return new LiveContent(items);
    }

    Map<String, Optional<String>> items() {
        return items;
    }

    /** The things in place of what a client has. */
    List<LiveMessage> snapshot(String id, boolean isWhole, ChangePosition position) {
        return messages.computeIfAbsent(
                new Form(true, id, isWhole, position),
                form -> LiveMessage.snapshot(id, isWhole ? items : Map.of(), isWhole, position));
    }

    /** The things as changes of what a client has. */
    List<LiveMessage> change(String id, boolean isWhole, ChangePosition position) {
        return messages.computeIfAbsent(
                new Form(false, id, isWhole, position), form -> LiveMessage.change(id, items, isWhole, position));
    }
}
