package dev.architect.langchain4j;

import dev.architect.Architect;
import dev.architect.error.ArchitectException;
import dev.architect.library.bridge.CancellableWork;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/**
 * Architect as a streaming chat model of LangChain4j, as {@link ArchitectLangChain4jChatModel} is for whole answers.
 *
 * <p>The handler is called on the thread that runs the request: the caller's, which is blocked meanwhile, or one of the
 * executor's. A slow handler slows the stream. {@code StreamingHandle.cancel()} ends the call at once, and the handler hears
 * nothing more. What a handler throws is told to its {@code onError}, and the stream goes on, as with LangChain4j's own models.
 *
 * <p>A call that breaks before its first piece is tried elsewhere unseen. Pieces cannot be taken back, so a call that breaks
 * later fails. Safe for use by several threads.
 */
public final class ArchitectLangChain4jStreamingChatModel implements StreamingChatModel {

    private final Architect architect;
    private final LangChain4jRequestReader requests;
    private final Executor executor;

    private ArchitectLangChain4jStreamingChatModel(
            Architect architect, LangChain4jRequestReader requests, Executor executor) {
        this.architect = architect;
        this.requests = requests;
        this.executor = executor;
    }

    /** Returns a model that asks {@code architect} on the caller's thread. */
    public static ArchitectLangChain4jStreamingChatModel of(Architect architect) {
        return of(architect, request -> request, Runnable::run);
    }

    /**
     * Returns a model that asks {@code architect}, which stays the caller's to close, like the executor.
     *
     * @param more sets what LangChain4j has no word for, for example the quality; what the request itself says is set after it
     * @param executor runs the requests, each of which keeps a thread until its end
     */
    public static ArchitectLangChain4jStreamingChatModel of(
            Architect architect, UnaryOperator<dev.architect.chat.ChatRequest.Builder> more, Executor executor) {
        return new ArchitectLangChain4jStreamingChatModel(architect, new LangChain4jRequestReader(more), executor);
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        dev.architect.chat.ChatRequest asked = requests.of(request);
        executor.execute(() -> perform(asked, new LangChain4jStreamWriter(handler, new CancellableWork())));
    }

    private void perform(dev.architect.chat.ChatRequest asked, LangChain4jStreamWriter listener) {
        listener.work(() -> {
            try {
                listener.complete(LangChain4jResponseWriter.of(architect.chat(asked, listener)));
            } catch (ArchitectException failure) {
                listener.fail(LangChain4jFailureWriter.of(failure));
            } catch (RuntimeException failure) {
                listener.fail(failure);
            }
        });
    }

    /** Says that schemas of answers are taken: only models that take them are asked. */
    @Override
    public Set<Capability> supportedCapabilities() {
        return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }
}
