package dev.architect.spring.ai;

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
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Chat models of Spring AI as one provider:
 *
 * <pre>
 * ModelProvider mistral = SpringAiProvider.builder("mistral")
 *         .model("mistral-large-latest", chatModel)
 *         .build();
 * </pre>
 *
 * <p>A request is asked with the model's own options, changed where the request says something. Turn off the retries of the
 * models: the router tries again, and books every call. Each call runs on a thread of its own, so deadline and interruption hold
 * even with a model that ignores them; what its caller's thread carries, such as a trace, is not there. Safe for use by several
 * threads as far as the models are.
 */
public final class SpringAiProvider implements ModelProvider {

    private final String name;
    private final Map<String, SpringAiModelEntry> models;
    private final Function<Usage, TokenUsage> usage;
    private final LibraryCallExecutor calls;
    private final Scheduler scheduler;

    private SpringAiProvider(Builder builder) {
        this.name = builder.name;
        this.models = Map.copyOf(builder.models);
        this.usage = builder.usage;
        this.calls = new LibraryCallExecutor(name, builder.time, builder.failures.or(SpringAiFailureReader::read));
        this.scheduler = Schedulers.fromExecutor(calls.executor());
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
        SpringAiModelEntry known = models.get(model);
        return known == null ? Set.of() : known.capabilities();
    }

    @Override
    public ProviderAnswer chat(ProviderCall call) {
        SpringAiModelEntry model = model(call);
        calls.require(call, model.capabilities());
        Prompt prompt = prompt(call, model);
        AnswerAssembler answer = AnswerAssembler.silent(new ModelId(name, call.model()), call.request());
        ChatResponse response =
                calls.run(call, answer, flight -> flight.complete(model.chat().call(prompt)));
        SpringAiResponseReader reader = new SpringAiResponseReader(answer, usage);
        reader.hear(response);
        return reader.end();
    }

    @Override
    public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
        SpringAiModelEntry model = model(call);
        calls.require(call, model.capabilities(), Capability.STREAMING);
        Prompt prompt = prompt(call, model);
        AnswerAssembler answer = AnswerAssembler.of(new ModelId(name, call.model()), call.request(), listener);
        SpringAiResponseReader reader = new SpringAiResponseReader(answer, usage);
        calls.<Boolean>run(
                call,
                answer,
                flight -> SpringAiStreamReader.hear(model.chat().stream(prompt), scheduler, flight, reader));
        return reader.end();
    }

    /** Returns the models that were given. */
    @Override
    public List<ModelInfo> models(Duration timeout) {
        return models.keySet().stream().sorted().map(ModelInfo::hosted).toList();
    }

    /** Says that the provider is up: Spring AI has no question that is cheaper than a chat. */
    @Override
    public ProviderHealth probe() {
        return ProviderHealth.up();
    }

    /** Interrupts calls in flight, which fail. The models stay as they are: who made them closes them. */
    @Override
    public void close() {
        scheduler.dispose();
        calls.close();
    }

    private SpringAiModelEntry model(ProviderCall call) {
        SpringAiModelEntry model = models.get(call.model());
        if (model == null) {
            throw calls.unsupported(call.model(), "model is not one of the " + models.size() + " that were given");
        }
        return model;
    }

    private Prompt prompt(ProviderCall call, SpringAiModelEntry model) {
        return new SpringAiRequestWriter(name, words -> calls.unsupported(call.model(), words))
                .of(call.request(), model.chat().getOptions());
    }

    /** Collects what the provider needs. Not safe for use by several threads. */
    public static final class Builder {
        private final String name;
        private final Map<String, SpringAiModelEntry> models = new LinkedHashMap<>();
        private TimeSource time = TimeSource.system();
        private FailureReader failures = FailureReader.none();
        private Function<Usage, TokenUsage> usage = SpringAiUsageReader::of;

        private Builder(String name) {
            if (name.isBlank() || name.indexOf('/') >= 0) {
                throw new IllegalArgumentException("name is '" + name + "', expected one without a slash");
            }
            this.name = name;
        }

        /**
         * Adds a model that can do what its options have words for.
         *
         * @param id what the model is called in model ids after the provider's name
         */
        public Builder model(String id, ChatModel chat) {
            return add(id, SpringAiModelEntry.assumed(chat));
        }

        /** Adds a model and says what it can do, where that is not what its options have words for. */
        public Builder model(String id, ChatModel chat, Set<Capability> able) {
            return add(id, new SpringAiModelEntry(chat, Set.copyOf(able)));
        }

        private Builder add(String id, SpringAiModelEntry model) {
            if (id.isBlank() || models.putIfAbsent(id, model) != null) {
                throw new IllegalArgumentException("model is '" + id + "', expected a name that was not given before");
            }
            return this;
        }

        /**
         * How the counts of an answer are read. By default cached tokens are part of the prompt's, but for Anthropic's and
         * Bedrock's counts and where there are more of them; what a vendor's own counts say besides is not read.
         */
        public Builder usage(Function<Usage, TokenUsage> reader) {
            this.usage = reader;
            return this;
        }

        /** What a vendor's own exceptions mean, asked before Spring AI's are looked at; nothing by default. */
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
        public SpringAiProvider build() {
            if (models.isEmpty()) {
                throw new IllegalStateException("provider '" + name + "' has 0 models, expected 1 or more");
            }
            return new SpringAiProvider(this);
        }
    }
}
