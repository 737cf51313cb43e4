package dev.architect.server.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.model.ModelId;
import dev.architect.model.WireBody;
import dev.architect.model.WireFormat;
import dev.architect.server.rest.JsonResponseWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes requests of bodies that no route could follow, for a model whose provider speaks the client's own dialect: the body is sent as it is but
 * for the model and the key. What is read of it is what limits, budgets and the ledger need. Safe for use by several threads.
 */
public final class VendorBody {

    /** Fields that hold the text of a prompt. Others hold names, or media, whose encoded bytes are no text. */
    private static final Set<String> TEXTS = Set.of(
            "content", "text", "input", "instructions", "system", "arguments", "description", "prompt", "output");

    private static final List<String> LIMITS = List.of("max_completion_tokens", "max_output_tokens", "max_tokens");

    private final ModelCatalogue models;
    private final WireFormat format;

    /** Creates what reads bodies of one form, for clients that choose among {@code models}. */
    public VendorBody(ModelCatalogue models, WireFormat format) {
        this.models = models;
        this.format = format;
    }

    /** The names of the headers that a client may send along to its vendor. */
    public Set<String> headers() {
        return format.headers();
    }

    /**
     * Returns the request of a body; empty unless it names one model. Whether that model takes such a body, the router knows.
     *
     * @param headers what the client sends along to its vendor, some of {@link #headers()}
     */
    public Optional<GatewayRequest> read(ObjectNode body, Map<String, String> headers) {
        String model = body.path("model").asText("");
        if (model.isEmpty() || !models.isPinned(model)) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder();
        collect(body, false, text);
        ChatRequest.Builder request = ChatRequest.builder(text.toString().isBlank() ? "(no text)" : text.toString())
                .wireBody(new WireBody(
                        format, new String(JsonResponseWriter.bytes(body), StandardCharsets.UTF_8), headers))
                .maxOutputTokens(most(body));
        models.select(model, request);
        JsonNode user = body.path("user");
        return Optional.of(new GatewayRequest(
                withTier(request.build(), body.path("service_tier")),
                model,
                body.path("stream").asBoolean(false),
                body.path("stream_options").path("include_usage").asBoolean(false),
                user.isTextual() && !user.asText().isBlank() ? Optional.of(user.asText()) : Optional.empty(),
                Map.of(),
                List.of()));
    }

    private static void collect(JsonNode node, boolean isText, StringBuilder text) {
        if (node.isTextual() && isText) {
            text.append(node.textValue()).append('\n');
        } else if (node.isArray()) {
            node.forEach(each -> collect(each, isText, text));
        } else if (node.isObject()) {
            node.properties().forEach(field -> collect(field.getValue(), TEXTS.contains(field.getKey()), text));
        }
    }

    /** The most tokens of an answer; null when the client sets no limit. */
    private static @Nullable Integer most(ObjectNode body) {
        return LIMITS.stream()
                .map(body::path)
                .filter(limit -> limit.isIntegralNumber() && limit.canConvertToInt() && limit.intValue() > 0)
                .map(JsonNode::intValue)
                .findFirst()
                .orElse(null);
    }

    /** Routes, budgets and the ledger go by the service tier, as they do for other requests. */
    private static ChatRequest withTier(ChatRequest request, JsonNode tier) {
        Optional<ModelId> model = request.selection().model();
        return tier.isTextual() && !tier.textValue().isBlank() && model.isPresent()
                ? request.toBuilder()
                        .option(model.get().provider() + ".service_tier", tier.textValue())
                        .build()
                : request;
    }
}
