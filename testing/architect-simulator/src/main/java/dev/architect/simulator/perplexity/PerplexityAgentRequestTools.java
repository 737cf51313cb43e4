package dev.architect.simulator.perplexity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.answer.ToolUse;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tools of a call of the Agent API.
 *
 * @param searches whether the web may be searched
 * @param functions the tools of the caller, which the model is free to call
 */
record PerplexityAgentRequestTools(boolean searches, ToolUse functions) {

    private static final StrictFields FIELDS = PerplexityErrorWriter.FIELDS;

    private static final Set<String> RESERVED = Set.of(
            "web_search",
            "search_web",
            "image_search",
            "fetch_url",
            "people_search",
            "search_people",
            "finance_search",
            "sandbox");

    private static final Map<String, Set<String>> ALLOWED_FIELDS = Map.of(
            "web_search",
                    Set.of(
                            "type",
                            "filters",
                            "search_context_size",
                            "max_tokens",
                            "max_tokens_per_page",
                            "user_location"),
            "fetch_url", Set.of("type", "max_urls"),
            "people_search", Set.of("type"),
            "finance_search", Set.of("type"),
            "sandbox", Set.of("type"),
            "function", Set.of("type", "name", "description", "parameters", "strict"));

    static PerplexityAgentRequestTools read(ObjectNode body, Prompt prompt) throws ErrorResponseException {
        List<ToolUse.OfferedTool> offered = new ArrayList<>();
        Set<String> names = new HashSet<>();
        FIELDS.forEachItem(body, "", "tools", (tool, path) -> {
            String type = FIELDS.oneOf(tool, path, "type", ALLOWED_FIELDS.keySet());
            FIELDS.allowOnly(tool, path, ALLOWED_FIELDS.getOrDefault(type, Set.of()));
            if (type.equals("function")) {
                offered.add(function(tool, path, prompt));
            } else if (type.equals("web_search")) {
                PerplexitySearchValidator.tool(tool, path);
            } else {
                FIELDS.range(tool, path, "max_urls", 1, Integer.MAX_VALUE);
            }
            if (!names.add(type.equals("function") ? tool.path("name").asText() : type)) {
                throw PerplexityErrorWriter.invalid("a tool is given twice", path);
            }
        });
        boolean searches = names.contains("web_search");
        if (body.hasNonNull("tool_choice")) {
            FIELDS.allowOnly(body.get("tool_choice"), "tool_choice", Set.of("type"));
            FIELDS.oneOf(body.get("tool_choice"), "tool_choice", "type", Set.of("web_search"));
            if (!searches) {
                throw PerplexityErrorWriter.invalid("tool_choice names a tool that is not given", "tool_choice");
            }
        }
        return new PerplexityAgentRequestTools(searches, new ToolUse(offered, ToolUse.ToolChoice.AUTO, "", true));
    }

    private static ToolUse.OfferedTool function(JsonNode tool, String path, Prompt prompt)
            throws ErrorResponseException {
        String name = FIELDS.text(tool, path, "name");
        if (RESERVED.contains(name) || !name.matches("[A-Za-z0-9_-]{1,64}")) {
            throw PerplexityErrorWriter.invalid("function name is reserved or not allowed", path + ".name");
        }
        FIELDS.bool(tool, path, "strict", false);
        JsonNode schema = tool.hasNonNull("parameters") ? tool.get("parameters") : SimulatorJson.object();
        // The tools go to models of other vendors, which take complete schemas of objects only.
        boolean isComplete = schema.path("type").asText().equals("object")
                && schema.path("properties").isObject();
        if (!schema.isObject() || (tool.hasNonNull("parameters") && !isComplete)) {
            throw PerplexityErrorWriter.invalid("parameters is no JSON schema", path + ".parameters");
        }
        prompt.tool(name, FIELDS.optionalText(tool, path, "description"), schema);
        return new ToolUse.OfferedTool(name, schema);
    }
}
