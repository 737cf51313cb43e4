package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A call of a tool in an answer.
 *
 * @param id the id in the shape of the provider; a provider without ids leaves it out
 * @param name the tool
 * @param arguments the arguments
 * @param json the arguments as text
 */
record ToolCall(String id, String name, ObjectNode arguments, String json) {

    static ToolCall of(String id, ToolUse.Chosen chosen) {
        return new ToolCall(id, chosen.name(), chosen.arguments(), Json.text(chosen.arguments()));
    }

    /** The tokens of the call, up to a position in the text of its arguments. */
    long tokens(int upTo) {
        return TokenCounts.of(name.length() + upTo);
    }

    long tokens() {
        return tokens(json.length());
    }
}
