package dev.architect.simulator.answer;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A complete answer, before it is written in a wire format.
 *
 * @param ids the ids that the answer carries
 * @param model the model name that the answer carries
 * @param reasoning the reasoning text that comes first; empty when there is none or it is hidden
 * @param text the text; empty when the answer consists of tool calls
 * @param calls the tool calls
 * @param citations the sources that the text names
 * @param stopSequence the stop sequence that ended the answer; null when none did
 * @param truncated whether the token limit of the request ended the answer
 * @param counts the tokens
 * @param cost the cost
 * @param createdAt the wall time at which the answer began
 * @param nanos the time that generating the whole answer takes
 */
public record ChatAnswer(
        ResponseIds ids,
        String model,
        String reasoning,
        String text,
        List<ToolCall> calls,
        List<CitedSource> citations,
        @Nullable String stopSequence,
        boolean truncated,
        TokenCounts counts,
        CallCost cost,
        Instant createdAt,
        long nanos) {

    /** The signature of the reasoning, which contains its text, so that hidden reasoning can be verified when it comes back. */
    public String signature() {
        return ReasoningSignature.of(reasoning);
    }
}
