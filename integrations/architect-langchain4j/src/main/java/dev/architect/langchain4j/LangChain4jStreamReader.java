package dev.architect.langchain4j;

import dev.architect.library.bridge.LibraryCall;
import dev.architect.spi.AnswerAssembler;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
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

/** Reads a streamed answer of LangChain4j and delivers it to the calling thread. */
final class LangChain4jStreamReader implements StreamingChatResponseHandler {

    private final LibraryCall<ChatResponse> running;
    private final AnswerAssembler answer;
    // Each delta brings the same handle; a race registers it twice at most, and cancelling twice does nothing more.
    private volatile boolean isCancellable;

    LangChain4jStreamReader(LibraryCall<ChatResponse> running, AnswerAssembler answer) {
        this.running = running;
        this.answer = answer;
    }

    @Override
    public void onPartialResponse(String delta) {
        running.deliver(() -> answer.appendText(delta));
    }

    @Override
    public void onPartialResponse(PartialResponse delta, PartialResponseContext context) {
        cancelWith(context.streamingHandle());
        onPartialResponse(delta.text());
    }

    @Override
    public void onPartialThinking(PartialThinking delta) {
        running.deliver(() -> answer.appendReasoning(delta.text()));
    }

    @Override
    public void onPartialThinking(PartialThinking delta, PartialThinkingContext context) {
        cancelWith(context.streamingHandle());
        onPartialThinking(delta);
    }

    @Override
    public void onPartialToolCall(PartialToolCall delta) {
        running.deliver(() -> answer.appendToolCall(
                delta.index(), LangChain4jResponseReader.orEmpty(delta.id()), delta.name(), delta.partialArguments()));
    }

    @Override
    public void onPartialToolCall(PartialToolCall delta, PartialToolCallContext context) {
        cancelWith(context.streamingHandle());
        onPartialToolCall(delta);
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
        ToolExecutionRequest request = call.toolExecutionRequest();
        running.deliver(() -> {
            // Some models send only complete calls, others have sent the same call in deltas before.
            if (!answer.hasToolCall(call.index())) {
                LangChain4jResponseReader.appendToolCall(call.index(), request, answer);
            }
        });
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        running.complete(response);
    }

    @Override
    public void onError(Throwable failure) {
        running.fail(failure);
    }

    private void cancelWith(StreamingHandle handle) {
        if (!isCancellable) {
            isCancellable = true;
            running.onCancel(handle::cancel);
        }
    }
}
