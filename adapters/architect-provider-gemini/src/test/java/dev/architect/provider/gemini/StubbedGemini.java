package dev.architect.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.chat.ChatRequest;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplyHeaders;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A provider whose replies are given in memory, and what it sent for them. JSON is written with single quotes. */
final class StubbedGemini {

    static final String DONE = "{'candidates':[{'content':{'parts':[{'text':'hi'}]},'finishReason':'STOP'}]}";

    final List<HttpRequest> sent = new ArrayList<>();
    final GeminiProvider provider;
    private final Deque<String> bodies = new ArrayDeque<>();

    /** @param replies the bodies of the replies in turn; the last one is given again and again */
    StubbedGemini(String... replies) {
        bodies.addAll(List.of(replies));
        provider = GeminiProvider.builder(name -> Optional.of("key-in-memory"))
                .replies(request -> {
                    sent.add(request);
                    String body = json(bodies.size() > 1 ? bodies.remove() : bodies.element());
                    return Reply.of(200, ReplyHeaders.none(), body);
                })
                .build();
    }

    /** The body that the request becomes. */
    static JsonNode body(String model, ChatRequest request) {
        StubbedGemini cases = new StubbedGemini(DONE);
        cases.provider.chat(call(model, request));
        return cases.sentBody(0);
    }

    static ProviderAnswer whole(String body) {
        return new StubbedGemini(body).provider.chat(call("gemini-3.5-flash", ChatRequest.of("Hello?")));
    }

    /** Streams events that each hold one of {@code bodies}, and discards what is delivered. */
    static ProviderAnswer streamed(String... bodies) {
        return new StubbedGemini(events(bodies))
                .provider.stream(call("gemini-3.5-flash", ChatRequest.of("Hello?")), piece -> {});
    }

    static String events(String... bodies) {
        StringBuilder events = new StringBuilder();
        for (String body : bodies) {
            events.append("data: ").append(body).append("\r\n\r\n");
        }
        return events.toString();
    }

    JsonNode sentBody(int index) {
        return sent.get(index).body().orElseThrow();
    }

    static ProviderCall call(String model, ChatRequest request) {
        return new ProviderCall(model, request, Duration.ofSeconds(20));
    }

    static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }

    static JsonNode tree(String singleQuoted) {
        try {
            return new ObjectMapper().readTree(json(singleQuoted));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
