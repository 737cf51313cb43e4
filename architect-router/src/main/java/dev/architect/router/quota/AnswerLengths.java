package dev.architect.router.quota;

import dev.architect.model.Complexity;
import java.util.Arrays;

/**
 * How long the answers of one model are, by the complexity of what was asked: nine of ten of the last {@value #KEPT} were no longer. What a call
 * reserves for its answer before it is known is taken from here. Safe for use by several threads.
 */
public final class AnswerLengths {

    static final int KEPT = 64;

    /** Before so many answers are known, the guess of the policy counts twice: too much is given back at the end of the call. */
    static final int LEAST = 8;

    private static final double QUANTILE = 0.9;

    private final Recent[] byComplexity = new Recent[Complexity.values().length];

    /** Creates lengths of which nothing is known. */
    public AnswerLengths() {
        for (int index = 0; index < byComplexity.length; index++) {
            byComplexity[index] = new Recent();
        }
    }

    /** An answer had so many tokens. */
    public void record(Complexity complexity, long tokens) {
        byComplexity[complexity.ordinal()].add(tokens);
    }

    /**
     * Returns what to reserve for an answer.
     *
     * @param guess what the policy expects, for as long as too little is known
     * @param most what the request allows; {@link Long#MAX_VALUE} without a limit
     */
    public long expected(Complexity complexity, long guess, long most) {
        long seen = byComplexity[complexity.ordinal()].quantile;
        return Math.min(most, seen >= 0 ? seen : 2 * guess);
    }

    private static final class Recent {
        private final long[] inOrder = new long[KEPT];
        private final long[] sorted = new long[KEPT];
        private int count;
        private int next;
        private volatile long quantile = -1;

        synchronized void add(long tokens) {
            if (count == KEPT) {
                remove(inOrder[next]);
            }
            insert(tokens);
            inOrder[next] = tokens;
            next = (next + 1) % KEPT;
            if (count >= LEAST) {
                quantile = sorted[(int) Math.ceil(QUANTILE * count) - 1];
            }
        }

        private void remove(long tokens) {
            int at = Arrays.binarySearch(sorted, 0, count, tokens);
            System.arraycopy(sorted, at + 1, sorted, at, count - at - 1);
            count--;
        }

        private void insert(long tokens) {
            int found = Arrays.binarySearch(sorted, 0, count, tokens);
            int at = found >= 0 ? found : -found - 1;
            System.arraycopy(sorted, at, sorted, at + 1, count - at);
            sorted[at] = tokens;
            count++;
        }
    }
}
