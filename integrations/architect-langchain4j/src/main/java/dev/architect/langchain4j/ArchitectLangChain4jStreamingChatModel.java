package dev.architect.langchain4j;

import dev.architect.Architect;
import dev.architect.error.ArchitectException;
import dev.architect.library.bridge.CancellableWork;
import dev.architect.library.bridge.StreamDelivery;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.Objects;
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
 * <p>A call that breaks is made again, perhaps on another model. Deltas cannot be taken back: with {@link StreamDelivery#LIVE}, which
 * is the default, the stream goes on as long as the new answer repeats what was delivered, and else ends with an {@link
 * dev.langchain4j.exception.InternalServerException} in {@code onError}; with {@link StreamDelivery#BUFFERED} nothing is delivered before the
 * answer is complete, and the handler never notices. Safe for use by several threads.
 */
public final class ArchitectLangChain4jStreamingChatModel implements StreamingChatModel {

    private final Architect architect;
    private final LangChain4jRequestReader requests;
    private final Executor executor;
    private final StreamDelivery delivery;

    private ArchitectLangChain4jStreamingChatModel(Builder builder) {
        this.architect = builder.architect;
        this.requests = new LangChain4jRequestReader(builder.customizer);
        this.executor = builder.executor;
        this.delivery = builder.delivery;
    }

    /** Returns a builder of models on {@code architect}, which stays the caller's to close. */
    public static Builder builder(Architect architect) {
        return new Builder(architect);
    }

    /** Returns a model on {@code architect} that runs on the caller's thread. */
    public static ArchitectLangChain4jStreamingChatModel of(Architect architect) {
        return builder(architect).build();
    }

    /**
     * Returns a model on {@code architect}, which stays the caller's to close, like the executor.
     *
     * @param customizer sets what LangChain4j cannot express, for example the quality; what the request itself sets is set after it
     * @param executor runs the requests, each of which keeps a thread until its end
     */
    public static ArchitectLangChain4jStreamingChatModel of(
            Architect architect, UnaryOperator<dev.architect.chat.ChatRequest.Builder> customizer, Executor executor) {
        return builder(architect).customizer(customizer).executor(executor).build();
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        dev.architect.chat.ChatRequest read = requests.read(request);
        executor.execute(() -> run(read, handler));
    }

    private void run(dev.architect.chat.ChatRequest request, StreamingChatResponseHandler handler) {
        CancellableWork work = new CancellableWork();
        LangChain4jStreamWriter listener = new LangChain4jStreamWriter(handler, work, delivery);
        work.run(
                () -> listener.complete(LangChain4jResponseWriter.write(
                        listener.call((scope, target) -> architect.chat(request, scope, target)))),
                failure -> handler.onError(
                        failure instanceof ArchitectException ours ? LangChain4jFailureWriter.write(ours) : failure));
    }

    /** Declares structured output: requests with a schema are routed to models that take one. */
    @Override
    public Set<Capability> supportedCapabilities() {
        return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }

    /** Builds streaming models. Used by one thread. */
    public static final class Builder {
        private final Architect architect;
        private UnaryOperator<dev.architect.chat.ChatRequest.Builder> customizer = request -> request;
        private Executor executor = Runnable::run;
        private StreamDelivery delivery = StreamDelivery.LIVE;

        private Builder(Architect architect) {
            this.architect = Objects.requireNonNull(architect, "architect is null, expected a value");
        }

        /** Sets what LangChain4j cannot express, for example the quality; what a request itself sets is set after it. Default: nothing. */
        public Builder customizer(UnaryOperator<dev.architect.chat.ChatRequest.Builder> customizer) {
            this.customizer = Objects.requireNonNull(customizer, "customizer is null, expected a value");
            return this;
        }

        /** Sets what runs the requests, each of which keeps a thread until its end. Stays the caller's to close. Default: the caller's thread. */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor is null, expected a value");
            return this;
        }

        /** Sets when an answer reaches the handler. Default: {@link StreamDelivery#LIVE}. */
        public Builder delivery(StreamDelivery delivery) {
            this.delivery = Objects.requireNonNull(delivery, "delivery is null, expected a value");
            return this;
        }

        /** Returns the model. */
        public ArchitectLangChain4jStreamingChatModel build() {
            return new ArchitectLangChain4jStreamingChatModel(this);
        }
    }
}
