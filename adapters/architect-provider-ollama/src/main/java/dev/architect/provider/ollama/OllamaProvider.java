package dev.architect.provider.ollama;

import dev.architect.chat.ChatListener;
import dev.architect.embedding.EmbeddingAnswer;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.model.Capability;
import dev.architect.model.ModelInfo;
import dev.architect.model.ProviderException;
import dev.architect.model.ProviderHealth;
import dev.architect.provider.http.HttpProviderBuilder;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.provider.http.StreamFormat;
import dev.architect.provider.http.message.HttpLimits;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.SecretSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The models of an Ollama server. A server of one's own needs no key; a hosted one takes the secret {@value #KEY}.
 *
 * <p>The first call of a model may wait for minutes while the server loads it. A prompt that does not fit into the window that
 * the server gave the model fails with kind {@code CONTEXT_TOO_LONG}; left alone, Ollama would drop its beginning in silence.
 *
 * <p>What a model can do follows from its name, from {@link Builder#capabilities}, or from the server when it is queried with
 * {@link #describe}. No model takes a tool choice. Options of a request: {@code ollama.num_ctx}
 * (tokens of the window), {@code ollama.keep_alive} (how long the model stays loaded, for example {@code 5m}, {@code 0} or
 * {@code -1}), {@code ollama.truncate} ({@code true} lets the server shorten a long prompt), {@code ollama.seed},
 * {@code ollama.top_k}, {@code ollama.top_p}, {@code ollama.min_p}, {@code ollama.repeat_penalty}.
 */
public final class OllamaProvider implements ModelProvider {

    /** Name of this provider in model ids, prices and reports, unless {@link Builder#name} gives another. */
    public static final String NAME = "ollama";

    /** Name of the secret that holds the key of a hosted server. */
    public static final String KEY = "OLLAMA_API_KEY";

    private static final Duration LOADING = Duration.ofMinutes(10);

    private final ProviderHttp http;
    private final OllamaRequestWriter requests;
    private final OllamaModelList modelList;
    private final Map<String, Set<Capability>> stated;

    private OllamaProvider(Builder builder, ProviderHttp.Builder endpoint) {
        this.http = endpoint.optionalKey("authorization", "Bearer ", builder.secrets, KEY)
                .errors(OllamaErrorReader::of)
                .build();
        this.requests = new OllamaRequestWriter(http);
        this.modelList = new OllamaModelList(http);
        this.stated = Map.copyOf(builder.stated);
    }

    /** Returns the server of this machine, on Ollama's usual port. */
    public static OllamaProvider local() {
        return builder().build();
    }

    /** Returns a builder. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return http.provider();
    }

    @Override
    public Set<Capability> capabilities(String model) {
        return stated.getOrDefault(model, OllamaModelCapabilities.capabilities(model));
    }

    @Override
    public ProviderAnswer chat(ProviderCall call) {
        http.guard().require(call, capabilities(call.model()));
        return http.chat(call, requests.whole(call), OllamaStreamReader::whole);
    }

    @Override
    public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
        http.guard().require(call, capabilities(call.model()), Capability.STREAMING);
        return http.stream(call, requests.streamed(call), StreamFormat.NDJSON, listener, OllamaStreamReader::new);
    }

    /** Returns what the server has, with the window that it gives to those that are loaded; others' is unknown. */
    @Override
    public List<ModelInfo> models(Duration timeout) {
        return modelList.models(timeout);
    }

    @Override
    public EmbeddingAnswer embed(EmbeddingCall call) {
        if (!capabilities(call.model()).contains(Capability.EMBEDDINGS)) {
            return ModelProvider.super.embed(call);
        }
        return http.call(
                call.model(),
                OllamaRequestWriter.embed(call),
                call.timeout(),
                (body, exchange) -> OllamaEmbeddingReader.read(call, body, exchange));
    }

    /**
     * Fetches what a model can do and which context window it was made for.
     *
     * @param timeout the longest time from the send to the end of the answer
     * @throws ProviderException when it fails; of kind {@code MODEL_NOT_FOUND} when the server does not have the model
     */
    public OllamaModel describe(String model, Duration timeout) {
        return modelList.describe(model, timeout);
    }

    /**
     * Makes the server download a model, or a newer state of one, and returns when it has it. The same model may be asked for
     * again after a failure; what was fetched before is kept.
     *
     * @param timeout the longest time for all of it
     * @param listener gets the progress on the calling thread; what it throws ends the call
     * @throws ProviderException when it fails; of kind {@code MODEL_NOT_FOUND} when there is no such model
     */
    public void pull(String model, Duration timeout, Consumer<OllamaPullProgress> listener) {
        modelList.pull(model, timeout, listener);
    }

    @Override
    public ProviderHealth probe() {
        return http.probe(
                HttpRequest.get("/api/version"), body -> body.path("version").isTextual());
    }

    @Override
    public void close() {
        http.close();
    }

    /**
     * Collects what the provider needs. The server is at {@code http://localhost:11434} by default, and 10 minutes of silence
     * are allowed, for the time of loading. Not safe for use by several threads.
     */
    public static final class Builder extends HttpProviderBuilder<Builder> {
        private final Map<String, Set<Capability>> stated = new HashMap<>();
        private SecretSource secrets = name -> Optional.empty();

        private Builder() {
            super(NAME, "http://localhost:11434");
            limits(HttpLimits.defaults().withIdleTimeout(LOADING));
        }

        /** Finds the key of a hosted server, at each call; without one, calls carry no key. No secrets by default. */
        public Builder secrets(SecretSource source) {
            this.secrets = source;
            return this;
        }

        /**
         * States what a model can do, for example what {@link OllamaProvider#describe} has returned; by default its name decides.
         */
        public Builder capabilities(String model, Set<Capability> all) {
            stated.put(model, Set.copyOf(all));
            return this;
        }

        /** Returns the provider. */
        public OllamaProvider build() {
            return new OllamaProvider(this, http());
        }
    }
}
