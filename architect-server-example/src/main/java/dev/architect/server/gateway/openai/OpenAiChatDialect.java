package dev.architect.server.gateway.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Part;
import dev.architect.model.StopReason;
import dev.architect.model.WireFormat;
import dev.architect.server.gateway.dialect.AnswerStream;
import dev.architect.server.gateway.dialect.ClientDialect;
import dev.architect.server.gateway.dialect.ErrorDialect;
import dev.architect.server.gateway.dialect.EventSink;
import dev.architect.server.gateway.dialect.GatewayRequest;
import dev.architect.server.gateway.dialect.ModelCatalogue;
import dev.architect.server.gateway.dialect.VendorBody;
import dev.architect.server.rest.JsonResponseWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** OpenAI's chat completions. Safe for use by several threads. */
public final class OpenAiChatDialect implements ClientDialect {

    private final OpenAiChatReader reader;
    private final OpenAiErrorBodies errors = OpenAiErrorBodies.ofChat();
    private final VendorBody vendor;

    /** Creates the dialect of clients that choose among {@code models}. */
    public OpenAiChatDialect(ModelCatalogue models) {
        this.reader = new OpenAiChatReader(models);
        this.vendor = new VendorBody(models, WireFormat.OPENAI_CHAT);
    }

    @Override
    public GatewayRequest read(ObjectNode body) {
        return reader.read(body);
    }

    @Override
    public Optional<GatewayRequest> readVendorBody(ObjectNode body, Map<String, String> headers) {
        return vendor.read(body, headers);
    }

    @Override
    public Set<String> vendorHeaders() {
        return vendor.headers();
    }

    @Override
    public ErrorDialect errors() {
        return errors;
    }

    @Override
    public AnswerStream stream(GatewayRequest request, EventSink sink, Instant at) {
        return new OpenAiChatStream(request, sink, errors, at);
    }

    @Override
    public ObjectNode answer(GatewayRequest request, ChatResponse answer, Instant at) {
        ObjectNode whole = JsonResponseWriter.object()
                .put("id", id(answer.requestId()))
                .put("object", "chat.completion")
                .put("created", at.getEpochSecond())
                .put("model", answer.model().model());
        ObjectNode choice = whole.putArray("choices").addObject().put("index", 0);
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        List<Part.ToolCall> calls = answer.toolCalls();
        String text = answer.text();
        boolean isRefusal = answer.stopReason() == StopReason.REFUSED;
        message.put("content", isRefusal || (text.isEmpty() && !calls.isEmpty()) ? null : text);
        message.put("refusal", isRefusal ? text : null);
        if (!calls.isEmpty()) {
            ArrayNode all = message.putArray("tool_calls");
            calls.forEach(call -> all.add(call(call.id(), call.name(), call.arguments())));
        }
        OpenAiCitations.putInto(message, answer.citations());
        choice.putNull("logprobs");
        choice.put("finish_reason", finish(answer.stopReason(), !calls.isEmpty()));
        whole.set("usage", OpenAiTokenCounts.ofChat(answer.usage()));
        return whole;
    }

    static String id(String requestId) {
        return "chatcmpl-" + requestId;
    }

    static ObjectNode call(String id, String name, String arguments) {
        ObjectNode call = JsonResponseWriter.object().put("id", id).put("type", "function");
        call.putObject("function").put("name", name).put("arguments", arguments);
        return call;
    }

    static String finish(StopReason reason, boolean hasCalls) {
        return switch (reason) {
            case LENGTH -> "length";
            case REFUSED -> "content_filter";
            case TOOL_CALLS -> "tool_calls";
            case COMPLETE, STOP_SEQUENCE, PAUSED, OTHER -> hasCalls ? "tool_calls" : "stop";
        };
    }
}
