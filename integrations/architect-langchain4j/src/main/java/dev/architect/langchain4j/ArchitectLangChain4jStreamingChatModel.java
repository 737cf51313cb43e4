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
 * executor's. A slow handler slows the stream. {@code StreamingHandle.cancel()} ends the call at once, and nothing
 * more reaches the handler. What a handler throws goes to its {@code onError}, and the stream goes on, as with LangChain4j's own models.
 *
 * <p>A call that breaks before its first delta fails over without a trace. Deltas cannot be taken back, so a call that breaks
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

    /** Returns a model on {@code architect} that runs on the caller's thread. */
    public static ArchitectLangChain4jStreamingChatModel of(Architect architect) {
        return of(architect, request -> request, Runnable::run);
    }

    /**
     * Returns a model on {@code architect}, which stays the caller's to close, like the executor.
     *
     * @param customizer sets what LangChain4j cannot express, for example the quality; what the request itself sets is set after it
     * @param executor runs the requests, each of which keeps a thread until its end
     */
    public static ArchitectLangChain4jStreamingChatModel of(
            Architect architect, UnaryOperator<dev.architect.chat.ChatRequest.Builder> customizer, Executor executor) {
        return new ArchitectLangChain4jStreamingChatModel(
                architect, new LangChain4jRequestReader(customizer), executor);
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        dev.architect.chat.ChatRequest read = requests.read(request);
        executor.execute(() -> run(read, handler));
    }

    private void run(dev.architect.chat.ChatRequest request, StreamingChatResponseHandler handler) {
        CancellableWork work = new CancellableWork();
        LangChain4jStreamWriter listener = new LangChain4jStreamWriter(handler, work);
        work.run(
                () -> listener.complete(LangChain4jResponseWriter.write(architect.chat(request, listener))),
                failure -> handler.onError(
                        failure instanceof ArchitectException ours ? LangChain4jFailureWriter.write(ours) : failure));
    }

    /** Declares structured output: requests with a schema are routed to models that take one. */
    @Override
    public Set<Capability> supportedCapabilities() {
        return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }
}
