package dev.architect.spring.ai;

import dev.architect.library.bridge.LibraryCall;
import org.reactivestreams.Subscription;
import org.springframework.ai.chat.model.ChatResponse;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Reads a streamed answer of Spring AI and delivers it to the calling thread. The stream is moved to a thread that may block and
 * holds few chunks ahead, so a slow listener slows the model without holding up a thread of its client.
 */
final class SpringAiStreamReader extends BaseSubscriber<ChatResponse> {

    private static final int AHEAD = 16;

    private final LibraryCall<Boolean> running;
    private final SpringAiResponseReader answer;

    private SpringAiStreamReader(LibraryCall<Boolean> running, SpringAiResponseReader answer) {
        this.running = running;
        this.answer = answer;
    }

    static void subscribe(
            Flux<ChatResponse> chunks,
            Scheduler scheduler,
            LibraryCall<Boolean> running,
            SpringAiResponseReader answer) {
        chunks.publishOn(scheduler, AHEAD).subscribe(new SpringAiStreamReader(running, answer));
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        // Before the first request, so that a call that is cancelled already requests nothing.
        running.onCancel(this::cancel);
        // publishOn() limits what is requested upstream, and deliver() blocks, so this has no effect on the speed.
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    protected void hookOnNext(ChatResponse chunk) {
        running.deliver(() -> answer.readChunk(chunk));
    }

    @Override
    protected void hookOnComplete() {
        running.complete(true);
    }

    @Override
    protected void hookOnError(Throwable failure) {
        running.fail(failure);
    }
}
