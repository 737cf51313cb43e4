package dev.architect.simulator.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.answer.ToolCall;

/**
 * Writes one streamed answer: opened once, then its reasoning in chunks, its text in chunks, its tool calls one after
 * another, and at the end either {@link #close} or {@link #fail}. Methods for parts that an answer does not have are not called. Used by
 * one thread; implementations may keep state.
 */
public interface AnswerStreamWriter {

    /** The bytes before the first chunk. */
    byte[] open();

    /** A chunk of the reasoning text; the last one is followed by whatever ends the reasoning. */
    byte[] reasoning(Chunk chunk);

    /** A chunk of the text. */
    byte[] text(Chunk chunk);

    /** A chunk of the arguments of a tool call, which is never empty; {@code index} counts the calls from 0. */
    byte[] call(int index, ToolCall call, Chunk arguments);

    /** Whatever ends the stream. */
    byte[] close();

    /**
     * The bytes that replace the rest when the answer fails half-way.
     *
     * @param error the provider's error body for the same failure before the stream begins
     */
    byte[] fail(JsonNode error);

    /**
     * A part of a longer text.
     *
     * @param text the part
     * @param first whether it is the first part
     * @param last whether it is the last part
     */
    record Chunk(String text, boolean first, boolean last) {}
}
