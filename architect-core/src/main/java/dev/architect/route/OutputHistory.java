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
import org.jspecify.annotations.Nullable;

/**
 * The lengths of the last answers of each model, from which those of the next ones are forecast. Kept for each type of task with the size of the prompt (by
 * the power of two of its tokens), for each type, for each class of prompts with its size, for each class, and for the model: the first of these that has {@value #LEAST} answers counts. Below that nothing
 * is forecast, which callers have to expect. Quantiles are exact over the last {@value #KEPT} answers of each kind: the value of rank
 * ⌈(n + 1) · q⌉, so that the share of the next answers that do not exceed it is q or more when they are like the last ones.
 *
 * <p>Up to {@value #MOST_MODELS} models are kept, and as many types of tasks on models, about 2 KB for each kind of prompt; answers of others are not. Does not block; safe for use by several
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

    /** The answers of a model to tasks of one type: 0 for all, then those of each size of prompts. */
    private final Map<TypeOnModel, Map<Integer, Answers>> types = new ConcurrentHashMap<>();

    /** A type of tasks and the model that was called. */
    private record TypeOnModel(ModelId model, String type) {}

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

    /** Notes the length of the answer of a call, if it {@link #counts}, as of no type of task: the ledger does not have it. */
    public void add(LedgerEntry call) {
        add(call, Optional.empty());
    }

    /** The same, as of a type of task. */
    public void add(LedgerEntry call, Optional<String> taskType) {
        Check.notNull("taskType", taskType);
        if (counts(call)) {
            TokenUsage usage = call.metering().usage();
            add(
                    call.route().requested(),
                    taskType,
                    call.route().complexity(),
                    usage.promptTokens(),
                    usage.completionTokens());
        }
    }

    /** Notes the length of an answer to a request of no type of task. */
    public void add(ModelId model, Complexity complexity, long promptTokens, long answerTokens) {
        add(model, Optional.empty(), complexity, promptTokens, answerTokens);
    }

    /**
     * Notes the length of an answer.
     *
     * @param model the model that was called
     * @param taskType the type of the task, where the request says it
     * @param promptTokens all tokens of the prompt
     * @param answerTokens all that were produced, reasoning included
     */
    public void add(
            ModelId model, Optional<String> taskType, Complexity complexity, long promptTokens, long answerTokens) {
        Check.notNull("taskType", taskType);
        Check.notNull("complexity", complexity);
        Check.notNegative("promptTokens", promptTokens);
        int tokens = (int) Math.min(Integer.MAX_VALUE, Check.notNegative("answerTokens", answerTokens));
        Map<Integer, Answers> kinds = kindsOf(models, Check.notNull("model", model));
        if (kinds != null) {
            add(kinds, 0, tokens);
            add(kinds, kind(complexity), tokens);
            add(kinds, kind(complexity, promptTokens), tokens);
        }
        Map<Integer, Answers> ofType =
                taskType.isEmpty() ? null : kindsOf(types, new TypeOnModel(model, taskType.get()));
        if (ofType != null) {
            add(ofType, 0, tokens);
            add(ofType, kind(promptTokens), tokens);
        }
    }

    /** Those of a key; null for one more than are kept. */
    private static <K> @Nullable Map<Integer, Answers> kindsOf(Map<K, Map<Integer, Answers>> all, K key) {
        Map<Integer, Answers> kinds = all.get(key);
        return kinds == null && all.size() < MOST_MODELS
                ? all.computeIfAbsent(key, each -> new ConcurrentHashMap<>())
                : kinds;
    }

    private static void add(Map<Integer, Answers> kinds, int kind, int tokens) {
        kinds.computeIfAbsent(kind, each -> new Answers()).add(tokens);
    }

    private static int kind(long promptTokens) {
        return 1 + SIZES - Long.numberOfLeadingZeros(promptTokens);
    }

    private static int kind(Complexity complexity) {
        return 1 + complexity.ordinal();
    }

    private static int kind(Complexity complexity, long promptTokens) {
        return (1 + complexity.ordinal()) * SIZES + SIZES - Long.numberOfLeadingZeros(promptTokens);
    }

    /** Returns how long the answer to such a prompt of no type of task will probably be; empty while there are too few earlier ones. */
    public Optional<OutputForecast> forecast(ModelId model, Complexity complexity, long promptTokens) {
        return forecast(model, Optional.empty(), complexity, promptTokens);
    }

    /** The same for a prompt of a type of task. */
    public Optional<OutputForecast> forecast(
            ModelId model, Optional<String> taskType, Complexity complexity, long promptTokens) {
        Check.notNull("complexity", complexity);
        Check.notNegative("promptTokens", promptTokens);
        Map<Integer, Answers> kinds = models.getOrDefault(Check.notNull("model", model), Map.of());
        Map<Integer, Answers> ofType = Check.notNull("taskType", taskType)
                .map(type -> types.get(new TypeOnModel(model, type)))
                .orElse(Map.of());
        return forecast(ofType, kind(promptTokens), OutputForecast.Basis.TASK_TYPE_AND_SIZE)
                .or(() -> forecast(ofType, 0, OutputForecast.Basis.TASK_TYPE))
                .or(() -> forecast(kinds, kind(complexity, promptTokens), OutputForecast.Basis.PROMPT_SIZE))
                .or(() -> forecast(kinds, kind(complexity), OutputForecast.Basis.COMPLEXITY))
                .or(() -> forecast(kinds, 0, OutputForecast.Basis.MODEL));
    }

    private static Optional<OutputForecast> forecast(
            Map<Integer, Answers> kinds, int kind, OutputForecast.Basis basis) {
        Answers answers = kinds.get(kind);
        return answers == null ? Optional.empty() : answers.forecast(basis);
    }
}
