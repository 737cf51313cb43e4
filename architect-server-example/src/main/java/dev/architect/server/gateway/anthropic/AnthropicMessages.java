package dev.architect.server.gateway.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Part;
import dev.architect.chat.Signature;
import dev.architect.model.StopReason;
import dev.architect.model.WireFormat;
import dev.architect.server.gateway.dialect.AnswerStream;
import dev.architect.server.gateway.dialect.ClientDialect;
import dev.architect.server.gateway.dialect.CountingDialect;
import dev.architect.server.gateway.dialect.ErrorDialect;
import dev.architect.server.gateway.dialect.EventSink;
import dev.architect.server.gateway.dialect.GatewayRequest;
import dev.architect.server.gateway.dialect.ModelCatalogue;
import dev.architect.server.gateway.dialect.ProviderSignatures;
import dev.architect.server.gateway.dialect.VendorBody;
import dev.architect.server.rest.JsonResponseWriter;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Anthropic's messages. Safe for use by several threads. */
public final class AnthropicMessages implements ClientDialect, CountingDialect {

    private final AnthropicMessagesReader reader;
    private final AnthropicErrorBodies errors = new AnthropicErrorBodies();
    private final VendorBody vendor;

    /** Creates the dialect of clients that choose among {@code models}. */
    public AnthropicMessages(ModelCatalogue models) {
        this.reader = new AnthropicMessagesReader(models);
        this.vendor = new VendorBody(models, WireFormat.ANTHROPIC_MESSAGES);
    }

    @Override
    public GatewayRequest read(ObjectNode body) {
        return reader.read(body);
    }

    @Override
    public GatewayRequest readPrompt(ObjectNode body) {
        return reader.readPrompt(body);
    }

    @Override
    public ObjectNode count(long tokens) {
        return JsonResponseWriter.object().put("input_tokens", tokens);
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
        return new AnthropicMessageStream(request, sink, errors);
    }

    @Override
    public ObjectNode answer(GatewayRequest request, ChatResponse answer, Instant at) {
        ObjectNode message = head(answer.requestId(), answer.model().model());
        ArrayNode content = message.putArray("content");
        for (Part part : answer.content()) {
            if (part instanceof Part.Text text && !text.text().isEmpty()) {
                content.addObject().put("type", "text").put("text", text.text()).putNull("citations");
            } else if (part instanceof Part.ToolCall call) {
                content.add(toolUse(call.id(), call.name(), input(call.arguments())));
            } else if (part instanceof Part.Reasoning reasoning) {
                content.add(thinking(reasoning));
            }
        }
        message.put(
                "stop_reason",
                stopReason(answer.stopReason(), !answer.toolCalls().isEmpty()));
        message.putNull("stop_sequence");
        message.set("usage", AnthropicTokenCounts.of(answer.usage()));
        return message;
    }

    static ObjectNode head(String requestId, String model) {
        return JsonResponseWriter.object()
                .put("id", "msg_" + requestId)
                .put("type", "message")
                .put("role", "assistant")
                .put("model", model);
    }

    static ObjectNode toolUse(String id, String name, JsonNode input) {
        ObjectNode block = JsonResponseWriter.object()
                .put("type", "tool_use")
                .put("id", id)
                .put("name", name);
        block.set("input", input);
        return block;
    }

    private static ObjectNode thinking(Part.Reasoning reasoning) {
        Signature signature = reasoning.signature().orElse(null);
        if (signature != null && reasoning.text().isEmpty()) {
            return JsonResponseWriter.object()
                    .put("type", "redacted_thinking")
                    .put("data", ProviderSignatures.write(signature));
        }
        return JsonResponseWriter.object()
                .put("type", "thinking")
                .put("thinking", reasoning.text())
                .put("signature", signature == null ? "" : ProviderSignatures.write(signature));
    }

    /** The model's arguments as an object; broken ones as the only field of one, because there is no other place for them. */
    private static JsonNode input(String arguments) {
        return JsonResponseWriter.parsed(arguments)
                .filter(JsonNode::isObject)
                .orElseGet(() -> JsonResponseWriter.object().put("arguments", arguments));
    }

    static String stopReason(StopReason reason, boolean hasCalls) {
        return switch (reason) {
            case LENGTH -> "max_tokens";
            case STOP_SEQUENCE -> "stop_sequence";
            case TOOL_CALLS -> "tool_use";
            case PAUSED -> "pause_turn";
            case REFUSED -> "refusal";
            case COMPLETE, OTHER -> hasCalls ? "tool_use" : "end_turn";
        };
    }
}
