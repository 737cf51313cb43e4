package dev.architect.transport.jgroups;

import dev.architect.node.MemberView;
import dev.architect.node.NodeInfo;
import dev.architect.node.NodeMessage;
import dev.architect.spi.ClusterTransport;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A transport over TCP with <a href="http://www.jgroups.org">JGroups</a>: members watch each other by their connections and by heartbeats,
 * and messages take one hop.
 *
 * <p>A member that is killed leaves the views of the others within about two seconds, one that hangs within about six. Members that were
 * separated find each other again within seconds. Needs one TCP port on each node; the address that other nodes use is the bound one.
 *
 * <p>On loopback there is no encryption unless {@link Builder#tls} is called; every other address demands it. Without it every process
 * of the machine may be a member. Messages are binary frames of this project, and nothing is read by Java serialisation.
 *
 * <p>{@link #send} and {@link #broadcast} put the message into a queue and never block; when more wait than a limit, new ones are dropped.
 * A receiver is called by one thread of this transport, in the order of arrival. {@link #start} blocks until the member has joined or
 * found no other, for some seconds at most, {@link #close} until it has left. Safe for use by several threads.
 */
public final class JGroupsTransport implements ClusterTransport {

    private final InetAddress bindAddress;
    private final int port;
    private final String cluster;
    private final Optional<TransportTls> tls;
    private final Notices notices = new Notices();
    private final PeerAddresses peers = new PeerAddresses(notices);
    // Guarded by this object's lock.
    private boolean started;
    private volatile @Nullable Membership membership;
    private volatile boolean closed;

    private JGroupsTransport(Builder builder) {
        this.bindAddress = builder.bindAddress;
        this.port = builder.port;
        this.cluster = builder.cluster;
        this.tls = Optional.ofNullable(builder.tls);
        peers.set(builder.peers);
    }

    /**
     * Begins a transport.
     *
     * @param cluster the name of the cluster; members of others are left out. At most 100 characters
     */
    public static Builder builder(String cluster) {
        return new Builder(cluster);
    }

    /**
     * {@inheritDoc}
     *
     * @throws TransportStartException when the port, the address, the key store or the trust store cannot be used, or another member has
     *     the name
     */
    @Override
    public void start(String member, Receiver receiver) {
        Arguments.name("member", member, NodeInfo.MAX_LENGTH);
        Arguments.notNull("receiver", receiver);
        synchronized (this) {
            if (started || closed) {
                throw new IllegalStateException("transport was started or closed, expected a new one");
            }
            started = true;
        }
        Membership joined = null;
        try {
            joined = new Membership(member, receiver, notices);
            peers.feed(joined.discovery());
            joined.join(bindAddress, port, asciiName(), tls);
        } catch (RuntimeException | Error failure) {
            if (joined != null) {
                joined.close();
            }
            synchronized (this) {
                started = false;
            }
            throw failure;
        }
        synchronized (this) {
            if (!closed) {
                membership = joined;
                joined.deliver();
                return;
            }
        }
        joined.close();
        throw new IllegalStateException("transport was closed, expected a new one");
    }

    /** The library keeps one byte of each character. */
    private String asciiName() {
        return StandardCharsets.US_ASCII.newEncoder().canEncode(cluster)
                ? cluster
                : URLEncoder.encode(cluster, StandardCharsets.UTF_8);
    }

    /** The address and the port that are bound, for example {@code 10.0.0.7:7800}; empty before the start and after the end. */
    @Override
    public String address() {
        Membership present = membership;
        return present == null || closed ? "" : present.address();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Each is a host and a port; host names are looked up in this call. What is not an address is left out.
     */
    @Override
    public void peers(Collection<String> addresses) {
        peers.set(addresses);
    }

    @Override
    public MemberView view() {
        Membership present = membership;
        return present == null || closed ? MemberView.NONE : present.view();
    }

    @Override
    public void send(String member, byte[] message) {
        Arguments.notNull("member", member);
        NodeMessage.requireSize(message);
        required().send(member, message);
    }

    @Override
    public void broadcast(byte[] message) {
        NodeMessage.requireSize(message);
        required().broadcast(message);
    }

    private Membership required() {
        Membership present = membership;
        if (present == null || closed) {
            throw new IllegalStateException("transport is not started or closed, expected a started one");
        }
        return present;
    }

    /** How many messages were dropped because too many waited, to be sent or to be received. */
    public long droppedCount() {
        Membership present = membership;
        return present == null ? 0 : present.droppedCount();
    }

    /**
     * How often a peer was turned away or a message of a peer was dropped, for example of another cluster, without TLS, or of another
     * format. The first of each kind is logged.
     */
    public long refusedCount() {
        return notices.count();
    }

    Notices notices() {
        return notices;
    }

    /** What tests break. */
    @Nullable
    Membership membership() {
        return membership;
    }

    @Override
    public void close() {
        Membership present;
        synchronized (this) {
            closed = true;
            present = membership;
        }
        peers.feed(null);
        if (present != null) {
            present.close();
        }
    }

    /** Collects what a transport needs. Not safe for use by several threads. */
    public static final class Builder {

        private static final int MAX_CLUSTER_LENGTH = 100;
        private static final int MAX_PORT = 65_535;

        private final String cluster;
        private InetAddress bindAddress = InetAddress.getLoopbackAddress();
        private int port;
        private @Nullable TransportTls tls;
        private List<String> peers = List.of();

        private Builder(String cluster) {
            this.cluster = Arguments.name("cluster", cluster, MAX_CLUSTER_LENGTH);
        }

        /**
         * The address of this machine that other nodes reach; that of loopback by default, for nodes on one machine. Every other one
         * demands {@link #tls}.
         */
        public Builder bindAddress(InetAddress address) {
            this.bindAddress = Arguments.notNull("bindAddress", address);
            return this;
        }

        /** The port; 0, the default, for any that is free. */
        public Builder port(int newPort) {
            if (newPort < 0 || newPort > MAX_PORT) {
                throw new IllegalArgumentException("port is " + newPort + ", expected 0.." + MAX_PORT);
            }
            this.port = newPort;
            return this;
        }

        /** Encrypts all connections, and lets only those in whose certificate is trusted. */
        public Builder tls(TransportTls newTls) {
            this.tls = Arguments.notNull("tls", newTls);
            return this;
        }

        /** Where other members may be found at the start, each as host and port; none by default. */
        public Builder peers(Collection<String> addresses) {
            this.peers = List.copyOf(Arguments.notNull("addresses", addresses));
            return this;
        }

        /**
         * Returns the transport; nothing is opened before {@link JGroupsTransport#start}.
         *
         * @throws IllegalArgumentException when the address is one of all interfaces, or is not one of loopback and there is no TLS
         */
        public JGroupsTransport build() {
            if (bindAddress.isAnyLocalAddress()) {
                throw new IllegalArgumentException("bind address is " + bindAddress.getHostAddress()
                        + ", expected the one address that other nodes reach");
            }
            if (tls == null && !bindAddress.isLoopbackAddress()) {
                throw new IllegalArgumentException("bind address is " + bindAddress.getHostAddress()
                        + " and there is no TLS, expected TLS for every address but those of loopback");
            }
            return new JGroupsTransport(this);
        }
    }
}
