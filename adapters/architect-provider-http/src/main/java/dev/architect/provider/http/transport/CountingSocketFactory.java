package dev.architect.provider.http.transport;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Opens sockets that count the bytes they receive. A socket of TLS has the addresses of the socket under it, which is how the
 * count of a secure connection is found. Safe for use by several threads.
 */
final class CountingSocketFactory extends SocketFactory {

    private final Map<List<SocketAddress>, CountingSocket> open = new ConcurrentHashMap<>();

    /** Returns the socket of this factory that is, or is under, {@code socket}; null when there is none. */
    @Nullable
    CountingSocket of(Socket socket) {
        return socket instanceof CountingSocket plain ? plain : open.get(addresses(socket));
    }

    @Override
    public Socket createSocket() {
        return new CountingSocket(open);
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw connected();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw connected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw connected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
        throw connected();
    }

    private static UnsupportedOperationException connected() {
        return new UnsupportedOperationException("connected sockets are not made here, expected createSocket()");
    }

    private static List<SocketAddress> addresses(Socket socket) {
        SocketAddress remote = socket.getRemoteSocketAddress();
        return remote == null ? List.of() : List.of(socket.getLocalSocketAddress(), remote);
    }

    /** What surrounds each read of a socket. Called by the thread that reads. */
    interface ReadObserver {

        /** Nothing that was received is unread: the next bytes are waited for. */
        void beforeRead() throws IOException;

        /** There are bytes, or the end. */
        void afterRead();
    }

    /** A socket that counts. */
    static final class CountingSocket extends Socket {
        private final Map<List<SocketAddress>, CountingSocket> open;
        private final AtomicLong count = new AtomicLong();
        private final AtomicReference<@Nullable ReadObserver> observer = new AtomicReference<>();
        // Kept, because a closed socket no longer has a local address.
        private volatile List<SocketAddress> key = List.of();

        private CountingSocket(Map<List<SocketAddress>, CountingSocket> open) {
            this.open = open;
        }

        /** How many bytes it has received. */
        long received() {
            return count.get();
        }

        /** From now on {@code reads} surrounds its reads, in place of any other. */
        void observe(ReadObserver reads) {
            observer.set(reads);
        }

        /** Forgets {@code reads}, unless there is another one by now. */
        void forget(ReadObserver reads) {
            observer.compareAndSet(reads, null);
        }

        @Override
        public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
            super.connect(endpoint, timeoutMillis);
            key = addresses(this);
            open.put(key, this);
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    ReadObserver observed = observer.get();
                    if (observed != null) {
                        observed.beforeRead();
                    }
                    int read = in.read(bytes, offset, length);
                    count.addAndGet(Math.max(0, read));
                    if (observed != null) {
                        observed.afterRead();
                    }
                    return read;
                }
            };
        }

        @Override
        public void close() throws IOException {
            // Its own entry only: the addresses may belong to another connection by now.
            open.remove(key, this);
            super.close();
        }
    }
}
