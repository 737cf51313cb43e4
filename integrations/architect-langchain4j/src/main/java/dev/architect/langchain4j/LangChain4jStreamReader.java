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

/** Hears a streamed answer of LangChain4j and hands it to the thread that asked. */
final class LangChain4jStreamReader implements StreamingChatResponseHandler {

    private final LibraryCall<ChatResponse> flight;
    private final AnswerAssembler answer;
    private volatile boolean isCancellable;

    LangChain4jStreamReader(LibraryCall<ChatResponse> flight, AnswerAssembler answer) {
        this.flight = flight;
        this.answer = answer;
    }

    @Override
    public void onPartialResponse(String piece) {
        flight.tell(() -> answer.appendText(piece));
    }

    @Override
    public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
        cancelWith(context.streamingHandle());
        onPartialResponse(piece.text());
    }

    @Override
    public void onPartialThinking(PartialThinking piece) {
        flight.tell(() -> answer.appendReasoning(piece.text()));
    }

    @Override
    public void onPartialThinking(PartialThinking piece, PartialThinkingContext context) {
        cancelWith(context.streamingHandle());
        onPartialThinking(piece);
    }

    @Override
    public void onPartialToolCall(PartialToolCall piece) {
        flight.tell(() -> answer.appendToolCall(
                piece.index(), LangChain4jResponseReader.orEmpty(piece.id()), piece.name(), piece.partialArguments()));
    }

    @Override
    public void onPartialToolCall(PartialToolCall piece, PartialToolCallContext context) {
        cancelWith(context.streamingHandle());
        onPartialToolCall(piece);
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
        ToolExecutionRequest request = call.toolExecutionRequest();
        flight.tell(() -> {
            if (!answer.hasToolCall(call.index())) {
                LangChain4jResponseReader.appendToolCall(call.index(), request, answer);
            }
        });
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        flight.complete(response);
    }

    @Override
    public void onError(Throwable failure) {
        flight.fail(failure);
    }

    private void cancelWith(StreamingHandle handle) {
        if (!isCancellable) {
            isCancellable = true;
            flight.whenLeft(handle::cancel);
        }
    }
}
