package dev.architect.router.bandit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32;

/**
 * Chooses between arms, such as models, and learns from the rewards of what it chose, for each kind of request by itself.
 *
 * <p>Rewards are averaged with weights that fade with each further reward of the kind, so that a change is followed; the average of an arm
 * that is not chosen stays, but is replaced by a few new rewards. An arm that does not look best is chosen with a probability that is
 * the smaller, the farther its average is behind (inverse gap weighting: N. Abe, P. Long: Associative reinforcement learning using linear
 * probabilistic concepts, 1999; D. Foster, A. Rakhlin: Beyond UCB, 2020). That probability is known exactly, which is what an
 * evaluation of logged decisions needs.
 *
 * <p>The same requests and rewards in the same order give the same choices. Safe for use by several threads.
 */
public final class Bandit {

    /** How much being behind lowers the probability: a larger one learns more slowly and loses less. */
    private static final double CONFIDENCE = 200;

    /** The probability of an arm is never smaller, so that a change is noticed whatever the averages were. */
    private static final double LEAST_PROBABILITY = 0.01;

    /** What an average weighs at least, in rewards. */
    private static final double LEAST_WEIGHT = 3;

    private final BanditSettings settings;
    private final int arms;
    private final double decay;
    private final double[][] means;
    private final double[][] weights;

    private Bandit(BanditSettings settings, double[][] expected) {
        this.settings = settings;
        this.arms = expected[0].length;
        this.decay = Math.exp(-1.0 / settings.memory());
        this.means = expected;
        this.weights = new double[expected.length][arms];
        for (double[] each : weights) {
            Arrays.fill(each, LEAST_WEIGHT);
        }
    }

    /**
     * A choice.
     *
     * @param arm the number of the chosen one
     * @param propensity the probability with which it was chosen
     * @param isBest whether it has the highest average
     */
    public record Pick(int arm, double propensity, boolean isBest) {}

    /**
     * Returns a bandit that has learned nothing yet.
     *
     * @param expected by kind of request and arm, the reward to expect until there are others; at least one kind with two arms or more
     */
    public static Bandit expecting(BanditSettings settings, double[][] expected) {
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(expected, "expected");
        if (expected.length == 0 || expected[0].length < 2) {
            throw new IllegalArgumentException(
                    "expected has " + expected.length + " kinds, expected 1 or more with 2 arms or more");
        }
        double[][] copy = new double[expected.length][];
        for (int kind = 0; kind < copy.length; kind++) {
            if (expected[kind].length != expected[0].length) {
                throw new IllegalArgumentException("expected of kind " + kind + " has " + expected[kind].length
                        + " arms, expected " + expected[0].length);
            }
            for (double each : expected[kind]) {
                finite("expected", each);
            }
            copy[kind] = expected[kind].clone();
        }
        return new Bandit(settings, copy);
    }

    /** Returns the choice for a request: the same for the same id until something is learned. */
    public synchronized Pick pick(int kind, String requestId) {
        double draw = draw(requestId);
        double[] mean = means[kind(kind)];
        int best = best(mean);
        double before = 0;
        for (int arm = 0; arm < arms; arm++) {
            if (arm != best) {
                double probability = probability(mean, best, arm);
                if (draw < before + probability) {
                    return new Pick(arm, probability, false);
                }
                before += probability;
            }
        }
        return new Pick(best, 1 - before, true);
    }

    /** Learns the reward of a choice. */
    public synchronized void learn(int kind, int arm, double reward) {
        finite("reward", reward);
        if (arm < 0 || arm >= arms) {
            throw new IllegalArgumentException("arm is " + arm + ", expected 0.." + (arms - 1));
        }
        double[] weight = weights[kind(kind)];
        for (int each = 0; each < arms; each++) {
            weight[each] = Math.max(LEAST_WEIGHT, weight[each] * decay);
        }
        weight[arm]++;
        means[kind][arm] += (reward - means[kind][arm]) / weight[arm];
    }

    /** The reward that an arm is expected to bring for a kind of request. */
    public synchronized double expected(int kind, int arm) {
        return means[kind(kind)][arm];
    }

    private double probability(double[] mean, int best, int arm) {
        double byGap = 1 / (arms + CONFIDENCE * (mean[best] - mean[arm]));
        return Math.max(Math.min(LEAST_PROBABILITY, 1.0 / arms), byGap);
    }

    private static int best(double[] mean) {
        int best = 0;
        for (int arm = 1; arm < mean.length; arm++) {
            best = mean[arm] > mean[best] ? arm : best;
        }
        return best;
    }

    /** A number from 0 to 1 that follows from the seed and the id. */
    private double draw(String requestId) {
        CRC32 crc = new CRC32();
        crc.update(requestId.getBytes(StandardCharsets.UTF_8));
        // The mixing of SplitMix64 (G. Steele et al.: Fast splittable pseudorandom number generators, 2014).
        long z = crc.getValue() + settings.seed() * 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return ((z ^ z >>> 31) >>> 11) * 0x1p-53;
    }

    private int kind(int kind) {
        if (kind < 0 || kind >= means.length) {
            throw new IllegalArgumentException("kind is " + kind + ", expected 0.." + (means.length - 1));
        }
        return kind;
    }

    private static void finite(String field, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(field + " is " + value + ", expected a finite number");
        }
    }
}
