package dev.architect.provider.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplyHeaders;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The adapter, with one reply in place of the network, and what it sent. */
final class StubbedPerplexity {

    /** Empty answers of both APIs. */
    private static final String EMPTY = "{'status':'completed','output':[],'choices':[{'finish_reason':'stop'}]}";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final List<HttpRequest> requests = new ArrayList<>();
    private final PerplexityProvider provider;

    private StubbedPerplexity(String reply, UnaryOperator<PerplexityProvider.Builder> settings) {
        this.provider = settings.apply(PerplexityProvider.builder(name -> Optional.of("key")))
                .replies(request -> {
                    requests.add(request);
                    return Reply.of(200, ReplyHeaders.none(), json(reply));
                })
                .build();
    }

    /** The body that is sent for {@code request}. */
    static JsonNode body(String model, ChatRequest request, UnaryOperator<PerplexityProvider.Builder> settings) {
        StubbedPerplexity sent = new StubbedPerplexity(EMPTY, settings);
        sent.provider.chat(call(model, request));
        assertThat(sent.requests).hasSize(1);
        return tree(String.valueOf(sent.requests.get(0).body().orElseThrow()));
    }

    static JsonNode agent(ChatRequest request) {
        return body("perplexity/sonar", request, builder -> builder);
    }

    static JsonNode sonar(String model, ChatRequest request) {
        return body(model, request, PerplexityProvider.Builder::sonarChat);
    }

    /** Checks that nothing is sent, whole or streamed, and returns why. */
    static ProviderException refused(
            String model, ChatRequest request, UnaryOperator<PerplexityProvider.Builder> settings) {
        StubbedPerplexity sent = new StubbedPerplexity(EMPTY, settings);
        ProviderException failure =
                catchThrowableOfType(ProviderException.class, () -> sent.provider.chat(call(model, request)));
        ProviderException streamed = catchThrowableOfType(
                ProviderException.class, () -> sent.provider.stream(call(model, request), piece -> {}));
        assertThat(failure).isNotNull().hasMessage(streamed.getMessage());
        assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
        assertThat(sent.requests).isEmpty();
        return failure;
    }

    static ProviderException refused(ChatRequest request) {
        return refused("perplexity/sonar", request, builder -> builder);
    }

    /** What the adapter makes of a whole answer to {@code request}. */
    static ProviderAnswer whole(ChatRequest request, String reply) {
        return new StubbedPerplexity(reply, builder -> builder).provider.chat(call("perplexity/sonar", request));
    }

    /** What the adapter makes of these events. */
    static ProviderAnswer streamed(ChatRequest request, ChatListener listener, String... events) {
        return new StubbedPerplexity(events(events), builder -> builder)
                .provider.stream(call("perplexity/sonar", request), listener);
    }

    static ProviderAnswer sonarWhole(String model, String reply) {
        return new StubbedPerplexity(reply, PerplexityProvider.Builder::sonarChat)
                .provider.chat(call(model, ChatRequest.of("Hello?")));
    }

    static ProviderAnswer sonarStreamed(String model, ChatListener listener, String... events) {
        return new StubbedPerplexity(events(events), PerplexityProvider.Builder::sonarChat)
                .provider.stream(call(model, ChatRequest.of("Hello?")), listener);
    }

    private static String events(String... events) {
        StringBuilder body = new StringBuilder();
        for (String event : events) {
            body.append("data: ").append(event).append("\r\n\r\n");
        }
        return body.toString();
    }

    private static ProviderCall call(String model, ChatRequest request) {
        return new ProviderCall(model, request, Duration.ofSeconds(20));
    }

    /** JSON with single quotes, for reading. */
    static JsonNode tree(String singleQuoted) {
        try {
            return MAPPER.readTree(json(singleQuoted));
        } catch (JsonProcessingException notJson) {
            throw new AssertionError("not JSON", notJson);
        }
    }

    private static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }
}
