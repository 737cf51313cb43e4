package dev.architect.server.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one request. While a request is worked on, nothing reads from its connection, so that the end of a client is only seen
 * by a write that fails; a watch reads as soon as there is something. Safe for use by several threads.
 */
public final class ClientConnection {

    /** The attribute of a request that holds its connection. */
    public static final String ATTRIBUTE = "architect.connection";

    private final Connection connection;

    ClientConnection(Request request) {
        this.connection = request.getConnectionMetaData().getConnection();
    }

    /**
     * Runs {@code onGone} once when the client closes the connection, on a thread of the network: it must return quickly. The watch has to
     * be closed before the request ends.
     */
    public Watch watch(Runnable onGone) {
        Watch watch = new Watch(connection, onGone);
        watch.start();
        return watch;
    }

    /** A watch of one connection. */
    public static final class Watch implements AutoCloseable {

        private static final IOException CLOSED = new IOException("the watch is closed");

        private final Connection connection;
        private final @Nullable AbstractEndPoint end;
        private final Runnable onGone;
        private final Callback readable = new Callback() {

            @Override
            public void succeeded() {
                read();
            }

            @Override
            public void failed(Throwable failure) {
                register();
            }

            @Override
            public InvocationType getInvocationType() {
                return InvocationType.NON_BLOCKING;
            }
        };
        private boolean closed;

        private Watch(Connection connection, Runnable onGone) {
            this.connection = connection;
            this.onGone = onGone;
            EndPoint here = connection.getEndPoint();
            this.end = here instanceof AbstractEndPoint known ? known : null;
        }

        private void start() {
            register();
        }

        private synchronized void register() {
            if (!closed && end != null && end.isOpen()) {
                end.tryFillInterested(readable);
            }
        }

        private void read() {
            boolean isGone = false;
            synchronized (this) {
                if (closed || end == null) {
                    // The next read finds what is there.
                    return;
                }
                ByteBuffer buffer = ByteBuffer.allocate(1);
                buffer.limit(0);
                try {
                    int count = end.fill(buffer);
                    if (count < 0) {
                        isGone = true;
                    } else if (count > 0) {
                        keep(buffer);
                        return;
                    }
                } catch (IOException broken) {
                    isGone = true;
                }
                closed = isGone;
            }
            if (isGone) {
                onGone.run();
            } else {
                register();
            }
        }

        /** The beginning of the next request, which a client sent before this one was answered. It is still there, so the watch ends. */
        private void keep(ByteBuffer beginning) {
            closed = true;
            if (connection instanceof Connection.UpgradeTo next) {
                next.onUpgradeTo(beginning);
            }
        }

        /** From now on the connection belongs to its next request. */
        @Override
        public void close() {
            AbstractEndPoint watched = end;
            synchronized (this) {
                if (closed || watched == null) {
                    return;
                }
                closed = true;
            }
            watched.getFillInterest().onFail(CLOSED);
        }
    }
}
