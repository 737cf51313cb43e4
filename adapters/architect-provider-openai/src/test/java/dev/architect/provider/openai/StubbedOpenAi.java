package dev.architect.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplyHeaders;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The adapter with a stub in place of the network that records requests and returns one reply to each. */
final class StubbedOpenAi {

    private final OpenAiApi api;
    private final int status;
    private final String reply;
    private final List<HttpRequest> sent = new ArrayList<>();

    private StubbedOpenAi(OpenAiApi api, int status, String reply) {
        this.api = api;
        this.status = status;
        this.reply = reply;
    }

    static StubbedOpenAi replying(OpenAiApi api, int status, String reply) {
        return new StubbedOpenAi(api, status, reply);
    }

    /** A desk whose reply is any answer of that API. */
    static StubbedOpenAi answering(OpenAiApi api) {
        return new StubbedOpenAi(
                api,
                200,
                api == OpenAiApi.RESPONSES
                        ? "{\"status\":\"completed\",\"output\":[]}"
                        : "{\"choices\":[{\"message\":{\"content\":\"ok\"},\"finish_reason\":\"stop\"}]}");
    }

    /** What is sent for {@code request}. */
    static JsonNode body(OpenAiApi api, String model, ChatRequest request) {
        StubbedOpenAi stub = answering(api);
        stub.chat(model, request);
        return stub.sent();
    }

    /** How a request fails of which nothing is sent. */
    static ProviderException refusal(OpenAiApi api, String model, ChatRequest request) {
        StubbedOpenAi stub = answering(api);
        ProviderException failure = catchThrowableOfType(ProviderException.class, () -> stub.chat(model, request));
        assertThat(stub.sent).isEmpty();
        assertThat(failure).isNotNull();
        return failure;
    }

    /** What is made of a stream of these events, one JSON value in each line. */
    static ProviderAnswer streamed(OpenAiApi api, String events, ChatListener listener) {
        String body = "data: " + String.join("\n\ndata: ", events.strip().split("\n")) + "\n\n";
        StubbedOpenAi stub = replying(api, 200, body);
        try (OpenAiProvider provider = stub.open()) {
            return provider.stream(call("gpt-5-nano", ChatRequest.of("Hello?")), listener);
        }
    }

    ProviderAnswer chat(String model, ChatRequest request) {
        try (OpenAiProvider provider = open()) {
            return provider.chat(call(model, request));
        }
    }

    OpenAiProvider open() {
        return OpenAiProvider.builder(name -> Optional.of("sk-test"))
                .api(api)
                .replies(request -> {
                    sent.add(request);
                    return Reply.of(status, ReplyHeaders.none(), reply);
                })
                .build();
    }

    String path() {
        assertThat(sent).hasSize(1);
        return sent.get(0).path();
    }

    JsonNode sent() {
        assertThat(sent).hasSize(1);
        return json(String.valueOf(sent.get(0).body().orElseThrow()));
    }

    static ProviderCall call(String model, ChatRequest request) {
        return new ProviderCall(model, request, Duration.ofSeconds(20));
    }

    static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }
}
