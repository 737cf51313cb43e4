package dev.architect.langchain4j;

import dev.architect.chat.ChatListener;
import dev.architect.library.bridge.FailureReader;
import dev.architect.library.bridge.LibraryCallExecutor;
import dev.architect.model.Capability;
import dev.architect.model.ModelId;
import dev.architect.model.ModelInfo;
import dev.architect.model.ProviderHealth;
import dev.architect.spi.AnswerAssembler;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.TimeSource;
import dev.architect.usage.TokenUsage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
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
 * <p>Turn off the retries of the models ({@code maxRetries(0)} with most): the router tries again, and books every call. Each
 * call runs on a thread of its own, so deadline and interruption hold even with a model that ignores them. LangChain4j's own
 * counts are prompt and answer; say with {@link Builder#usage} how a vendor's finer ones are read. Safe for use by several
 * threads as far as the models are.
 */
public final class LangChain4jProvider implements ModelProvider {

    private final String name;
    private final Map<String, LangChain4jModelEntry> models;
    private final Function<ChatResponse, TokenUsage> usage;
    private final LibraryCallExecutor calls;

    private LangChain4jProvider(Builder builder) {
        this.name = builder.name;
        this.models = Map.copyOf(builder.models);
        this.usage = builder.usage;
        this.calls = new LibraryCallExecutor(name, builder.time, builder.failures.or(LangChain4jFailureReader::read));
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
    public String name() {
        return name;
    }

    /** Returns what the model can do, nothing for one that was not given. */
    @Override
    public Set<Capability> capabilities(String model) {
        LangChain4jModelEntry known = models.get(model);
        return known == null ? Set.of() : known.capabilities();
    }

    @Override
    public ProviderAnswer chat(ProviderCall call) {
        LangChain4jModelEntry model = model(call);
        calls.require(call, model.capabilities());
        ChatRequest request = request(call);
        AnswerAssembler answer = AnswerAssembler.silent(new ModelId(name, call.model()), call.request());
        ChatResponse response =
                calls.run(call, answer, flight -> flight.complete(model.whole().chat(request)));
        return new LangChain4jResponseReader(usage).of(response, answer);
    }

    @Override
    public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
        LangChain4jModelEntry model = model(call);
        calls.require(call, model.capabilities(), Capability.STREAMING);
        ChatRequest request = request(call);
        AnswerAssembler answer = AnswerAssembler.of(new ModelId(name, call.model()), call.request(), listener);
        ChatResponse response = calls.run(
                call, answer, flight -> model.streaming().chat(request, new LangChain4jStreamReader(flight, answer)));
        return new LangChain4jResponseReader(usage).of(response, answer);
    }

    /** Returns the models that were given. */
    @Override
    public List<ModelInfo> models(Duration timeout) {
        return models.keySet().stream().sorted().map(ModelInfo::hosted).toList();
    }

    /** Says that the provider is up: LangChain4j has no question that is cheaper than a chat. */
    @Override
    public ProviderHealth probe() {
        return ProviderHealth.up();
    }

    /** Interrupts calls in flight, which fail. The models stay as they are: who made them closes them. */
    @Override
    public void close() {
        calls.close();
    }

    private LangChain4jModelEntry model(ProviderCall call) {
        LangChain4jModelEntry model = models.get(call.model());
        if (model == null) {
            throw calls.unsupported(call.model(), "model is not one of the " + models.size() + " that were given");
        }
        return model;
    }

    private ChatRequest request(ProviderCall call) {
        return new LangChain4jRequestWriter(name, words -> calls.unsupported(call.model(), words)).of(call.request());
    }

    /** Collects what the provider needs. Not safe for use by several threads. */
    public static final class Builder {
        private final String name;
        private final Map<String, LangChain4jModelEntry> models = new LinkedHashMap<>();
        private TimeSource time = TimeSource.system();
        private FailureReader failures = FailureReader.none();
        private Function<ChatResponse, TokenUsage> usage = LangChain4jResponseReader::usage;

        private Builder(String name) {
            if (name.isBlank() || name.indexOf('/') >= 0) {
                throw new IllegalArgumentException("name is '" + name + "', expected one without a slash");
            }
            this.name = name;
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
         * @param streamingOrNull the same model, answering piece by piece; null when it cannot
         */
        public Builder model(String id, ChatModel whole, @Nullable StreamingChatModel streamingOrNull) {
            return add(id, LangChain4jModelEntry.assumed(whole, streamingOrNull));
        }

        /** Adds a model and says what it can do, where that is not what LangChain4j's vocabulary allows. */
        public Builder model(
                String id, ChatModel whole, @Nullable StreamingChatModel streamingOrNull, Set<Capability> able) {
            return add(id, new LangChain4jModelEntry(whole, streamingOrNull, Set.copyOf(able)));
        }

        private Builder add(String id, LangChain4jModelEntry model) {
            if (id.isBlank() || models.putIfAbsent(id, model) != null) {
                throw new IllegalArgumentException("model is '" + id + "', expected a name that was not given before");
            }
            return this;
        }

        /**
         * How the counts of an answer are read. LangChain4j's own two by default: input tokens, cached ones perhaps included,
         * and output tokens.
         */
        public Builder usage(Function<ChatResponse, TokenUsage> reader) {
            this.usage = reader;
            return this;
        }

        /** What a vendor's own exceptions mean, asked before LangChain4j's are looked at; nothing by default. */
        public Builder failures(FailureReader reader) {
            this.failures = reader;
            return this;
        }

        /** By which deadlines are kept; the system's clocks by default. */
        public Builder time(TimeSource source) {
            this.time = source;
            return this;
        }

        /** Returns the provider. */
        public LangChain4jProvider build() {
            if (models.isEmpty()) {
                throw new IllegalStateException("provider '" + name + "' has 0 models, expected 1 or more");
            }
            return new LangChain4jProvider(this);
        }
    }
}
