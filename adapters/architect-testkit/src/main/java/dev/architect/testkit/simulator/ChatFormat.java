package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;

/** How one endpoint writes an answer of a model. Stateless, so that one instance serves all calls. */
interface ChatFormat {

    /** The whole answer as one body. */
    byte[] plain(Wanted.Chat wanted, ChatAnswer answer);

    /** The content type of a plain answer. */
    default String plainType() {
        return "application/json";
    }

    /** The content type of a stream. */
    default String streamType() {
        return "text/event-stream; charset=utf-8";
    }

    /** What a stream sends before any text. */
    byte[] open(Wanted.Chat wanted, ChatAnswer answer);

    /** A piece of text, {@code from} to {@code to}, which is not the last one; {@code index} counts pieces from 0. */
    byte[] piece(Wanted.Chat wanted, ChatAnswer answer, int index, int from, int to);

    /** The last piece of text, from {@code from} to the end, and whatever ends the stream. */
    byte[] close(Wanted.Chat wanted, ChatAnswer answer, int index, int from);

    /**
     * What a stream sends instead of the rest when the answer fails half-way, after {@code from} characters.
     *
     * @param error the provider's body for the same failure before any text
     */
    byte[] fail(Wanted.Chat wanted, ChatAnswer answer, int index, int from, JsonNode error);

    /** What the call costs. */
    default Bill bill(SimulatedPrices prices, TokenCounts counts) {
        return Bill.exact(prices, counts);
    }
}
