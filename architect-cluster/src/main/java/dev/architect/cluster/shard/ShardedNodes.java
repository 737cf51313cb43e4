package dev.architect.cluster.shard;

import dev.architect.cluster.shard.StoreGroup.Answer;
import dev.architect.error.StoreException;
import dev.architect.node.NodeBeat;
import dev.architect.node.NodeInfo;
import dev.architect.node.NodeLoad;
import dev.architect.node.NodeOrder;
import dev.architect.node.NodeRecord;
import dev.architect.spi.NodeStore;
import dev.architect.task.SessionInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node in every store of a group: it keeps the tasks of a store only while it beats there. Its incarnation is that in the first store; those in the
 * others have the number of the first one among their capabilities. A store in which it has died, or that could not be reached, gets a
 * new incarnation with one of the next beats.
 *
 * <p>Safe for use by several threads.
 */
final class ShardedNodes implements NodeStore {

    private static final Logger LOG = LoggerFactory.getLogger(ShardedNodes.class);

    /** So much before the end of a lease the tasks of its store are stopped. */
    private static final Duration GUARD = Duration.ofSeconds(1);

    /** So long a beat waits for the answer of a store; the next one does not ask a store whose answer has not come. */
    private static final Duration LIMIT = Duration.ofMillis(800);

    private static final String FIRST = "incarnation-in-first-store:";

    private final StoreGroup group;
    private final Map<Long, Membership> own = new ConcurrentHashMap<>();

    ShardedNodes(StoreGroup group) {
        this.group = group;
    }

    /** An incarnation in one store. */
    private static final class Lease {
        private long local;
        private long sent;
        private Duration validity = Duration.ZERO;
        private boolean isAnswering;
        private boolean isAsked;
    }

    /** An incarnation of this process in all stores. Guarded by itself. */
    private static final class Membership {
        private final NodeInfo info;
        private final Lease[] leases;

        /** One beat at a time; each waits for answers no longer than {@link #LIMIT}. Never held with the monitor. */
        private final ReentrantLock turn = new ReentrantLock();

        Membership(NodeInfo info, int stores) {
            this.info = info;
            this.leases = new Lease[stores];
            for (int i = 0; i < stores; i++) {
                leases[i] = new Lease();
            }
        }
    }

    @Override
    public long join(NodeInfo info) {
        long local = group.first().store().nodes().join(info);
        long incarnation = group.first().global(local);
        Membership membership = new Membership(info, group.members().size());
        entered(membership, group.first(), local);
        own.put(incarnation, membership);
        // One that does not answer in time is joined with a beat.
        enter(
                incarnation,
                membership,
                group.members().subList(1, group.members().size()));
        return incarnation;
    }

    private static void entered(Membership membership, GroupMember member, long local) {
        synchronized (membership) {
            Lease lease = membership.leases[member.number()];
            lease.local = local;
            lease.validity = Duration.ZERO;
            lease.isAnswering = true;
        }
    }

    /** Gives an incarnation a number in more stores. */
    private void enter(long incarnation, Membership membership, List<GroupMember> members) {
        asking(membership, members, member -> {
            entered(membership, member, member.store().nodes().join(infoFor(member, incarnation, membership.info)));
            return true;
        });
    }

    /** Asks those stores that have answered before; one that hangs must not collect threads. */
    private <T> Map<GroupMember, Answer<T>> asking(
            Membership membership, List<GroupMember> members, Function<GroupMember, T> call) {
        List<GroupMember> asked = members.stream()
                .filter(member -> begins(membership.leases[member.number()], membership))
                .toList();
        Map<GroupMember, Answer<T>> answers = group.askWithin(LIMIT, asked, member -> {
            Lease lease = membership.leases[member.number()];
            boolean isAnswering = false;
            try {
                T value = call.apply(member);
                isAnswering = true;
                return value;
            } finally {
                synchronized (membership) {
                    lease.isAnswering = isAnswering;
                    lease.isAsked = false;
                }
            }
        });
        synchronized (membership) {
            // Nothing else waits for a store that is slow now, until one of its answers has come.
            asked.stream()
                    .filter(member -> !answers.containsKey(member))
                    .forEach(member -> membership.leases[member.number()].isAnswering = false);
        }
        return answers;
    }

    /** The stores that have answered the last beats of this process, for what is asked again soon. */
    List<GroupMember> answering() {
        return group.members().stream().filter(this::isAnswering).toList();
    }

    private boolean isAnswering(GroupMember member) {
        for (Membership membership : own.values()) {
            synchronized (membership) {
                if (!membership.leases[member.number()].isAnswering) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean begins(Lease lease, Membership membership) {
        synchronized (membership) {
            boolean begins = !lease.isAsked;
            lease.isAsked = true;
            return begins;
        }
    }

    @Override
    public Optional<NodeBeat> beat(long incarnation, NodeLoad load) {
        Membership membership = own.get(incarnation);
        if (membership == null) {
            return memberOf(incarnation)
                    .flatMap(member -> member.store().nodes().beat(GroupMember.localOf(incarnation), load));
        }
        membership.turn.lock();
        try {
            return beat(incarnation, membership, load);
        } finally {
            membership.turn.unlock();
        }
    }

    private Optional<NodeBeat> beat(long incarnation, Membership membership, NodeLoad load) {
        List<NodeBeat> beats = new ArrayList<>();
        List<GroupMember> absent = new ArrayList<>();
        RuntimeException failure = null;
        for (Map.Entry<GroupMember, Answer<Optional<NodeBeat>>> answer : asking(
                        membership, group.members(), member -> beat(member, membership, load))
                .entrySet()) {
            if (!answer.getValue().isGiven()) {
                failure = answer.getValue().failure();
            } else if (answer.getValue().get().isPresent()) {
                beats.add(answer.getValue().get().orElseThrow());
            } else {
                absent.add(answer.getKey());
            }
        }
        if (beats.isEmpty()) {
            if (!absent.isEmpty()) {
                // Dead wherever it can be asked: the node begins anew, everywhere.
                leaveQuietly(incarnation);
                return Optional.empty();
            }
            throw failure == null
                    ? new StoreException(StoreException.Kind.BUSY, "no store has answered in time", null)
                    : failure;
        }
        if (!absent.isEmpty()) {
            LOG.warn(
                    "this node joins stores again in which it has no living incarnation: {}",
                    absent.stream().map(GroupMember::name).toList());
            enter(incarnation, membership, absent);
        }
        return Optional.of(new NodeBeat(
                beats.stream().map(NodeBeat::validity).min(Duration::compareTo).orElseThrow(),
                beats.stream().map(NodeBeat::order).max(NodeOrder::compareTo).orElseThrow()));
    }

    private Optional<NodeBeat> beat(GroupMember member, Membership membership, NodeLoad load) {
        Lease lease = membership.leases[member.number()];
        long local;
        synchronized (membership) {
            local = lease.local;
        }
        if (local == 0) {
            return Optional.empty();
        }
        long sent = group.time().nanoTime();
        Optional<NodeBeat> beat = member.store().nodes().beat(local, load);
        synchronized (membership) {
            if (beat.isPresent()) {
                lease.sent = sent;
                lease.validity = beat.get().validity();
            } else {
                lease.local = 0;
            }
        }
        return beat;
    }

    private void leaveQuietly(long incarnation) {
        try {
            leave(incarnation);
        } catch (RuntimeException failure) {
            LOG.debug("a store was not left in order", failure);
        }
    }

    private NodeInfo infoFor(GroupMember member, long incarnation, NodeInfo info) {
        if (member.number() == 0) {
            return info;
        }
        Set<String> capabilities = new HashSet<>(info.capabilities());
        capabilities.add(FIRST + incarnation);
        return info.with(info.version(), capabilities);
    }

    /** The number of an incarnation in a store; empty when it has none there. */
    OptionalLong localOf(GroupMember member, long incarnation) {
        Membership membership = own.get(incarnation);
        if (membership == null) {
            return GroupMember.numberOf(incarnation) == member.number()
                    ? OptionalLong.of(GroupMember.localOf(incarnation))
                    : OptionalLong.empty();
        }
        synchronized (membership) {
            long local = membership.leases[member.number()].local;
            return local == 0 ? OptionalLong.empty() : OptionalLong.of(local);
        }
    }

    /** The number of an incarnation of this process in a store; empty when it has none there. */
    OptionalLong ownLocalOf(GroupMember member, long incarnation) {
        return own.containsKey(incarnation) ? localOf(member, incarnation) : OptionalLong.empty();
    }

    /** Whether a node may claim and start tasks of a store: the last beat there is not older than half of its time. */
    boolean mayClaim(GroupMember member, long incarnation) {
        Membership membership = own.get(incarnation);
        if (membership == null) {
            return true;
        }
        synchronized (membership) {
            Lease lease = membership.leases[member.number()];
            return lease.isAnswering
                    && (lease.validity.isZero() || age(lease).compareTo(lease.validity.dividedBy(2)) < 0);
        }
    }

    /** Whether a node still has the tasks of a store that does not answer. */
    boolean mayKeep(GroupMember member, long incarnation) {
        Membership membership = own.get(incarnation);
        if (membership == null) {
            return true;
        }
        synchronized (membership) {
            Lease lease = membership.leases[member.number()];
            return age(lease).compareTo(lease.validity.minus(GUARD)) < 0;
        }
    }

    private Duration age(Lease lease) {
        return Duration.ofNanos(group.time().nanoTime() - lease.sent);
    }

    @Override
    public void leave(long incarnation) {
        RuntimeException failure = null;
        for (Answer<Boolean> answer : group.ask(group.members(), member -> {
                    localOf(member, incarnation).ifPresent(member.store().nodes()::leave);
                    return true;
                })
                .values()) {
            failure = answer.isGiven() ? failure : answer.failure();
        }
        own.remove(incarnation);
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public List<Long> deadOwners() {
        Set<Long> dead = new TreeSet<>();
        group.askAny(answering(), this::deadOwners).values().forEach(dead::addAll);
        return List.copyOf(dead);
    }

    private List<Long> deadOwners(GroupMember member) {
        List<Long> local = member.store().nodes().deadOwners();
        if (local.isEmpty() || member.number() == 0) {
            return local.stream().map(member::global).toList();
        }
        Map<Long, Long> known = new HashMap<>();
        member.store()
                .nodes()
                .nodes()
                .forEach(node -> firstOf(node.info()).ifPresent(first -> known.put(node.incarnation(), first)));
        return local.stream()
                .map(owner -> known.getOrDefault(owner, member.global(owner)))
                .toList();
    }

    /** The number that a node has in the first store, of one that states it. */
    private static Optional<Long> firstOf(NodeInfo info) {
        return info.capabilities().stream()
                .filter(capability -> capability.matches(FIRST + "\\d{1,18}"))
                .map(capability -> Long.valueOf(capability.substring(FIRST.length())))
                .findFirst();
    }

    /** Recovers the tasks of a dead incarnation in every store in which it has died. */
    int reap(long incarnation) {
        int reaped = 0;
        for (Incarnation each : incarnationsOf(incarnation)) {
            reaped += each.member().store().tasks().reap(each.local());
        }
        return reaped;
    }

    @Override
    public boolean endSilent(long incarnation, Duration silence) {
        boolean hasEnded = true;
        for (Incarnation each : incarnationsOf(incarnation)) {
            hasEnded &= each.member().store().nodes().endSilent(each.local(), silence);
        }
        return hasEnded;
    }

    @Override
    public boolean order(long incarnation, NodeOrder order) {
        boolean isTaken = false;
        for (Incarnation each : incarnationsOf(incarnation)) {
            isTaken |= each.member().store().nodes().order(each.local(), order);
        }
        return isTaken;
    }

    private record Incarnation(GroupMember member, long local) {}

    /** The incarnations of a node, own or not, past ones included, in all stores that can be reached. */
    private Set<Incarnation> incarnationsOf(long incarnation) {
        Set<Incarnation> all = new LinkedHashSet<>();
        Optional<GroupMember> named = memberOf(incarnation);
        named.ifPresent(member -> {
            all.add(new Incarnation(member, GroupMember.localOf(incarnation)));
            localOf(member, incarnation).ifPresent(local -> all.add(new Incarnation(member, local)));
        });
        if (named.isPresent() && named.get().number() == 0) {
            List<GroupMember> others =
                    group.members().subList(1, group.members().size());
            group.ask(others, member -> member.store().nodes().nodes()).forEach((member, answer) -> {
                List<NodeRecord> nodes = answer.isGiven() ? answer.get() : List.of();
                nodes.stream()
                        .filter(node -> node.info().capabilities().contains(FIRST + incarnation))
                        .forEach(node -> all.add(new Incarnation(member, node.incarnation())));
            });
        }
        return all;
    }

    private Optional<GroupMember> memberOf(long incarnation) {
        int number = GroupMember.numberOf(incarnation);
        return number < group.members().size() ? Optional.of(group.member(number)) : Optional.empty();
    }

    @Override
    public List<NodeRecord> nodes() {
        return group.first().store().nodes().nodes().stream()
                .map(node -> new NodeRecord(
                        globalOf(group.first(), node.incarnation()),
                        node.info(),
                        node.state(),
                        node.order(),
                        node.load(),
                        node.sinceBeat(),
                        node.joinedAt(),
                        node.endedAt()))
                .toList();
    }

    /** The number by which an incarnation of a store is known in the whole group. */
    long globalOf(GroupMember member, long local) {
        for (Long each : own.keySet()) {
            if (localOf(member, each).orElse(0) == local) {
                return each;
            }
        }
        if (member.number() == 0) {
            return member.global(local);
        }
        return member.store().nodes().nodes().stream()
                .filter(node -> node.incarnation() == local)
                .flatMap(node -> firstOf(node.info()).stream())
                .findFirst()
                .orElse(member.global(local));
    }

    @Override
    public int aliveCount() {
        return group.first().store().nodes().aliveCount();
    }

    @Override
    public void saveSessions(long incarnation, List<SessionInfo> sessions) {
        @Nullable Membership membership = own.get(incarnation);
        boolean isReached = membership == null || mayClaim(group.first(), incarnation);
        // They are for people: a first store that is down must not keep the node from its work in the others.
        if (isReached) {
            localOf(group.first(), incarnation)
                    .ifPresent(local -> group.first().store().nodes().saveSessions(local, sessions));
        }
    }

    @Override
    public Map<Long, List<SessionInfo>> sessionsByNode() {
        Map<Long, List<SessionInfo>> sessions = new TreeMap<>();
        group.first()
                .store()
                .nodes()
                .sessionsByNode()
                .forEach((local, own) -> sessions.put(globalOf(group.first(), local), own));
        return sessions;
    }
}
