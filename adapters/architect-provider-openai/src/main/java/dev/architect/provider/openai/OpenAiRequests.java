package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Role;
import dev.architect.provider.http.HttpRequest;
import dev.architect.spi.ProviderCall;

/** Writes calls as {@code POST /chat/completions}. */
final class OpenAiRequests {

    private static final String PATH = "/chat/completions";

    private OpenAiRequests() {}

    static HttpRequest whole(ProviderCall call) {
        return HttpRequest.post(PATH, body(call));
    }

    /** Asks for the counts too: a stream has none unless it is asked. */
    static HttpRequest streamed(ProviderCall call) {
        ObjectNode body = body(call).put("stream", true);
        body.putObject("stream_options").put("include_usage", true);
        return HttpRequest.post(PATH, body);
    }

    private static ObjectNode body(ProviderCall call) {
        ChatRequest request = call.request();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("model", call.model());
        ArrayNode messages = body.putArray("messages");
        request.system().ifPresent(text -> add(messages, "system", text));
        request.messages().forEach(message -> add(messages, role(message.role()), message.text()));
        request.maxOutputTokens().ifPresent(tokens -> body.put("max_completion_tokens", tokens));
        request.temperature().ifPresent(value -> body.put("temperature", value));
        if (!request.stopSequences().isEmpty()) {
            ArrayNode stops = body.putArray("stop");
            request.stopSequences().forEach(stops::add);
        }
        return body;
    }

    private static void add(ArrayNode messages, String role, String text) {
        messages.addObject().put("role", role).put("content", text);
    }

    private static String role(Role role) {
        return switch (role) {
            case USER -> "user";
            case ASSISTANT -> "assistant";
        };
    }
}
