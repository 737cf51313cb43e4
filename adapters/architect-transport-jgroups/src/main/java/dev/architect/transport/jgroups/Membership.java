package dev.architect.transport.jgroups;

import dev.architect.node.MemberView;
import dev.architect.spi.ClusterTransport.Receiver;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.thread.ThreadRunner;
import dev.architect.transport.jgroups.NodeFrame.Kind;
import dev.architect.transport.jgroups.NodeFrame.MalformedFrameException;
import dev.architect.transport.jgroups.TransportStartException.Problem;
import java.net.BindException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.IpAddress;
import org.jgroups.stack.Protocol;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a cluster, from its joining to its end: the stack of protocols, and two threads between it and the host. One sends, because
 * flow control makes senders wait for a member that does not read; the other calls the receiver and asks members for their names, because
 * a thread of the library that waits holds up views. Safe for use by several threads.
 */
final class Membership {

    private static final Logger LOG = LoggerFactory.getLogger(JGroupsTransport.class);

    /** How long the start waits for the names of the members that it found. */
    private static final Duration NAMES_TIMEOUT = Duration.ofSeconds(1);

    /** How often members are asked again that have not said their names. */
    private static final Duration ASK_INTERVAL = Duration.ofSeconds(1);

    private static final int QUEUE_CAPACITY = 1_000;
    private static final long CREDITS_BYTES = 1_000_000;

    /** How often a member looks whether it has heard of other views; the library wants more than the longest interval of news. */
    private static final long MERGE_CHECK_MILLIS = 3_100;

    private final String self;
    private final Receiver receiver;
    private final Notices notices;
    private final ThreadRunner runner = new ThreadRunner("architect-cluster");
    private final PeerDiscovery discovery = new PeerDiscovery();
    private final TimeSource time = TimeSource.system();
    private final WakeUp named = time.newWakeUp();
    private final FrameQueue<OutgoingFrame> outgoing = new FrameQueue<>(QUEUE_CAPACITY, time);
    private final FrameQueue<IncomingFrame> incoming = new FrameQueue<>(QUEUE_CAPACITY, time);
    private final AtomicBoolean viewChanged = new AtomicBoolean();
    private final AtomicBoolean nameTaken = new AtomicBoolean();
    private volatile @Nullable JChannel channel;
    private volatile @Nullable MemberTransport transport;
    private volatile @Nullable MemberNames names;
    private volatile List<Address> addresses = List.of();
    private volatile boolean delivers;
    private volatile boolean isolated;
    private volatile boolean closed;
    // What belongs to the thread that receives.
    private final List<IncomingFrame> early = new ArrayList<>();
    private MemberView shown = MemberView.NONE;

    /** A frame on its way out; to all others when it has no address. */
    private record OutgoingFrame(@Nullable Address to, NodeFrame frame) {}

    /** A frame that has come. */
    private record IncomingFrame(Address from, NodeFrame frame) {}

    Membership(String self, Receiver receiver, Notices notices) {
        this.self = self;
        this.receiver = receiver;
        this.notices = notices;
    }

    PeerDiscovery discovery() {
        return discovery;
    }

    /** Opens the port and joins. When it throws, {@link #close} is called next. */
    void join(InetAddress bindAddress, int port, String cluster, Optional<TransportTls> tls) {
        SSLContext context = tls.map(TransportTls::load).orElse(null);
        MemberTransport bound = new MemberTransport(bindAddress, port, context, notices);
        bound.setThreadFactory(new RunnerThreads(runner));
        try {
            JChannel opened = new JChannel(stack(bound));
            channel = opened;
            transport = bound;
            bound.fixAddress();
            opened.setName(self).setDiscardOwnMessages(true);
            opened.setReceiver(new ChannelReceiver());
            opened.connect(cluster);
            names = new MemberNames(self, Objects.requireNonNull(opened.getAddress(), "address"));
        } catch (Exception failure) {
            throw notStarted(bindAddress, port, failure);
        }
        runner.startPlatform("sender", this::sendAll);
        runner.startPlatform("receiver", this::receiveAll);
        awaitNames();
        if (nameTaken.get()) {
            throw new TransportStartException(
                    Problem.NAME_TAKEN,
                    "another member of cluster '" + cluster + "' is named '" + self + "', expected a name of its own",
                    null);
        }
    }

    /** The stack of {@code docs/how-to/cluster-transport.md}, lowest first. */
    private List<Protocol> stack(MemberTransport bound) {
        return List.of(
                bound,
                discovery,
                new MERGE3().setMinInterval(1_000).setMaxInterval(3_000).setCheckInterval(MERGE_CHECK_MILLIS),
                new FD_ALL3().setTimeout(4_000).setInterval(1_000),
                new VERIFY_SUSPECT2().setTimeout(1_000),
                new NAKACK2().useMcastXmit(false).logDiscardMessages(false),
                new UNICAST3(),
                new STABLE(),
                new GMS()
                        .setJoinTimeout(1_000)
                        .setMaxJoinAttempts(3)
                        .setLeaveTimeout(1_000)
                        .printLocalAddress(false),
                new UFC().setMaxCredits(CREDITS_BYTES),
                new MFC().setMaxCredits(CREDITS_BYTES));
    }

    private static TransportStartException notStarted(InetAddress address, int port, Exception failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof BindException)) {
            cause = cause.getCause();
        }
        String where = address.getHostAddress();
        if (!(cause instanceof BindException)) {
            return new TransportStartException(
                    Problem.OTHER, "cluster cannot be joined at " + where + ": " + failure.getMessage(), failure);
        }
        return isOfThisMachine(address)
                ? new TransportStartException(
                        Problem.PORT, "port " + port + " of " + where + " cannot be bound, expected a free one", cause)
                : new TransportStartException(
                        Problem.ADDRESS, "bind address is " + where + ", expected one of this machine", cause);
    }

    private static boolean isOfThisMachine(InetAddress address) {
        try {
            // Every address of loopback is, though only one of them is listed.
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException unknown) {
            return true;
        }
    }

    private void awaitNames() {
        long deadline = time.nanoTime() + NAMES_TIMEOUT.toNanos();
        MemberNames present = Objects.requireNonNull(names, "names");
        present.changed(addresses);
        try {
            while (!nameTaken.get() && !present.unnamed().isEmpty()) {
                long nanos = deadline - time.nanoTime();
                if (nanos <= 0) {
                    return;
                }
                named.await(Duration.ofNanos(nanos));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Calls the receiver from now on. What has come before is delivered first. */
    void deliver() {
        delivers = true;
        incoming.signal();
    }

    /** The channel; null before {@link #join}. */
    @Nullable
    JChannel channel() {
        return channel;
    }

    String address() {
        MemberTransport present = transport;
        return present != null && present.boundAddress() instanceof IpAddress bound ? text(bound) : "";
    }

    private static String text(IpAddress bound) {
        String host = bound.getIpAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + bound.getPort();
    }

    MemberView view() {
        MemberNames present = names;
        return present == null ? MemberView.NONE : present.view();
    }

    long droppedCount() {
        return outgoing.droppedCount() + incoming.droppedCount();
    }

    void send(String member, byte[] message) {
        MemberNames present = names;
        Address to = present == null ? null : present.addressOf(member);
        if (to != null && !member.equals(self)) {
            outgoing.add(new OutgoingFrame(to, NodeFrame.of(self, message.clone())));
        }
    }

    void broadcast(byte[] message) {
        if (isolated) {
            return;
        }
        outgoing.add(new OutgoingFrame(null, NodeFrame.of(self, message.clone())));
    }

    /** Leaves, and waits until nothing is left. */
    void close() {
        closed = true;
        outgoing.signal();
        incoming.signal();
        JChannel opened = channel;
        if (opened != null) {
            opened.close();
        }
        runner.close();
    }

    /** The loop of the thread that sends. */
    private void sendAll() {
        try {
            while (!closed) {
                OutgoingFrame next = outgoing.poll(ASK_INTERVAL);
                JChannel opened = channel;
                if (next != null && opened != null) {
                    send(opened, next);
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(JChannel opened, OutgoingFrame next) {
        try {
            Message message = new BytesMessage(next.to, next.frame.toBytes());
            if (next.frame.kind() != Kind.MESSAGE) {
                // A name must not wait for the credits of a member.
                message.setFlag(Message.Flag.OOB, Message.Flag.NO_FC);
            }
            message.setFlag(Message.TransientFlag.DONT_LOOPBACK);
            opened.send(message);
        } catch (Exception | LinkageError | OutOfMemoryError failure) {
            if (!closed) {
                notices.log("send", self, "a message was not sent: " + failure);
            }
        }
    }

    /** The loop of the thread that calls the receiver and asks for names. */
    private void receiveAll() {
        MemberNames present = Objects.requireNonNull(names, "names");
        try {
            while (!closed) {
                IncomingFrame next = incoming.poll(ASK_INTERVAL);
                if (viewChanged.getAndSet(false) && !isolated) {
                    ask(present.changed(addresses));
                } else if (next == null) {
                    ask(present.unnamed());
                }
                if (next != null) {
                    received(present, next);
                }
                if (delivers) {
                    deliverEarly();
                    showView(present.view());
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(List<Address> unnamed) {
        if (!isolated) {
            unnamed.forEach(
                    address -> outgoing.add(new OutgoingFrame(address, NodeFrame.naming(Kind.WHO_ARE_YOU, self))));
        }
    }

    private void received(MemberNames present, IncomingFrame incomingFrame) {
        NodeFrame frame = incomingFrame.frame;
        if (frame.member().equals(self)) {
            receivedFromNamesake(present, incomingFrame.from);
            return;
        }
        present.named(incomingFrame.from, frame.member());
        named.signal();
        switch (frame.kind()) {
            case WHO_ARE_YOU -> sayName(incomingFrame.from);
            case I_AM -> {}
            case MESSAGE -> {
                // Before the start has returned; what came then is delivered after it.
                if (early.size() < QUEUE_CAPACITY) {
                    early.add(incomingFrame);
                }
            }
        }
    }

    private void sayName(Address to) {
        outgoing.add(new OutgoingFrame(to, NodeFrame.naming(Kind.I_AM, self)));
    }

    /** Of two members with one name the younger leaves: before its start returns, or later, when two clusters become one. */
    private void receivedFromNamesake(MemberNames present, Address namesake) {
        if (!present.isOlder(namesake)) {
            notices.log("name", self, "another member is named '" + self + "' as well, and is told so");
            sayName(namesake);
        } else if (!nameTaken.getAndSet(true)) {
            named.signal();
            if (delivers) {
                isolate(present);
            }
        }
    }

    private void isolate(MemberNames present) {
        isolated = true;
        LOG.error(
                "another member is named '{}' and was here before; this one has left the cluster, and its node is on its own",
                self);
        JChannel opened = channel;
        if (opened != null) {
            opened.close();
            present.alone();
        }
    }

    private void deliverEarly() {
        for (IncomingFrame frame : early) {
            call(() -> receiver.onMessage(frame.frame.member(), frame.frame.message()));
        }
        early.clear();
    }

    private void showView(MemberView view) {
        if (!view.equals(shown)) {
            shown = view;
            call(() -> receiver.onView(view));
        }
    }

    private void call(Runnable work) {
        if (closed) {
            return;
        }
        try {
            work.run();
        } catch (Throwable failure) {
            // Of the host's code, which may throw anything.
            LOG.warn("receiver of a cluster transport failed", failure);
        }
    }

    /** Called by threads of the library, which must not wait. */
    private final class ChannelReceiver implements org.jgroups.Receiver {

        @Override
        public void receive(Message message) {
            Address from = message.getSrc();
            if (!(message instanceof BytesMessage) || !message.hasPayload() || from == null) {
                notices.log(
                        "object",
                        String.valueOf(from),
                        "a message of " + from + " was dropped, because it is none of bytes");
                return;
            }
            try {
                NodeFrame frame = NodeFrame.read(message.getArray(), message.getOffset(), message.getLength());
                incoming.add(new IncomingFrame(from, frame));
            } catch (MalformedFrameException malformed) {
                notices.log(
                        "frame",
                        String.valueOf(from),
                        "a message of " + from + " was dropped: " + malformed.getMessage());
            }
        }

        @Override
        public void viewAccepted(View view) {
            addresses = view.getMembers();
            viewChanged.set(true);
            incoming.signal();
        }
    }
}
