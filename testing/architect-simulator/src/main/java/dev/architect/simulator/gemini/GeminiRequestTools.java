package dev.architect.simulator.gemini;

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
import java.util.Set;

/**
 * Reads {@code tools} and {@code toolConfig} of the Gemini API.
 *
 * @param use the functions, and whether they may or must be called
 * @param search whether the model may search
 */
record GeminiRequestTools(ToolUse use, boolean search) {

    private static final StrictFields FIELDS = GeminiErrorWriter.FIELDS;
    private static final String NAME = "[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}";
    private static final Set<String> BUILT_IN = Set.of(
            "googleSearch",
            "googleSearchRetrieval",
            "googleMaps",
            "codeExecution",
            "urlContext",
            "fileSearch",
            "computerUse");

    static GeminiRequestTools read(ObjectNode body, GeminiModelTraits model, Prompt prompt)
            throws ErrorResponseException {
        List<ToolUse.OfferedTool> offered = new ArrayList<>();
        Set<String> kinds = new HashSet<>();
        Set<String> all = new HashSet<>(BUILT_IN);
        all.add("functionDeclarations");
        FIELDS.forEachItem(body, "", "tools", (tool, path) -> {
            FIELDS.allowOnly(tool, path, all);
            tool.fieldNames().forEachRemaining(kinds::add);
            FIELDS.forEachItem(tool, path, "functionDeclarations", (function, at) -> {
                ToolUse.OfferedTool one = declared(function, at, prompt);
                if (offered.stream().anyMatch(other -> other.name().equals(one.name()))) {
                    throw GeminiErrorWriter.invalid("Duplicate function declaration found: " + one.name());
                }
                offered.add(one);
            });
        });
        boolean builtIn = kinds.stream().anyMatch(BUILT_IN::contains);
        checkTogether(body, model, builtIn, !offered.isEmpty());
        return new GeminiRequestTools(choice(body, offered), kinds.contains("googleSearch"));
    }

    private static void checkTogether(ObjectNode body, GeminiModelTraits model, boolean builtIn, boolean functions)
            throws ErrorResponseException {
        if (builtIn && functions) {
            if (!model.isThirdGeneration()) {
                throw GeminiErrorWriter.invalid("Tool use with function calling is unsupported");
            }
            if (!body.path("toolConfig")
                    .path("includeServerSideToolInvocations")
                    .asBoolean()) {
                throw GeminiErrorWriter.invalid("Please enable tool_config.include_server_side_tool_invocations to use"
                        + " Built-in tools with Function calling.");
            }
        }
        if (!model.isThirdGeneration()
                && (builtIn || functions)
                && body.at("/generationConfig/responseMimeType").asText().equals("application/json")) {
            throw GeminiErrorWriter.invalid((functions ? "Function calling" : "Tool use")
                    + " with a response mime type: 'application/json' is unsupported");
        }
    }

    private static ToolUse.OfferedTool declared(JsonNode function, String path, Prompt prompt)
            throws ErrorResponseException {
        FIELDS.allowOnly(
                function,
                path,
                Set.of(
                        "name",
                        "description",
                        "parameters",
                        "parametersJsonSchema",
                        "response",
                        "responseJsonSchema",
                        "behavior"));
        String name = FIELDS.text(function, path, "name");
        if (!name.matches(NAME)) {
            throw GeminiErrorWriter.field(
                    path + ".name",
                    "[FIELD_INVALID] Invalid function name. Must start with a letter or an underscore. Must be"
                            + " alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with"
                            + " a maximum length of 64.");
        }
        if (function.hasNonNull("parameters") && function.hasNonNull("parametersJsonSchema")) {
            throw GeminiErrorWriter.field(
                    path + ".parametersJsonSchema", "parameters_json_schema must not be set when parameters is set");
        }
        String field = function.hasNonNull("parameters") ? "parameters" : "parametersJsonSchema";
        JsonNode schema = function.path(field);
        if (!schema.isMissingNode() && !schema.isObject()) {
            throw GeminiErrorWriter.MESSAGES.invalidValue(path + "." + field, "object");
        }
        if (schema.isObject() && !schema.path("type").asText().equalsIgnoreCase("object")) {
            throw GeminiErrorWriter.field(
                    path + "." + field,
                    "Unable to submit request because " + name
                            + " functionDeclaration parameters schema should be of type OBJECT");
        }
        JsonNode arguments = schema.isObject() ? schema : SimulatorJson.object().put("type", "object");
        prompt.tool(name, FIELDS.optionalText(function, path, "description"), arguments);
        return new ToolUse.OfferedTool(name, arguments);
    }

    private static ToolUse choice(ObjectNode body, List<ToolUse.OfferedTool> offered) throws ErrorResponseException {
        JsonNode tools = body.path("toolConfig");
        if (!tools.isMissingNode()) {
            FIELDS.allowOnly(
                    tools,
                    "toolConfig",
                    Set.of("functionCallingConfig", "retrievalConfig", "includeServerSideToolInvocations"));
        }
        JsonNode config = tools.path("functionCallingConfig");
        if (config.isMissingNode()) {
            return new ToolUse(offered, ToolUse.ToolChoice.AUTO, "", true);
        }
        String path = "toolConfig.functionCallingConfig";
        FIELDS.allowOnly(config, path, Set.of("mode", "allowedFunctionNames", "streamFunctionCallArguments"));
        String mode = config.hasNonNull("mode")
                ? FIELDS.oneOf(config, path, "mode", Set.of("MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"))
                : "AUTO";
        if (offered.isEmpty()) {
            throw GeminiErrorWriter.invalid("Function calling config is set without function_declarations.");
        }
        List<String> allowed = new ArrayList<>();
        FIELDS.forEachItem(config, path, "allowedFunctionNames", (name, at) -> allowed.add(name.asText()));
        if (!allowed.isEmpty() && !mode.equals("ANY") && !mode.equals("VALIDATED")) {
            throw GeminiErrorWriter.invalid(
                    "Allowed function names should only be set when function calling mode is ANY.");
        }
        ToolUse use = new ToolUse(offered, ToolUse.ToolChoice.AUTO, "", true);
        for (String name : allowed) {
            if (!use.offers(name)) {
                throw GeminiErrorWriter.field(
                        path + ".allowedFunctionNames", "function " + name + " is not in function_declarations");
            }
        }
        List<ToolUse.OfferedTool> callable = allowed.isEmpty()
                ? offered
                : offered.stream().filter(one -> allowed.contains(one.name())).toList();
        return switch (mode) {
            case "ANY" ->
                allowed.size() == 1
                        ? new ToolUse(callable, ToolUse.ToolChoice.NAMED, allowed.get(0), true)
                        : new ToolUse(callable, ToolUse.ToolChoice.REQUIRED, "", true);
            case "NONE" -> new ToolUse(callable, ToolUse.ToolChoice.NONE, "", true);
            default -> new ToolUse(callable, ToolUse.ToolChoice.AUTO, "", true);
        };
    }
}
