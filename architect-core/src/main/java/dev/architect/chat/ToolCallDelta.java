package dev.architect.chat;

import dev.architect.check.Check;

/**
 * A piece of a tool call in a stream. Pieces of several calls may come in turn; the index tells them apart.
 *
 * @param index place of the call among the calls of this answer, from 0
 * @param id the call's id
 * @param name the tool
 * @param arguments the next piece of the arguments' JSON text; empty in the first piece when only the name is known
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
        return "ToolCallPiece[" + index + ", " + name + ", " + arguments.length() + " characters]";
    }
}
