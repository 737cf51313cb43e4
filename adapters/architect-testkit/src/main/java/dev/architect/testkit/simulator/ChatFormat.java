package dev.architect.testkit.simulator;

/** How one endpoint writes an answer of a model. Stateless, so that one instance serves all calls. */
interface ChatFormat {

    /** The whole answer as one body. */
    byte[] plain(Wanted.Chat wanted, ChatAnswer answer);

    /** The writer of one streamed answer. */
    AnswerStream stream(Wanted.Chat wanted, ChatAnswer answer);

    /** The content type of a plain answer. */
    default String plainType() {
        return "application/json";
    }

    /** The content type of a stream. */
    default String streamType() {
        return "text/event-stream; charset=utf-8";
    }

    /** Whether a stream carries the arguments of a tool call in pieces; otherwise each call comes as one piece. */
    default boolean argumentsInPieces() {
        return true;
    }

    /** The id of a tool call, counted from 0. */
    default String callId(Ids ids, int index) {
        return ids.of("call_", index);
    }

    /** What the call costs. */
    default Bill bill(SimulatedPrices prices, TokenCounts counts) {
        return Bill.exact(prices, counts);
    }
}
