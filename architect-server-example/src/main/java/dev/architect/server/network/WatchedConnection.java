package dev.architect.server.network;

import java.nio.ByteBuffer;
import java.nio.channels.WritePendingException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/** The state of one HTTP connection. Its fields are guarded by the guard that owns it. */
final class WatchedConnection {

    private static final String TIMED_OUT =
            "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

    final Connection connection;

    /** Whom it counts for. */
    final String key;

    /** Whether it is one of a trusted proxy, which brings many clients. */
    final boolean isProxy;

    /** Whether a handler works on a request, whose body is there. */
    boolean isBusy;

    /** Whether the header of a request is complete and its end is not reached. */
    boolean hasRequest;

    /** Its place in the order in which connections began to wait for what comes next. */
    long waitOrder;

    /** When the first byte of a header was seen; meaningful only with {@link #hasBegun}. */
    long begunAt;

    boolean hasBegun;
    private long bytesBefore;

    WatchedConnection(Connection connection, String key, boolean isProxy, long waitOrder, long now) {
        this.connection = connection;
        this.key = key;
        this.isProxy = isProxy;
        this.waitOrder = waitOrder;
        // A new connection has to send its first request at once.
        this.begunAt = now;
        this.hasBegun = true;
    }

    /** The header of a request is complete. */
    void begin() {
        hasRequest = true;
        hasBegun = false;
    }

    /** A request has ended, and another one may follow. */
    void end(long order) {
        hasRequest = false;
        isBusy = false;
        hasBegun = false;
        waitOrder = order;
        bytesBefore = connection.getBytesIn();
    }

    /** Whether the header of a request has been on its way for longer than {@code limitNanos}. */
    boolean isHeaderLate(long now, long limitNanos) {
        if (hasRequest) {
            return false;
        }
        if (!hasBegun && connection.getBytesIn() > bytesBefore) {
            hasBegun = true;
            begunAt = now;
        }
        return hasBegun && now - begunAt > limitNanos;
    }

    /** Closes the connection; a client that has sent a part of a request is told why. */
    void close() {
        EndPoint end = connection.getEndPoint();
        if (hasRequest || connection.getBytesIn() == 0) {
            end.close();
            return;
        }
        try {
            end.write(
                    Callback.from(end::close, failure -> end.close()),
                    ByteBuffer.wrap(TIMED_OUT.getBytes(StandardCharsets.US_ASCII)));
        } catch (WritePendingException answering) {
            end.close();
        }
    }
}
