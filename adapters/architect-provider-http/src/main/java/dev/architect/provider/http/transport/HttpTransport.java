package dev.architect.provider.http.transport;

import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.reading.Exchange;
import java.io.IOException;
import java.time.Duration;

/** Gets the reply to a request, exactly once. Safe for use by several threads. */
public interface HttpTransport extends AutoCloseable {

    /** Whether silence inside an answer has a limit of its own. */
    enum Idle {
        ALLOWED,
        LIMITED
    }

    /** Makes something of a reply. */
    interface ReplyHandler<T> {
        T handle(Reply reply) throws IOException;
    }

    /**
     * Returns what {@code handler} makes of the reply to {@code request}, and tells {@code exchange} how far the call has come.
     * Blocks; the reply is closed when this returns.
     *
     * @param accept the media type that is asked for
     * @param timeout the longest time from now to the end of the reply
     * @throws dev.architect.model.ProviderException when there is no reply, or it breaks
     */
    <T> T run(
            Exchange exchange,
            HttpRequest request,
            String accept,
            Duration timeout,
            Idle idle,
            ReplyHandler<T> handler);

    /** Cancels calls in flight. */
    @Override
    void close();
}
