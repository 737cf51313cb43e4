package dev.architect.provider.perplexity;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Role;
import dev.architect.model.Capability;
import dev.architect.provider.http.HttpRequest;
import dev.architect.spi.ProviderCall;

/**
 * Writes calls of the Agent API, which refuses a body with any field it does not know. No preset is ever named: a preset may
 * run another vendor's model, without notice and without a price that is known beforehand.
 */
final class PerplexityRequests {

    private final String path;
    private final int defaultMaxOutputTokens;

    PerplexityRequests(String path, int defaultMaxOutputTokens) {
        this.path = path;
        this.defaultMaxOutputTokens = defaultMaxOutputTokens;
    }

    HttpRequest whole(ProviderCall call) {
        return HttpRequest.post(path, body(call));
    }

    HttpRequest streamed(ProviderCall call) {
        return HttpRequest.post(path, body(call).put("stream", true));
    }

    private ObjectNode body(ProviderCall call) {
        ChatRequest request = call.request();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("model", call.model());
        ArrayNode input = body.putArray("input");
        request.messages()
                .forEach(message -> input.addObject()
                        .put("type", "message")
                        .put("role", role(message.role()))
                        .put("content", message.text()));
        request.system().ifPresent(text -> body.put("instructions", text));
        if (request.needs().contains(Capability.WEB_SEARCH)) {
            body.putArray("tools").addObject().put("type", "web_search");
        }
        if (request.maxOutputTokens().isPresent() || PerplexityModels.needsLimit(call.model())) {
            body.put("max_output_tokens", request.maxOutputTokens().orElse(defaultMaxOutputTokens));
        }
        request.temperature().ifPresent(value -> body.put("temperature", value));
        return body;
    }

    private static String role(Role role) {
        return switch (role) {
            case USER -> "user";
            case ASSISTANT -> "assistant";
        };
    }
}
