package dev.architect.server.gateway.dialect;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a client gets no answer, in no dialect.
 *
 * @param kind what kept the gateway from answering
 * @param message a sentence for people, without secrets and without text of a prompt
 * @param param the field of the request, as the client named it or as a chat request names it; null when none is to blame
 * @param retryAfter when the same request may be sent again; null when that is not known
 * @param isFinal whether the client should not repeat it by itself: the router has tried everything, a budget refuses, or a part of the
 *     answer was delivered
 * @param calls how many calls failed before
 */
public record GatewayFailure(
        FailureClass kind,
        String message,
        @Nullable String param,
        @Nullable Duration retryAfter,
        boolean isFinal,
        int calls) {

    /** Creates a failure that no call preceded. */
    public static GatewayFailure of(FailureClass kind, String message, @Nullable String param) {
        return new GatewayFailure(kind, message, param, null, false, 0);
    }

    /** Returns this failure for a client that has received a part of the answer. */
    public GatewayFailure afterContent() {
        return new GatewayFailure(kind, message, param, retryAfter, true, calls);
    }
}
