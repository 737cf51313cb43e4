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
import java.util.function.LongSupplier;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Opens sockets that count the bytes they receive. A socket of TLS has the addresses of the socket under it, which is how the
 * count of a secure connection is found. Safe for use by several threads.
 */
final class CountingSocketFactory extends SocketFactory {

    private final Map<List<SocketAddress>, AtomicLong> counts = new ConcurrentHashMap<>();

    /** The number of bytes that the connection of {@code socket} has received, which goes on counting; null when it is not counted. */
    @Nullable
    LongSupplier received(Socket socket) {
        AtomicLong count = counts.get(addresses(socket));
        return count == null ? null : count::get;
    }

    @Override
    public Socket createSocket() {
        return new CountingSocket();
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

    private final class CountingSocket extends Socket {
        private final AtomicLong count = new AtomicLong();
        // Kept, because a closed socket no longer has a local address.
        private volatile List<SocketAddress> key = List.of();

        @Override
        public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
            super.connect(endpoint, timeoutMillis);
            key = addresses(this);
            counts.put(key, count);
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    int value = in.read();
                    count.addAndGet(value < 0 ? 0 : 1);
                    return value;
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    int read = in.read(bytes, offset, length);
                    count.addAndGet(Math.max(0, read));
                    return read;
                }
            };
        }

        @Override
        public void close() throws IOException {
            // Its own entry only: the addresses may belong to another connection by now.
            counts.remove(key, count);
            super.close();
        }
    }
}
