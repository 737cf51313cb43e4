package dev.architect.provider.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolChoice;
import dev.architect.model.Capability;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.spi.ProviderCall;

/**
 * Writes what the model may call, and checks what Gemini does not take together. Its own search goes with the caller's tools
 * only when the calls of the search travel along in the conversation, for which there is no part.
 */
final class GeminiToolWriter {

    private GeminiToolWriter() {}

    static void write(ProviderCall call, ObjectNode body, ProviderHttp http) {
        ChatRequest request = call.request();
        boolean searches = request.selection().needs().contains(Capability.WEB_SEARCH);
        check(call, searches, http);
        if (searches) {
            body.putArray("tools").addObject().putObject("googleSearch");
        }
        if (!request.toolset().tools().isEmpty()) {
            ArrayNode declarations = body.putArray("tools").addObject().putArray("functionDeclarations");
            request.toolset().tools().forEach(tool -> declare(call, tool, declarations.addObject(), http));
            choose(request.toolset().choice(), body);
        }
    }

    private static void check(ProviderCall call, boolean searches, ProviderHttp http) {
        ChatRequest request = call.request();
        int tools = request.toolset().tools().size();
        boolean hasSchema = request.generation().outputSchema().orElse(null) != null;
        if (searches && tools > 0) {
            throw http.unsupported(call, "tools has " + tools + " entries with WEB_SEARCH, expected 0");
        }
        if (hasSchema && !GeminiModel.of(call.model()).takesToolsWithSchema()) {
            if (tools > 0) {
                throw http.unsupported(
                        call, "tools has " + tools + " entries with an outputSchema, expected 0 before version 3");
            }
            if (searches) {
                throw http.unsupported(
                        call, "outputSchema is given with WEB_SEARCH, expected one of them before version 3");
            }
        }
    }

    private static void declare(ProviderCall call, Tool tool, ObjectNode declaration, ProviderHttp http) {
        char first = tool.name().charAt(0);
        if (first == '-' || (first >= '0' && first <= '9')) {
            throw http.unsupported(
                    call, "tool name is '" + tool.name() + "', expected one that starts with a letter or underscore");
        }
        declaration.put("name", tool.name());
        if (!tool.description().isBlank()) {
            declaration.put("description", tool.description());
        }
        // Not "parameters", which takes only a subset of OpenAPI's schemas.
        declaration.set("parametersJsonSchema", http.toolSchema(call, tool));
    }

    private static void choose(ToolChoice choice, ObjectNode body) {
        if (choice.mode() == ToolChoice.Mode.AUTO) {
            return;
        }
        ObjectNode config = body.putObject("toolConfig").putObject("functionCallingConfig");
        config.put(
                "mode",
                switch (choice.mode()) {
                    case AUTO -> "AUTO";
                    case NONE -> "NONE";
                    case REQUIRED, NAMED -> "ANY";
                });
        choice.name().ifPresent(name -> config.putArray("allowedFunctionNames").add(name));
    }
}
