package dev.architect.provider.http.transport;

import dev.architect.model.DeliveryStatus;
import dev.architect.provider.http.message.HttpLimits;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplySource;
import dev.architect.provider.http.reading.Exchange;
import java.io.IOException;
import java.time.Duration;

/** Takes replies from a {@link ReplySource}. Nothing waits here, so no timeout applies. Safe for use by several threads. */
public final class ReplySourceTransport implements HttpTransport {

    private final ReplySource source;
    private final ApiKeyHeader secret;
    private final HttpLimits limits;
    private volatile boolean closed;

    public ReplySourceTransport(ReplySource source, ApiKeyHeader secret, HttpLimits limits) {
        this.source = source;
        this.secret = secret;
        this.limits = limits;
    }

    @Override
    public <T> T run(
            Exchange exchange,
            HttpRequest request,
            String accept,
            Duration timeout,
            Idle idle,
            ReplyHandler<T> handler) {
        if (closed) {
            throw new IllegalStateException("provider is closed, expected open");
        }
        if (Thread.currentThread().isInterrupted()) {
            throw IoFailureMapper.interrupted(exchange, "interrupted before the call");
        }
        secret.value(exchange);
        exchange.reached(DeliveryStatus.UNKNOWN);
        try (Reply reply = source.reply(request)) {
            exchange.replied(reply.status(), reply.headers());
            return handler.handle(reply);
        } catch (IOException failure) {
            if (Thread.currentThread().isInterrupted()) {
                throw IoFailureMapper.interrupted(exchange, "interrupted");
            }
            throw IoFailureMapper.of(failure, exchange, limits, timeout);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
