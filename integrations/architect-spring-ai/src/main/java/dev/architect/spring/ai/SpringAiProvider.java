package dev.architect.spring.ai;

import dev.architect.library.bridge.LibraryProvider;
import dev.architect.model.Capability;
import dev.architect.spi.AnswerAssembler;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.usage.TokenUsage;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatModel;
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
 * <p>A request is sent with the model's own options, changed where the request sets them. Turn off the retries of the
 * models: the router retries, and records every call. Each call runs on a thread of its own, so deadline and interruption hold
 * even with a model that ignores them; what its caller's thread carries, such as a trace, is not there. Safe for use by several
 * threads as far as the models are.
 */
public final class SpringAiProvider extends LibraryProvider {

    private final Map<String, SpringAiModelEntry> models;
    private final Function<Usage, TokenUsage> usage;
    private final Scheduler scheduler;

    private SpringAiProvider(Builder builder) {
        super(builder, SpringAiFailureReader::read);
        this.models = Map.copyOf(builder.models);
        this.usage = builder.counts();
        this.scheduler = Schedulers.fromExecutor(calls().executor());
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
        ChatModel model = model(call);
        Prompt prompt = prompt(call, model);
        SpringAiResponseReader reader = new SpringAiResponseReader(answer, usage);
        reader.readChunk(calls().execute(call, answer, running -> running.complete(model.call(prompt))));
        return reader.finish();
    }

    @Override
    protected ProviderAnswer stream(ProviderCall call, AnswerAssembler answer) {
        ChatModel model = model(call);
        Prompt prompt = prompt(call, model);
        SpringAiResponseReader reader = new SpringAiResponseReader(answer, usage);
        calls().<Boolean>execute(
                        call,
                        answer,
                        running -> SpringAiStreamReader.subscribe(model.stream(prompt), scheduler, running, reader));
        return reader.finish();
    }

    @Override
    public void close() {
        // First: streams in flight stop handing out work before the threads that run it are interrupted.
        scheduler.dispose();
        super.close();
    }

    private ChatModel model(ProviderCall call) {
        return Objects.requireNonNull(models.get(call.model()), "calls of other models are refused before")
                .chatModel();
    }

    private Prompt prompt(ProviderCall call, ChatModel model) {
        return new SpringAiRequestWriter(name(), explanation -> guard().unsupported(call, explanation))
                .write(call.request(), model.getOptions());
    }

    /**
     * Collects what the provider needs. Unless {@link #usage} sets another way, cached tokens are read as part of the prompt's, but
     * for Anthropic's and Bedrock's counts and where there are more of them; a vendor's own counts beside them are not read. Not
     * safe for use by several threads.
     */
    public static final class Builder extends LibraryProvider.Builder<Usage, Builder> {
        private final Map<String, SpringAiModelEntry> models = new HashMap<>();

        private Builder(String name) {
            super(name, SpringAiUsageReader::read);
        }

        /**
         * Adds a model with the capabilities that its options can express.
         *
         * @param id what the model is called in model ids after the provider's name
         */
        public Builder model(String id, ChatModel chat) {
            return add(id, SpringAiModelEntry.withDefaultCapabilities(chat));
        }

        /** Adds a model with its capabilities, where they are not what its options can express. */
        public Builder model(String id, ChatModel chat, Set<Capability> able) {
            return add(id, new SpringAiModelEntry(chat, Set.copyOf(able)));
        }

        private Builder add(String id, SpringAiModelEntry model) {
            add(id, model.capabilities());
            models.put(id, model);
            return this;
        }

        private Function<Usage, TokenUsage> counts() {
            return usageReader();
        }

        /** Returns the provider. */
        public SpringAiProvider build() {
            return new SpringAiProvider(this);
        }
    }
}
