package dev.architect.simulator.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.answer.ToolUse;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code tools} and {@code tool_choice} of the Anthropic API. */
final class ClaudeRequestToolReader {

    private static final StrictFields STRICT = ClaudeErrorWriter.STRICT;
    private static final String NAME = "^[a-zA-Z0-9_-]{1,128}$";

    private static final Set<String> TOOL = Set.of(
            "type",
            "name",
            "description",
            "input_schema",
            "strict",
            "cache_control",
            "defer_loading",
            "eager_input_streaming",
            "allowed_callers",
            "input_examples");

    private static final Map<String, ToolUse.Choice> CHOICES = Map.of(
            "auto", ToolUse.Choice.AUTO,
            "any", ToolUse.Choice.REQUIRED,
            "none", ToolUse.Choice.NONE,
            "tool", ToolUse.Choice.NAMED);

    private ClaudeRequestToolReader() {}

    /** Reads both, and adds the tools to the prompt. */
    static ToolUse read(ObjectNode body, Prompt prompt, ClaudeCacheBreakpointValidator marks)
            throws ErrorResponseException {
        List<ToolUse.Offered> offered = new ArrayList<>();
        STRICT.each(body, "", "tools", (tool, path) -> {
            ToolUse.Offered one = tool(tool, path + ".custom", prompt, marks);
            if (offered.stream().anyMatch(other -> other.name().equals(one.name()))) {
                throw ClaudeErrorWriter.invalid("tools: Tool names must be unique.");
            }
            offered.add(one);
        });
        if (!body.hasNonNull("tool_choice")) {
            return new ToolUse(offered, ToolUse.Choice.AUTO, "", true);
        }
        if (offered.isEmpty()) {
            throw ClaudeErrorWriter.invalid("tool_choice: tool_choice may only be specified while providing tools.");
        }
        return choice(body.get("tool_choice"), offered);
    }

    private static ToolUse.Offered tool(JsonNode tool, String path, Prompt prompt, ClaudeCacheBreakpointValidator marks)
            throws ErrorResponseException {
        STRICT.fields(tool, path, TOOL);
        if (tool.hasNonNull("type")) {
            STRICT.oneOf(tool, path, "type", Set.of("custom"));
        }
        String name = STRICT.text(tool, path, "name");
        if (!name.matches(NAME)) {
            throw ClaudeErrorWriter.invalid(path + ".name: String should match pattern '" + NAME + "'");
        }
        String description = STRICT.optionalText(tool, path, "description");
        JsonNode schema = STRICT.required(tool, path, "input_schema");
        STRICT.oneOf(schema, path + ".input_schema", "type", Set.of("object"));
        if (STRICT.flag(tool, path, "strict", false)) {
            ClaudeSchemaValidator.check(schema, path + ".input_schema");
        }
        prompt.tool(name, description, schema);
        marks.read(tool, path, prompt);
        return new ToolUse.Offered(name, schema);
    }

    private static ToolUse choice(JsonNode choice, List<ToolUse.Offered> offered) throws ErrorResponseException {
        String type = STRICT.oneOf(choice, "tool_choice", "type", CHOICES.keySet());
        String path = "tool_choice." + type;
        STRICT.fields(
                choice,
                path,
                switch (type) {
                    case "tool" -> Set.of("type", "name", "disable_parallel_tool_use");
                    case "none" -> Set.of("type");
                    default -> Set.of("type", "disable_parallel_tool_use");
                });
        String named = type.equals("tool") ? STRICT.text(choice, path, "name") : "";
        boolean parallel = !STRICT.flag(choice, path, "disable_parallel_tool_use", false);
        ToolUse use = new ToolUse(offered, CHOICES.getOrDefault(type, ToolUse.Choice.AUTO), named, parallel);
        if (!named.isEmpty() && !use.offers(named)) {
            throw ClaudeErrorWriter.invalid("Tool '" + named + "' not found in provided tools");
        }
        return use;
    }
}
