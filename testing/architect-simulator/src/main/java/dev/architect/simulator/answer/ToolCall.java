package dev.architect.simulator.answer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.json.SimulatorJson;

/**
 * A call of a tool in an answer.
 *
 * @param id the id in the format of the provider; providers without ids ignore it
 * @param name the tool
 * @param arguments the arguments
 * @param json the arguments as text
 */
public record ToolCall(String id, String name, ObjectNode arguments, String json) {

    public static ToolCall of(String id, ToolUse.SelectedTool selected) {
        return new ToolCall(id, selected.name(), selected.arguments(), SimulatorJson.text(selected.arguments()));
    }

    /** The tokens of the call, up to a position in the text of its arguments. */
    public long tokens(int upTo) {
        return TokenCounts.of(name.length() + upTo);
    }

    public long tokens() {
        return tokens(json.length());
    }
}
