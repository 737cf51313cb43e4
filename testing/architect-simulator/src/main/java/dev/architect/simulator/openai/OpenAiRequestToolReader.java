package dev.architect.simulator.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.answer.ToolUse;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads tools, their choice and the schema of the answer: nested in Chat Completions, flat in Responses. */
final class OpenAiRequestToolReader {

    private static final StrictFields FIELDS = OpenAiErrorWriter.FIELDS;
    private static final String NAME = "^[a-zA-Z0-9_-]+$";
    private static final int MAX_NAME_LENGTH = 64;
    private static final Set<String> FUNCTION = Set.of("name", "description", "parameters", "strict");
    private static final Set<String> FLAT = Set.of("type", "name", "description", "parameters", "strict");

    private static final Map<String, ToolUse.ToolChoice> CHOICES = Map.of(
            "auto", ToolUse.ToolChoice.AUTO,
            "required", ToolUse.ToolChoice.REQUIRED,
            "none", ToolUse.ToolChoice.NONE);

    private final ObjectNode body;
    private final boolean flat;

    OpenAiRequestToolReader(ObjectNode body, boolean flat) {
        this.body = body;
        this.flat = flat;
    }

    /** Reads the tools and their choice, and adds the tools to the prompt. */
    ToolUse read(Prompt prompt) throws ErrorResponseException {
        List<ToolUse.OfferedTool> offered = new ArrayList<>();
        FIELDS.forEachItem(body, "", "tools", (tool, path) -> offered.add(tool(tool, path, prompt)));
        boolean parallel = FIELDS.bool(body, "", "parallel_tool_calls", true);
        if (offered.isEmpty()) {
            for (String field : new String[] {"tool_choice", "parallel_tool_calls"}) {
                // The Responses API accepts both without tools, and its own clients send them.
                if (!flat && body.hasNonNull(field)) {
                    throw OpenAiErrorWriter.invalid(
                            "Invalid value for '" + field + "': '" + field
                                    + "' is only allowed when 'tools' are specified.",
                            field,
                            null);
                }
            }
            return ToolUse.NONE;
        }
        return choice(offered, parallel);
    }

    private ToolUse.OfferedTool tool(JsonNode tool, String path, Prompt prompt) throws ErrorResponseException {
        FIELDS.allowOnly(tool, path, flat ? FLAT : Set.of("type", "function"));
        FIELDS.oneOf(tool, path, "type", Set.of("function"));
        JsonNode function = flat ? tool : FIELDS.required(tool, path, "function");
        String place = flat ? path : path + ".function";
        if (!flat) {
            FIELDS.allowOnly(function, place, FUNCTION);
        }
        String name = FIELDS.text(function, place, "name");
        checkName(name, place + ".name");
        String description = FIELDS.optionalText(function, place, "description");
        JsonNode schema = function.hasNonNull("parameters") ? function.get("parameters") : SimulatorJson.object();
        // Without the field the function has no parameters; with it, the schema must be complete.
        if (function.hasNonNull("parameters")) {
            OpenAiSchemaValidator.checkParameters(schema, name, place + ".parameters");
        }
        if (FIELDS.bool(function, place, "strict", flat) && function.has("strict")) {
            OpenAiSchemaValidator.check(schema, "function '" + name + "'", place + ".parameters");
        }
        prompt.tool(name, description, schema);
        return new ToolUse.OfferedTool(name, schema);
    }

    private ToolUse choice(List<ToolUse.OfferedTool> offered, boolean parallel) throws ErrorResponseException {
        JsonNode choice = body.path("tool_choice");
        if (choice.isMissingNode() || choice.isNull()) {
            return new ToolUse(offered, ToolUse.ToolChoice.AUTO, "", parallel);
        }
        if (choice.isTextual()) {
            String word = FIELDS.oneOf(body, "", "tool_choice", CHOICES.keySet());
            return new ToolUse(offered, CHOICES.getOrDefault(word, ToolUse.ToolChoice.AUTO), "", parallel);
        }
        FIELDS.allowOnly(choice, "tool_choice", flat ? Set.of("type", "name") : Set.of("type", "function"));
        FIELDS.oneOf(choice, "tool_choice", "type", Set.of("function"));
        String name = flat
                ? FIELDS.text(choice, "tool_choice", "name")
                : FIELDS.text(FIELDS.required(choice, "tool_choice", "function"), "tool_choice.function", "name");
        ToolUse use = new ToolUse(offered, ToolUse.ToolChoice.NAMED, name, parallel);
        if (!use.offers(name)) {
            throw OpenAiErrorWriter.invalid(
                    "Tool choice '" + name + "' not found in 'tools' parameter.", "tool_choice", null);
        }
        return use;
    }

    /** The schema of a response format; null for free text. */
    static @Nullable JsonNode schema(JsonNode format, String path, boolean flat) throws ErrorResponseException {
        if (format.isMissingNode() || format.isNull()) {
            return null;
        }
        String type = FIELDS.oneOf(format, path, "type", Set.of("text", "json_object", "json_schema"));
        if (!type.equals("json_schema")) {
            FIELDS.allowOnly(format, path, Set.of("type"));
            return null;
        }
        FIELDS.allowOnly(
                format,
                path,
                flat ? Set.of("type", "name", "description", "schema", "strict") : Set.of("type", "json_schema"));
        JsonNode definition = flat ? format : FIELDS.required(format, path, "json_schema");
        String place = flat ? path : path + ".json_schema";
        if (!flat) {
            FIELDS.allowOnly(definition, place, Set.of("name", "description", "schema", "strict"));
        }
        String name = FIELDS.text(definition, place, "name");
        checkName(name, place + ".name");
        JsonNode schema = FIELDS.required(definition, place, "schema");
        if (FIELDS.bool(definition, place, "strict", false)) {
            OpenAiSchemaValidator.check(schema, (flat ? "text.format" : "response_format") + " '" + name + "'", path);
        }
        return schema;
    }

    private static void checkName(String name, String path) throws ErrorResponseException {
        if (!name.matches(NAME)) {
            throw OpenAiErrorWriter.invalid(
                    "Invalid '" + path
                            + "': string does not match pattern. Expected a string that matches the pattern '" + NAME
                            + "'.",
                    path,
                    "invalid_value");
        }
        if (name.length() > MAX_NAME_LENGTH) {
            throw OpenAiErrorWriter.invalid(
                    "Invalid '" + path + "': string too long. Expected a string with maximum length 64, but got a"
                            + " string with length " + name.length() + " instead.",
                    path,
                    "string_above_max_length");
        }
    }
}
