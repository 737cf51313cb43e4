package dev.architect.cluster;

import dev.architect.node.NodeRecord;
import dev.architect.route.HealthHint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A node as another one sees it: what the store has, and what the node itself has said lately. Further components will only be added at
 * the end.
 *
 * @param record what the store has: state, load, version, time since its last beat
 * @param isOwn whether it runs on the {@link Cluster} that was asked
 * @param sees the names of the nodes that it sees, its own included; empty when it has not been heard of for five seconds
 * @param sinceHeard how long it is ago that it was heard of; empty for an own node and for one that never was
 * @param store how it sees the store; empty as for {@code sees}
 * @param clockSkew how much its clock is ahead of the one here, negative when it is behind, by the nearest of its last readings; empty as for
 *     {@code sinceHeard}
 * @param health what it knows of the health of models
 */
public record NodeView(
        NodeRecord record,
        boolean isOwn,
        Optional<Set<String>> sees,
        Optional<Duration> sinceHeard,
        Optional<StoreSight> store,
        Optional<Duration> clockSkew,
        List<HealthHint> health) {

    /** Copies the collections and checks that nothing is null. */
    public NodeView {
        Given.notNull("record", record);
        sees = Given.notNull("sees", sees).map(Set::copyOf);
        Given.notNull("sinceHeard", sinceHeard);
        Given.notNull("store", store);
        Given.notNull("clockSkew", clockSkew);
        health = List.copyOf(Given.notNull("health", health));
    }

    /** Its name. */
    public String name() {
        return record.info().name();
    }
}
