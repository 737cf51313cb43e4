package dev.architect.provider.http.transport;

import dev.architect.provider.http.message.Reply;
import java.io.IOException;

/** Gets the one reply to a request. Safe for use by several threads. */
public interface HttpTransport extends AutoCloseable {

    /** Whether silence inside an answer has a limit of its own. */
    enum Idle {
        UNLIMITED,
        LIMITED
    }

    /** Makes something of a reply. */
    interface ReplyHandler<T> {
        T handle(Reply reply) throws IOException;
    }

    /**
     * Sends the request of {@code call}, advances its progress, and returns what {@code handler} makes of the reply. Blocks; the
     * reply is closed when this returns.
     *
     * @throws dev.architect.model.ProviderException when there is no reply, or it breaks
     */
    <T> T run(TransportCall call, ReplyHandler<T> handler);

    /** Cancels calls in flight. */
    @Override
    void close();
}
