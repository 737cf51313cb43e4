package dev.architect.transport.jgroups;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jgroups.Address;
import org.jgroups.blocks.cs.TcpConnection;
import org.jgroups.blocks.cs.TcpServer;
import org.jgroups.logging.NoopLogImpl;
import org.jgroups.util.SocketFactory;
import org.jgroups.util.ThreadFactory;
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;

/**
 * The listening socket and the connections to other members. Peers that connect and say nothing, or something else than a member would,
 * are turned away by a thread each, so that they keep no member waiting.
 */
final class PeerServer extends TcpServer {

    /** How long a peer may take for each part of what it has to say first, TLS included. */
    static final int GREETING_MILLIS = 1_000;

    /** So many peers may be about to say who they are. */
    private static final int MAX_GREETINGS = 64;

    private final Semaphore greetings = new Semaphore(MAX_GREETINGS);
    private final Predicate<Runnable> threads;
    private final Notices notices;

    /** Binds the port; 0 for any that is free. {@code pool} runs something on another thread, or returns false. */
    PeerServer(
            ThreadFactory threads,
            SocketFactory sockets,
            InetAddress address,
            int port,
            Predicate<Runnable> pool,
            Notices notices)
            throws Exception {
        super(threads, sockets, address, port, port, null, 0, 0);
        this.threads = pool;
        this.notices = notices;
        // The one of the superclass, which has not been started, would wait for each peer.
        this.acceptor = threads.newThread(new GreetingAcceptor());
        // What goes wrong with peers is logged by this class, once.
        log(new NoopLogImpl());
        peerAddressReadTimeout(GREETING_MILLIS);
    }

    @Override
    protected TcpConnection createConnection(Address peer) throws Exception {
        return new OutgoingConnection(peer, this).useLockToSend(true);
    }

    /** Gives the port back, also when the server was never started. */
    void release() {
        Util.close(srv_sock);
    }

    /** An address for a notice. */
    static String host(@Nullable InetAddress address) {
        return address == null ? "an unknown address" : address.getHostAddress();
    }

    private void refused(Socket socket, Throwable failure) {
        String origin = host(socket.getInetAddress());
        if (failure instanceof EOFException || failure instanceof SocketTimeoutException || !running()) {
            // A look at the port, for example by a health check.
            return;
        }
        if (failure instanceof SSLException) {
            notices.log(
                    "tls",
                    origin,
                    "a peer at " + origin + " was turned away, because it has no TLS or no certificate"
                            + " that the trust store accepts (" + failure.getMessage() + ")");
        } else if (failure instanceof IOException
                && String.valueOf(failure.getMessage()).contains("cookie")) {
            notices.log(
                    "greeting",
                    origin,
                    "a peer at " + origin + " was turned away, because it is not a member of a"
                            + " cluster, or one with TLS while this one has none");
        } else if (!(failure instanceof SocketException)) {
            notices.log("greeting", origin, "a peer at " + origin + " was turned away: " + failure.getMessage());
        }
    }

    /** Accepts, and leaves the rest to other threads. */
    private final class GreetingAcceptor extends Acceptor {

        @Override
        protected void handleAccept(Socket socket) {
            if (!greetings.tryAcquire()) {
                Util.close(socket);
                notices.log(
                        "greeting",
                        "many",
                        "peers were turned away, because " + MAX_GREETINGS + " others were about to say who they are");
                return;
            }
            if (!threads.test(() -> greet(socket))) {
                greetings.release();
                Util.close(socket);
            }
        }

        private void greet(Socket socket) {
            try {
                if (socket instanceof SSLSocket secured) {
                    // Here, because the library loses the reason of a handshake that fails.
                    secured.setSoTimeout(GREETING_MILLIS);
                    secured.startHandshake();
                    secured.setSoTimeout(0);
                }
                super.handleAccept(socket);
            } catch (Exception | LinkageError | OutOfMemoryError failure) {
                Util.close(socket);
                refused(socket, failure);
            } finally {
                greetings.release();
            }
        }
    }

    /** A connection to another member. A peer that accepts and says nothing does not keep its thread waiting. */
    private static final class OutgoingConnection extends TcpConnection {

        OutgoingConnection(Address peer, PeerServer server) throws Exception {
            super(peer, server);
        }

        @Override
        protected void connect(Address peer, boolean sendsLocalAddress) throws Exception {
            sock.setSoTimeout(GREETING_MILLIS);
            super.connect(peer, sendsLocalAddress);
            sock.setSoTimeout(0);
        }
    }
}
