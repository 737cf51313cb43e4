package dev.architect.provider.acme;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.model.Capability;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelInfo;
import dev.architect.model.ProviderHealth;
import dev.architect.model.StopReason;
import dev.architect.provider.http.ErrorReply;
import dev.architect.provider.http.HttpProviderBuilder;
import dev.architect.provider.http.ModelReader;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.provider.http.StreamEvent;
import dev.architect.provider.http.StreamFormat;
import dev.architect.provider.http.StreamReader;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.reading.ErrorMeaning;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.reading.UsageReader;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.SecretSource;
import dev.architect.usage.UsageBucket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Acme's models: text in, text out. The key is the secret {@value #KEY}. */
public final class AcmeProvider implements ModelProvider {

    /** Name of the secret that holds the key. */
    public static final String KEY = "ACME_API_KEY";

    private static final Set<Capability> CAPABILITIES = Set.of(
            Capability.STREAMING,
            Capability.SYSTEM_TEXT,
            Capability.MULTI_TURN,
            Capability.MAX_OUTPUT_TOKENS,
            Capability.TEMPERATURE);

    private final ProviderHttp http;

    private AcmeProvider(Builder builder, ProviderHttp.Builder endpoint) {
        this.http = endpoint.key("authorization", "Bearer ", builder.secrets, KEY)
                .errors(AcmeProvider::meaning)
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
        return CAPABILITIES;
    }

    @Override
    public ProviderAnswer chat(ProviderCall call) {
        return http.chat(call, request(call, false), AcmeProvider::read);
    }

    @Override
    public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
        return http.stream(call, request(call, true), StreamFormat.SSE, listener, Stream::new);
    }

    @Override
    public List<ModelInfo> models(Duration timeout) {
        return ModelReader.models(http, HttpRequest.get("/models"), timeout);
    }

    @Override
    public ProviderHealth probe() {
        return http.probe(HttpRequest.get("/models"), body -> body.path("data").isArray());
    }

    @Override
    public void close() {
        http.close();
    }

    private HttpRequest request(ProviderCall call, boolean streamed) {
        http.guard().require(call, CAPABILITIES);
        http.guard().options(call, Set.of());
        ChatRequest request = call.request();
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", call.model());
        ArrayNode messages = body.putArray("messages");
        request.system()
                .ifPresent(text -> messages.addObject().put("role", "system").put("content", text));
        request.messages()
                .forEach(message -> messages.addObject()
                        .put("role", message.role().name().toLowerCase(Locale.ROOT))
                        .put("content", message.text()));
        request.generation().maxOutputTokens().ifPresent(tokens -> body.put("max_completion_tokens", tokens));
        request.generation().temperature().ifPresent(value -> body.put("temperature", value));
        if (streamed) {
            body.put("stream", true).putObject("stream_options").put("include_usage", true);
        }
        return HttpRequest.post("/chat/completions", body);
    }

    private static ProviderAnswer read(JsonNode json, Exchange exchange) {
        if (!json.path("choices").has(0)) {
            throw exchange.failure(FailureKind.PROTOCOL)
                    .explanation("answer has no choice")
                    .build();
        }
        JsonNode choice = json.path("choices").path(0);
        exchange.reportModel(json.path("model").asText(""));
        exchange.appendText(choice.path("message").path("content").asText(""));
        exchange.reportUsage(usage(json.path("usage")));
        return exchange.answer(stopReason(choice, exchange)).build();
    }

    /** What the vendor counts inside its prompt tokens is taken out: every token is in one bucket. */
    private static UsageReader usage(JsonNode counts) {
        return new UsageReader()
                .put(
                        UsageBucket.CACHE_READ,
                        counts.path("prompt_tokens_details").path("cached_tokens"))
                .putRest(UsageBucket.INPUT, counts.path("prompt_tokens"), UsageBucket.CACHE_READ)
                .put(UsageBucket.OUTPUT, counts.path("completion_tokens"));
    }

    private static StopReason stopReason(JsonNode choice, Exchange exchange) {
        String word = choice.path("finish_reason").asText("");
        return switch (word) {
            case "stop" -> StopReason.COMPLETE;
            case "length" -> StopReason.LENGTH;
            case "content_filter" -> StopReason.REFUSED;
            default -> exchange.unknownStopReason(word);
        };
    }

    private static ErrorMeaning meaning(ErrorReply reply) {
        String code = reply.json().path("error").path("code").asText("");
        return switch (code) {
            case "insufficient_quota" -> ErrorMeaning.of(FailureKind.QUOTA_EXHAUSTED, code);
            case "context_length_exceeded" -> ErrorMeaning.of(FailureKind.CONTEXT_TOO_LONG, code);
            case "model_not_found" -> ErrorMeaning.of(FailureKind.MODEL_NOT_FOUND, code);
            default -> ErrorMeaning.of(FailureKind.ofHttpStatus(reply.status()), code);
        };
    }

    /** Reads one streamed answer. */
    private static final class Stream implements StreamReader {
        private final Exchange exchange;
        private StopReason stop = StopReason.OTHER;

        Stream(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public Progress accept(StreamEvent event) {
            if (event.is("[DONE]")) {
                return Progress.DONE;
            }
            JsonNode json = event.json();
            exchange.reportModel(json.path("model").asText(""));
            if (json.path("error").isObject()) {
                throw exchange.failure(FailureKind.UNAVAILABLE).build();
            }
            JsonNode choice = json.path("choices").path(0);
            exchange.appendText(choice.path("delta").path("content").asText(""));
            stop = choice.path("finish_reason").isTextual() ? stopReason(choice, exchange) : stop;
            if (json.path("usage").isObject()) {
                exchange.reportUsage(usage(json.path("usage")));
            }
            return Progress.OPEN;
        }

        @Override
        public ProviderAnswer answer() {
            return exchange.answer(stop).build();
        }
    }

    /** Collects what the provider needs. Not safe for use by several threads. */
    public static final class Builder extends HttpProviderBuilder<Builder> {
        private final SecretSource secrets;

        private Builder(SecretSource secrets) {
            super("acme", "https://api.acme.example/v1");
            this.secrets = secrets;
        }

        /** Returns the provider. */
        public AcmeProvider build() {
            return new AcmeProvider(this, http());
        }
    }
}
