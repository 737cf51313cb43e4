package dev.architect.simulator.wire;

import dev.architect.simulator.answer.ChatAnswer;
import dev.architect.simulator.answer.TokenCounts;
import dev.architect.simulator.answer.ToolCall;
import java.util.ArrayList;
import java.util.List;

/** The pieces in which an answer is streamed, in order. */
public final class StreamPlan {

    private final List<Step> steps = new ArrayList<>();
    private final int size;

    /**
     * One piece.
     *
     * @param reasoning the reasoning tokens that are out after it, hidden ones included
     * @param text the text and tool-call tokens that are out after it
     * @param writing what it sends
     */
    public record Step(long reasoning, long text, Writing writing) {

        /** The output tokens that are out after it. */
        public long tokens() {
            return reasoning + text;
        }
    }

    /** Writes one piece through the stream of its format. */
    public interface Writing {
        byte[] by(AnswerStreamWriter stream);
    }

    /** What is out before the first piece: hidden reasoning. */
    public static Step before(ChatAnswer answer) {
        return new Step(hidden(answer), 0, stream -> new byte[0]);
    }

    /** The steps of an answer in pieces of so many tokens. */
    public static List<Step> of(ChatAnswerWriter format, ChatAnswer answer, int tokensPerPiece) {
        return List.copyOf(new StreamPlan(format, answer, tokensPerPiece).steps);
    }

    private StreamPlan(ChatAnswerWriter format, ChatAnswer answer, int tokensPerPiece) {
        size = Math.multiplyExact(tokensPerPiece, 4);
        long hidden = hidden(answer);
        cut(
                answer.reasoning(),
                size,
                (piece, upTo) ->
                        steps.add(new Step(hidden + TokenCounts.of(upTo), 0, stream -> stream.reasoning(piece))));
        long reasoning = answer.counts().reasoning();
        cut(
                answer.text(),
                size,
                (piece, upTo) -> steps.add(new Step(reasoning, TokenCounts.of(upTo), stream -> stream.text(piece))));
        long before = TokenCounts.of(answer.text());
        for (int i = 0; i < answer.calls().size(); i++) {
            int index = i;
            long start = before;
            ToolCall call = answer.calls().get(i);
            int length = format.argumentsInPieces() ? size : call.json().length();
            cut(
                    call.json(),
                    length,
                    (piece, upTo) -> steps.add(
                            new Step(reasoning, start + call.tokens(upTo), stream -> stream.call(index, call, piece))));
            before += call.tokens();
        }
    }

    private static long hidden(ChatAnswer answer) {
        return answer.counts().reasoning() - TokenCounts.of(answer.reasoning());
    }

    private interface Cutting {
        void piece(AnswerStreamWriter.Piece piece, int upTo);
    }

    private static void cut(String text, int size, Cutting cutting) {
        for (int from = 0, to; from < text.length(); from = to) {
            to = text.length() - from <= size ? text.length() : from + size;
            cutting.piece(new AnswerStreamWriter.Piece(text.substring(from, to), from == 0, to == text.length()), to);
        }
    }
}
