package dev.architect.spring.ai;

import dev.architect.error.ArchitectException;
import dev.architect.library.bridge.StreamDelivery;
import dev.architect.library.bridge.UnrepeatableListener;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import org.springframework.ai.chat.model.ChatResponse;
import reactor.core.publisher.FluxSink;

/** Delivers an answer to a subscriber of Reactor, no faster than it requests. */
final class SpringAiStreamWriter extends UnrepeatableListener {

    private final FluxSink<ChatResponse> sink;
    private final Semaphore demand = new Semaphore(0);
    private final StringBuilder reasoning = new StringBuilder();

    SpringAiStreamWriter(FluxSink<ChatResponse> sink, StreamDelivery delivery) {
        super(delivery);
        this.sink = sink;
        // One permit for each request and not for its count: it only wakes the loop, which reads the true demand.
        sink.onRequest(count -> demand.release());
    }

    @Override
    public void onText(String delta) {
        deliver(SpringAiResponseWriter.writeText(delta));
    }

    @Override
    public void onReasoning(String delta) {
        reasoning.append(delta);
        deliver(SpringAiResponseWriter.writeReasoning(reasoning.toString()));
    }

    @Override
    protected void onVoid() {
        reasoning.setLength(0);
    }

    @Override
    protected boolean isCancelled() {
        return sink.isCancelled();
    }

    @Override
    protected RuntimeException restartFailure(String explanation) {
        return new ArchitectException(explanation);
    }

    /** Delivers what only the whole answer has, and completes. */
    void finish(dev.architect.chat.ChatResponse answer) {
        deliver(SpringAiResponseWriter.writeLast(answer));
        sink.complete();
    }

    private void deliver(ChatResponse chunk) {
        emit(() -> {
            awaitDemand();
            sink.next(chunk);
        });
    }

    private void awaitDemand() {
        try {
            while (sink.requestedFromDownstream() == 0 && !sink.isCancelled()) {
                demand.acquire();
            }
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw cancelledByReader();
        }
        if (sink.isCancelled()) {
            throw cancelledByReader();
        }
    }

    private static CancellationException cancelledByReader() {
        return new CancellationException("the stream was cancelled by its reader");
    }
}
