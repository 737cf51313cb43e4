package dev.architect.cluster;

import dev.architect.cluster.hint.ClusterLoop;
import dev.architect.error.StoreException;
import dev.architect.node.ClusterStore;
import dev.architect.node.SharedDocument;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the documents that this node is configured by, with a thread of its own. Safe for use by several threads. */
final class SharedConfigurations {

    private static final Logger LOG = LoggerFactory.getLogger(SharedConfigurations.class);

    static final Duration POLL_INTERVAL = Duration.ofSeconds(5);

    /** However often the store announces changes, it is not read more often. */
    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);

    private final ClusterStore documents;
    private final TimeSource time;
    private final ClusterLoop loop;
    private final List<SharedConfiguration<?>> followed = new CopyOnWriteArrayList<>();
    private final Set<String> hinted = ConcurrentHashMap.newKeySet();
    private volatile boolean isAnnounced;
    // What follows belongs to the loop.
    private long lastPoll;
    private long nextPoll;

    SharedConfigurations(ClusterStore documents, TimeSource time) {
        this.documents = documents;
        this.time = time;
        this.lastPoll = time.nanoTime();
        this.nextPoll = lastPoll + POLL_INTERVAL.toNanos();
        this.loop = new ClusterLoop("documents", time, this::step);
    }

    void start(ThreadRunner threads) {
        loop.start(threads);
    }

    void stop() {
        loop.stop();
    }

    /** Follows a document from now on; what the store has is applied before this returns, unless the store cannot be read. */
    <T> SharedConfiguration<T> follow(
            String name, SharedConfiguration.Reader<T> reader, SharedConfiguration.Applier<T> applier) {
        Given.atMost("name", Given.notBlank("name", name), SharedDocument.MAX_NAME_LENGTH);
        Given.notNull("reader", reader);
        Given.notNull("applier", applier);
        SharedConfiguration<T> configuration =
                new SharedConfiguration<>(name, reader, applier, documents, followed::remove);
        followed.add(configuration);
        try {
            configuration.look();
        } catch (StoreException failure) {
            // The node must start all the same; the loop looks again.
            LOG.warn("configuration '{}' cannot be read yet: {}", name, failure.getMessage());
        }
        return configuration;
    }

    /** A version of a document may be new. */
    void hinted(String name, long version) {
        for (SharedConfiguration<?> configuration : followed) {
            if (configuration.name().equals(name) && configuration.seenVersion() < version) {
                hinted.add(name);
                loop.signal();
            }
        }
    }

    /** Some document, or something else that nodes share, may have changed. */
    void announced() {
        isAnnounced = true;
        loop.signal();
    }

    private Duration step() {
        long now = time.nanoTime();
        if (isAnnounced) {
            isAnnounced = false;
            // Not more often: messages that pass through the store are announced alike.
            long soonest = lastPoll + SHORTEST_INTERVAL.toNanos();
            nextPoll = soonest - nextPoll < 0 ? soonest : nextPoll;
        }
        boolean isPoll = now - nextPoll >= 0;
        if (isPoll) {
            lastPoll = now;
            nextPoll = now + POLL_INTERVAL.toNanos();
        }
        @Nullable StoreException failed = null;
        Set<String> asked = Set.copyOf(hinted);
        // Before the looks: what is hinted meanwhile is looked at again.
        hinted.removeAll(asked);
        for (SharedConfiguration<?> configuration : followed) {
            if (isPoll || asked.contains(configuration.name())) {
                try {
                    configuration.look();
                } catch (StoreException failure) {
                    failed = failure;
                }
            }
        }
        if (failed != null) {
            nextPoll = now;
            throw failed;
        }
        return Duration.ofNanos(Math.max(0, nextPoll - time.nanoTime()));
    }
}
