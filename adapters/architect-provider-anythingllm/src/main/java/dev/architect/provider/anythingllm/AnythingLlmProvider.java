package dev.architect.provider.anythingllm;

import dev.architect.chat.ChatListener;
import dev.architect.embedding.EmbeddingAnswer;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.model.Capability;
import dev.architect.model.ModelInfo;
import dev.architect.model.ProviderHealth;
import dev.architect.provider.http.HttpProviderBuilder;
import dev.architect.provider.http.ModelReader;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.provider.http.StreamFormat;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.SecretSource;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The workspaces of an AnythingLLM server: a workspace has documents, a model of its own and a prompt of its own, and answers
 * from them. The model of a call is the workspace's slug; the answer names the model behind it, for example
 * {@code OllamaAILLM/qwen3:8b}. The key is the secret {@value #KEY}.
 *
 * <p>A call brings one text, with images and documents beside it: system text, limits, tools and temperature belong to the
 * workspace, and the earlier messages to the server. Each call is a conversation of its own unless an option names the one it
 * goes on with. A document whose text the server cannot read is passed over by it in silence. The counts of the server are
 * partly its own estimates, so usage is always estimated.
 *
 * <p>Options of a request: {@code anythingllm.mode} ({@code automatic}, {@code chat} or {@code query}),
 * {@code anythingllm.session} (the name of a conversation that the server keeps, made up by the caller),
 * {@code anythingllm.thread} (the slug of a thread of the workspace, in place of a session) and {@code anythingllm.reset}
 * ({@code true} forgets the earlier messages).
 */
public final class AnythingLlmProvider implements ModelProvider {

    /** Name of this provider in model ids, prices and reports, unless {@link Builder#name} gives another. */
    public static final String NAME = "anythingllm";

    /** Name of the secret that holds the key. */
    public static final String KEY = "ANYTHINGLLM_API_KEY";

    private static final Set<Capability> CAPABILITIES = Collections.unmodifiableSet(EnumSet.of(
            Capability.STREAMING,
            Capability.DOCUMENTS,
            Capability.IMAGES,
            Capability.DOCUMENT_INPUT,
            Capability.EMBEDDINGS));

    private final ProviderHttp http;
    private final AnythingLlmRequestWriter requests;

    private AnythingLlmProvider(Builder builder, ProviderHttp.Builder endpoint) {
        this.http = endpoint.key("authorization", "Bearer ", builder.secrets, KEY)
                .errors(AnythingLlmErrorReader::of)
                .build();
        this.requests = new AnythingLlmRequestWriter(http, builder.time, builder.mode);
    }

    /** Returns a builder that finds the key in {@code secrets}, at each call. */
    public static Builder builder(SecretSource secrets) {
        return new Builder(secrets);
    }

    @Override
    public String name() {
        return http.provider();
    }

    @Override
    public Set<Capability> capabilities(String model) {
        return CAPABILITIES;
    }

    @Override
    public ProviderAnswer chat(ProviderCall call) {
        http.guard().require(call, capabilities(call.model()));
        return http.chat(call, requests.whole(call), AnythingLlmStreamReader::whole);
    }

    @Override
    public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
        http.guard().require(call, capabilities(call.model()), Capability.STREAMING);
        return http.stream(call, requests.streamed(call), StreamFormat.SSE, listener, AnythingLlmStreamReader::new);
    }

    /** Returns the workspaces. */
    @Override
    public List<ModelInfo> models(Duration timeout) {
        return ModelReader.models(http, HttpRequest.get("/v1/openai/models"), timeout);
    }

    /** Uses the server's one embedder, whatever the workspace; the answer names it. */
    @Override
    public EmbeddingAnswer embed(EmbeddingCall call) {
        return http.call(
                call.model(),
                AnythingLlmEmbeddingCall.request(call, http),
                call.timeout(),
                (body, exchange) -> AnythingLlmEmbeddingCall.read(call, body, exchange));
    }

    /** Checks whether the server answers, and then whether it accepts the key. */
    @Override
    public ProviderHealth probe() {
        ProviderHealth server =
                http.probe(HttpRequest.get("/ping"), body -> body.path("online").asBoolean(false));
        return server.usable()
                ? http.probe(
                        HttpRequest.get("/v1/auth"),
                        body -> body.path("authenticated").asBoolean(false))
                : server;
    }

    @Override
    public void close() {
        http.close();
    }

    /**
     * Collects what the provider needs. The server's API is at {@code http://localhost:3001/api} by default.
     * Not safe for use by several threads.
     */
    public static final class Builder extends HttpProviderBuilder<Builder> {
        private final SecretSource secrets;
        private TimeSource time = TimeSource.system();
        private @Nullable AnythingLlmMode mode;

        private Builder(SecretSource secrets) {
            super(NAME, "http://localhost:3001/api");
            this.secrets = secrets;
        }

        /** Draws the names of conversations; {@link TimeSource#system()} by default. */
        public Builder time(TimeSource source) {
            this.time = source;
            return this;
        }

        /** The mode of workspaces for calls without one; by default each workspace has its own. */
        public Builder mode(AnythingLlmMode value) {
            this.mode = value;
            return this;
        }

        /** Returns the provider. */
        public AnythingLlmProvider build() {
            return new AnythingLlmProvider(this, http());
        }
    }
}
