package dev.architect.langchain4j;

import dev.architect.library.bridge.LibraryProvider;
import dev.architect.model.Capability;
import dev.architect.spi.AnswerAssembler;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chat models of LangChain4j as one provider:
 *
 * <pre>
 * ModelProvider mistral = LangChain4jProvider.builder("mistral")
 *         .model("mistral-large-latest", chatModel, streamingChatModel)
 *         .build();
 * </pre>
 *
 * <p>Turn off the retries of the models ({@code maxRetries(0)} with most): the router retries, and records every call. Each
 * call runs on a thread of its own, so deadline and interruption hold even with a model that ignores them. LangChain4j's own
 * counts are prompt and answer; {@link Builder#usage} reads a vendor's finer ones. Safe for use by several
 * threads as far as the models are.
 */
public final class LangChain4jProvider extends LibraryProvider {

    private final Map<String, LangChain4jModelEntry> models;
    private final LangChain4jResponseReader responses;

    private LangChain4jProvider(Builder builder) {
        super(builder, LangChain4jFailureReader::read);
        this.models = Map.copyOf(builder.models);
        this.responses = builder.responses();
    }

    /**
     * Returns a builder.
     *
     * @param name the provider's name in model ids, prices and reports, without a slash
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    @Override
    protected ProviderAnswer chat(ProviderCall call, AnswerAssembler answer) {
        ChatModel model = model(call).chatModel();
        // On the caller's thread: what LangChain4j cannot express fails before anything is sent.
        ChatRequest request = request(call);
        ChatResponse response = calls().execute(call, answer, running -> running.complete(model.chat(request)));
        return responses.read(response, answer);
    }

    @Override
    protected ProviderAnswer stream(ProviderCall call, AnswerAssembler answer) {
        StreamingChatModel model = model(call).streamingChatModel();
        ChatRequest request = request(call);
        ChatResponse response = calls().execute(
                        call, answer, running -> model.chat(request, new LangChain4jStreamReader(running, answer)));
        return responses.read(response, answer);
    }

    private LangChain4jModelEntry model(ProviderCall call) {
        return Objects.requireNonNull(models.get(call.model()), "calls of other models are refused before");
    }

    private ChatRequest request(ProviderCall call) {
        return new LangChain4jRequestWriter(name(), explanation -> guard().unsupported(call, explanation))
                .write(call.request());
    }

    /**
     * Collects what the provider needs. Counts are read as LangChain4j's own two unless {@link #usage} sets another way: input
     * tokens, cached ones perhaps included, and output tokens. Not safe for use by several threads.
     */
    public static final class Builder extends LibraryProvider.Builder<ChatResponse, Builder> {
        private final Map<String, LangChain4jModelEntry> models = new HashMap<>();

        private Builder(String name) {
            super(name, LangChain4jResponseReader::usage);
        }

        /**
         * Adds a model that does not stream.
         *
         * @param id what the model is called in model ids after the provider's name
         */
        public Builder model(String id, ChatModel whole) {
            return model(id, whole, null);
        }

        /**
         * Adds a model.
         *
         * @param streamingOrNull the same model with streamed answers; null when it has none
         */
        public Builder model(String id, ChatModel whole, @Nullable StreamingChatModel streamingOrNull) {
            return add(id, LangChain4jModelEntry.withDefaultCapabilities(whole, streamingOrNull));
        }

        /** Adds a model with its capabilities, where they are not what LangChain4j's vocabulary allows. */
        public Builder model(
                String id, ChatModel whole, @Nullable StreamingChatModel streamingOrNull, Set<Capability> able) {
            return add(id, new LangChain4jModelEntry(whole, streamingOrNull, Set.copyOf(able)));
        }

        private Builder add(String id, LangChain4jModelEntry model) {
            add(id, model.capabilities());
            models.put(id, model);
            return this;
        }

        private LangChain4jResponseReader responses() {
            return new LangChain4jResponseReader(usageReader());
        }

        /** Returns the provider. */
        public LangChain4jProvider build() {
            return new LangChain4jProvider(this);
        }
    }
}
