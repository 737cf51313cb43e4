package dev.architect.provider.anythingllm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.TimeSource;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes calls as {@code chat} and {@code stream-chat} of a workspace or of one of its threads. Calls without a session share
 * one history in the workspace and would answer from each other's prompts, so a call that names neither session nor thread
 * gets a session of its own.
 */
final class AnythingLlmRequestWriter {

    private static final String MODE = "mode";
    private static final String THREAD = "thread";
    private static final String SESSION = "session";
    private static final String RESET = "reset";
    private static final Set<String> KNOWN = Set.of(MODE, THREAD, SESSION, RESET);

    private final ProviderHttp http;
    private final TimeSource time;
    private final @Nullable AnythingLlmMode modeOrNull;
    private final AnythingLlmAttachmentWriter attachments;

    AnythingLlmRequestWriter(ProviderHttp http, TimeSource time, @Nullable AnythingLlmMode modeOrNull) {
        this.http = http;
        this.time = time;
        this.modeOrNull = modeOrNull;
        this.attachments = new AnythingLlmAttachmentWriter(http);
    }

    HttpRequest whole(ProviderCall call) {
        return request(call, "/chat");
    }

    HttpRequest streamed(ProviderCall call) {
        return request(call, "/stream-chat");
    }

    private HttpRequest request(ProviderCall call, String method) {
        ChatRequest request = call.request();
        Message message = request.messages().get(request.messages().size() - 1);
        if (message.text().isBlank()) {
            throw http.unsupported(call, "message has no text, expected some");
        }
        Map<String, String> options = http.guard().options(call, KNOWN);
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("message", message.text());
        mode(call, options.get(MODE), body);
        ArrayNode media = attachments.write(call, message);
        if (!media.isEmpty()) {
            body.set("attachments", media);
        }
        return HttpRequest.post(endpointPath(call, options, body) + method, body);
    }

    private void mode(ProviderCall call, @Nullable String requested, ObjectNode body) {
        if (requested != null) {
            AnythingLlmMode mode = AnythingLlmMode.of(requested)
                    .orElseThrow(
                            () -> unsupportedOption(call, MODE, requested, "one of " + AnythingLlmMode.wireNames()));
            body.put(MODE, mode.wireName());
        } else if (modeOrNull != null) {
            body.put(MODE, modeOrNull.wireName());
        }
    }

    /** Sets the thread or session of the call, in the path or in the body. */
    private String endpointPath(ProviderCall call, Map<String, String> options, ObjectNode body) {
        String thread = options.get(THREAD);
        String session = options.get(SESSION);
        String reset = options.getOrDefault(RESET, "false");
        if (thread != null && (session != null || thread.isBlank())) {
            throw unsupportedOption(
                    call, THREAD, thread, session == null ? "the slug of a thread" : "no session beside it");
        }
        if (session != null && session.isBlank()) {
            throw unsupportedOption(call, SESSION, session, "a name");
        }
        if (!reset.equals("false")) {
            if (!reset.equals("true")) {
                throw unsupportedOption(call, RESET, reset, "true or false");
            }
            if (thread == null && session == null) {
                throw unsupportedOption(call, RESET, reset, "a session or a thread beside it");
            }
            body.put(RESET, true);
        }
        String workspace = "/v1/workspace/" + HttpRequest.segment(call.model());
        if (thread != null) {
            return workspace + "/thread/" + HttpRequest.segment(thread);
        }
        body.put("sessionId", session == null ? "architect-" + randomHex() + randomHex() : session);
        return workspace;
    }

    private RuntimeException unsupportedOption(ProviderCall call, String option, String value, String expected) {
        return http.unsupported(
                call, "option " + http.provider() + "." + option + " is '" + value + "', expected " + expected);
    }

    private String randomHex() {
        return Long.toString(time.random(Long.MAX_VALUE), Character.MAX_RADIX);
    }
}
