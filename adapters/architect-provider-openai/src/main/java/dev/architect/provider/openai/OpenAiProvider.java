package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatListener;
import dev.architect.embedding.EmbeddingAnswer;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.model.Capability;
import dev.architect.model.ModelInfo;
import dev.architect.model.ProviderHealth;
import dev.architect.model.WireBody;
import dev.architect.model.WireFormat;
import dev.architect.provider.http.HttpProviderBuilder;
import dev.architect.provider.http.ModelReader;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.provider.http.StreamFormat;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ModelProviderFactory.KeyRequirement;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.SecretSource;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * OpenAI's models, and those of services that are compatible with it: each has a name, an address and a key of its own. The key of
 * OpenAI is the secret {@value #KEY}.
 *
 * <p>Reasoning models take neither temperature nor stop sequences. A refusal in the model's own text is the answer's text.
 * A cache breakpoint of short lifetime keeps a prompt half an hour, one of long lifetime twelve.
 *
 * <p>Options of requests: {@code openai.service_tier} ({@code auto}, {@code default}, {@code flex}, {@code scale},
 * {@code priority}, {@code fast}), {@code openai.verbosity} ({@code low}, {@code medium}, {@code high}),
 * {@code openai.prompt_cache_key}, {@code openai.safety_identifier}, and with {@link OpenAiApi#RESPONSES}
 * {@code openai.reasoning_summary} ({@code auto}, {@code concise}, {@code detailed}, {@code none}): without it, reasoning comes
 * encrypted only, for OpenAI gives summaries to verified organisations alone.
 */
public final class OpenAiProvider implements ModelProvider {

    /** Name of this provider in model ids, prices and reports, unless {@link Builder#name} gives another. */
    public static final String NAME = "openai";

    /** Name of the secret that holds the key. */
    public static final String KEY = "OPENAI_API_KEY";

    private static final HttpRequest MODELS = HttpRequest.get("/models");

    private final ProviderHttp http;
    private final OpenAiApi api;
    private final OpenAiPrefill prefill;

    private OpenAiProvider(Builder builder, ProviderHttp.Builder endpoint) {
        this.api = builder.api;
        this.prefill = builder.prefill;
        this.http = (builder.keyRequirement == KeyRequirement.REQUIRED
                        ? endpoint.key("authorization", "Bearer ", builder.secrets, builder.keyName)
                        : endpoint.optionalKey("authorization", "Bearer ", builder.secrets, builder.keyName))
                .errors(OpenAiErrorReader::of)
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
        return OpenAiModelCapabilities.capabilities(model, api, prefill);
    }

    @Override
    public ProviderAnswer chat(ProviderCall call) {
        http.guard().require(call, capabilities(call.model()));
        if (call.request().wireBody().isPresent()) {
            return chat(call, call.request().wireBody().get());
        }
        OpenAiCall asked = OpenAiCall.of(http, call, prefill);
        return api == OpenAiApi.RESPONSES
                ? http.chat(call, OpenAiResponsesRequestWriter.whole(asked), OpenAiResponsesResponseReader::read)
                : http.chat(call, OpenAiChatRequestWriter.whole(asked), OpenAiChatResponseReader::read);
    }

    @Override
    public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
        http.guard().require(call, capabilities(call.model()), Capability.STREAMING);
        if (call.request().wireBody().isPresent()) {
            return stream(call, call.request().wireBody().get(), listener);
        }
        OpenAiCall asked = OpenAiCall.of(http, call, prefill);
        return api == OpenAiApi.RESPONSES
                ? http.stream(
                        call,
                        OpenAiResponsesRequestWriter.streamed(asked),
                        StreamFormat.SSE,
                        listener,
                        OpenAiResponsesStreamReader::new)
                : http.stream(
                        call,
                        OpenAiChatRequestWriter.streamed(asked),
                        StreamFormat.SSE,
                        listener,
                        OpenAiChatStreamReader::new);
    }

    private ProviderAnswer chat(ProviderCall call, WireBody body) {
        HttpRequest request = http.wireRequest(path(body), http.wireBody(call, body, false), body);
        return body.format() == WireFormat.OPENAI_RESPONSES
                ? http.chat(call, request, OpenAiResponsesResponseReader::read)
                : http.chat(call, request, OpenAiChatResponseReader::read);
    }

    private ProviderAnswer stream(ProviderCall call, WireBody body, ChatListener listener) {
        ObjectNode sent = http.wireBody(call, body, true);
        if (body.format() == WireFormat.OPENAI_CHAT) {
            // Whatever the client wants: without the counts there would be no cost.
            sent.withObjectProperty("stream_options").put("include_usage", true);
        }
        HttpRequest request = http.wireRequest(path(body), sent, body);
        return body.format() == WireFormat.OPENAI_RESPONSES
                ? http.stream(call, request, StreamFormat.SSE, listener, OpenAiResponsesStreamReader::new)
                : http.stream(call, request, StreamFormat.SSE, listener, OpenAiChatStreamReader::new);
    }

    private static String path(WireBody body) {
        return body.format() == WireFormat.OPENAI_RESPONSES
                ? OpenAiResponsesRequestWriter.PATH
                : OpenAiChatRequestWriter.PATH;
    }

    /** Fetches their names: OpenAI lists neither context windows nor limits. */
    @Override
    public List<ModelInfo> models(Duration timeout) {
        return ModelReader.models(http, MODELS, timeout);
    }

    @Override
    public long countTokens(ProviderCall call) {
        http.guard().require(call, capabilities(call.model()), Capability.TOKEN_COUNT);
        OpenAiCall asked = OpenAiCall.of(http, call, prefill);
        return http.call(
                call.model(),
                OpenAiResponsesRequestWriter.count(asked),
                call.timeout(),
                (answer, exchange) -> ModelReader.tokenCount(answer.path("input_tokens"), exchange));
    }

    @Override
    public EmbeddingAnswer embed(EmbeddingCall call) {
        return OpenAiEmbeddingCall.embed(call, api, http);
    }

    @Override
    public ProviderHealth probe() {
        return http.probe(MODELS, body -> body.path("data").isArray());
    }

    @Override
    public void close() {
        http.close();
    }

    /**
     * Collects what the provider needs. The service is at {@code https://api.openai.com/v1} by default; a base URL includes the version.
     * Not safe for use by several threads.
     */
    public static final class Builder extends HttpProviderBuilder<Builder> {
        private final SecretSource secrets;
        private OpenAiApi api = OpenAiApi.CHAT_COMPLETIONS;
        private OpenAiPrefill prefill = OpenAiPrefill.NONE;
        private String keyName = KEY;
        private KeyRequirement keyRequirement = KeyRequirement.REQUIRED;

        private Builder(SecretSource secrets) {
            super(NAME, "https://api.openai.com/v1");
            this.secrets = secrets;
        }

        /** The way in which calls are made; {@link OpenAiApi#CHAT_COMPLETIONS} by default. */
        public Builder api(OpenAiApi value) {
            this.api = value;
            return this;
        }

        /**
         * How a compatible service continues an answer that broke, with {@link OpenAiApi#CHAT_COMPLETIONS}; {@link
         * OpenAiPrefill#NONE} by default. Models that reason never do.
         */
        public Builder prefill(OpenAiPrefill value) {
            this.prefill = value;
            return this;
        }

        /** The name of the secret that holds the key; {@value OpenAiProvider#KEY} by default. */
        public Builder keyName(String secret) {
            this.keyName = secret;
            return this;
        }

        /** Whether calls need a key, which they do by default; a local server usually works without. */
        public Builder keyRequirement(KeyRequirement value) {
            this.keyRequirement = value;
            return this;
        }

        /** Returns the provider. */
        public OpenAiProvider build() {
            return new OpenAiProvider(this, http());
        }
    }
}
