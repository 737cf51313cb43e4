package dev.architect.cluster;

import dev.architect.cluster.message.Gossip;
import dev.architect.node.MemberView;
import dev.architect.node.NodeRecord;
import dev.architect.route.HealthHint;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Puts together what the store has of the nodes, what they say of themselves, and what the transport shows here. Safe for use by several
 * threads.
 */
final class ClusterViews {

    /** How long what a node has said counts. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    /** A node that has not beaten for so long may just have died: that no other node sees it any more is no split. */
    private static final Duration BEATS = Duration.ofMillis(2_500);

    /** How long a difference lasts before it counts: views change one after the other. */
    private static final Duration LASTING = Duration.ofSeconds(3);

    private final OwnNode own;
    private final GossipBoard board;
    private final Isolation isolation;
    private final TimeSource time;
    /** Since when who does not see whom. Guarded by this object. */
    private final Map<Pair, Long> unseen = new HashMap<>();

    private record Pair(NodeKey node, NodeKey other) {}

    private record NodeKey(long incarnation, String name) {

        static NodeKey of(NodeRecord record) {
            return new NodeKey(record.incarnation(), record.info().name());
        }
    }

    ClusterViews(OwnNode own, GossipBoard board, Isolation isolation, TimeSource time) {
        this.own = own;
        this.board = board;
        this.isolation = isolation;
        this.time = time;
    }

    /** Compares what the nodes see. */
    synchronized void look(List<NodeRecord> living, MemberView view) {
        long now = time.nanoTime();
        Set<Pair> found = new HashSet<>();
        Map<String, Integer> checksums = new HashMap<>();
        for (NodeRecord node : living) {
            seenBy(node, view, checksums).ifPresent(sees -> {
                for (NodeRecord other : living) {
                    if (isMember(other)
                            && other.sinceBeat().compareTo(BEATS) < 0
                            && !other.info().member().equals(node.info().member())
                            && !sees.test(other.info().member())) {
                        found.add(new Pair(NodeKey.of(node), NodeKey.of(other)));
                    }
                }
            });
        }
        unseen.keySet().retainAll(found);
        found.forEach(pair -> unseen.putIfAbsent(pair, now));
        Set<String> members = new HashSet<>(view.members());
        living.forEach(node -> members.add(node.info().member()));
        board.keepOnly(members);
    }

    private static boolean isMember(NodeRecord node) {
        return !node.info().member().isEmpty();
    }

    /** Which members a node sees; empty when that is not known. {@code checksums} keeps those of names for further nodes. */
    private Optional<Predicate<String>> seenBy(NodeRecord node, MemberView view, Map<String, Integer> checksums) {
        if (!isMember(node)) {
            return Optional.empty();
        }
        if (own.isOwn(node)) {
            return view.members().isEmpty() ? Optional.empty() : Optional.of(view.members()::contains);
        }
        return fresh(node).map(said -> {
            Set<Integer> seen = new HashSet<>(said.gossip().seen());
            return member -> seen.contains(checksums.computeIfAbsent(member, Gossip::checksum));
        });
    }

    private Optional<GossipBoard.Said> fresh(NodeRecord node) {
        return board.of(node.info().member()).filter(said -> said.age().compareTo(FRESH) < 0);
    }

    /** Returns the view of now. */
    ClusterView view(ClusterWatch.Registry registry, MemberView members, List<HealthHint> ownHealth) {
        List<NodeRecord> living = registry.living();
        Map<String, Integer> checksums = new HashMap<>();
        List<NodeView> nodes = registry.records().stream()
                .map(node -> nodeView(node, living, members, checksums, ownHealth))
                .toList();
        Optional<Duration> age = registry.isRead()
                ? Optional.of(Duration.ofNanos(Math.max(0, time.nanoTime() - registry.readAt())))
                : Optional.empty();
        return new ClusterView(nodes, lasting(), isolation.reasons(), own.sight(), age);
    }

    private synchronized List<ClusterView.Unseen> lasting() {
        long now = time.nanoTime();
        return unseen.entrySet().stream()
                .filter(pair -> now - pair.getValue() >= LASTING.toNanos())
                .map(pair -> new ClusterView.Unseen(
                        pair.getKey().node().name(), pair.getKey().other().name()))
                .distinct()
                .sorted(Comparator.comparing(ClusterView.Unseen::toString))
                .toList();
    }

    private NodeView nodeView(
            NodeRecord node,
            List<NodeRecord> living,
            MemberView members,
            Map<String, Integer> checksums,
            List<HealthHint> ownHealth) {
        Optional<Set<String>> sees = node.state().isAlive()
                ? seenBy(node, members, checksums).map(test -> names(living, test))
                : Optional.empty();
        if (own.isOwn(node) && node.state().isAlive()) {
            return new NodeView(
                    node, true, sees, Optional.empty(), Optional.of(own.sight()), Optional.empty(), ownHealth);
        }
        if (!node.state().isAlive() || !isMember(node)) {
            return new NodeView(node, false, sees, Optional.empty(), Optional.empty(), Optional.empty(), List.of());
        }
        Optional<GossipBoard.Said> said = board.of(node.info().member());
        return new NodeView(
                node,
                false,
                sees,
                said.map(GossipBoard.Said::age),
                fresh(node).map(ClusterViews::sight),
                said.map(GossipBoard.Said::skew),
                said.map(GossipBoard.Said::health).orElse(List.of()));
    }

    private static Set<String> names(List<NodeRecord> living, Predicate<String> sees) {
        return living.stream()
                .filter(node -> isMember(node) && sees.test(node.info().member()))
                .map(node -> node.info().name())
                .collect(Collectors.toSet());
    }

    private static StoreSight sight(GossipBoard.Said said) {
        long millis = said.gossip().sinceBeatMillis();
        return new StoreSight(
                said.gossip().reachesStore(),
                millis < 0
                        ? Optional.empty()
                        : Optional.of(Duration.ofMillis(millis).plus(said.age())),
                "");
    }
}
