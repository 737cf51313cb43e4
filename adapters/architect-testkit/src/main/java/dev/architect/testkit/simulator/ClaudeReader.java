package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the body of {@code POST /v1/messages}, and of {@code /count_tokens}, as strictly as the Anthropic API does. */
final class ClaudeReader {

    private static final Strict STRICT = ClaudeRefusals.STRICT;

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
    private final boolean october;
    private final boolean answer;

    ClaudeReader(ObjectNode body, ProviderScript script, boolean october, boolean answer) {
        this.body = body;
        this.script = script;
        this.october = october;
        this.answer = answer;
    }

    Wanted.Chat read() throws Refusal {
        STRICT.fields(body, "", answer ? ANSWERED : COUNTED);
        String id = STRICT.text(body, "", "model");
        JsonNode messages = STRICT.required(body, "", "messages");
        long limit = answer ? limit() : Long.MAX_VALUE;
        SimulatedModel model = script.models().get(id);
        if (model == null) {
            throw ClaudeRefusals.error(404, CallAction.UNKNOWN_MODEL, "not_found_error", "model: " + id);
        }
        checkSampling(model);
        checkRest();
        ClaudeThinking thinking = ClaudeThinking.read(body, id, model, limit);
        ClaudeCacheMarks marks = new ClaudeCacheMarks();
        Prompt prompt = new Prompt();
        ToolUse tools = ClaudeTools.read(body, prompt, marks);
        if (thinking.isOn() && body.path("temperature").asDouble(1) != 1) {
            throw ClaudeRefusals.invalid(
                    "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.");
        }
        if (thinking.manual()
                && (tools.choice() == ToolUse.Choice.REQUIRED || tools.choice() == ToolUse.Choice.NAMED)) {
            throw ClaudeRefusals.invalid("Thinking may not be enabled when tool_choice forces tool use.");
        }
        ClaudeBlocks blocks = new ClaudeBlocks(marks, october);
        system(blocks, prompt);
        new ClaudeMessages(blocks, thinking.manual(), !model.strictParameters()).read(messages, prompt);
        marks.read(body, "", prompt);
        JsonNode schema = outputSchema();
        if (schema != null && blocks.citation() != null) {
            throw ClaudeRefusals.invalid("output_config.format: Citations are not supported with structured outputs");
        }
        return new Wanted.Chat(
                        new ClaudeFormat(thinking.shown(), blocks.citation()),
                        id,
                        model,
                        prompt,
                        limit,
                        STRICT.flag(body, "", "stream", false),
                        true,
                        0)
                .withTools(tools)
                .withOutputSchema(schema)
                .withEffort(thinking.effort())
                .withStops(stops());
    }

    private long limit() throws Refusal {
        JsonNode max = STRICT.required(body, "", "max_tokens");
        if (!max.isIntegralNumber() || max.longValue() < 1) {
            throw ClaudeRefusals.invalid("max_tokens: must be greater than or equal to 1");
        }
        return max.longValue();
    }

    private void checkSampling(SimulatedModel model) throws Refusal {
        for (String field : new String[] {"temperature", "top_p", "top_k"}) {
            if (body.hasNonNull(field) && (model.strictParameters() || october)) {
                throw ClaudeRefusals.invalid(field + ": sampling parameters are not supported");
            }
        }
        STRICT.range(body, "", "temperature", 0, 1);
        STRICT.range(body, "", "top_p", 0, 1);
        STRICT.range(body, "", "top_k", 0, Integer.MAX_VALUE);
    }

    private void checkRest() throws Refusal {
        if (body.hasNonNull("metadata")) {
            STRICT.fields(body.get("metadata"), "metadata", Set.of("user_id"));
        }
        if (body.hasNonNull("service_tier")) {
            STRICT.oneOf(body, "", "service_tier", Set.of("auto", "standard_only"));
        }
        if (body.hasNonNull("speed")) {
            STRICT.oneOf(body, "", "speed", Set.of("standard", "fast"));
        }
    }

    private void system(ClaudeBlocks blocks, Prompt prompt) throws Refusal {
        JsonNode system = body.path("system");
        if (system.isMissingNode() || system.isNull()) {
            return;
        }
        prompt.begin("system");
        if (system.isTextual()) {
            prompt.text(system.textValue());
        } else {
            STRICT.each(body, "", "system", (block, path) -> blocks.read(block, "system", path, prompt));
        }
    }

    private @Nullable JsonNode outputSchema() throws Refusal {
        JsonNode format = body.path("output_config").path("format");
        if (format.isMissingNode() || format.isNull()) {
            return null;
        }
        String path = "output_config.format";
        STRICT.fields(format, path, Set.of("type", "schema"));
        STRICT.oneOf(format, path, "type", Set.of("json_schema"));
        JsonNode schema = STRICT.required(format, path, "schema");
        ClaudeSchemas.check(schema, path + ".schema");
        return schema;
    }

    private List<String> stops() throws Refusal {
        List<String> stops = new ArrayList<>();
        STRICT.each(body, "", "stop_sequences", (stop, path) -> {
            if (!stop.isTextual() || stop.textValue().isBlank()) {
                throw ClaudeRefusals.invalid("stop_sequences: each stop sequence must contain non-whitespace");
            }
            stops.add(stop.textValue());
        });
        return stops;
    }
}
