package dev.architect.router.bandit;

import dev.architect.model.ModelId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What another way to choose would have brought, estimated from logged decisions before it goes live. Every choice that it makes must have had
 * a chance in the log: what was never tried cannot be estimated. Immutable.
 *
 * <p>Both estimators are unbiased when the logged propensities are right. The doubly robust one adds the average reward of each kind and model, taken from the other
 * half of the log, and needs fewer decisions for the same certainty (M. Dudík, J. Langford, L. Li: Doubly robust policy evaluation and
 * learning, 2011).
 */
public final class OffPolicyEvaluation {

    /** Fewer decisions are not judged by. */
    public static final int LEAST_DECISIONS = 50;

    private static final double NORMAL_95 = 1.959964;

    private final List<LoggedDecision> log;
    private final Set<ModelId> models =
            new TreeSet<>((one, other) -> one.toString().compareTo(other.toString()));

    private OffPolicyEvaluation(List<LoggedDecision> log) {
        this.log = log;
        log.forEach(each -> models.add(each.chosen()));
    }

    /** A way to choose. */
    @FunctionalInterface
    public interface Target {

        /** The probability with which it chooses a model for a kind of request, 0 to 1; those of all models add up to 1. */
        double probability(String kind, ModelId model);

        /** Returns the one that always chooses this model. */
        static Target always(ModelId model) {
            Objects.requireNonNull(model, "model");
            return (kind, other) -> other.equals(model) ? 1 : 0;
        }
    }

    /**
     * What is expected of a way to choose.
     *
     * @param reward the mean reward
     * @param low the lower end of its 95 % interval
     * @param high the upper end
     * @param effectiveDecisions how many decisions of the log say something about it: few, when it chooses what the log rarely did
     */
    public record Estimate(double reward, double low, double high, double effectiveDecisions) {}

    /**
     * Returns an evaluation by a log.
     *
     * @throws IllegalArgumentException when it has fewer than {@value #LEAST_DECISIONS} decisions
     */
    public static OffPolicyEvaluation by(List<LoggedDecision> log) {
        List<LoggedDecision> copy = List.copyOf(log);
        if (copy.size() < LEAST_DECISIONS) {
            throw new IllegalArgumentException(
                    "log has " + copy.size() + " decisions, expected " + LEAST_DECISIONS + " or more");
        }
        return new OffPolicyEvaluation(copy);
    }

    /** The models that the log chose at least once. */
    public Set<ModelId> models() {
        return Set.copyOf(models);
    }

    /** The estimate by inverse propensity: each reward counts as often as its choice was rare. */
    public Estimate inversePropensity(Target target) {
        double[] values = new double[log.size()];
        double[] weights = weights(target);
        for (int i = 0; i < values.length; i++) {
            values[i] = weights[i] * log.get(i).reward();
        }
        return estimate(values, weights);
    }

    /** The doubly robust estimate. */
    public Estimate doublyRobust(Target target) {
        double[] values = new double[log.size()];
        double[] weights = weights(target);
        Averages[] halves = {new Averages(), new Averages()};
        for (int i = 0; i < values.length; i++) {
            halves[i % 2].add(log.get(i));
        }
        for (int i = 0; i < values.length; i++) {
            LoggedDecision decision = log.get(i);
            // Of the half that it is not in, or its own reward would be expected of it.
            Averages expected = halves[1 - i % 2];
            double ofTarget = 0;
            for (ModelId model : models) {
                ofTarget += probability(target, decision.kind(), model) * expected.of(decision.kind(), model);
            }
            values[i] = ofTarget + weights[i] * (decision.reward() - expected.of(decision.kind(), decision.chosen()));
        }
        return estimate(values, weights);
    }

    private double[] weights(Target target) {
        Objects.requireNonNull(target, "target");
        double[] weights = new double[log.size()];
        for (int i = 0; i < weights.length; i++) {
            LoggedDecision decision = log.get(i);
            weights[i] = probability(target, decision.kind(), decision.chosen()) / decision.propensity();
        }
        return weights;
    }

    private static double probability(Target target, String kind, ModelId model) {
        double probability = target.probability(kind, model);
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException(
                    "probability of " + model + " is " + probability + ", expected 0.0..1.0");
        }
        return probability;
    }

    private static Estimate estimate(double[] values, double[] weights) {
        int n = values.length;
        double sum = 0;
        double weight = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            sum += values[i];
            weight += weights[i];
            squares += weights[i] * weights[i];
        }
        double mean = sum / n;
        double deviations = 0;
        for (double value : values) {
            deviations += (value - mean) * (value - mean);
        }
        double margin = NORMAL_95 * Math.sqrt(deviations / (n - 1) / n);
        return new Estimate(mean, mean - margin, mean + margin, squares == 0 ? 0 : weight * weight / squares);
    }

    /** Average rewards by kind and model; of a model where a kind has none, and of everything where a model has none. */
    private static final class Averages {
        private final Map<String, double[]> sums = new HashMap<>();

        void add(LoggedDecision decision) {
            String model = decision.chosen().toString();
            for (String key : List.of(decision.kind() + ' ' + model, model, "")) {
                double[] sum = sums.computeIfAbsent(key, each -> new double[2]);
                sum[0] += decision.reward();
                sum[1]++;
            }
        }

        double of(String kind, ModelId model) {
            double[] sum = sums.get(kind + ' ' + model);
            if (sum == null) {
                sum = sums.get(model.toString());
            }
            if (sum == null) {
                sum = sums.getOrDefault("", new double[] {0, 1});
            }
            return sum[0] / sum[1];
        }
    }
}
