package dev.architect.server.live;

import java.util.Optional;

/** Knows topics by their names. */
@FunctionalInterface
public interface LiveTopics {

    /** Returns the topic of a name, such as {@code reviews} or {@code project:web}; empty when it is another's or nobody's. */
    Optional<LiveTopic> find(String name);

    /** Returns topics of these names. */
    static LiveTopics named(String name, LiveTopic topic) {
        return wanted -> wanted.equals(name) ? Optional.of(topic) : Optional.empty();
    }
}
