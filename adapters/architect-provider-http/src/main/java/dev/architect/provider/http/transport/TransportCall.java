package dev.architect.provider.http.transport;

import dev.architect.chat.ChatListener;
import dev.architect.model.DeliveryStatus;
import dev.architect.provider.http.message.CallProgress;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.request.CallLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way. {@code toString} shows the request's method and path only.
 *
 * @param exchange what its failures are built from
 * @param progress what the transport advances; the exchange reads the same one
 * @param request what is sent
 * @param accept the media type of the reply that is expected
 * @param limits how long it may take
 * @param idle whether silence inside the reply has a limit of its own
 * @param listener is told when more of the reply is here and when it is waited for, as far as the transport knows; null for none
 */
public record TransportCall(
        Exchange exchange,
        CallProgress progress,
        HttpRequest request,
        String accept,
        CallLimits limits,
        HttpTransport.Idle idle,
        @Nullable ChatListener listener) {

    /** Creates a call without a listener. */
    public TransportCall(
            Exchange exchange,
            CallProgress progress,
            HttpRequest request,
            String accept,
            CallLimits limits,
            HttpTransport.Idle idle) {
        this(exchange, progress, request, accept, limits, idle, null);
    }

    /** Returns the same call with a listener. */
    public TransportCall withListener(ChatListener ofStream) {
        return new TransportCall(exchange, progress, request, accept, limits, idle, ofStream);
    }

    /** The longest time from now to the end of the reply. */
    Duration timeout() {
        return limits.total();
    }

    DeliveryStatus delivery() {
        return progress.delivery();
    }

    @Override
    public String toString() {
        return request.toString();
    }
}
