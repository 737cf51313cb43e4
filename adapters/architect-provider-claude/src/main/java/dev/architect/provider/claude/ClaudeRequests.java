package dev.architect.provider.claude;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Role;
import dev.architect.provider.http.HttpRequest;
import dev.architect.spi.ProviderCall;

/** Writes calls as {@code POST /v1/messages}. */
final class ClaudeRequests {

    private static final String PATH = "/v1/messages";

    private final int defaultMaxOutputTokens;

    ClaudeRequests(int defaultMaxOutputTokens) {
        this.defaultMaxOutputTokens = defaultMaxOutputTokens;
    }

    HttpRequest whole(ProviderCall call) {
        return HttpRequest.post(PATH, body(call));
    }

    HttpRequest streamed(ProviderCall call) {
        return HttpRequest.post(PATH, body(call).put("stream", true));
    }

    private ObjectNode body(ProviderCall call) {
        ChatRequest request = call.request();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("model", call.model());
        body.put("max_tokens", request.maxOutputTokens().orElse(defaultMaxOutputTokens));
        request.system().ifPresent(text -> body.put("system", text));
        ArrayNode messages = body.putArray("messages");
        request.messages()
                .forEach(message ->
                        messages.addObject().put("role", role(message.role())).put("content", message.text()));
        request.temperature().ifPresent(value -> body.put("temperature", value));
        if (!request.stopSequences().isEmpty()) {
            ArrayNode stops = body.putArray("stop_sequences");
            request.stopSequences().forEach(stops::add);
        }
        return body;
    }

    private static String role(Role role) {
        return switch (role) {
            case USER -> "user";
            case ASSISTANT -> "assistant";
        };
    }
}
