package dev.architect.provider.http.transport;

import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.message.BadReplyException;
import dev.architect.provider.http.message.HttpLimits;
import dev.architect.provider.http.reading.Exchange;
import java.io.EOFException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLException;

/** Maps failures of the transport to failure kinds. */
final class IoFailureMapper {

    private IoFailureMapper() {}

    /** Returns the failure of a call whose thread was interrupted, with the thread's flag set. */
    static ProviderException interrupted(Exchange exchange, String explanation) {
        Thread.currentThread().interrupt();
        return cancelled(exchange, explanation);
    }

    static ProviderException cancelled(Exchange exchange, String explanation) {
        return exchange.failure(FailureKind.CANCELLED).explanation(explanation).build();
    }

    /** Returns the failure of a call that has exceeded a limit. */
    static ProviderException late(TransportCall call, LimitClock.Limit limit, Duration length) {
        Exchange exchange = call.exchange();
        return switch (limit) {
            case HEADERS -> {
                String missing = call.delivery() == DeliveryStatus.NOT_SENT ? "connection" : "answer";
                yield timeout(exchange, "no " + missing + " within " + length + " (headers)");
            }
            case FIRST_TOKEN -> timeout(exchange, "no content within " + length + " after the head (firstToken)");
            case IDLE -> exchange.protocolFailure("answer fell silent for " + length + " (idle)");
        };
    }

    private static ProviderException timeout(Exchange exchange, String explanation) {
        return exchange.failure(FailureKind.TIMEOUT).explanation(explanation).build();
    }

    /** Returns what {@code failure} of {@code call} means. */
    static ProviderException of(Exception failure, TransportCall call, HttpLimits limits) {
        Exchange exchange = call.exchange();
        if (failure instanceof InterruptedIOException) {
            String explanation = timeoutExplanation(failure, call.delivery(), limits, call.timeout());
            // A stream that has begun and falls silent is broken; a server that has sent nothing, or takes too long, is
            // slow.
            return failure instanceof SocketTimeoutException && exchange.hasContent()
                    ? exchange.protocolFailure(explanation)
                    : timeout(exchange, explanation);
        }
        if (failure instanceof BadReplyException) {
            return exchange.failure(FailureKind.PROTOCOL)
                    .explanation(failure.getMessage())
                    .build();
        }
        if (call.delivery() == DeliveryStatus.ANSWERED) {
            // The provider did answer, so this is no unreachable provider, and its output may be billed.
            return exchange.protocolFailure("answer ended before its end");
        }
        if (failure instanceof ProtocolException) {
            return exchange.protocolFailure("reply is not HTTP");
        }
        if (isCutHead(failure)) {
            return exchange.protocolFailure("reply's head was cut or is larger than 262144 bytes");
        }
        return exchange.failure(FailureKind.UNAVAILABLE)
                .explanation(connectionExplanation(failure, call.delivery()))
                .cause(failure)
                .build();
    }

    /** OkHttp reports the end of a call's whole time as no socket's. */
    private static String timeoutExplanation(
            Exception failure, DeliveryStatus delivery, HttpLimits limits, Duration timeout) {
        boolean isTotal = !(failure instanceof SocketTimeoutException);
        String total = timeout + " (total)";
        return switch (delivery) {
            case NOT_SENT ->
                "no connection within " + (isTotal ? total : limits.connectTimeout() + " (connectTimeout)");
            case UNKNOWN -> "no answer within " + (isTotal ? total : limits.idleTimeout() + " (idleTimeout)");
            case ANSWERED ->
                isTotal
                        ? "answer not complete within " + total
                        : "answer fell silent for " + limits.idleTimeout() + " (idleTimeout)";
        };
    }

    /** The end came inside a line of the head: OkHttp fails in the same way when the head is larger than it reads. */
    private static boolean isCutHead(Exception failure) {
        return failure.getCause() instanceof EOFException end
                && String.valueOf(end.getMessage()).startsWith("\\n not found: limit=")
                && !String.valueOf(end.getMessage()).startsWith("\\n not found: limit=0 ");
    }

    private static String connectionExplanation(Exception failure, DeliveryStatus delivery) {
        if (failure instanceof UnknownHostException) {
            return "host is unknown";
        }
        if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
            return "connection refused or host unreachable";
        }
        if (failure instanceof SSLException && delivery == DeliveryStatus.NOT_SENT) {
            return "no secure connection";
        }
        return delivery == DeliveryStatus.NOT_SENT ? "no connection" : "connection lost before the answer";
    }
}
