package dev.architect.provider.claude;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolChoice;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.spi.ProviderCall;
import java.util.Optional;

/** Writes the tools that are offered, and how they may be chosen. */
final class ClaudeToolWriter {

    private ClaudeToolWriter() {}

    static ObjectNode tool(ProviderHttp http, ProviderCall call, Tool tool) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", tool.name());
        if (!tool.description().isBlank()) {
            json.put("description", tool.description());
        }
        json.set("input_schema", http.toolSchema(call, tool));
        return json;
    }

    /** Returns the choice, empty for the one that Claude makes anyway. */
    static Optional<ObjectNode> choice(ToolChoice choice) {
        if (choice.equals(ToolChoice.AUTO)) {
            return Optional.empty();
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        switch (choice.mode()) {
            case AUTO -> json.put("type", "auto");
            case REQUIRED -> json.put("type", "any");
            case NONE -> json.put("type", "none");
            case NAMED -> json.put("type", "tool").put("name", choice.name().orElseThrow());
        }
        // With "none" there is no call that could be parallel, and Claude rejects the field there.
        if (choice.parallel() == ToolChoice.Parallel.FORBIDDEN && choice.mode() != ToolChoice.Mode.NONE) {
            json.put("disable_parallel_tool_use", true);
        }
        return Optional.of(json);
    }
}
