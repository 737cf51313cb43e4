package dev.architect.testkit.cluster;

import dev.architect.node.MemberView;
import dev.architect.node.NodeMessage;
import dev.architect.spi.ClusterTransport;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A cluster transport inside one process, for tests. Members of one {@link Hub} receive the messages of each other.
 *
 * <p>Messages wait in the hub until {@link Hub#deliver} is called, so a test decides when they arrive, and the hub's
 * {@link Hub#deliveryCount} decides how often: never, once, or several times. Safe for use by several threads.
 */
public final class LoopbackTransport implements ClusterTransport {

    private final Hub hub;
    private volatile @Nullable String name;
    private volatile @Nullable Receiver receiver;
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
        return name == null || closed ? MemberView.NONE : hub.view();
    }

    @Override
    public void send(String node, byte[] message) {
        hub.send(checked(message), requiredName(), node);
    }

    @Override
    public void broadcast(byte[] message) {
        String self = requiredName();
        byte[] checked = checked(message);
        // Sorted, so that every run of a test sees one order.
        new TreeSet<>(hub.members.keySet())
                .stream().filter(node -> !node.equals(self)).forEach(node -> hub.send(checked, self, node));
    }

    @Override
    public void close() {
        closed = true;
        String self = name;
        if (self != null && hub.members.remove(self, this)) {
            hub.membersChanged();
        }
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

    /** A message that waits for delivery. */
    private record Message(String from, String to, byte[] message) {}

    /** Connects the members of one cluster. Safe for use by several threads. */
    public static final class Hub {
        private final Map<String, LoopbackTransport> members = new ConcurrentHashMap<>();
        private final ConcurrentLinkedQueue<Message> pending = new ConcurrentLinkedQueue<>();
        private final AtomicLong viewId = new AtomicLong();
        private volatile ToIntFunction<String> deliveryCount = to -> 1;

        /** Creates an empty cluster that delivers every message once. */
        public Hub() {}

        /** Sets how often each message to a member is delivered: 0 loses it, 2 duplicates it. */
        public void deliveryCount(ToIntFunction<String> copies) {
            this.deliveryCount = copies;
        }

        /** Delivers the pending messages in order and returns the number of deliveries. */
        public int deliver() {
            int arrivals = 0;
            for (Message message = pending.poll(); message != null; message = pending.poll()) {
                LoopbackTransport member = members.get(message.to);
                for (int copy = deliveryCount.applyAsInt(message.to); copy > 0 && member != null; copy--) {
                    Receiver receiver = member.receiver;
                    if (receiver != null && !member.closed) {
                        // A copy for each delivery: what one receiver does to it must not show in the next.
                        receiver.onMessage(message.from, message.message.clone());
                        arrivals++;
                    }
                }
            }
            return arrivals;
        }

        private void send(byte[] message, String from, String to) {
            pending.add(new Message(from, to, message));
        }

        private MemberView view() {
            return new MemberView(viewId.get(), members.keySet());
        }

        private void membersChanged() {
            viewId.incrementAndGet();
            MemberView view = view();
            members.values().forEach(member -> {
                Receiver receiver = member.receiver;
                if (receiver != null) {
                    receiver.onView(view);
                }
            });
        }
    }
}
