package dev.architect.simulator.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.answer.ToolUse;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.simulator.script.SimulatedModel;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.ParsedRequest;
import dev.architect.simulator.wire.StrictFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the body of {@code POST /v1/messages}, and of {@code /count_tokens}, as strictly as the Anthropic API does. */
final class ClaudeRequestReader {

    private static final StrictFields FIELDS = ClaudeErrorWriter.FIELDS;

    private static final Set<String> COUNTED = Set.of(
            "model",
            "messages",
            "system",
            "tools",
            "tool_choice",
            "thinking",
            "output_config",
            "cache_control",
            "speed");

    private static final Set<String> ANSWERED = Set.of(
            "model",
            "messages",
            "system",
            "tools",
            "tool_choice",
            "thinking",
            "output_config",
            "cache_control",
            "speed",
            "max_tokens",
            "stream",
            "stop_sequences",
            "temperature",
            "top_p",
            "top_k",
            "metadata",
            "service_tier",
            "inference_geo",
            "container",
            "diagnostics");

    private final ObjectNode body;
    private final ProviderScript script;
    private final boolean version2026;
    private final boolean answer;

    ClaudeRequestReader(ObjectNode body, ProviderScript script, boolean version2026, boolean answer) {
        this.body = body;
        this.script = script;
        this.version2026 = version2026;
        this.answer = answer;
    }

    ParsedRequest.Chat read() throws ErrorResponseException {
        FIELDS.allowOnly(body, "", answer ? ANSWERED : COUNTED);
        String id = FIELDS.text(body, "", "model");
        JsonNode messages = FIELDS.required(body, "", "messages");
        long limit = answer ? limit() : Long.MAX_VALUE;
        SimulatedModel model = script.models().get(id);
        if (model == null) {
            throw ClaudeErrorWriter.error(404, CallAction.UNKNOWN_MODEL, "not_found_error", "model: " + id);
        }
        checkSampling(model);
        checkRest();
        ClaudeRequestThinking thinking = ClaudeRequestThinking.read(body, id, model, limit);
        ClaudeCacheBreakpointValidator breakpoints = new ClaudeCacheBreakpointValidator();
        Prompt prompt = new Prompt();
        ToolUse tools = ClaudeRequestToolReader.read(body, prompt, breakpoints);
        if (thinking.isOn() && body.path("temperature").asDouble(1) != 1) {
            throw ClaudeErrorWriter.invalid(
                    "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.");
        }
        if (thinking.manual()
                && (tools.choice() == ToolUse.ToolChoice.REQUIRED || tools.choice() == ToolUse.ToolChoice.NAMED)) {
            throw ClaudeErrorWriter.invalid("Thinking may not be enabled when tool_choice forces tool use.");
        }
        ClaudeRequestContentReader blocks = new ClaudeRequestContentReader(breakpoints, version2026);
        system(blocks, prompt);
        new ClaudeRequestMessageReader(blocks, thinking.manual(), !model.strictParameters()).read(messages, prompt);
        breakpoints.read(body, "", prompt);
        JsonNode schema = outputSchema();
        if (schema != null && blocks.citation() != null) {
            throw ClaudeErrorWriter.invalid(
                    "output_config.format: Citations are not supported with structured outputs");
        }
        return new ParsedRequest.Chat(
                        new ClaudeAnswerWriter(thinking.shown(), blocks.citation()),
                        id,
                        model,
                        prompt,
                        limit,
                        FIELDS.bool(body, "", "stream", false),
                        true,
                        0)
                .withTools(tools)
                .withOutputSchema(schema)
                .withEffort(thinking.effort())
                .withStops(stops());
    }

    private long limit() throws ErrorResponseException {
        JsonNode max = FIELDS.required(body, "", "max_tokens");
        if (!max.isIntegralNumber() || max.longValue() < 1) {
            throw ClaudeErrorWriter.invalid("max_tokens: must be greater than or equal to 1");
        }
        return max.longValue();
    }

    private void checkSampling(SimulatedModel model) throws ErrorResponseException {
        for (String field : new String[] {"temperature", "top_p", "top_k"}) {
            if (body.hasNonNull(field) && (model.strictParameters() || version2026)) {
                throw ClaudeErrorWriter.invalid(field + ": sampling parameters are not supported");
            }
        }
        FIELDS.range(body, "", "temperature", 0, 1);
        FIELDS.range(body, "", "top_p", 0, 1);
        FIELDS.range(body, "", "top_k", 0, Integer.MAX_VALUE);
    }

    private void checkRest() throws ErrorResponseException {
        if (body.hasNonNull("metadata")) {
            FIELDS.allowOnly(body.get("metadata"), "metadata", Set.of("user_id"));
        }
        if (body.hasNonNull("service_tier")) {
            FIELDS.oneOf(body, "", "service_tier", Set.of("auto", "standard_only"));
        }
        if (body.hasNonNull("speed")) {
            FIELDS.oneOf(body, "", "speed", Set.of("standard", "fast"));
        }
    }

    private void system(ClaudeRequestContentReader blocks, Prompt prompt) throws ErrorResponseException {
        JsonNode system = body.path("system");
        if (system.isMissingNode() || system.isNull()) {
            return;
        }
        prompt.begin("system");
        if (system.isTextual()) {
            prompt.text(system.textValue());
        } else {
            FIELDS.forEachItem(body, "", "system", (block, path) -> blocks.read(block, "system", path, prompt));
        }
    }

    private @Nullable JsonNode outputSchema() throws ErrorResponseException {
        JsonNode format = body.path("output_config").path("format");
        if (format.isMissingNode() || format.isNull()) {
            return null;
        }
        String path = "output_config.format";
        FIELDS.allowOnly(format, path, Set.of("type", "schema"));
        FIELDS.oneOf(format, path, "type", Set.of("json_schema"));
        JsonNode schema = FIELDS.required(format, path, "schema");
        ClaudeSchemaValidator.check(schema, path + ".schema");
        return schema;
    }

    private List<String> stops() throws ErrorResponseException {
        List<String> stops = new ArrayList<>();
        FIELDS.forEachItem(body, "", "stop_sequences", (stop, path) -> {
            if (!stop.isTextual() || stop.textValue().isBlank()) {
                throw ClaudeErrorWriter.invalid("stop_sequences: each stop sequence must contain non-whitespace");
            }
            stops.add(stop.textValue());
        });
        return stops;
    }
}
