package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;

/** The stream of a {@link PieceFormat}: text alone, whose last piece is written with the end. */
final class PieceStream implements AnswerStream {

    private static final byte[] NOTHING = {};

    private final PieceFormat format;
    private final Wanted.Chat wanted;
    private final ChatAnswer answer;
    private int index;
    private int from;

    PieceStream(PieceFormat format, Wanted.Chat wanted, ChatAnswer answer) {
        this.format = format;
        this.wanted = wanted;
        this.answer = answer;
    }

    @Override
    public byte[] open() {
        return format.open(wanted, answer);
    }

    @Override
    public byte[] reasoning(Piece piece) {
        throw new IllegalStateException(format.getClass().getSimpleName() + " cannot write reasoning");
    }

    @Override
    public byte[] text(Piece piece) {
        if (piece.last()) {
            return NOTHING;
        }
        int to = from + piece.text().length();
        byte[] bytes = format.piece(wanted, answer, index++, from, to);
        from = to;
        return bytes;
    }

    @Override
    public byte[] call(int number, ToolCall call, Piece arguments) {
        throw new IllegalStateException(format.getClass().getSimpleName() + " cannot write tool calls");
    }

    @Override
    public byte[] close() {
        return format.close(wanted, answer, index, from);
    }

    @Override
    public byte[] fail(JsonNode error) {
        return format.fail(wanted, answer, index, from, error);
    }
}
