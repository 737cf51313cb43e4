package dev.architect.provider.ollama;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Role;
import dev.architect.provider.http.HttpRequest;
import dev.architect.spi.ProviderCall;

/** Writes calls as {@code POST /api/chat}. Ollama streams unless told not to, so both cases say what they want. */
final class OllamaRequests {

    private OllamaRequests() {}

    static HttpRequest whole(ProviderCall call) {
        return HttpRequest.post("/api/chat", body(call).put("stream", false));
    }

    static HttpRequest streamed(ProviderCall call) {
        return HttpRequest.post("/api/chat", body(call).put("stream", true));
    }

    private static ObjectNode body(ProviderCall call) {
        ChatRequest request = call.request();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("model", call.model());
        ArrayNode messages = body.putArray("messages");
        request.system()
                .ifPresent(text -> messages.addObject().put("role", "system").put("content", text));
        request.messages()
                .forEach(message ->
                        messages.addObject().put("role", role(message.role())).put("content", message.text()));
        ObjectNode options = options(request);
        if (!options.isEmpty()) {
            body.set("options", options);
        }
        return body.put("truncate", false);
    }

    private static ObjectNode options(ChatRequest request) {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        request.maxOutputTokens().ifPresent(tokens -> options.put("num_predict", tokens));
        request.temperature().ifPresent(value -> options.put("temperature", value));
        if (!request.stopSequences().isEmpty()) {
            ArrayNode stops = options.putArray("stop");
            request.stopSequences().forEach(stops::add);
        }
        return options;
    }

    private static String role(Role role) {
        return switch (role) {
            case USER -> "user";
            case ASSISTANT -> "assistant";
        };
    }
}
