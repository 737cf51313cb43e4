package dev.architect.pool;

import dev.architect.document.DocumentChange;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.loop.StorePoll;
import dev.architect.node.ClusterStore;
import dev.architect.node.SharedDocument;
import dev.architect.node.StaleDocumentException;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Which single sessions are asked to drain, of all nodes that share a store: a shared document, whose version rises with each change. Each node
 * reads it about once a second, does what concerns its own incarnation, and takes out what it has done.
 *
 * <p>{@link #look} belongs to one thread; the rest may be called by several.
 */
public final class SessionDrains {

    /** The most sessions that are asked to drain at a time. */
    public static final int MAX_SESSIONS = 1_000;

    /** The longest time after which a request is seen by the node that it concerns. */
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final String DOCUMENT = "architect.session-drains";
    private static final String DRAIN = "drain";
    private static final String RESTART = "restart";
    private static final int MAX_TRIES = 100;

    private final ClusterStore store;
    private final SessionPools pools;
    private final Runnable onDrain;
    private final StorePoll poll;

    /**
     * Creates it for the pools of a node.
     *
     * @param onDrain is called when a session has begun to drain; waits for nothing
     * @param warnings get a sentence when looks begin to fail
     */
    public SessionDrains(
            ClusterStore store, TimeSource time, SessionPools pools, Runnable onDrain, Consumer<String> warnings) {
        this.store = store;
        this.pools = pools;
        this.onDrain = onDrain;
        this.poll =
                new StorePoll(time, Duration.ZERO, INTERVAL, "which sessions are to drain cannot be read", warnings);
    }

    /** Does what is asked of the sessions of an incarnation, which is that of this node, if it is time to. What cannot be read now is read with the next look. */
    public void look(long incarnation) {
        poll.poll(() -> {
            Optional<SharedDocument> document = store.document(DOCUMENT);
            Map<String, Map<String, String>> asked = read(document);
            Map<String, String> own = asked.getOrDefault(Long.toString(incarnation), Map.of());
            if (!own.isEmpty()) {
                obey(document, asked, Long.toString(incarnation), own);
            }
        });
    }

    private void obey(
            Optional<SharedDocument> document,
            Map<String, Map<String, String>> asked,
            String incarnation,
            Map<String, String> own) {
        Map<String, String> left = new TreeMap<>();
        own.forEach((session, what) -> {
            if (pools.has(session)) {
                left.put(session, what);
                if (pools.drain(session, what.equals(RESTART))) {
                    onDrain.run();
                }
            }
        });
        if (left.size() == own.size()) {
            return;
        }
        asked.put(incarnation, left);
        try {
            store.writeDocument(DOCUMENT, document.map(SharedDocument::version).orElse(0L), text(asked));
        } catch (StaleDocumentException changed) {
            // It is taken out with the next look.
            return;
        }
    }

    private static Map<String, Map<String, String>> read(Optional<SharedDocument> document) {
        Map<String, Map<String, String>> byIncarnation = new TreeMap<>();
        document.map(SharedDocument::text)
                .ifPresent(text -> JsonText.readObject(text)
                        .keySet()
                        .forEach(incarnation -> byIncarnation.put(
                                incarnation, JsonFields.parse(text).textsByName(incarnation))));
        return byIncarnation;
    }

    private static String text(Map<String, Map<String, String>> byIncarnation) {
        byIncarnation.values().removeIf(Map::isEmpty);
        return JsonText.write(byIncarnation);
    }

    /** Reads the names of the sessions that are asked to drain and have not ended, by incarnation. */
    public static Map<Long, Set<String>> read(ClusterStore store) {
        return read(store.document(DOCUMENT)).entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> Long.valueOf(entry.getKey()),
                        entry -> Set.copyOf(entry.getValue().keySet())));
    }

    /**
     * Asks for a session to drain. What was asked of incarnations that have ended is forgotten.
     *
     * @param living the incarnations that are alive
     * @param isReplaced whether another session is opened in its place
     * @return whether that was not asked before
     * @throws IllegalArgumentException when {@value #MAX_SESSIONS} others drain
     */
    public static boolean ask(
            ClusterStore store, Set<Long> living, long incarnation, String session, boolean isReplaced) {
        String what = isReplaced ? RESTART : DRAIN;
        return DocumentChange.apply(store, DOCUMENT, MAX_TRIES, document -> {
            Map<String, Map<String, String>> asked = read(document);
            asked.keySet().removeIf(each -> !living.contains(Long.valueOf(each)));
            Map<String, String> own = new HashMap<>(asked.getOrDefault(Long.toString(incarnation), Map.of()));
            if (Objects.equals(own.put(session, what), what)) {
                return DocumentChange.none(false);
            }
            asked.put(Long.toString(incarnation), own);
            if (asked.values().stream().mapToInt(Map::size).sum() > MAX_SESSIONS) {
                throw new IllegalArgumentException(
                        "session is '" + session + "', but " + MAX_SESSIONS + " others drain, expected fewer");
            }
            return DocumentChange.to(text(asked), true);
        });
    }
}
