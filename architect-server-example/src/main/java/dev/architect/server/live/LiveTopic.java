package dev.architect.server.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.change.RecordedChange;
import dev.architect.error.StoreException;
import dev.architect.server.access.Principal;
import dev.architect.server.operation.Permission;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Things of one kind that clients follow: which there are, and which a change is about. Used by one thread. */
public interface LiveTopic {

    /** The most things of a topic. */
    int MAX_ITEMS = 500;

    /** What a client must be allowed, whenever something is sent to it. */
    Permission permission();

    /** Whether the topic is there for somebody with that permission; by default for those who are not limited to some projects. */
    default boolean isFor(Principal principal) {
        return principal.projects().isEmpty();
    }

    /** The keys of its things that a change is about; none for a change of something else. */
    Set<String> keys(RecordedChange change);

    /**
     * Reads all of its things by key, in order; at most {@value #MAX_ITEMS}, the most important ones.
     *
     * @throws StoreException when the store fails
     */
    Map<String, ObjectNode> all();

    /**
     * Reads those things of the keys that are there; empty, as by default, when one is not to be read without the others: then all are read
     * and compared with what they were.
     *
     * @throws StoreException when the store fails
     */
    default Optional<Map<String, ObjectNode>> read(Set<String> keys) {
        return Optional.empty();
    }

    /** How often it is read although the log has no change of it, for what is not in the log; empty, as by default, for never. */
    default Optional<Duration> period() {
        return Optional.empty();
    }
}
