package dev.architect.provider.perplexity;

import dev.architect.chat.ChatListener;
import dev.architect.embedding.EmbeddingAnswer;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.model.Capability;
import dev.architect.model.ModelInfo;
import dev.architect.model.ProviderHealth;
import dev.architect.provider.http.HttpProviderBuilder;
import dev.architect.provider.http.ModelReader;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.SecretSource;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Perplexity, through its Agent API. Models are named as there, for example {@code perplexity/sonar}; the answer names the
 * model that ran. The key is the secret {@value #KEY}.
 *
 * <p>The web is searched, for a fee, by calls that need {@link Capability#WEB_SEARCH} and, on the Agent API, by no others.
 * Perplexity states what each call cost. Its probe fetches the list of models, which needs no key: it shows whether the service
 * is there, not whether it takes the key.
 *
 * <p>Options of a request, all with the prefix {@code perplexity.}:
 *
 * <ul>
 *   <li>what is searched: {@code search_domains} (with commas between them, a hyphen before what is left out), {@code
 *       search_recency} (hour, day, week, month, year), {@code search_after}, {@code search_before}, {@code updated_after}, {@code
 *       updated_before} (such as 2026-11-22), {@code search_context} (low, medium, high), {@code user_country}, {@code
 *       user_region}, {@code user_city}, {@code user_latitude}, {@code user_longitude}; {@code language} of the answer
 *   <li>of the Agent API: {@code preset}, {@code tools} (some of fetch_url, people_search, finance_search, sandbox), {@code
 *       fetch_urls} (how many addresses a fetch may read), {@code force_search}, {@code search_tokens}, {@code
 *       search_tokens_per_page}, {@code max_steps} (1 to 10), {@code max_tool_calls} (0 for none), {@code previous_response} (an
 *       id), {@code store}
 *   <li>of Sonar Chat: {@code search_mode} (web, academic, sec), {@code search_type} (fast, pro, auto), {@code disable_search}
 * </ul>
 */
public final class PerplexityProvider implements ModelProvider {

    /** Name of this provider in model ids, prices and reports, unless {@link Builder#name} gives another. */
    public static final String NAME = "perplexity";

    /** Name of the secret that holds the key. */
    public static final String KEY = "PERPLEXITY_API_KEY";

    /** The most tokens of an answer of a model that requires a limit, when neither request nor builder sets one. */
    public static final int DEFAULT_MAX_OUTPUT_TOKENS = 8192;

    private static final HttpRequest MODELS = HttpRequest.get("/v1/models");

    private final ProviderHttp http;
    private final PerplexityApi api;

    private PerplexityProvider(Builder builder, ProviderHttp.Builder endpoint) {
        this.http = endpoint.key("authorization", "Bearer ", builder.secrets, KEY)
                .errors(PerplexityErrorReader::of)
                .build();
        this.api = builder.sonarChat ? new PerplexitySonarApi(http, builder) : new PerplexityAgentApi(http, builder);
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
        return api.capabilities(model);
    }

    @Override
    public ProviderAnswer chat(ProviderCall call) {
        check(call);
        return api.chat(call);
    }

    @Override
    public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
        check(call, Capability.STREAMING);
        return api.stream(call, listener);
    }

    /** The Agent API's list, without its prices; Sonar Chat has none. */
    @Override
    public List<ModelInfo> models(Duration timeout) {
        if (!api.listsModels()) {
            return ModelProvider.super.models(timeout);
        }
        return ModelReader.models(http, MODELS, timeout);
    }

    @Override
    public EmbeddingAnswer embed(EmbeddingCall call) {
        return PerplexityEmbeddingCall.embed(call, http);
    }

    @Override
    public ProviderHealth probe() {
        return http.probe(MODELS, body -> body.path("data").isArray());
    }

    @Override
    public void close() {
        http.close();
    }

    private void check(ProviderCall call, Capability... also) {
        if (PerplexityModelCapabilities.isEmbedding(call.model())) {
            throw http.unsupported(call, "model makes vectors, expected one that answers");
        }
        http.guard().require(call, capabilities(call.model()), also);
    }

    /**
     * Collects what the provider needs. The service is at {@code https://api.perplexity.ai} by default.
     * Not safe for use by several threads.
     */
    public static final class Builder extends HttpProviderBuilder<Builder> {
        private final SecretSource secrets;
        private boolean sonarChat;
        private @Nullable String path;
        int maxOutputTokens = DEFAULT_MAX_OUTPUT_TOKENS;
        String presetField = "preset";
        boolean presetsChooseModel;

        private Builder(SecretSource secrets) {
            super(NAME, "https://api.perplexity.ai");
            this.secrets = secrets;
        }

        /**
         * The path of calls below the base URL; {@code /v1/agent} by default, {@code /v1/responses} means the same. With
         * {@link #sonarChat} the default is {@code /chat/completions}.
         */
        public Builder path(String below) {
            if (!below.startsWith("/")) {
                throw new IllegalArgumentException("path is '" + below + "', expected one that starts with /");
            }
            this.path = below;
            return this;
        }

        /**
         * Uses Sonar Chat Completions, for old servers and proxies: Perplexity itself ended them on 2026-09-27. Models are
         * named {@code sonar}, {@code sonar-pro} and so on. Off by default.
         */
        public Builder sonarChat() {
            this.sonarChat = true;
            return this;
        }

        /**
         * The most tokens of an answer whose request sets no limit, of models that require one, which are those of
         * {@code anthropic/}; {@value #DEFAULT_MAX_OUTPUT_TOKENS} by default.
         */
        public Builder maxOutputTokens(int tokens) {
            if (tokens < 1) {
                throw new IllegalArgumentException("maxOutputTokens is " + tokens + ", expected 1 or more");
            }
            this.maxOutputTokens = tokens;
            return this;
        }

        /** The field that carries the option {@code preset}: {@code preset} by default, {@code effort} in newer documentation. */
        public Builder presetField(String field) {
            if (!field.equals("preset") && !field.equals("effort")) {
                throw new IllegalArgumentException("presetField is '" + field + "', expected preset or effort");
            }
            this.presetField = field;
            return this;
        }

        /**
         * Lets a preset run the model of its own choice: calls with one name no model. Their prompts may go to another vendor
         * than the requested one, and their price is not known beforehand. Off by default.
         */
        public Builder presetsChooseModel() {
            this.presetsChooseModel = true;
            return this;
        }

        String path() {
            return path != null ? path : sonarChat ? "/chat/completions" : "/v1/agent";
        }

        /** Returns the provider. */
        public PerplexityProvider build() {
            return new PerplexityProvider(this, http());
        }
    }
}
