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

    private static final StrictFields FIELDS = ClaudeErrorWriter.FIELDS;
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

    private static final Map<String, ToolUse.ToolChoice> CHOICES = Map.of(
            "auto", ToolUse.ToolChoice.AUTO,
            "any", ToolUse.ToolChoice.REQUIRED,
            "none", ToolUse.ToolChoice.NONE,
            "tool", ToolUse.ToolChoice.NAMED);

    private ClaudeRequestToolReader() {}

    /** Reads both, and adds the tools to the prompt. */
    static ToolUse read(ObjectNode body, Prompt prompt, ClaudeCacheBreakpointValidator breakpoints)
            throws ErrorResponseException {
        List<ToolUse.OfferedTool> offered = new ArrayList<>();
        FIELDS.forEachItem(body, "", "tools", (tool, path) -> {
            ToolUse.OfferedTool one = tool(tool, path + ".custom", prompt, breakpoints);
            if (offered.stream().anyMatch(other -> other.name().equals(one.name()))) {
                throw ClaudeErrorWriter.invalid("tools: Tool names must be unique.");
            }
            offered.add(one);
        });
        if (!body.hasNonNull("tool_choice")) {
            return new ToolUse(offered, ToolUse.ToolChoice.AUTO, "", true);
        }
        if (offered.isEmpty()) {
            throw ClaudeErrorWriter.invalid("tool_choice: tool_choice may only be specified while providing tools.");
        }
        return choice(body.get("tool_choice"), offered);
    }

    private static ToolUse.OfferedTool tool(
            JsonNode tool, String path, Prompt prompt, ClaudeCacheBreakpointValidator breakpoints)
            throws ErrorResponseException {
        FIELDS.allowOnly(tool, path, TOOL);
        if (tool.hasNonNull("type")) {
            FIELDS.oneOf(tool, path, "type", Set.of("custom"));
        }
        String name = FIELDS.text(tool, path, "name");
        if (!name.matches(NAME)) {
            throw ClaudeErrorWriter.invalid(path + ".name: String should match pattern '" + NAME + "'");
        }
        String description = FIELDS.optionalText(tool, path, "description");
        JsonNode schema = FIELDS.required(tool, path, "input_schema");
        FIELDS.oneOf(schema, path + ".input_schema", "type", Set.of("object"));
        if (FIELDS.bool(tool, path, "strict", false)) {
            ClaudeSchemaValidator.check(schema, path + ".input_schema");
        }
        prompt.tool(name, description, schema);
        breakpoints.read(tool, path, prompt);
        return new ToolUse.OfferedTool(name, schema);
    }

    private static ToolUse choice(JsonNode choice, List<ToolUse.OfferedTool> offered) throws ErrorResponseException {
        String type = FIELDS.oneOf(choice, "tool_choice", "type", CHOICES.keySet());
        String path = "tool_choice." + type;
        FIELDS.allowOnly(
                choice,
                path,
                switch (type) {
                    case "tool" -> Set.of("type", "name", "disable_parallel_tool_use");
                    case "none" -> Set.of("type");
                    default -> Set.of("type", "disable_parallel_tool_use");
                });
        String named = type.equals("tool") ? FIELDS.text(choice, path, "name") : "";
        boolean parallel = !FIELDS.bool(choice, path, "disable_parallel_tool_use", false);
        ToolUse use = new ToolUse(offered, CHOICES.getOrDefault(type, ToolUse.ToolChoice.AUTO), named, parallel);
        if (!named.isEmpty() && !use.offers(named)) {
            throw ClaudeErrorWriter.invalid("Tool '" + named + "' not found in provided tools");
        }
        return use;
    }
}
