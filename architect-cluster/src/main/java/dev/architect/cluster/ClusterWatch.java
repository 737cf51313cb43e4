package dev.architect.cluster;

import dev.architect.cluster.hint.ChangeListeners;
import dev.architect.cluster.hint.ClusterLoop;
import dev.architect.node.MemberView;
import dev.architect.node.NodeRecord;
import dev.architect.spi.ClusterTransport;
import dev.architect.spi.NodeStore;
import dev.architect.spi.Store.Change;
import dev.architect.spi.Store.ChangeKind;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the registry of nodes for all parts of this node, states to the transport where its peers are, and has nodes that are suspected ended early.
 *
 * <p>A member that was seen and has vanished is suspected, nothing more: the store ends its incarnation if that has not beaten for three
 * seconds, by the means that the store judges by, and leaves it alone if it has. A node that beats is therefore never ended, whatever
 * the views show.
 *
 * <p>All calls to the store are made by a thread of this object, never by one of the transport. The other methods never block and are safe
 * for use by several threads.
 */
final class ClusterWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);

    static final Duration READ_INTERVAL = Duration.ofSeconds(1);

    /** However often the view changes, the registry is not read more often. */
    private static final Duration SHORTEST_READ_INTERVAL = Duration.ofMillis(200);

    private static final Duration RETRY_INTERVAL = Duration.ofMillis(250);
    private static final Duration SILENCE = NodeStore.SHORTEST_SILENCE;

    private final NodeStore nodes;
    private final Optional<ClusterTransport> transport;
    private final OwnNode own;
    private final TimeSource time;
    private final ChangeListeners listeners;
    private final ClusterViews views;
    private final Isolation isolation;
    private final ClusterLoop loop;
    private volatile boolean isReadWanted = true;
    private volatile Registry registry = Registry.NONE;
    // What follows belongs to the loop.
    private final Set<String> seen = new HashSet<>();
    /** When the store is asked to end them, by incarnation. */
    private final Map<Long, Long> suspects = new HashMap<>();

    /** Those whose suspicion is in the log. */
    private final Set<Long> named = new HashSet<>();

    private Collection<String> peers = Set.of();
    private final Set<String> sameNames = new HashSet<>();

    /** The registry as it was read at a time of the monotonic clock. */
    record Registry(List<NodeRecord> records, long readAt, boolean isRead) {

        static final Registry NONE = new Registry(List.of(), 0, false);

        List<NodeRecord> living() {
            return records.stream().filter(node -> node.state().isAlive()).toList();
        }
    }

    ClusterWatch(
            NodeStore nodes,
            Optional<ClusterTransport> transport,
            OwnNode own,
            TimeSource time,
            ChangeListeners listeners,
            ClusterViews views,
            Isolation isolation) {
        this.nodes = nodes;
        this.transport = transport;
        this.own = own;
        this.time = time;
        this.listeners = listeners;
        this.views = views;
        this.isolation = isolation;
        this.loop = new ClusterLoop("watch", time, this::step);
    }

    void start(ThreadRunner threads) {
        loop.start(threads);
    }

    void stop() {
        loop.stop();
    }

    /** The view or the registry has changed. */
    void changed() {
        isReadWanted = true;
        loop.signal();
    }

    Registry registry() {
        return registry;
    }

    /** Reads the registry on the caller's thread. Blocks. */
    Registry read() {
        List<NodeRecord> records;
        try {
            records = nodes.nodes();
        } catch (Throwable failure) {
            own.failed(failure);
            throw failure;
        }
        own.reached();
        Registry read = new Registry(List.copyOf(records), time.nanoTime(), true);
        registry = read;
        return read;
    }

    private Duration step() {
        Registry last = registry;
        long sinceRead = time.nanoTime() - last.readAt();
        boolean isDue =
                !last.isRead() || sinceRead >= (isReadWanted ? SHORTEST_READ_INTERVAL : READ_INTERVAL).toNanos();
        if (isDue) {
            // Before the read: what changes meanwhile is read again.
            isReadWanted = false;
            own.calls();
            try {
                last = read();
            } finally {
                own.called();
            }
            look(last);
        }
        endSuspects();
        return untilNext(last);
    }

    private Duration untilNext(Registry last) {
        long now = time.nanoTime();
        long next = last.readAt() + (isReadWanted ? SHORTEST_READ_INTERVAL : READ_INTERVAL).toNanos();
        for (long due : suspects.values()) {
            next = due - next < 0 ? due : next;
        }
        return Duration.ofNanos(Math.max(0, next - now));
    }

    private void look(Registry read) {
        List<NodeRecord> living = read.living();
        MemberView view = transport.map(ClusterTransport::view).orElse(MemberView.NONE);
        transport.ifPresent(started -> feedPeers(started, living));
        suspect(living, view, read.readAt());
        views.look(living, view);
        isolation.keepOnly(view.members());
        warnOfSameNames(living);
    }

    private void feedPeers(ClusterTransport started, List<NodeRecord> living) {
        Set<String> addresses = addresses(living, own.member());
        if (!addresses.equals(peers)) {
            started.peers(addresses);
            // Only when it has taken them: else they are given again.
            peers = addresses;
        }
    }

    static Set<String> addresses(List<NodeRecord> living, String ownMember) {
        return living.stream()
                .filter(node -> !node.info().member().equals(ownMember))
                .map(node -> node.info().address())
                .filter(address -> !address.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void suspect(List<NodeRecord> living, MemberView view, long readAt) {
        if (view.members().isEmpty()) {
            // The transport is closed, or there is none: nothing can be concluded from it.
            suspects.clear();
            return;
        }
        Set<Long> alive = new HashSet<>();
        Set<String> members = new HashSet<>();
        for (NodeRecord node : living) {
            String member = node.info().member();
            if (member.isEmpty() || own.isOwn(node)) {
                continue;
            }
            alive.add(node.incarnation());
            members.add(member);
            if (view.members().contains(member)) {
                seen.add(member);
                if (suspects.remove(node.incarnation()) != null) {
                    LOG.debug("node '{}' is a member again", node.info().name());
                }
            } else if (seen.contains(member)) {
                // Not before the store could judge so: each beat that comes meanwhile moves it on.
                Duration left = SILENCE.minus(node.sinceBeat());
                long due = readAt + Math.max(0, left.toNanos());
                suspects.put(node.incarnation(), due);
                // Once: views may flap for hours.
                if (named.add(node.incarnation())) {
                    LOG.info(
                            "node '{}' is no longer a member; the store decides by its beats, the last of which was {} ms ago",
                            node.info().name(),
                            node.sinceBeat().toMillis());
                }
            }
        }
        suspects.keySet().retainAll(alive);
        named.retainAll(alive);
        seen.retainAll(members);
    }

    private void endSuspects() {
        for (Map.Entry<Long, Long> suspect : suspects.entrySet()) {
            if (suspect.getValue() - time.nanoTime() > 0) {
                continue;
            }
            // First: when the call fails, the others come first the next time.
            suspect.setValue(time.nanoTime() + RETRY_INTERVAL.toNanos());
            if (nodes.endSilent(suspect.getKey(), SILENCE)) {
                LOG.warn(
                        "node {} was suspected and has not beaten for {} s: it has ended",
                        suspect.getKey(),
                        SILENCE.toSeconds());
                isReadWanted = true;
                listeners.announce(Change.of(ChangeKind.TASK_READY, ChangeKind.NODE));
            }
        }
    }

    private void warnOfSameNames(List<NodeRecord> living) {
        Set<String> names = sameNames(living);
        for (String name : names) {
            if (sameNames.add(name)) {
                LOG.warn("node name is '{}' on more than one living node, expected different names", name);
            }
        }
        sameNames.retainAll(names);
    }

    /** The names that several nodes keep beating under; one that was killed counts as alive for a while. */
    static Set<String> sameNames(List<NodeRecord> living) {
        return living.stream()
                .filter(node -> node.sinceBeat().compareTo(SILENCE) < 0)
                .collect(Collectors.groupingBy(node -> node.info().name(), Collectors.counting()))
                .entrySet()
                .stream()
                .filter(entry -> entry.getValue() > 1)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
