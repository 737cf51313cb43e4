package dev.architect.provider.http;

import dev.architect.model.DeliveryStatus;
import java.io.IOException;
import java.time.Duration;

/** Takes replies from a {@link ReplySource}. Nothing waits here, so no timeout applies. Safe for use by several threads. */
final class CannedTransport implements HttpTransport {

    private final ReplySource source;
    private final SecretHeader secret;
    private final HttpLimits limits;
    private volatile boolean closed;

    CannedTransport(ReplySource source, SecretHeader secret, HttpLimits limits) {
        this.source = source;
        this.secret = secret;
        this.limits = limits;
    }

    @Override
    public <T> T run(
            Exchange exchange, HttpRequest request, String accept, Duration timeout, Idle idle, ReplyReader<T> reader) {
        if (closed) {
            throw new IllegalStateException("provider is closed, expected open");
        }
        if (Thread.currentThread().isInterrupted()) {
            throw IoFailures.interrupted(exchange, "interrupted before the call");
        }
        secret.value(exchange);
        exchange.reached(DeliveryStatus.UNKNOWN);
        try (Reply reply = source.reply(request)) {
            exchange.replied(reply.status(), reply.headers());
            return reader.read(reply);
        } catch (IOException failure) {
            if (Thread.currentThread().isInterrupted()) {
                throw IoFailures.interrupted(exchange, "interrupted");
            }
            throw IoFailures.of(failure, exchange, limits, timeout);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
