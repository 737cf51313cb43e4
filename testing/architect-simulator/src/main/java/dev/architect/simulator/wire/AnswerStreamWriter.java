package dev.architect.simulator.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.answer.ToolCall;

/**
 * Writes one streamed answer: opened once, then its reasoning in pieces, its text in pieces, its tool calls one after
 * another, and at the end either {@link #close} or {@link #fail}. What an answer does not have is not called for. Used by
 * one thread; it may count and remember.
 */
public interface AnswerStreamWriter {

    /** What comes before anything else. */
    byte[] open();

    /** A piece of the reasoning text; the last one is followed by whatever ends the reasoning. */
    byte[] reasoning(Chunk chunk);

    /** A piece of the text. */
    byte[] text(Chunk chunk);

    /** A piece of the arguments of a tool call, which is never empty; {@code index} counts the calls from 0. */
    byte[] call(int index, ToolCall call, Chunk arguments);

    /** Whatever ends the stream. */
    byte[] close();

    /**
     * What comes instead of the rest when the answer fails half-way.
     *
     * @param error the provider's body for the same failure before any text
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
