package dev.architect.langchain4j;

import dev.architect.chat.ToolCallDelta;
import dev.architect.library.bridge.CancellableWork;
import dev.architect.library.bridge.StreamDelivery;
import dev.architect.library.bridge.UnrepeatableListener;
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

/** Delivers an answer to a handler of LangChain4j until it is cancelled. */
final class LangChain4jStreamWriter extends UnrepeatableListener {

    private final StreamingChatResponseHandler handler;
    private final CancellableWork work;
    private final StreamingHandle handle;

    LangChain4jStreamWriter(StreamingChatResponseHandler handler, CancellableWork work, StreamDelivery delivery) {
        super(delivery);
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

    @Override
    protected boolean isCancelled() {
        return work.isCancelled();
    }

    @Override
    protected RuntimeException restartFailure(String explanation) {
        return new InternalServerException(explanation);
    }

    @Override
    public void onText(String delta) {
        deliver(() -> handler.onPartialResponse(new PartialResponse(delta), new PartialResponseContext(handle)));
    }

    @Override
    public void onReasoning(String delta) {
        deliver(() -> handler.onPartialThinking(new PartialThinking(delta), new PartialThinkingContext(handle)));
    }

    /** The call is whole, and yet a part: the answer may still break, and handlers perform complete calls at once. */
    @Override
    public void onToolCall(ToolCallDelta call) {
        PartialToolCall part = PartialToolCall.builder()
                .index(call.index())
                .id(call.id())
                .name(call.name())
                .partialArguments(call.arguments())
                .build();
        deliver(() -> handler.onPartialToolCall(part, new PartialToolCallContext(handle)));
    }

    void complete(ChatResponse response) {
        List<ToolExecutionRequest> calls = response.aiMessage().toolExecutionRequests();
        for (int i = 0; i < calls.size(); i++) {
            CompleteToolCall call = new CompleteToolCall(i, calls.get(i));
            deliver(() -> handler.onCompleteToolCall(call));
        }
        deliver(() -> handler.onCompleteResponse(response));
    }

    /** What the handler throws goes to its {@code onError}, and the stream goes on. */
    private void deliver(Runnable delivery) {
        emit(() -> {
            try {
                delivery.run();
            } catch (RuntimeException failure) {
                // Not rethrown: a failure of the handler must not count as one of the provider, and the stream goes on.
                handler.onError(failure);
            }
        });
    }
}
