package dev.architect.provider.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Role;
import dev.architect.provider.http.HttpRequest;
import dev.architect.spi.ProviderCall;

/** Writes calls as {@code generateContent} and {@code streamGenerateContent}. */
final class GeminiRequests {

    private GeminiRequests() {}

    static HttpRequest whole(ProviderCall call) {
        return HttpRequest.post(path(call, "generateContent"), body(call.request()));
    }

    /** Without {@code alt=sse} the stream would be one JSON array. */
    static HttpRequest streamed(ProviderCall call) {
        return HttpRequest.post(path(call, "streamGenerateContent?alt=sse"), body(call.request()));
    }

    private static String path(ProviderCall call, String method) {
        return "/v1beta/models/" + HttpRequest.segment(call.model()) + ":" + method;
    }

    private static ObjectNode body(ChatRequest request) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode contents = body.putArray("contents");
        request.messages()
                .forEach(message -> say(contents.addObject().put("role", role(message.role())), message.text()));
        request.system().ifPresent(text -> say(body.putObject("systemInstruction"), text));
        ObjectNode config = body.putObject("generationConfig");
        request.maxOutputTokens().ifPresent(tokens -> config.put("maxOutputTokens", tokens));
        request.temperature().ifPresent(value -> config.put("temperature", value));
        if (!request.stopSequences().isEmpty()) {
            ArrayNode stops = config.putArray("stopSequences");
            request.stopSequences().forEach(stops::add);
        }
        return body;
    }

    private static void say(ObjectNode content, String text) {
        content.putArray("parts").addObject().put("text", text);
    }

    private static String role(Role role) {
        return switch (role) {
            case USER -> "user";
            case ASSISTANT -> "model";
        };
    }
}
