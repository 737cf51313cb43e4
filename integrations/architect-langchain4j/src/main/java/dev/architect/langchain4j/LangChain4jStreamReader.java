package dev.architect.langchain4j;

import dev.architect.library.bridge.LibraryAnswerAssembler;
import dev.architect.library.bridge.LibraryCall;
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
    private final LibraryAnswerAssembler heard;
    private final ToolCallIds ids;
    private volatile boolean isCancellable;

    LangChain4jStreamReader(LibraryCall<ChatResponse> flight, LibraryAnswerAssembler heard, ToolCallIds ids) {
        this.flight = flight;
        this.heard = heard;
        this.ids = ids;
    }

    @Override
    public void onPartialResponse(String piece) {
        flight.tell(() -> heard.text(piece));
    }

    @Override
    public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
        cancelWith(context.streamingHandle());
        onPartialResponse(piece.text());
    }

    @Override
    public void onPartialThinking(PartialThinking piece) {
        flight.tell(() -> heard.reasoning(piece.text()));
    }

    @Override
    public void onPartialThinking(PartialThinking piece, PartialThinkingContext context) {
        cancelWith(context.streamingHandle());
        onPartialThinking(piece);
    }

    @Override
    public void onPartialToolCall(PartialToolCall piece) {
        flight.tell(() -> heard.toolCall(
                piece.index(), ids.of(piece.index(), piece.id()), piece.name(), piece.partialArguments()));
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
            if (!heard.hasToolCall(call.index())) {
                heard.toolCall(
                        call.index(),
                        ids.of(call.index(), request.id()),
                        request.name(),
                        request.arguments() == null ? "" : request.arguments());
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
