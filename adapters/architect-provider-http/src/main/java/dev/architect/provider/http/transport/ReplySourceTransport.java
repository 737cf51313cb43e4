package dev.architect.provider.http.transport;

import dev.architect.model.DeliveryStatus;
import dev.architect.provider.http.message.HttpLimits;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplySource;
import java.io.IOException;

/** Takes replies from a {@link ReplySource}. Nothing waits here, so no timeout applies. Safe for use by several threads. */
public final class ReplySourceTransport implements HttpTransport {

    private final ReplySource source;
    private final ApiKeyHeader apiKey;
    private final HttpLimits limits;
    private volatile boolean closed;

    public ReplySourceTransport(ReplySource source, ApiKeyHeader apiKey, HttpLimits limits) {
        this.source = source;
        this.apiKey = apiKey;
        this.limits = limits;
    }

    @Override
    public <T> T run(TransportCall call, ReplyHandler<T> handler) {
        if (closed) {
            throw new IllegalStateException("provider is closed, expected open");
        }
        if (Thread.currentThread().isInterrupted()) {
            throw IoFailureMapper.interrupted(call.exchange(), "interrupted before the call");
        }
        apiKey.value(call.exchange());
        call.progress().reached(DeliveryStatus.UNKNOWN);
        try (Reply reply = source.reply(call.request())) {
            call.progress().replied(reply.status(), reply.headers());
            return handler.handle(reply);
        } catch (IOException failure) {
            if (Thread.currentThread().isInterrupted()) {
                throw IoFailureMapper.interrupted(call.exchange(), "interrupted");
            }
            throw IoFailureMapper.of(failure, call, limits);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
