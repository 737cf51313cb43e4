package dev.architect.langchain4j;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A streaming chat model of LangChain4j that runs a script of the test, on a thread of its own as most models do. */
final class FakeStreamingChatModel implements StreamingChatModel {

    private final Consumer<StreamingChatResponseHandler> script;
    final Handle handle = new Handle();

    FakeStreamingChatModel(Consumer<StreamingChatResponseHandler> script) {
        this.script = script;
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        Thread thread = new Thread(
                () -> {
                    try {
                        script.accept(handler);
                    } catch (CancellationException cancelled) {
                        // As most models do, which log it.
                    }
                },
                "fake-stream");
        thread.setDaemon(true);
        thread.start();
    }

    /** Delivers a delta as models do that can be cancelled. */
    void say(StreamingChatResponseHandler handler, String piece) {
        handler.onPartialResponse(new PartialResponse(piece), new PartialResponseContext(handle));
    }

    /** Remembers whether it was cancelled. */
    static final class Handle implements StreamingHandle {
        private final CountDownLatch cancelled = new CountDownLatch(1);

        @Override
        public void cancel() {
            cancelled.countDown();
        }

        @Override
        public boolean isCancelled() {
            return cancelled.getCount() == 0;
        }

        boolean awaitCancel() throws InterruptedException {
            return cancelled.await(60, TimeUnit.SECONDS);
        }
    }
}
