package dev.architect.provider.http.transport;

import dev.architect.model.DeliveryStatus;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.stream.Stream;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Protocol;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Tracks how far one send of a request has come, and whether its connection died without any byte of a reply. Read by the thread of its call. */
final class DeliveryTracker extends EventListener {

    /**
     * The largest record by which TLS announces the end of a connection: 31 bytes with AES-GCM of TLS 1.2 (RFC 5288, section 3), 24
     * of TLS 1.3 (RFC 8446, section 5.2). The least record with the head of a reply of HTTP/2 has 32.
     */
    private static final int CLOSING_RECORD_BYTES = 31;

    /** Java's servers announce it with two padded records of 40 bytes; the head of a reply before them would make more. */
    private static final int CLOSING_RECORDS_BYTES = 80;

    private final CountingSocketFactory sockets;
    private DeliveryStatus delivery = DeliveryStatus.NOT_SENT;
    // OkHttp may connect on another thread.
    private volatile boolean connected;
    private boolean replied;
    private @Nullable Connection connection;
    private CountingSocketFactory.@Nullable CountingSocket socket;
    private CountingSocketFactory.@Nullable ReadObserver reads;
    private long receivedBefore;

    DeliveryTracker(CountingSocketFactory sockets) {
        this.sockets = sockets;
    }

    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
        connected = true;
    }

    @Override
    public void connectionAcquired(Call call, Connection acquired) {
        connection = acquired;
        socket = sockets.of(acquired.socket());
    }

    /** The connection may be another call's from now on. */
    @Override
    public void connectionReleased(Call call, Connection released) {
        if (socket != null && reads != null) {
            socket.forget(reads);
        }
    }

    /**
     * Lets {@code observer} surround the reads of the connection until the call gives it back; false where other calls share the
     * connection, whose reads are not of this call alone.
     */
    boolean observe(CountingSocketFactory.ReadObserver observer) {
        if (socket == null || connection == null || connection.protocol() != Protocol.HTTP_1_1) {
            return false;
        }
        reads = observer;
        socket.observe(observer);
        return true;
    }

    @Override
    public void requestHeadersStart(Call call) {
        // From the first byte of the head on the provider may have received the call, even if the write fails later.
        if (delivery == DeliveryStatus.NOT_SENT) {
            delivery = DeliveryStatus.UNKNOWN;
            receivedBefore = socket == null ? 0 : socket.received();
        }
    }

    /** Comes after the first head, which may be of an interim reply. */
    @Override
    public void responseHeadersStart(Call call) {
        replied = true;
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        delivery = DeliveryStatus.ANSWERED;
    }

    DeliveryStatus delivery() {
        return delivery;
    }

    /**
     * Whether {@code failure} is the end of a connection that an earlier call had used, before any byte of the reply to this one;
     * or a refusal by which HTTP/2 states that the request was not processed (RFC 9113, section 8.7).
     */
    boolean diedUnanswered(Exception failure) {
        if (connected || replied || connection == null || delivery != DeliveryStatus.UNKNOWN) {
            return false;
        }
        // A timeout or a cancellation; the connection may be well.
        if (!(failure instanceof IOException) || failure instanceof InterruptedIOException) {
            return false;
        }
        return isRefusedUnprocessed(failure)
                || (socket != null && isWithoutReply(failure, socket.received() - receivedBefore));
    }

    private boolean isWithoutReply(Exception failure, long bytes) {
        if (bytes == 0 || connection == null || connection.handshake() == null) {
            return bytes == 0;
        }
        // Bytes of TLS are no bytes of a reply: its servers announce the end before they close.
        return connection.protocol() == Protocol.HTTP_2
                ? bytes <= CLOSING_RECORD_BYTES
                : bytes <= CLOSING_RECORDS_BYTES && isEmptyEnd(failure);
    }

    /** OkHttp's types are not exported; a stream above the last one of a GOAWAY frame has this message too. */
    private static boolean isRefusedUnprocessed(Exception failure) {
        return String.valueOf(failure.getMessage()).equals("stream was reset: REFUSED_STREAM")
                || failure.getClass().getSimpleName().equals("ConnectionShutdownException");
    }

    /** The end came before the first byte of a status line; after a failed write, OkHttp adds the failed read to it. */
    private static boolean isEmptyEnd(Exception failure) {
        return Stream.concat(Stream.of(failure), Stream.of(failure.getSuppressed()))
                .anyMatch(end -> end.getCause() instanceof EOFException eof
                        && String.valueOf(eof.getMessage()).startsWith("\\n not found: limit=0 "));
    }
}
