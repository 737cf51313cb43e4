package dev.architect.testkit.cluster;

import dev.architect.node.MemberView;
import dev.architect.node.NodeMessage;
import dev.architect.spi.ClusterTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A cluster transport inside one process, for tests. Members of one {@link Hub} receive the messages of each other.
 *
 * <p>Messages wait in the hub until {@link Hub#deliver} is called, so a test decides when they arrive, and the hub's
 * {@link Hub#deliveryCount} decides how often: never, once, or several times. A hub with {@link TransportFaults} loses, doubles, delays and
 * reorders messages and shows wrong views; {@link Hub#cut} and {@link Hub#kill} are for partitions and for members that die. Safe for use by
 * several threads.
 */
public final class LoopbackTransport implements ClusterTransport {

    private final Hub hub;
    private volatile @Nullable String name;
    private volatile @Nullable Receiver receiver;
    private volatile MemberView shown = MemberView.NONE;
    private volatile boolean closed;

    /** Creates a member of {@code hub} that joins when it is started. */
    public LoopbackTransport(Hub hub) {
        this.hub = hub;
    }

    @Override
    public void start(String node, Receiver newReceiver) {
        if (name != null || closed) {
            throw new IllegalStateException("transport of '" + name + "' was started or closed, expected a new one");
        }
        // Before the member is visible, because messages may come from then on.
        receiver = newReceiver;
        name = node;
        if (hub.members.putIfAbsent(node, this) != null) {
            // The transport was not started, and may be under another name.
            name = null;
            throw new IllegalArgumentException("node is '" + node + "', expected a name that no member has");
        }
        hub.membersChanged();
    }

    @Override
    public MemberView view() {
        return name == null || closed ? MemberView.NONE : shown;
    }

    @Override
    public void send(String node, byte[] message) {
        hub.send(checked(message), requiredName(), node);
    }

    @Override
    public void broadcast(byte[] message) {
        String self = requiredName();
        byte[] checked = checked(message);
        hub.members.keySet().stream().filter(node -> !node.equals(self)).forEach(node -> hub.send(checked, self, node));
    }

    @Override
    public void close() {
        closed = true;
        hub.leave(this);
    }

    private String requiredName() {
        String self = name;
        if (self == null || closed) {
            throw new IllegalStateException("transport is not started or closed, expected a started one");
        }
        return self;
    }

    private static byte[] checked(byte[] message) {
        NodeMessage.requireSize(message);
        // The sender may reuse its array.
        return message.clone();
    }

    /** A message that waits for delivery, until the round that it arrives in. */
    private record Message(String from, String to, byte[] message, long round) {

        private Message later(int rounds) {
            return new Message(from, to, message, round + rounds);
        }
    }

    /** A view that a member is to be shown. */
    private record Shown(LoopbackTransport member, MemberView view) {}

    /** A direction between two members. */
    private record Direction(String from, String to) {}

    /** Connects the members of one cluster. Safe for use by several threads. */
    public static final class Hub {
        // By name, so that every run of a test sees one order.
        private final Map<String, LoopbackTransport> members = new ConcurrentSkipListMap<>();
        private final ConcurrentLinkedQueue<Message> pending = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<Shown> changes = new ConcurrentLinkedQueue<>();
        private final Set<Direction> cuts = ConcurrentHashMap.newKeySet();
        private final AtomicBoolean isShowing = new AtomicBoolean();
        private final List<Throwable> failures = new ArrayList<>();
        private volatile ToIntFunction<String> deliveryCount = to -> 1;
        private volatile @Nullable TransportFaults faults;
        // Guarded by this object's lock, as are the list of failures and the order of changes.
        private long viewId;
        private long round;

        /** Creates an empty cluster that delivers every message once. */
        public Hub() {}

        /** Creates an empty cluster with faults. */
        public Hub(TransportFaults faults) {
            faults(faults);
        }

        /** Sets how often each message to a member is delivered: 0 loses it, 2 duplicates it. */
        public void deliveryCount(ToIntFunction<String> copies) {
            this.deliveryCount = copies;
        }

        /** Sets what goes wrong from now on; null for nothing. */
        public void faults(@Nullable TransportFaults newFaults) {
            this.faults = newFaults;
            membersChanged();
        }

        /** Loses messages from one member to another from now on, and leaves the other direction and all views as they are. */
        public void cut(String from, String to) {
            cuts.add(new Direction(from, to));
        }

        /** Ends all cuts. */
        public void heal() {
            cuts.clear();
        }

        /**
         * Ends a member as the end of its process would: it disappears for the others, receives nothing more, and does not learn of it.
         * Messages that it sent before still arrive.
         */
        public void kill(ClusterTransport member) {
            if (member instanceof LoopbackTransport transport) {
                leave(transport);
            }
        }

        /** What receivers have thrown, oldest first. */
        public synchronized List<Throwable> failures() {
            return List.copyOf(failures);
        }

        /**
         * Delivers the pending messages, in order unless the faults are otherwise, and returns the number of deliveries. With faults this
         * is one round: late messages stay for later ones, and views may change.
         */
        public int deliver() {
            showOtherViews();
            int arrivals = 0;
            long current = nextRound();
            List<Message> waiting = new ArrayList<>();
            for (List<Message> due = takeDue(current, waiting); !due.isEmpty(); due = takeDue(current, waiting)) {
                for (Message message : due) {
                    arrivals += deliver(message);
                }
            }
            pending.addAll(waiting);
            return arrivals;
        }

        private synchronized long nextRound() {
            return ++round;
        }

        /** Takes what is pending: what is due is returned in the order of arrival, the rest is added to {@code waiting}. */
        private List<Message> takeDue(long current, List<Message> waiting) {
            List<Message> due = new ArrayList<>();
            for (Message message = pending.poll(); message != null; message = pending.poll()) {
                (message.round > current ? waiting : due).add(message);
            }
            TransportFaults present = faults;
            if (present != null) {
                present.reorder(due);
            }
            return due;
        }

        private int deliver(Message message) {
            if (cuts.contains(new Direction(message.from, message.to))) {
                return 0;
            }
            int arrivals = 0;
            LoopbackTransport member = members.get(message.to);
            for (int copy = deliveryCount.applyAsInt(message.to); copy > 0 && member != null; copy--) {
                Receiver receiver = member.receiver;
                if (receiver != null && !member.closed) {
                    // A copy for each delivery: what one receiver does to it must not show in the next.
                    call(() -> receiver.onMessage(message.from, message.message.clone()));
                    arrivals++;
                }
            }
            return arrivals;
        }

        private void send(byte[] message, String from, String to) {
            // A member that was killed sends nothing.
            if (!members.containsKey(from)) {
                return;
            }
            Message sent = new Message(from, to, message, currentRound());
            TransportFaults present = faults;
            if (present == null) {
                pending.add(sent);
                return;
            }
            for (int copy = present.copies(); copy > 0; copy--) {
                pending.add(sent.later(1 + present.roundsLate()));
            }
        }

        private synchronized long currentRound() {
            return round;
        }

        private void leave(LoopbackTransport member) {
            String name = member.name;
            if (name != null && members.remove(name, member)) {
                membersChanged();
            }
        }

        private void showOtherViews() {
            TransportFaults present = faults;
            if (present != null && present.showsWrongViews()) {
                membersChanged();
            }
        }

        private void membersChanged() {
            synchronized (this) {
                viewId++;
                TransportFaults present = faults;
                members.forEach((name, member) -> {
                    Set<String> seen =
                            present == null ? members.keySet() : present.shown(name, Set.copyOf(members.keySet()));
                    if (!seen.equals(member.shown.members())) {
                        member.shown = new MemberView(viewId, seen);
                        changes.add(new Shown(member, member.shown));
                    }
                });
            }
            showChanges();
        }

        /** Calls receivers under no lock, and by one thread at a time, so that ids rise. */
        private void showChanges() {
            while (!changes.isEmpty() && isShowing.compareAndSet(false, true)) {
                try {
                    for (Shown change = changes.poll(); change != null; change = changes.poll()) {
                        Receiver receiver = change.member.receiver;
                        MemberView view = change.view;
                        if (receiver != null && !change.member.closed) {
                            call(() -> receiver.onView(view));
                        }
                    }
                } finally {
                    isShowing.set(false);
                }
            }
        }

        private void call(Runnable receiver) {
            try {
                receiver.run();
            } catch (Throwable failure) {
                synchronized (this) {
                    failures.add(failure);
                }
            }
        }
    }
}
