package dev.architect.fairness;

import dev.architect.check.Check;
import dev.architect.document.DocumentChange;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.loop.StorePoll;
import dev.architect.node.ClusterStore;
import dev.architect.node.SharedDocument;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Which types of tasks are paused on all nodes that share a store: a shared document, whose version rises with each change. A claimer reads it
 * {@linkplain #INTERVAL four times a second}; what it has claimed before goes on.
 *
 * <p>{@link #refresh} belongs to one thread; the rest may be called by several.
 */
public final class TypePauses {

    /** The most types that are paused at a time. */
    public static final int MAX_TYPES = 1_000;

    /** The longest time after which a change is seen by a node that claims. */
    public static final Duration INTERVAL = Duration.ofMillis(250);

    private static final String DOCUMENT = "architect.paused-types";
    private static final String TYPES = "types";
    private static final int MAX_TRIES = 100;

    private final ClusterStore store;
    private final StorePoll poll;
    private volatile Set<String> paused = Set.of();

    /** Creates a reader that has no type before its first look; {@code warnings} get a sentence when looks begin to fail. */
    public TypePauses(ClusterStore store, TimeSource time, Consumer<String> warnings) {
        this.store = store;
        this.poll = new StorePoll(time, Duration.ZERO, INTERVAL, "which types are paused cannot be read", warnings);
    }

    /** Makes the next {@link #refresh} look at the store. */
    public void hint() {
        poll.hint();
    }

    /** Reads the store, if it is time to. What cannot be read now stays as it was: tasks of other types, and of other stores, are claimed. */
    public void refresh() {
        poll.poll(() -> paused = read(store));
    }

    /** Whether no task of a type is to be claimed, as far as the last look has seen. */
    public boolean isPaused(String type) {
        return paused.contains(type);
    }

    /** Reads which types are paused. */
    public static Set<String> read(ClusterStore store) {
        return Set.copyOf(types(Check.notNull("store", store).document(DOCUMENT)));
    }

    private static List<String> types(Optional<SharedDocument> document) {
        return document.map(text -> JsonFields.parse(text.text()).texts(TYPES)).orElse(List.of());
    }

    /**
     * Pauses a type, or lets it go on.
     *
     * @return whether that changed anything
     * @throws IllegalArgumentException when {@value #MAX_TYPES} others are paused
     */
    public static boolean set(ClusterStore store, String type, boolean isPaused) {
        return DocumentChange.apply(store, DOCUMENT, MAX_TRIES, document -> {
            Set<String> types = new TreeSet<>(types(document));
            if (!(isPaused ? types.add(type) : types.remove(type))) {
                return DocumentChange.none(false);
            }
            if (types.size() > MAX_TYPES) {
                throw new IllegalArgumentException(
                        "type is '" + type + "', but " + MAX_TYPES + " others are paused, expected fewer");
            }
            return DocumentChange.to(JsonText.write(Map.of(TYPES, List.copyOf(types))), true);
        });
    }
}
