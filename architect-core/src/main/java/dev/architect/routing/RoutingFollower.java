package dev.architect.routing;

import dev.architect.control.RouterControl;
import dev.architect.cost.Price;
import dev.architect.node.ClusterStore;
import dev.architect.node.SharedDocument;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a router follow what is kept about routing: at once, and every five seconds what others have changed. What the router refuses is logged, and the
 * former stays in force until there is something newer. Safe for use by several threads.
 */
final class RoutingFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RoutingFollower.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final ClusterStore store;
    private final RouterControl router;
    private final WakeUp wakeUp;
    /** Held while documents are read and followed, so that their versions are followed in order. */
    private final Object turn = new Object();

    private final Map<String, Long> seen = new HashMap<>();
    private volatile Map<String, String> refusals = Map.of();
    private volatile boolean closed;
    // Of the thread that looks.
    private boolean hasFailed;

    RoutingFollower(ClusterStore store, RouterControl router, TimeSource time) {
        this.store = store;
        this.router = router;
        this.wakeUp = time.newWakeUp();
    }

    /** Follows what is there, and goes on on a thread of {@code threads}, whose owner closes this first. */
    void start(ThreadRunner threads) {
        lookQuietly();
        try {
            threads.start("routing", this::run);
        } catch (Throwable noThread) {
            // Requests are served all the same.
            LOG.error("there is no thread that follows changes of routing, so it stays as it is", noThread);
        }
    }

    private void run() {
        try {
            while (!closed) {
                wakeUp.await(INTERVAL);
                if (!closed) {
                    lookQuietly();
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookQuietly() {
        try {
            look();
            hasFailed = false;
        } catch (Throwable failure) {
            // Errors too: the next look must take place.
            if (!hasFailed && !closed) {
                LOG.warn("routing stays as it is, its settings could not be read", failure);
            }
            hasFailed = true;
        }
    }

    /**
     * Follows what is newer than what was seen.
     *
     * @throws dev.architect.error.StoreException when the store fails
     */
    void look() {
        synchronized (turn) {
            for (SharedDocument document : store.documents(Routing.PREFIX)) {
                if (document.version() > seen.getOrDefault(document.name(), 0L)) {
                    seen.put(document.name(), document.version());
                    follow(document);
                }
            }
        }
    }

    private void follow(SharedDocument document) {
        Map<String, String> now = new HashMap<>(refusals);
        now.remove(document.name());
        try {
            switch (document.name()) {
                case Routing.POLICY ->
                    router.followPolicy(RoutingCodec.policy(document.text()).text());
                case Routing.MODELS ->
                    router.setModels(RoutingCodec.settings(document.text()).stream()
                            .map(StoredSetting::setting)
                            .toList());
                case Routing.PRICES -> {
                    List<Price> prices = RoutingCodec.prices(document.text()).stream()
                            .flatMap(price -> router.parsePrices(price.entry()).stream())
                            .toList();
                    router.setPrices("own-" + document.version(), prices);
                }
                default -> {
                    // Of a newer version of this program.
                }
            }
        } catch (RuntimeException refused) {
            LOG.warn(
                    "version {} of {} is not followed, the former stays in force: {}",
                    document.version(),
                    document.name(),
                    refused.getMessage());
            now.put(document.name(), String.valueOf(refused.getMessage()));
        }
        refusals = Map.copyOf(now);
    }

    /** Why the newest version of a document is not in force here; empty when it is. */
    Optional<String> refusal(String document) {
        return Optional.ofNullable(refusals.get(document));
    }

    @Override
    public void close() {
        closed = true;
        wakeUp.signal();
    }
}
