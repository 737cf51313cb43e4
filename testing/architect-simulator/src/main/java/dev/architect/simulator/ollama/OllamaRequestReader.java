package dev.architect.simulator.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.answer.TokenCounts;
import dev.architect.simulator.answer.ToolUse;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.simulator.script.SimulatedModel;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.ParsedRequest;
import dev.architect.simulator.wire.StrictFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of {@code /api/chat} and {@code /api/embed}. */
final class OllamaRequestReader {

    private static final StrictFields FIELDS = OllamaRequestValidator.FIELDS;
    private static final OllamaAnswerWriter FORMAT = new OllamaAnswerWriter();

    private static final Set<String> CHAT = Set.of(
            "model",
            "messages",
            "tools",
            "format",
            "options",
            "think",
            "keep_alive",
            "stream",
            "truncate",
            "shift",
            "logprobs",
            "top_logprobs");
    private static final Set<String> EMBED =
            Set.of("model", "input", "truncate", "dimensions", "keep_alive", "options");
    private static final Set<String> LEVELS = Set.of("low", "medium", "high", "max");

    private final ProviderScript script;
    private final OllamaModelStore models;

    OllamaRequestReader(ProviderScript script) {
        this.script = script;
        this.models = new OllamaModelStore(script);
    }

    ParsedRequest chat(ObjectNode body) throws ErrorResponseException {
        FIELDS.allowOnly(body, "", CHAT);
        OllamaRequestValidator.options(body);
        OllamaRequestValidator.keepAlive(body);
        String id = models.require(FIELDS.text(body, "", "model"));
        SimulatedModel model = model(id);
        List<String> capabilities = OllamaModelStore.capabilities(id, model);
        if (model.isEmbedding()) {
            throw OllamaRequestValidator.badRequest("\"" + id + "\" does not support chat");
        }
        Prompt prompt = new Prompt();
        List<ToolUse.OfferedTool> tools = tools(body, prompt, id, capabilities);
        new OllamaRequestMessageReader(prompt, capabilities.contains("vision")).read(body);
        if (prompt.tokens() == 0) {
            return loadOnly(body);
        }
        checkWindow(body, prompt.tokens(), model);
        JsonNode limit = body.path("options").path("num_predict");
        List<String> stops = new ArrayList<>();
        body.path("options").path("stop").forEach(stop -> stops.add(stop.asText()));
        return new ParsedRequest.Chat(
                        FORMAT,
                        id,
                        model,
                        prompt,
                        limit.longValue() > 0 ? limit.longValue() : Long.MAX_VALUE,
                        FIELDS.bool(body, "", "stream", true),
                        true,
                        0)
                .withTools(new ToolUse(tools, ToolUse.ToolChoice.AUTO, "", true))
                .withOutputSchema(format(body))
                .withEffort(effort(body, id, capabilities))
                .withStops(stops);
    }

    ParsedRequest embed(ObjectNode body) throws ErrorResponseException {
        FIELDS.allowOnly(body, "", EMBED);
        OllamaRequestValidator.options(body);
        OllamaRequestValidator.keepAlive(body);
        String id = models.require(FIELDS.text(body, "", "model"));
        SimulatedModel model = model(id);
        if (!model.isEmbedding()) {
            throw OllamaRequestValidator.badRequest("this model does not support embeddings");
        }
        List<String> texts = new ArrayList<>();
        JsonNode input = FIELDS.required(body, "", "input");
        if (input.isTextual()) {
            texts.add(input.textValue());
        } else if (input.isArray()) {
            for (JsonNode text : input) {
                if (!text.isTextual()) {
                    throw OllamaRequestValidator.badRequest("invalid input type");
                }
                texts.add(text.textValue());
            }
        } else {
            throw OllamaRequestValidator.badRequest("invalid input type");
        }
        boolean truncates = FIELDS.bool(body, "", "truncate", true);
        if (!truncates && texts.stream().anyMatch(text -> TokenCounts.of(text) > model.contextTokens())) {
            throw OllamaRequestValidator.badRequest("the input length exceeds the context length");
        }
        FIELDS.range(body, "", "dimensions", 1, model.embeddingDimensions());
        int dimensions = body.path("dimensions").asInt(model.embeddingDimensions());
        return new ParsedRequest.Embedding(FORMAT, id, model, texts, dimensions);
    }

    private SimulatedModel model(String id) {
        return Objects.requireNonNull(script.models().get(id), id);
    }

    private static List<ToolUse.OfferedTool> tools(ObjectNode body, Prompt prompt, String id, List<String> capabilities)
            throws ErrorResponseException {
        List<ToolUse.OfferedTool> offered = new ArrayList<>();
        FIELDS.forEachItem(body, "", "tools", (tool, path) -> {
            FIELDS.allowOnly(tool, path, Set.of("type", "function"));
            FIELDS.oneOf(tool, path, "type", Set.of("function"));
            JsonNode function = FIELDS.required(tool, path, "function");
            String at = path + ".function";
            FIELDS.allowOnly(function, at, Set.of("name", "description", "parameters"));
            String name = FIELDS.text(function, at, "name");
            String description = FIELDS.optionalText(function, at, "description");
            JsonNode schema = FIELDS.required(function, at, "parameters");
            if (!schema.isObject()) {
                throw OllamaRequestValidator.badRequest("json: cannot unmarshal value into Go struct field " + at
                        + ".parameters of type api.ToolFunctionParameters");
            }
            prompt.tool(name, description, schema);
            offered.add(new ToolUse.OfferedTool(name, schema));
        });
        if (!offered.isEmpty() && !capabilities.contains("tools")) {
            throw OllamaRequestValidator.badRequest("registry.ollama.ai/library/" + id + " does not support tools");
        }
        return offered;
    }

    private static @Nullable JsonNode format(ObjectNode body) throws ErrorResponseException {
        JsonNode format = body.path("format");
        if (format.isMissingNode()
                || format.isNull()
                || (format.isTextual() && format.asText().isEmpty())) {
            return null;
        }
        if (format.isObject()) {
            return format;
        }
        if (format.asText().equals("json")) {
            return SimulatorJson.object().put("type", "object");
        }
        throw OllamaRequestValidator.badRequest(
                "invalid format: " + format + "; expected \"json\" or a valid JSON Schema");
    }

    /** The reasoning effort from {@code think}; {@code true} means the default effort. */
    private static String effort(ObjectNode body, String id, List<String> capabilities) throws ErrorResponseException {
        JsonNode think = body.path("think");
        if (think.isMissingNode() || think.isNull()) {
            return "";
        }
        boolean isLevel = think.isTextual() && LEVELS.contains(think.textValue());
        if (!think.isBoolean() && !isLevel) {
            throw OllamaRequestValidator.badRequest("invalid think value: " + think
                    + " (must be \"high\", \"medium\", \"low\", \"max\", true, or false)");
        }
        if (think.isBoolean() && !think.booleanValue()) {
            return ParsedRequest.Chat.NO_EFFORT;
        }
        if (!capabilities.contains("thinking")) {
            throw OllamaRequestValidator.badRequest("\"" + id + "\" does not support thinking");
        }
        return isLevel ? think.textValue() : "medium";
    }

    /** A prompt over the context window is truncated silently, unless the request forbids it. */
    private static void checkWindow(ObjectNode body, long tokens, SimulatedModel model) throws ErrorResponseException {
        long window = body.path("options").path("num_ctx").asLong(model.contextTokens());
        if (!FIELDS.bool(body, "", "truncate", true) && tokens > window) {
            throw OllamaRequestValidator.badRequest("request (" + tokens
                    + " tokens) exceeds the available context size (" + window + " tokens), try increasing it");
        }
    }

    /** Without messages the model is only loaded or unloaded. */
    private static ParsedRequest loadOnly(ObjectNode body) {
        JsonNode keep = body.path("keep_alive");
        boolean unloads = keep.isNumber() && keep.asLong() == 0;
        ObjectNode answer = OllamaAnswerWriter.head(body.path("model").asText());
        answer.set("message", SimulatorJson.object().put("role", "assistant").put("content", ""));
        return ParsedRequest.FixedAnswer.of(
                answer.put("done_reason", unloads ? "unload" : "load").put("done", true));
    }
}
