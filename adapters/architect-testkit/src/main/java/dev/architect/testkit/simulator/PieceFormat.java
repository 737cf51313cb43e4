package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;

/** A format whose streams are text alone, and whose writing of a piece depends on nothing but the piece's position. */
interface PieceFormat extends ChatFormat {

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

    @Override
    default AnswerStream stream(Wanted.Chat wanted, ChatAnswer answer) {
        return new PieceStream(this, wanted, answer);
    }
}
