package dev.architect.langchain4j;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ToolCallDelta;
import dev.architect.library.bridge.CancellableWork;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Tells an answer to a handler of LangChain4j until it is cancelled. */
final class LangChain4jStreamWriter implements ChatListener {

    private final StreamingChatResponseHandler handler;
    private final CancellableWork work;
    private final StreamingHandle handle;
    private boolean isAnythingSaid;

    LangChain4jStreamWriter(StreamingChatResponseHandler handler, CancellableWork work) {
        this.handler = handler;
        this.work = work;
        this.handle = new StreamingHandle() {
            @Override
            public void cancel() {
                work.cancel();
            }

            @Override
            public boolean isCancelled() {
                return work.isCancelled();
            }
        };
    }

    /** Does the work unless it was cancelled before. */
    void work(Runnable call) {
        work.perform(call);
    }

    @Override
    public void onText(String piece) {
        say(() -> handler.onPartialResponse(new PartialResponse(piece), new PartialResponseContext(handle)));
    }

    @Override
    public void onReasoning(String piece) {
        say(() -> handler.onPartialThinking(new PartialThinking(piece), new PartialThinkingContext(handle)));
    }

    /** LangChain4j has no piece of a call without arguments; the complete call says what there is. */
    @Override
    public void onToolCall(ToolCallDelta piece) {
        if (!piece.arguments().isEmpty()) {
            PartialToolCall part = PartialToolCall.builder()
                    .index(piece.index())
                    .id(piece.id())
                    .name(piece.name())
                    .partialArguments(piece.arguments())
                    .build();
            say(() -> handler.onPartialToolCall(part, new PartialToolCallContext(handle)));
        }
    }

    @Override
    public void onRestart() {
        if (isAnythingSaid) {
            throw new InternalServerException("the answer broke after its first piece, expected its end");
        }
    }

    void complete(ChatResponse response) {
        List<ToolExecutionRequest> calls = response.aiMessage().toolExecutionRequests();
        for (int i = 0; i < calls.size(); i++) {
            CompleteToolCall call = new CompleteToolCall(i, calls.get(i));
            say(() -> handler.onCompleteToolCall(call));
        }
        say(() -> handler.onCompleteResponse(response));
    }

    void fail(Throwable failure) {
        if (!work.isCancelled()) {
            handler.onError(failure);
        }
    }

    private void say(Runnable piece) {
        if (work.isCancelled()) {
            throw new CancellationException("the stream was cancelled by its handler");
        }
        isAnythingSaid = true;
        try {
            piece.run();
        } catch (RuntimeException failure) {
            handler.onError(failure);
        }
    }
}
