package dev.architect.provider.anythingllm;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.provider.http.HttpRequest;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.TimeSource;

/**
 * Writes calls as {@code chat} and {@code stream-chat} of a workspace. Calls without a session share one history in the
 * workspace and would answer from each other's prompts, so each call names a session of its own.
 */
final class AnythingLlmRequests {

    private final TimeSource time;

    AnythingLlmRequests(TimeSource time) {
        this.time = time;
    }

    HttpRequest whole(ProviderCall call) {
        return request(call, "/chat");
    }

    HttpRequest streamed(ProviderCall call) {
        return request(call, "/stream-chat");
    }

    private HttpRequest request(ProviderCall call, String method) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("message", call.request().prompt());
        body.put("sessionId", "architect-" + word() + word());
        return HttpRequest.post("/v1/workspace/" + HttpRequest.segment(call.model()) + method, body);
    }

    private String word() {
        return Long.toString(time.random(Long.MAX_VALUE), Character.MAX_RADIX);
    }
}
