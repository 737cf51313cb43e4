package dev.architect.provider.spring.ai;

import dev.architect.provider.bridge.ForeignCall;
import org.reactivestreams.Subscription;
import org.springframework.ai.chat.model.ChatResponse;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Hears a streamed answer of Spring AI and hands it to the thread that asked. The stream is moved to a thread that may block and
 * holds few chunks ahead, so a slow listener slows the model without holding up a thread of its client.
 */
final class ForeignChunks extends BaseSubscriber<ChatResponse> {

    private static final int AHEAD = 16;

    private final ForeignCall<Boolean> flight;
    private final ForeignAnswer answer;

    private ForeignChunks(ForeignCall<Boolean> flight, ForeignAnswer answer) {
        this.flight = flight;
        this.answer = answer;
    }

    static void hear(
            Flux<ChatResponse> chunks, Scheduler scheduler, ForeignCall<Boolean> flight, ForeignAnswer answer) {
        chunks.publishOn(scheduler, AHEAD).subscribe(new ForeignChunks(flight, answer));
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        flight.whenLeft(this::cancel);
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    protected void hookOnNext(ChatResponse chunk) {
        flight.tell(() -> answer.hear(chunk));
    }

    @Override
    protected void hookOnComplete() {
        flight.complete(true);
    }

    @Override
    protected void hookOnError(Throwable failure) {
        flight.fail(failure);
    }
}
