package dev.architect.spring.ai;

import dev.architect.library.bridge.LibraryCall;
import org.reactivestreams.Subscription;
import org.springframework.ai.chat.model.ChatResponse;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Hears a streamed answer of Spring AI and hands it to the thread that asked. The stream is moved to a thread that may block and
 * holds few chunks ahead, so a slow listener slows the model without holding up a thread of its client.
 */
final class SpringAiStreamReader extends BaseSubscriber<ChatResponse> {

    private static final int AHEAD = 16;

    private final LibraryCall<Boolean> flight;
    private final SpringAiResponseReader answer;

    private SpringAiStreamReader(LibraryCall<Boolean> flight, SpringAiResponseReader answer) {
        this.flight = flight;
        this.answer = answer;
    }

    static void hear(
            Flux<ChatResponse> chunks,
            Scheduler scheduler,
            LibraryCall<Boolean> flight,
            SpringAiResponseReader answer) {
        chunks.publishOn(scheduler, AHEAD).subscribe(new SpringAiStreamReader(flight, answer));
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
