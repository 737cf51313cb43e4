package dev.architect.chat;

import dev.architect.check.Check;

/**
 * A part of a streamed tool call. Deltas of several calls may alternate; the index identifies the call of each.
 *
 * @param index position of the call among the calls of this answer, from 0
 * @param id the call's id
 * @param name the tool
 * @param arguments the next part of the arguments' JSON text; empty in the first delta when only the name is known
 */
public record ToolCallDelta(int index, String id, String name, String arguments) {

    /** Checks every field. */
    public ToolCallDelta {
        Check.notNull("id", id);
        Check.notNull("name", name);
        Check.notNull("arguments", arguments);
    }

    @Override
    public String toString() {
        return "ToolCallDelta[" + index + ", " + name + ", " + arguments.length() + " characters]";
    }
}
