package dev.architect.provider.claude;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
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
 * Anthropic's Claude. The key is the secret {@value #KEY}.
 *
 * <p>Claude requires a limit of output tokens: a request without a limit gets {@value #DEFAULT_MAX_OUTPUT_TOKENS} tokens
 * unless the builder sets another one. An answer that may be very long is streamed even where the whole one is requested. Models
 * newer than Opus 4.6 take no temperature.
 *
 * <p>Models before 4.6 think within a budget of tokens. It comes on top of that default, and is at most half of a limit that the
 * request sets, or the 1,024 tokens that are the least. They cannot think where a tool is forced, and go on without thinking in a
 * tool loop that another provider began.
 *
 * <p>Options of a request: {@code claude.service_tier} ({@code auto} or {@code standard_only}), {@code claude.user} (an opaque
 * id of the end user), {@code claude.citations} ({@code true} lets the answer cite the request's documents).
 */
public final class ClaudeProvider implements ModelProvider {

    /** Name of this provider in model ids, prices and reports, unless {@link Builder#name} gives another. */
    public static final String NAME = "claude";

    /** Name of the secret that holds the key. */
    public static final String KEY = "ANTHROPIC_API_KEY";

    /** The most tokens of an answer when neither request nor builder sets a limit. */
    public static final int DEFAULT_MAX_OUTPUT_TOKENS = 8192;

    private final ProviderHttp http;
    private final ClaudeModelCapabilities models;
    private final ClaudeRequestWriter requests;

    private ClaudeProvider(Builder builder, ProviderHttp.Builder endpoint) {
        this.http = endpoint.key("x-api-key", "", builder.secrets, KEY)
                .header("anthropic-version", builder.apiVersion)
                .errors(ClaudeErrorReader::of)
                .build();
        this.models = new ClaudeModelCapabilities(builder.apiVersion);
        this.requests = new ClaudeRequestWriter(http, builder.maxOutputTokens);
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
        return models.capabilities(model);
    }

    @Override
    public ProviderAnswer chat(ProviderCall call) {
        check(call);
        // An answer that may take longer than ten minutes is streamed even for a caller that wants it whole.
        return requests.isLong(call)
                ? http.stream(call, requests.streamed(call), StreamFormat.SSE, delta -> {}, ClaudeStreamReader::new)
                : http.chat(call, requests.whole(call), ClaudeResponseReader::read);
    }

    @Override
    public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
        check(call, Capability.STREAMING);
        return http.stream(call, requests.streamed(call), StreamFormat.SSE, listener, ClaudeStreamReader::new);
    }

    @Override
    public List<ModelInfo> models(Duration timeout) {
        return ClaudeModelListReader.models(http, timeout);
    }

    @Override
    public long countTokens(ProviderCall call) {
        check(call, Capability.TOKEN_COUNT);
        return http.call(
                call.model(),
                requests.count(call),
                call.timeout(),
                (answer, exchange) -> ModelReader.tokenCount(answer.path("input_tokens"), exchange));
    }

    @Override
    public ProviderHealth probe() {
        return http.probe(
                HttpRequest.get("/v1/models?limit=1"), body -> body.path("data").isArray());
    }

    @Override
    public void close() {
        http.close();
    }

    private void check(ProviderCall call, Capability... also) {
        http.guard().require(call, capabilities(call.model()), also);
        ChatRequest request = call.request();
        // Requests allow up to 2.0, Claude only up to 1.0; scaling it down would change what was asked.
        if (request.generation().temperature().orElse(0.0) > 1) {
            throw http.unsupported(
                    call, "temperature is " + request.generation().temperature().orElseThrow() + ", expected 0.0..1.0");
        }
    }

    /**
     * Collects what the provider needs. The service is at {@code https://api.anthropic.com} by default.
     * Not safe for use by several threads.
     */
    public static final class Builder extends HttpProviderBuilder<Builder> {
        private final SecretSource secrets;
        private String apiVersion = "2023-06-01";
        private int maxOutputTokens = DEFAULT_MAX_OUTPUT_TOKENS;

        private Builder(SecretSource secrets) {
            super(NAME, "https://api.anthropic.com");
            this.secrets = secrets;
        }

        /** The {@code anthropic-version}, a date; {@code 2023-06-01} by default. From {@code 2026-10-21} on no model takes a temperature. */
        public Builder apiVersion(String date) {
            this.apiVersion = date;
            return this;
        }

        /**
         * The most tokens of an answer whose request sets no limit, without a budget of thinking;
         * {@value #DEFAULT_MAX_OUTPUT_TOKENS} by default.
         */
        public Builder maxOutputTokens(int tokens) {
            if (tokens < 1) {
                throw new IllegalArgumentException("maxOutputTokens is " + tokens + ", expected 1 or more");
            }
            this.maxOutputTokens = tokens;
            return this;
        }

        /** Returns the provider. */
        public ClaudeProvider build() {
            return new ClaudeProvider(this, http());
        }
    }
}
