package dev.architect.provider.perplexity;

import dev.architect.chat.ChatListener;
import dev.architect.model.Capability;
import dev.architect.model.ProviderHealth;
import dev.architect.provider.http.HttpProviderBuilder;
import dev.architect.provider.http.HttpRequest;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.provider.http.StreamFormat;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.SecretSource;
import java.util.Set;

/**
 * Perplexity, through its Agent API. Models are named as there, for example {@code perplexity/sonar}; the answer names the
 * model that ran. The key is the secret {@value #KEY}.
 *
 * <p>The web is searched, for a fee, by calls that need {@link Capability#WEB_SEARCH} and by no others. Perplexity states what
 * each call cost. Its probe asks for the list of models, which needs no key: it tells whether the service is there, not whether
 * it takes the key.
 */
public final class PerplexityProvider implements ModelProvider {

    /** Name of this provider in model ids, prices and reports. */
    public static final String NAME = "perplexity";

    /** Name of the secret that holds the key. */
    public static final String KEY = "PERPLEXITY_API_KEY";

    /** The most tokens of an answer of a model that must be told a limit, when neither request nor builder sets one. */
    public static final int DEFAULT_MAX_OUTPUT_TOKENS = 8192;

    private final ProviderHttp http;
    private final PerplexityRequests requests;

    private PerplexityProvider(Builder builder, ProviderHttp.Builder endpoint) {
        this.http = endpoint.key("authorization", "Bearer ", builder.secrets, KEY)
                .errors(PerplexityErrors::of)
                .build();
        this.requests = new PerplexityRequests(builder.path, builder.maxOutputTokens);
    }

    /** Returns a builder that finds the key in {@code secrets}, at each call. */
    public static Builder builder(SecretSource secrets) {
        return new Builder(secrets);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Capability> capabilities(String model) {
        return PerplexityModels.capabilities(model);
    }

    @Override
    public ProviderAnswer chat(ProviderCall call) {
        http.require(call, capabilities(call.model()));
        return http.chat(call, requests.whole(call), PerplexityStream::whole);
    }

    @Override
    public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
        http.require(call, capabilities(call.model()), Capability.STREAMING);
        return http.stream(call, requests.streamed(call), StreamFormat.SSE, listener, PerplexityStream::new);
    }

    @Override
    public ProviderHealth probe() {
        return http.probe(
                HttpRequest.get("/v1/models"), body -> body.path("data").isArray());
    }

    @Override
    public void close() {
        http.close();
    }

    /**
     * Collects what the provider needs. The service is at {@code https://api.perplexity.ai} by default.
     * Not safe for use by several threads.
     */
    public static final class Builder extends HttpProviderBuilder<Builder> {
        private final SecretSource secrets;
        private String path = "/v1/agent";
        private int maxOutputTokens = DEFAULT_MAX_OUTPUT_TOKENS;

        private Builder(SecretSource secrets) {
            super(NAME, "https://api.perplexity.ai");
            this.secrets = secrets;
        }

        /** The path of calls below the base URL; {@code /v1/agent} by default, {@code /v1/responses} means the same. */
        public Builder path(String below) {
            if (!below.startsWith("/")) {
                throw new IllegalArgumentException("path is '" + below + "', expected one that starts with /");
            }
            this.path = below;
            return this;
        }

        /**
         * The most tokens of an answer whose request sets no limit, of models that must be told one, which are those of
         * {@code anthropic/}; {@value #DEFAULT_MAX_OUTPUT_TOKENS} by default.
         */
        public Builder maxOutputTokens(int tokens) {
            if (tokens < 1) {
                throw new IllegalArgumentException("maxOutputTokens is " + tokens + ", expected 1 or more");
            }
            this.maxOutputTokens = tokens;
            return this;
        }

        /** Returns the provider. */
        public PerplexityProvider build() {
            return new PerplexityProvider(this, http());
        }
    }
}
