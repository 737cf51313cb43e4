package dev.architect.simulator.wire;

import dev.architect.simulator.answer.ChatAnswer;
import dev.architect.simulator.answer.TokenCounts;
import dev.architect.simulator.answer.ToolCall;
import java.util.ArrayList;
import java.util.List;

/** The chunks in which an answer is streamed, in order. */
public final class StreamPlan {

    private final List<Step> steps = new ArrayList<>();
    private final int chunkCharacters;

    /**
     * One chunk.
     *
     * @param reasoning the reasoning tokens sent up to and including it, hidden ones too
     * @param text the text and tool-call tokens sent up to and including it
     * @param writer writes its bytes
     */
    public record Step(long reasoning, long text, ChunkWriter writer) {

        /** The output tokens sent up to and including it. */
        public long tokens() {
            return reasoning + text;
        }
    }

    /** Writes one chunk in the wire format of the stream. */
    public interface ChunkWriter {
        byte[] write(AnswerStreamWriter stream);
    }

    /** The state before the first chunk: hidden reasoning is counted already, because it precedes all text. */
    public static Step before(ChatAnswer answer) {
        return new Step(hidden(answer), 0, stream -> new byte[0]);
    }

    /** The steps of an answer in chunks of that many tokens. */
    public static List<Step> of(ChatAnswerWriter format, ChatAnswer answer, int tokensPerChunk) {
        return List.copyOf(new StreamPlan(format, answer, tokensPerChunk).steps);
    }

    private StreamPlan(ChatAnswerWriter format, ChatAnswer answer, int tokensPerChunk) {
        // Four characters for each token, as TokenCounts counts them.
        chunkCharacters = Math.multiplyExact(tokensPerChunk, 4);
        long hidden = hidden(answer);
        split(
                answer.reasoning(),
                chunkCharacters,
                (chunk, upTo) ->
                        steps.add(new Step(hidden + TokenCounts.of(upTo), 0, stream -> stream.reasoning(chunk))));
        long reasoning = answer.counts().reasoning();
        split(
                answer.text(),
                chunkCharacters,
                (chunk, upTo) -> steps.add(new Step(reasoning, TokenCounts.of(upTo), stream -> stream.text(chunk))));
        long before = TokenCounts.of(answer.text());
        for (int i = 0; i < answer.calls().size(); i++) {
            int index = i;
            long start = before;
            ToolCall call = answer.calls().get(i);
            int length =
                    format.argumentsInChunks() ? chunkCharacters : call.json().length();
            split(
                    call.json(),
                    length,
                    (chunk, upTo) -> steps.add(
                            new Step(reasoning, start + call.tokens(upTo), stream -> stream.call(index, call, chunk))));
            before += call.tokens();
        }
    }

    private static long hidden(ChatAnswer answer) {
        return answer.counts().reasoning() - TokenCounts.of(answer.reasoning());
    }

    private interface ChunkConsumer {
        void accept(AnswerStreamWriter.Chunk chunk, int upTo);
    }

    private static void split(String text, int size, ChunkConsumer consumer) {
        for (int from = 0, to; from < text.length(); from = to) {
            to = text.length() - from <= size ? text.length() : from + size;
            consumer.accept(new AnswerStreamWriter.Chunk(text.substring(from, to), from == 0, to == text.length()), to);
        }
    }
}
