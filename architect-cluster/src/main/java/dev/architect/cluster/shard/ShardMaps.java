package dev.architect.cluster.shard;

import dev.architect.error.StoreException;
import dev.architect.node.ClusterStore;
import dev.architect.node.SharedDocument;
import dev.architect.node.StaleDocumentException;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The map of shards as this process knows it. It never goes back to a lower version. What it says may be old: the stores themselves
 * refuse what is not theirs, and then it is read again. Safe for use by several threads.
 */
final class ShardMaps {

    private static final Logger LOG = LoggerFactory.getLogger(ShardMaps.class);

    /** For who would not notice that a shard has moved. */
    private static final Duration MAX_AGE = Duration.ofSeconds(1);

    private final ClusterStore documents;
    private final TimeSource time;
    private volatile ShardMap known;
    private volatile long readAt;

    ShardMaps(ClusterStore documents, TimeSource time) {
        this.documents = documents;
        this.time = time;
        this.known = ShardMap.NONE;
    }

    ShardMap known() {
        return known;
    }

    /** Reads the map again. Blocks; fails as the first store does. */
    ShardMap read() {
        readAt = time.nanoTime();
        Optional<SharedDocument> document = documents.document(ShardMap.DOCUMENT);
        return document.map(stored -> keep(ShardMap.parse(stored.version(), stored.text())))
                .orElse(known);
    }

    /** Reads the map again, or keeps to the one that is known when the first store cannot be reached. Blocks. */
    ShardMap refresh() {
        try {
            return read();
        } catch (StoreException unreachable) {
            LOG.debug("the map of shards cannot be read", unreachable);
            return known;
        }
    }

    /** Refreshes the map when it was not read for a second. */
    void refreshOld() {
        if (time.nanoTime() - readAt >= MAX_AGE.toNanos()) {
            refresh();
        }
    }

    private synchronized ShardMap keep(ShardMap read) {
        if (read.version() > known.version()) {
            known = read;
        }
        return known;
    }

    /**
     * Changes the map as it stands, by compare and set; again when another one was first.
     *
     * @param change is given the map as it stands, and returns it unchanged when there is nothing to do
     */
    ShardMap change(UnaryOperator<ShardMap> change) {
        while (true) {
            ShardMap before = read();
            ShardMap after = change.apply(before);
            if (after.equals(before)) {
                return before;
            }
            try {
                SharedDocument written = documents.writeDocument(ShardMap.DOCUMENT, before.version(), after.text());
                return keep(after.at(written.version()));
            } catch (StaleDocumentException beaten) {
                // It is read again: the change of the faster node is in force.
                continue;
            }
        }
    }
}
