package dev.architect.route;

import dev.architect.check.Check;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.LedgerEntry;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The lengths of the last answers of each model, from which those of the next ones are forecast. Kept for each class of prompts with its size (by
 * the power of two of its tokens), for each class, and for the model: the first of these that has {@value #LEAST} answers counts. Below that nothing
 * is forecast, which callers have to expect. Quantiles are exact over the last {@value #KEPT} answers of each kind: the value of rank
 * ⌈(n + 1) · q⌉, so that the share of the next answers that do not exceed it is q or more when they are like the last ones.
 *
 * <p>Up to {@value #MOST_MODELS} models are kept, about 2 KB for each kind of prompt; answers of others are not. Does not block; safe for use by several
 * threads.
 */
public final class OutputHistory {

    private static final int KEPT = 256;
    private static final int LEAST = 30;
    private static final int MOST_MODELS = 1_000;
    private static final int SIZES = 64;
    private static final int PERCENT = 100;
    private static final int P50 = 50;
    private static final int P90 = 90;

    /** The answers of a model by kind of prompt: 0 for all, then the classes, then the sizes of each. */
    private final Map<ModelId, Map<Integer, Answers>> models = new ConcurrentHashMap<>();

    /** The last lengths: in the order in which they came, and in that of their sizes. */
    private static final class Answers {
        private final int[] inOrder = new int[KEPT];
        private final int[] sorted = new int[KEPT];
        private int count;
        private int oldest;

        synchronized void add(int tokens) {
            if (count == KEPT) {
                int place = Arrays.binarySearch(sorted, 0, count, inOrder[oldest]);
                System.arraycopy(sorted, place + 1, sorted, place, count - place - 1);
                count--;
            }
            int found = Arrays.binarySearch(sorted, 0, count, tokens);
            int place = found < 0 ? -found - 1 : found;
            System.arraycopy(sorted, place, sorted, place + 1, count - place);
            sorted[place] = tokens;
            inOrder[oldest] = tokens;
            oldest = (oldest + 1) % KEPT;
            count++;
        }

        synchronized Optional<OutputForecast> forecast(OutputForecast.Basis basis) {
            return count < LEAST
                    ? Optional.empty()
                    : Optional.of(new OutputForecast(quantile(P50), quantile(P90), count, basis));
        }

        private int quantile(int percent) {
            // Adding 99 before the division rounds the rank up in whole numbers; ranks begin with one.
            int rank = ((count + 1) * percent + PERCENT - 1) / PERCENT;
            return sorted[Math.min(rank, count) - 1];
        }
    }

    /** Creates a history of no answers. */
    public OutputHistory() {}

    /** Whether the length of the call's answer is known: it was answered, be it accepted or not, and the provider has reported its usage. */
    public static boolean counts(LedgerEntry call) {
        Check.notNull("call", call);
        boolean isAnswered = call.outcome() == CallOutcome.ANSWERED || call.outcome() == CallOutcome.REJECTED;
        return isAnswered && call.metering().source() == UsageSource.REPORTED;
    }

    /** Notes the length of the answer of a call, if it {@link #counts}. */
    public void add(LedgerEntry call) {
        if (counts(call)) {
            TokenUsage usage = call.metering().usage();
            add(call.route().requested(), call.route().complexity(), usage.promptTokens(), usage.completionTokens());
        }
    }

    /**
     * Notes the length of an answer.
     *
     * @param model the model that was called
     * @param promptTokens all tokens of the prompt
     * @param answerTokens all that were produced, reasoning included
     */
    public void add(ModelId model, Complexity complexity, long promptTokens, long answerTokens) {
        Check.notNull("complexity", complexity);
        Check.notNegative("promptTokens", promptTokens);
        int tokens = (int) Math.min(Integer.MAX_VALUE, Check.notNegative("answerTokens", answerTokens));
        Map<Integer, Answers> kinds = models.get(Check.notNull("model", model));
        if (kinds == null) {
            if (models.size() >= MOST_MODELS) {
                return;
            }
            kinds = models.computeIfAbsent(model, each -> new ConcurrentHashMap<>());
        }
        add(kinds, 0, tokens);
        add(kinds, kind(complexity), tokens);
        add(kinds, kind(complexity, promptTokens), tokens);
    }

    private static void add(Map<Integer, Answers> kinds, int kind, int tokens) {
        kinds.computeIfAbsent(kind, each -> new Answers()).add(tokens);
    }

    private static int kind(Complexity complexity) {
        return 1 + complexity.ordinal();
    }

    private static int kind(Complexity complexity, long promptTokens) {
        return (1 + complexity.ordinal()) * SIZES + SIZES - Long.numberOfLeadingZeros(promptTokens);
    }

    /** Returns how long the answer to such a prompt will probably be; empty while there are too few earlier ones. */
    public Optional<OutputForecast> forecast(ModelId model, Complexity complexity, long promptTokens) {
        Check.notNull("complexity", complexity);
        Check.notNegative("promptTokens", promptTokens);
        Map<Integer, Answers> kinds = models.getOrDefault(Check.notNull("model", model), Map.of());
        return forecast(kinds, kind(complexity, promptTokens), OutputForecast.Basis.PROMPT_SIZE)
                .or(() -> forecast(kinds, kind(complexity), OutputForecast.Basis.COMPLEXITY))
                .or(() -> forecast(kinds, 0, OutputForecast.Basis.MODEL));
    }

    private static Optional<OutputForecast> forecast(
            Map<Integer, Answers> kinds, int kind, OutputForecast.Basis basis) {
        Answers answers = kinds.get(kind);
        return answers == null ? Optional.empty() : answers.forecast(basis);
    }
}
