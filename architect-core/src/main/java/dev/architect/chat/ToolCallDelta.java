package dev.architect.chat;

import dev.architect.check.Check;

/**
 * A tool call of a streamed answer, which comes whole: the delta by which a call is added to the answer.
 *
 * @param index position of the call among the calls of this answer, from 0
 * @param id the call's id
 * @param name the tool
 * @param arguments the whole arguments' JSON text, {@code {}} for a call without arguments
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
