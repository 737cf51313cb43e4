package dev.architect.transport.jgroups;

import java.io.DataInput;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.blocks.cs.Connection;
import org.jgroups.protocols.BasicTCP;
import org.jgroups.protocols.TpHeader;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.AsciiString;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.DefaultSocketFactory;
import org.jgroups.util.MessageBatch;
import org.jspecify.annotations.Nullable;

/**
 * The lowest protocol: TCP with one port, and TLS where it is wanted. Differs from the library's own in what matters when peers are
 * foreign, slow or gone: frames are read whole and up to a limit, {@link WireMessages} decides what becomes of them, only a thread of its
 * own waits for a connection, and what peers do wrong is logged once.
 *
 * <p>A connection that breaks is the sign that a member has died. That is why there is no further protocol for it: the library has
 * one that listens on a second port, without TLS.
 */
final class MemberTransport extends BasicTCP {

    /** The longest frame: a batch of messages has at most 64,000 bytes, and a view of a thousand members fewer. */
    static final int MAX_FRAME_BYTES = 1 << 20;

    /** The version, and flags. */
    private static final int MIN_FRAME_BYTES = 3;

    private static final int CONNECT_MILLIS = 1_000;
    private static final int BUFFER_BYTES = 64_000 + Integer.BYTES;

    private final InetAddress address;
    private final int port;
    private final @Nullable SSLContext tls;
    private final Notices notices;
    private final PendingConnections pending;
    private volatile @Nullable PeerServer server;

    /** Binds {@code port} of {@code address} when the stack starts; 0 for any that is free. */
    MemberTransport(InetAddress address, int port, @Nullable SSLContext tls, Notices notices) {
        this.address = address;
        this.port = port;
        this.tls = tls;
        this.notices = notices;
        this.pending = new PendingConnections(this::runOnPool, new ConnectingSender());
        // Any but 0, which the superclass takes for a mistake before the port is bound.
        this.bind_port = port == 0 ? 1 : port;
        this.port_range = 0;
        this.enable_suspect_events = true;
        this.log_discard_msgs = false;
        this.sock_conn_timeout = CONNECT_MILLIS;
        this.tcp_nodelay = true;
        this.max_length = MAX_FRAME_BYTES;
        fixAddress();
    }

    /** Sets what system properties of the library may have replaced since. */
    void fixAddress() {
        bind_addr = address;
        external_addr = null;
        external_port = 0;
        client_bind_addr = null;
        client_bind_port = 0;
    }

    /** The bound address; null before the start and after the end. */
    @Nullable
    Address boundAddress() {
        PeerServer present = server;
        return present == null ? null : present.localAddress();
    }

    @Override
    public void start() throws Exception {
        if (tls != null) {
            setSocketFactory(mutual(tls));
        }
        PeerServer opened =
                new PeerServer(getThreadFactory(), getSocketFactory(), address, port, this::runOnPool, notices);
        opened.setBufferedInputStreamSize(BUFFER_BYTES)
                .setBufferedOutputStreamSize(BUFFER_BYTES)
                .usePeerConnections(true)
                .socketFactory(getSocketFactory())
                .receiver(this)
                .timeService(time_service)
                .socketConnectionTimeout(sock_conn_timeout)
                .tcpNodelay(tcp_nodelay)
                .linger(linger)
                .setMaxLength(max_length)
                .addConnectionListener(this);
        server = opened;
        super.start();
    }

    private static DefaultSocketFactory mutual(SSLContext context) {
        DefaultSocketFactory sockets = new DefaultSocketFactory(context);
        sockets.setServerSocketConfigurator(socket -> {
            SSLParameters parameters = new SSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3"});
            parameters.setNeedClientAuth(true);
            ((SSLServerSocket) socket).setSSLParameters(parameters);
        });
        return sockets;
    }

    @Override
    public void stop() {
        super.stop();
        PeerServer opened = server;
        server = null;
        if (opened != null) {
            opened.stop();
            // A server that was never started has the port all the same.
            opened.release();
        }
    }

    @Override
    protected void handleConnect() throws Exception {
        required().start();
        connected = true;
        super.handleConnect();
    }

    @Override
    protected void handleDisconnect() {
        super.handleDisconnect();
        connected = false;
        PeerServer present = server;
        if (present != null) {
            present.stop();
        }
    }

    private PeerServer required() throws IOException {
        PeerServer present = server;
        if (present == null) {
            throw new IOException("transport is not started");
        }
        return present;
    }

    @Override
    protected @Nullable PhysicalAddress getPhysicalAddress() {
        return (PhysicalAddress) boundAddress();
    }

    private boolean runOnPool(Runnable work) {
        return thread_pool.execute(work);
    }

    /** Never blocks for a connection that there is not, and never throws for one that fails: the protocols above send again. */
    @Override
    public void send(Address peer, byte[] data, int offset, int length) {
        PeerServer present = server;
        if (present == null) {
            return;
        }
        if (!present.connectionEstablishedTo(peer) && !peer.equals(present.localAddress())) {
            byte[] frame = new byte[length];
            System.arraycopy(data, offset, frame, 0, length);
            pending.send(peer, frame);
            return;
        }
        try {
            present.send(peer, data, offset, length);
        } catch (Exception failure) {
            noteFailure(peer, failure);
        }
    }

    /** Asks for the port of a member that it is not known of yet, and drops the message without a warning: it will be sent again. */
    @Override
    protected void sendTo(Address member, byte[] data, int offset, int length) {
        PhysicalAddress peer =
                member instanceof PhysicalAddress physical ? physical : getPhysicalAddressFromCache(member);
        if (peer != null) {
            send(peer, data, offset, length);
        } else if (who_has_cache.addIfAbsentOrExpired(member)) {
            fetchResponsesFromDiscoveryProtocol(List.of(member)).done();
        }
    }

    private void noteFailure(Address peer, Throwable failure) {
        if (failure instanceof SSLException) {
            String origin = peer instanceof IpAddress bound ? PeerServer.host(bound.getIpAddress()) : "";
            notices.log(
                    "tls",
                    origin,
                    "the peer at " + peer + " was left out, because it has no TLS or no certificate"
                            + " that the trust store accepts (" + failure.getMessage() + ")");
        } else if (log.isTraceEnabled()) {
            log.trace("%s: no connection to %s: %s", local_addr, peer, failure);
        }
    }

    @Override
    public String printConnections() {
        PeerServer present = server;
        return present == null ? "" : present.printConnections();
    }

    @Override
    public BasicTCP clearConnections(boolean isGraceful) {
        PeerServer present = server;
        if (present != null) {
            present.clearConnections(isGraceful);
        }
        return this;
    }

    @Override
    public void retainAll(Collection<Address> peers) {
        PeerServer present = server;
        if (present != null) {
            present.retainAll(peers, is_member);
        }
    }

    /** Suspects the peer, unless there is another connection to it: of two that were opened at the same time one is closed. */
    @Override
    public void connectionClosed(Connection connection) {
        PeerServer present = server;
        Address peer = connection.peerAddress();
        if (present != null && peer != null && !present.connectionEstablishedTo(peer)) {
            super.connectionClosed(connection);
        }
    }

    /** Reads the whole frame first, so that no length inside of it leads beyond. */
    @Override
    public void receive(Address peer, DataInput in, int length) throws Exception {
        if (length < MIN_FRAME_BYTES || length > MAX_FRAME_BYTES) {
            notices.log(
                    "frame",
                    String.valueOf(peer),
                    "a frame of " + length + " bytes from " + peer + " ended its connection, expected "
                            + MIN_FRAME_BYTES + ".." + MAX_FRAME_BYTES);
            throw new IOException("frame of " + length + " bytes");
        }
        byte[] frame = new byte[length];
        in.readFully(frame);
        receive(peer, frame, 0, length);
    }

    @Override
    protected void handleSingleMessage(DataInput in, boolean isMulticast) {
        try {
            Message message = WireMessages.readMessage(bounded(in));
            if (isMulticast || !unicastDestMismatch(message.getDest())) {
                msg_stats.received(message);
                msg_processing_policy.process(message, message.isFlagSet(Message.Flag.OOB));
            }
        } catch (Exception | LinkageError | OutOfMemoryError failure) {
            noteUnreadable(failure);
        }
    }

    @Override
    protected void handleMessageBatch(DataInput in, boolean isMulticast) {
        try {
            WireMessages.Batches batches = WireMessages.readBatches(bounded(in), isMulticast);
            process(batches.outOfBand(), true);
            process(batches.regular(), false);
        } catch (Exception | LinkageError | OutOfMemoryError failure) {
            noteUnreadable(failure);
        }
    }

    private void process(@Nullable MessageBatch batch, boolean isOutOfBand) {
        if (batch != null) {
            msg_stats.received(batch);
            processBatch(batch, isOutOfBand);
        }
    }

    private static DataInput bounded(DataInput in) throws IOException {
        if (!(in instanceof ByteArrayDataInputStream)) {
            throw new IOException("frame was not read whole");
        }
        return in;
    }

    private void noteUnreadable(Throwable failure) {
        notices.log("message", "peer", "a message of a peer was dropped, because it cannot be read: " + failure);
    }

    @Override
    public void passMessageUp(
            Message message, boolean comparesCluster, boolean isMulticast, boolean dropsOwnMulticast) {
        TpHeader clusterOfMessage = message.getHeader(id);
        byte[] name = clusterOfMessage == null ? null : clusterOfMessage.clusterName();
        if (comparesCluster && isForeign(name == null ? null : new AsciiString(name), message.getSrc())) {
            return;
        }
        super.passMessageUp(message, comparesCluster, isMulticast, dropsOwnMulticast);
    }

    @Override
    public void passBatchUp(MessageBatch batch, boolean comparesCluster, boolean dropsOwnMulticast) {
        if (comparesCluster && isForeign(batch.clusterName(), batch.sender())) {
            return;
        }
        super.passBatchUp(batch, comparesCluster, dropsOwnMulticast);
    }

    /** Whether a message is one of another cluster, or of none. */
    private boolean isForeign(@Nullable AsciiString name, @Nullable Address sender) {
        AsciiString own = cluster_name;
        if (own == null || own.equals(name)) {
            return false;
        }
        PhysicalAddress from = sender == null ? null : logical_addr_cache.get(sender);
        notices.log(
                "cluster",
                String.valueOf(name),
                "messages of cluster '" + name + "' are dropped, expected cluster '" + own + "'"
                        + (from == null ? "" : ", from " + from));
        return true;
    }

    /** Sends once there is a connection. */
    private final class ConnectingSender implements PendingConnections.Sender {

        @Override
        public void send(Address peer, byte[] frame) throws Exception {
            required().send(peer, frame, 0, frame.length);
        }

        @Override
        public void failed(Address peer, Throwable failure) {
            noteFailure(peer, failure);
        }
    }
}
