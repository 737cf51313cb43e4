package dev.architect.pool;

import dev.architect.check.Check;
import dev.architect.error.StoreException;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.loop.StorePoll;
import dev.architect.node.ClusterStore;
import dev.architect.node.PoolSettings;
import dev.architect.node.SharedDocument;
import dev.architect.spi.TimeSource;
import dev.architect.task.PoolLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What operators have set for session pools, for all nodes that share a store: a shared document for each kind of session, whose version rises with
 * each change. Each node reads them {@linkplain #INTERVAL once a second} and resizes its pools.
 *
 * <p>{@link #look} belongs to one thread; the rest may be called by several.
 */
public final class PoolDocuments {

    /** The longest time after which a change is seen by a node, but for one that this process makes. */
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final String PREFIX = "architect.pool.";
    private static final String MIN = "minSessions";
    private static final String MAX = "maxSessions";
    private static final String SLOTS = "slotsPerSession";

    private final ClusterStore store;
    private final SessionPools pools;
    private final Runnable onChange;
    private final StorePoll poll;

    /**
     * Creates it for the pools of a node.
     *
     * @param onChange is called when a pool has other limits; waits for nothing
     * @param warnings get a sentence when looks begin to fail
     */
    public PoolDocuments(
            ClusterStore store, TimeSource time, SessionPools pools, Runnable onChange, Consumer<String> warnings) {
        this.store = store;
        this.pools = pools;
        this.onChange = onChange;
        this.poll =
                new StorePoll(time, Duration.ZERO, INTERVAL, "the limits of session pools cannot be read", warnings);
    }

    /** Makes the next {@link #look} read the store. */
    public void hint() {
        poll.hint();
    }

    /** Gives the pools the limits that are set, if it is time to look. What cannot be read now stays as it was. */
    public void look() {
        poll.poll(this::apply);
    }

    private void apply() {
        try {
            Map<String, PoolSettings> settings = read(store);
            boolean isChanged = false;
            for (SessionPool pool : pools.all()) {
                PoolSettings set = settings.getOrDefault(pool.kind(), PoolSettings.none(pool.kind()));
                isChanged |= pool.limit(set.applyTo(pool.configured()));
            }
            if (isChanged) {
                onChange.run();
            }
        } catch (IllegalArgumentException invalid) {
            // Of another version of this program: it must not end the caller's step.
            throw new StoreException(StoreException.Kind.FAILED, String.valueOf(invalid.getMessage()), invalid);
        }
    }

    /** Reads what is set, by kind of session. */
    public static Map<String, PoolSettings> read(ClusterStore store) {
        return Check.notNull("store", store).documents(PREFIX).stream()
                .map(PoolDocuments::settings)
                .collect(Collectors.toMap(PoolSettings::kind, Function.identity(), (one, other) -> one, TreeMap::new));
    }

    /** Reads what is set for a kind of session. */
    public static PoolSettings read(ClusterStore store, String kind) {
        return Check.notNull("store", store)
                .document(PREFIX + kind)
                .map(PoolDocuments::settings)
                .orElseGet(() -> PoolSettings.none(kind));
    }

    private static PoolSettings settings(SharedDocument document) {
        JsonFields fields = JsonFields.parse(document.text());
        return new PoolSettings(
                document.name().substring(PREFIX.length()),
                document.version(),
                fields.integer(MIN, 1, PoolLimits.MOST_SESSIONS),
                fields.integer(MAX, 1, PoolLimits.MOST_SESSIONS),
                fields.integer(SLOTS, 1, PoolLimits.MOST_SLOTS));
    }

    /**
     * Writes what is to be set.
     *
     * @param settings with the version that was read
     * @return the same with its new version
     * @throws dev.architect.node.StaleDocumentException when it has another version; nothing has changed
     */
    public static PoolSettings write(ClusterStore store, PoolSettings settings) {
        Map<String, Integer> fields = new TreeMap<>();
        for (Map.Entry<String, Optional<Integer>> each : List.of(
                Map.entry(MIN, settings.minSessions()),
                Map.entry(MAX, settings.maxSessions()),
                Map.entry(SLOTS, settings.slotsPerSession()))) {
            each.getValue().ifPresent(value -> fields.put(each.getKey(), value));
        }
        SharedDocument written =
                store.writeDocument(PREFIX + settings.kind(), settings.version(), JsonText.write(fields));
        return new PoolSettings(
                settings.kind(),
                written.version(),
                settings.minSessions(),
                settings.maxSessions(),
                settings.slotsPerSession());
    }
}
