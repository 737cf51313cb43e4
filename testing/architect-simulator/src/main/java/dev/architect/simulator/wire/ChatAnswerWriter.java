package dev.architect.simulator.wire;

import dev.architect.simulator.answer.CallCost;
import dev.architect.simulator.answer.ChatAnswer;
import dev.architect.simulator.answer.ResponseIds;
import dev.architect.simulator.answer.TokenCounts;
import dev.architect.simulator.script.SimulatedPrices;

/** How one endpoint writes an answer of a model. Stateless, so that one instance serves all calls. */
public interface ChatAnswerWriter {

    /** The whole answer as one body. */
    byte[] whole(ParsedRequest.Chat request, ChatAnswer answer);

    /** The writer of one streamed answer. */
    AnswerStreamWriter stream(ParsedRequest.Chat request, ChatAnswer answer);

    /** The content type of a whole answer. */
    default String wholeType() {
        return "application/json";
    }

    /** The content type of a stream. */
    default String streamType() {
        return "text/event-stream; charset=utf-8";
    }

    /** Whether a stream carries the arguments of a tool call in chunks; otherwise each call is one chunk. */
    default boolean argumentsInChunks() {
        return true;
    }

    /** The id of a tool call, counted from 0. */
    default String callId(ResponseIds ids, int index) {
        return ids.of("call_", index);
    }

    /** What the call costs. */
    default CallCost cost(SimulatedPrices prices, TokenCounts counts) {
        return CallCost.of(prices, counts);
    }
}
