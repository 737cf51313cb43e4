package dev.architect.provider.http;

import dev.architect.model.Delivery;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** Says what a failure of the transport means. */
final class IoFailures {

    private IoFailures() {}

    /** Returns the failure of a call whose thread was interrupted, with the thread's flag set. */
    static ProviderException interrupted(Exchange exchange, String words) {
        Thread.currentThread().interrupt();
        return cancelled(exchange, words);
    }

    static ProviderException cancelled(Exchange exchange, String words) {
        return exchange.failure(FailureKind.CANCELLED).explanation(words).build();
    }

    static ProviderException of(Exception failure, Exchange exchange) {
        if (failure instanceof InterruptedIOException) {
            return exchange.failure(FailureKind.TIMEOUT)
                    .explanation(timeoutWords(exchange.delivery()))
                    .build();
        }
        if (failure instanceof BadReplyException) {
            return exchange.failure(FailureKind.PROTOCOL)
                    .explanation(failure.getMessage())
                    .build();
        }
        if (exchange.delivery() == Delivery.ANSWERED) {
            return exchange.failure(FailureKind.PROTOCOL)
                    .explanation("answer ended before its end")
                    .build();
        }
        if (failure instanceof ProtocolException) {
            return exchange.failure(FailureKind.PROTOCOL)
                    .explanation("reply is not HTTP")
                    .build();
        }
        return exchange.failure(FailureKind.UNAVAILABLE)
                .explanation(connectionWords(failure, exchange.delivery()))
                .cause(failure)
                .build();
    }

    private static String timeoutWords(Delivery delivery) {
        return switch (delivery) {
            case NOT_SENT -> "no connection in time";
            case UNKNOWN -> "no answer in time";
            case ANSWERED -> "answer not complete in time";
        };
    }

    private static String connectionWords(Exception failure, Delivery delivery) {
        if (failure instanceof UnknownHostException) {
            return "host is unknown";
        }
        if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
            return "connection refused or host unreachable";
        }
        if (failure instanceof SSLException && delivery == Delivery.NOT_SENT) {
            return "no secure connection";
        }
        return delivery == Delivery.NOT_SENT ? "no connection" : "connection lost before the answer";
    }
}
