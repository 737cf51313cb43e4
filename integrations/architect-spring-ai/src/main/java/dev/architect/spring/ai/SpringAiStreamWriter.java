package dev.architect.spring.ai;

import dev.architect.chat.ChatListener;
import dev.architect.error.ArchitectException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import org.springframework.ai.chat.model.ChatResponse;
import reactor.core.publisher.FluxSink;

/** Tells an answer to a subscriber of Reactor, no faster than it asks. */
final class SpringAiStreamWriter implements ChatListener {

    private final FluxSink<ChatResponse> sink;
    private final Semaphore asked = new Semaphore(0);
    private final StringBuilder reasoning = new StringBuilder();
    private boolean isAnythingSaid;

    SpringAiStreamWriter(FluxSink<ChatResponse> sink) {
        this.sink = sink;
        sink.onRequest(more -> asked.release());
    }

    @Override
    public void onText(String piece) {
        say(SpringAiResponseWriter.text(piece));
    }

    @Override
    public void onReasoning(String piece) {
        reasoning.append(piece);
        say(SpringAiResponseWriter.reasoning(reasoning.toString()));
    }

    @Override
    public void onRestart() {
        if (isAnythingSaid) {
            throw new ArchitectException("the answer broke after its first piece, expected its end");
        }
    }

    /** Says what only the whole answer knows, and completes. */
    void end(dev.architect.chat.ChatResponse answer) {
        say(SpringAiResponseWriter.last(answer));
        sink.complete();
    }

    private void say(ChatResponse chunk) {
        try {
            while (sink.requestedFromDownstream() == 0 && !sink.isCancelled()) {
                asked.acquire();
            }
        } catch (InterruptedException left) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the stream was cancelled by its subscriber");
        }
        if (sink.isCancelled()) {
            throw new CancellationException("the stream was cancelled by its subscriber");
        }
        isAnythingSaid = true;
        sink.next(chunk);
    }
}
