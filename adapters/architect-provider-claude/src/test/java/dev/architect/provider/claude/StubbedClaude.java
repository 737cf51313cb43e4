package dev.architect.provider.claude;

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
import java.util.function.Supplier;

/** The adapter with replies from memory, which keeps what it sends. Replies are given in turn, the last one again and again. */
final class StubbedClaude implements AutoCloseable {

    /** A model with a budget of thinking and with sampling parameters. */
    static final String OLDER = "claude-haiku-4-5";

    /** A model with an effort and without sampling parameters. */
    static final String NEWER = "claude-opus-5";

    static final String ANSWER = """
            {"type":"message","model":"claude-haiku-4-5-20251001","stop_reason":"end_turn",
             "content":[{"type":"text","text":"Hello."}],"usage":{"input_tokens":3,"output_tokens":2}}""";

    final List<HttpRequest> sent = new ArrayList<>();
    final ClaudeProvider provider;
    private final List<Supplier<Reply>> replies;

    private StubbedClaude(List<Supplier<Reply>> replies) {
        this.replies = new ArrayList<>(replies);
        this.provider = ClaudeProvider.builder(name -> Optional.of("key"))
                .replies(request -> {
                    sent.add(request);
                    return (this.replies.size() > 1 ? this.replies.remove(0) : this.replies.get(0)).get();
                })
                .build();
    }

    /** Returns an adapter that reads {@code bodies}. */
    static StubbedClaude answering(String... bodies) {
        List<Supplier<Reply>> replies = new ArrayList<>();
        for (String body : bodies) {
            replies.add(() -> Reply.of(200, ReplyHeaders.none(), body));
        }
        return new StubbedClaude(replies);
    }

    /** Returns an adapter that reads one reply. */
    static StubbedClaude replying(int status, ReplyHeaders headers, String body) {
        return new StubbedClaude(List.of(() -> Reply.of(status, headers, body)));
    }

    /** Returns the body of the request to {@code model}. */
    static JsonNode sent(String model, ChatRequest request) {
        try (StubbedClaude claude = answering(ANSWER)) {
            claude.provider.chat(call(model, request));
            assertThat(claude.sent).hasSize(1);
            assertThat(claude.sent.get(0).path()).isEqualTo("/v1/messages");
            return json(String.valueOf(claude.sent.get(0).body().orElseThrow()));
        }
    }

    /** Checks that {@code request} fails before anything is sent, and returns the message of the failure. */
    static String refused(String model, ChatRequest request) {
        try (StubbedClaude claude = answering(ANSWER)) {
            ProviderException failure =
                    catchThrowableOfType(ProviderException.class, () -> claude.provider.chat(call(model, request)));
            assertThat(failure).as("failure").isNotNull();
            assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
            assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
            assertThat(claude.sent).isEmpty();
            return String.valueOf(failure.getMessage());
        }
    }

    static ProviderAnswer answer(String body) {
        try (StubbedClaude claude = answering(body)) {
            return claude.provider.chat(call(OLDER, ChatRequest.of("Hello?")));
        }
    }

    /** Returns what the adapter makes of a stream with one event a line. */
    static ProviderAnswer streamed(String events) {
        return streamed(events, piece -> {});
    }

    static ProviderAnswer streamed(String events, ChatListener listener) {
        try (StubbedClaude claude = answering(stream(events))) {
            return claude.provider.stream(call(OLDER, ChatRequest.of("Hello?")), listener);
        }
    }

    /** Names each event by its type, as Claude does. */
    static String stream(String events) {
        StringBuilder stream = new StringBuilder();
        events.lines()
                .map(String::strip)
                .forEach(event -> stream.append("event: ")
                        .append(json(event).path("type").asText())
                        .append("\ndata: ")
                        .append(event)
                        .append("\n\n"));
        return stream.toString();
    }

    static ProviderCall call(String model, ChatRequest request) {
        return new ProviderCall(model, request, Duration.ofSeconds(20));
    }

    static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException notJson) {
            throw new IllegalArgumentException(notJson);
        }
    }

    @Override
    public void close() {
        provider.close();
    }
}
