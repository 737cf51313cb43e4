package dev.architect.simulator.perplexity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.answer.ToolUse;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.simulator.script.SimulatedModel;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.ParsedRequest;
import dev.architect.simulator.wire.StrictFields;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the body of {@code POST /v1/agent} as strictly as the Agent API does. */
final class PerplexityAgentRequestReader {

    private static final StrictFields FIELDS = PerplexityErrorWriter.FIELDS;
    private static final String PRESET_MODEL = "perplexity/sonar";
    private static final Set<String> PRESETS =
            Set.of("fast", "low", "medium", "high", "xhigh", "wide-research", "pro-search", "deep-research");
    private static final Set<String> EFFORTS = Set.of("minimal", "low", "medium", "high", "xhigh");

    /** A lower limit of output tokens is raised to this. */
    private static final long MIN_TOKENS = 16;

    private static final Set<String> ALLOWED_FIELDS = Set.of(
            "input",
            "model",
            "models",
            "preset",
            "effort",
            "instructions",
            "tools",
            "tool_choice",
            "max_steps",
            "max_tool_calls",
            "reasoning",
            "max_output_tokens",
            "temperature",
            "top_p",
            "response_format",
            "previous_response_id",
            "store",
            "stream",
            "stream_options",
            "background",
            "language_preference",
            "skills",
            "metadata");

    private final ObjectNode body;
    private final ProviderScript script;

    PerplexityAgentRequestReader(ObjectNode body, ProviderScript script) {
        this.body = body;
        this.script = script;
    }

    ParsedRequest.Chat read() throws ErrorResponseException {
        FIELDS.allowOnly(body, "", ALLOWED_FIELDS);
        FIELDS.required(body, "", "input");
        String preset = preset();
        String id = model(preset);
        SimulatedModel model = script.models().get(id);
        if (!id.contains("/") || model == null) {
            throw PerplexityErrorWriter.unknownModel(id);
        }
        parameters();
        Prompt prompt = new Prompt();
        PerplexityAgentRequestTools tools = PerplexityAgentRequestTools.read(body, prompt);
        boolean off = body.path("max_tool_calls").isIntegralNumber()
                && body.path("max_tool_calls").longValue() == 0;
        String effort = effort();
        String instructions = FIELDS.optionalText(body, "", "instructions");
        if (!instructions.isEmpty()) {
            prompt.add("system", instructions);
        }
        new PerplexityAgentRequestInputReader(!effort.isEmpty()).read(body.get("input"), prompt);
        boolean searches = !off && (tools.searches() || !preset.isEmpty());
        return new ParsedRequest.Chat(
                new PerplexityAgentAnswerWriter(),
                id,
                model,
                prompt,
                limit(id),
                FIELDS.bool(body, "", "stream", false),
                usageInStream(),
                searches ? 1 : 0,
                off ? ToolUse.NONE : tools.functions(),
                outputSchema(body),
                effort,
                List.of());
    }

    private String preset() throws ErrorResponseException {
        String preset = FIELDS.optionalText(body, "", "preset") + FIELDS.optionalText(body, "", "effort");
        String unpinned = preset.contains("@") ? preset.substring(0, preset.indexOf('@')) : preset;
        if (!preset.isEmpty() && !PRESETS.contains(unpinned)) {
            throw PerplexityErrorWriter.invalid("unknown preset", body.has("effort") ? "effort" : "preset");
        }
        return preset;
    }

    private String model(String preset) throws ErrorResponseException {
        Set<String> chain = new HashSet<>();
        FIELDS.forEachItem(body, "", "models", (candidate, path) -> chain.add(candidate.asText()));
        if (chain.size() > 5) {
            throw PerplexityErrorWriter.invalid("models has more than 5 entries", "models");
        }
        for (JsonNode candidate : body.path("models")) {
            if (script.models().containsKey(candidate.asText())) {
                return candidate.asText();
            }
        }
        String model = FIELDS.optionalText(body, "", "model");
        if (model.isEmpty() && preset.isEmpty()) {
            throw PerplexityErrorWriter.invalid("one of model, models or preset is required", "model");
        }
        return model.isEmpty() ? PRESET_MODEL : model;
    }

    private void parameters() throws ErrorResponseException {
        FIELDS.range(body, "", "max_steps", 1, 10);
        FIELDS.range(body, "", "max_tool_calls", 0, Integer.MAX_VALUE);
        FIELDS.range(body, "", "temperature", 0, 2);
        FIELDS.range(body, "", "top_p", 0, 1);
        FIELDS.optionalText(body, "", "previous_response_id");
        FIELDS.bool(body, "", "store", true);
        if (FIELDS.bool(body, "", "background", false)) {
            throw PerplexityErrorWriter.invalid("background runs are not simulated", "background");
        }
        if (!FIELDS.optionalText(body, "", "language_preference").matches("|[a-z]{2}")) {
            throw PerplexityErrorWriter.invalid("language_preference is no ISO 639-1 code", "language_preference");
        }
    }

    private String effort() throws ErrorResponseException {
        if (!body.hasNonNull("reasoning")) {
            return "";
        }
        FIELDS.allowOnly(body.get("reasoning"), "reasoning", Set.of("effort"));
        return FIELDS.oneOf(body.get("reasoning"), "reasoning", "effort", EFFORTS);
    }

    private long limit(String id) throws ErrorResponseException {
        FIELDS.range(body, "", "max_output_tokens", 1, Integer.MAX_VALUE);
        JsonNode limit = body.path("max_output_tokens");
        if (!limit.isIntegralNumber() && id.startsWith("anthropic/")) {
            throw PerplexityErrorWriter.invalid("max_output_tokens is required for this model", "max_output_tokens");
        }
        return limit.isIntegralNumber() ? Math.max(limit.longValue(), MIN_TOKENS) : Long.MAX_VALUE;
    }

    private boolean usageInStream() throws ErrorResponseException {
        if (!body.hasNonNull("stream_options")) {
            return true;
        }
        FIELDS.allowOnly(body.get("stream_options"), "stream_options", Set.of("include_usage"));
        return FIELDS.bool(body.get("stream_options"), "stream_options", "include_usage", true);
    }

    /** The output schema, which both of Perplexity's APIs take in the same field; null for free text. */
    static @Nullable JsonNode outputSchema(ObjectNode body) throws ErrorResponseException {
        if (!body.hasNonNull("response_format")) {
            return null;
        }
        JsonNode format = body.get("response_format");
        FIELDS.allowOnly(format, "response_format", Set.of("type", "json_schema"));
        FIELDS.oneOf(format, "response_format", "type", Set.of("json_schema"));
        JsonNode definition = FIELDS.required(format, "response_format", "json_schema");
        String path = "response_format.json_schema";
        FIELDS.allowOnly(definition, path, Set.of("name", "schema", "strict", "description"));
        FIELDS.bool(definition, path, "strict", false);
        JsonNode schema = FIELDS.required(definition, path, "schema");
        if (!schema.isObject()) {
            throw PerplexityErrorWriter.invalid(path + ".schema is no JSON schema", path + ".schema");
        }
        return schema;
    }
}
