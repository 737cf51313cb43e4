package dev.architect.provider.gemini;

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
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Google's Gemini. The key is the secret {@value #KEY}.
 *
 * <p>Gemini counts the tokens of its reasoning apart from those of its text and bills both as output; a limit of produced
 * tokens covers both, so a small one may leave no text at all. A web search ({@link Capability#WEB_SEARCH} among the needs of
 * a request) goes without tools. Caching is the service's own business; a cache that exists is named by an option.
 *
 * <p>Options: {@code gemini.service_tier} is {@code standard}, {@code flex} or {@code priority}; {@code gemini.cached_content}
 * names a cache such as {@code cachedContents/abc}, which holds system text and tools.
 */
public final class GeminiProvider implements ModelProvider {

    /** Name of this provider in model ids, prices and reports, unless {@link Builder#name} gives another. */
    public static final String NAME = "gemini";

    /** Name of the secret that holds the key. */
    public static final String KEY = "GEMINI_API_KEY";

    private final ProviderHttp http;

    private GeminiProvider(Builder builder, ProviderHttp.Builder endpoint) {
        this.http = endpoint.key("x-goog-api-key", "", builder.secrets, KEY)
                .errors(GeminiErrorReader::of)
                .build();
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
        return GeminiModel.of(model).capabilities();
    }

    @Override
    public ProviderAnswer chat(ProviderCall call) {
        http.guard().require(call, capabilities(call.model()));
        return http.chat(call, GeminiRequestWriter.whole(call, http), GeminiStreamReader::whole);
    }

    @Override
    public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
        http.guard().require(call, capabilities(call.model()), Capability.STREAMING);
        return http.stream(
                call, GeminiRequestWriter.streamed(call, http), StreamFormat.SSE, listener, GeminiStreamReader::new);
    }

    @Override
    public List<ModelInfo> models(Duration timeout) {
        return GeminiModelListReader.models(http, timeout);
    }

    @Override
    public long countTokens(ProviderCall call) {
        http.guard().require(call, capabilities(call.model()), Capability.TOKEN_COUNT);
        return http.call(
                call.model(),
                GeminiRequestWriter.count(call, http),
                call.timeout(),
                (answer, exchange) -> ModelReader.tokenCount(answer.path("totalTokens"), exchange));
    }

    @Override
    public EmbeddingAnswer embed(EmbeddingCall call) {
        return GeminiEmbeddingCall.embed(call, http);
    }

    @Override
    public ProviderHealth probe() {
        return http.probe(
                HttpRequest.get("/v1beta/models?pageSize=1"),
                body -> body.path("models").isArray());
    }

    @Override
    public void close() {
        http.close();
    }

    /**
     * Collects what the provider needs. The service is at {@code https://generativelanguage.googleapis.com} by default.
     * Not safe for use by several threads.
     */
    public static final class Builder extends HttpProviderBuilder<Builder> {
        private final SecretSource secrets;

        private Builder(SecretSource secrets) {
            super(NAME, "https://generativelanguage.googleapis.com");
            this.secrets = secrets;
        }

        /** Returns the provider. */
        public GeminiProvider build() {
            return new GeminiProvider(this, http());
        }
    }
}
