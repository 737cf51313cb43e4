package dev.architect.router.regression;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.IntUnaryOperator;

/**
 * Predicts several numbers from the hashed words of a text: a line for each, fitted by stochastic gradients whose steps shrink with what was
 * learned of a word (AdaGrad; J. Duchi et al., Journal of Machine Learning Research 12, 2011). A text is a row of length one in which
 * every word it has counts the same. Weights are kept in steps of a hundred and twenty-seventh of the largest. Immutable and safe for use by
 * several threads.
 */
public final class WordTable {

    /** How many slots there are; hashes are folded into them. */
    public static final int SLOTS = 1 << 15;

    private static final int STEPS = 127;
    private static final double RATE = 0.15;
    private static final double DECAY = 1e-5;

    private final int outputs;
    private final boolean isClassifier;
    private final float[] bases;
    private final float[] steps;
    private final byte[] weights;

    private WordTable(int outputs, boolean isClassifier, float[] bases, float[] steps, byte[] weights) {
        this.outputs = outputs;
        this.isClassifier = isClassifier;
        this.bases = bases;
        this.steps = steps;
        this.weights = weights;
    }

    /**
     * Learns numbers by least squares.
     *
     * @param slots for each text the hashes of its words, each once
     * @param target for each text its numbers
     * @param random a random number from 0 to just before its argument
     */
    public static WordTable ofNumbers(int[][] slots, double[][] target, int epochs, IntUnaryOperator random) {
        return new Training(slots, target[0].length, false).train(epochs, random, (row, output) -> target[row][output]);
    }

    /** Learns the probabilities of classes (multinomial logistic regression), from the class of each text. */
    public static WordTable ofClasses(int[][] slots, int[] classes, int count, int epochs, IntUnaryOperator random) {
        return new Training(slots, count, true).train(epochs, random, (row, output) -> classes[row] == output ? 1 : 0);
    }

    /** The predictions for a text. */
    public double[] predict(int[] slots) {
        int[] sums = new int[outputs];
        for (int slot : slots) {
            int at = (slot & (SLOTS - 1)) * outputs;
            for (int output = 0; output < outputs; output++) {
                sums[output] += weights[at + output];
            }
        }
        double scale = scale(slots);
        double[] predictions = new double[outputs];
        for (int output = 0; output < outputs; output++) {
            predictions[output] = bases[output] + scale * steps[output] * sums[output];
        }
        if (isClassifier) {
            normalise(predictions);
        }
        return predictions;
    }

    private static double scale(int[] slots) {
        return 1 / Math.sqrt(slots.length + 1.0);
    }

    private static void normalise(double[] logits) {
        double most = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            most = Math.max(most, logit);
        }
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            // The same on every JVM.
            logits[i] = StrictMath.exp(logits[i] - most);
            sum += logits[i];
        }
        for (int i = 0; i < logits.length; i++) {
            logits[i] /= sum;
        }
    }

    /** Writes the table. */
    public void write(DataOutput out) throws IOException {
        out.writeBoolean(isClassifier);
        for (int output = 0; output < outputs; output++) {
            out.writeFloat(bases[output]);
            out.writeFloat(steps[output]);
        }
        out.write(weights);
    }

    /** Reads a table with so many outputs, which a {@link ModelFormatException} says is not possible. */
    public static WordTable read(DataInput in, int outputs) throws IOException {
        boolean isClassifier = in.readBoolean();
        float[] bases = new float[outputs];
        float[] steps = new float[outputs];
        for (int output = 0; output < outputs; output++) {
            bases[output] = ModelFormatException.finite("base", in.readFloat());
            steps[output] = ModelFormatException.finite("step", in.readFloat());
        }
        byte[] weights = new byte[SLOTS * outputs];
        in.readFully(weights);
        return new WordTable(outputs, isClassifier, bases, steps, weights);
    }

    @FunctionalInterface
    private interface Wanted {
        double of(int row, int output);
    }

    private static final class Training {

        private final int[][] slots;
        private final int outputs;
        private final boolean isClassifier;
        private final double[] bases;
        private final float[] weights;
        /** The sums of squared gradients. */
        private final float[] squares;

        Training(int[][] slots, int outputs, boolean isClassifier) {
            this.slots = slots;
            this.outputs = outputs;
            this.isClassifier = isClassifier;
            this.bases = new double[outputs];
            this.weights = new float[SLOTS * outputs];
            this.squares = new float[SLOTS * outputs];
        }

        WordTable train(int epochs, IntUnaryOperator random, Wanted wanted) {
            bases(wanted);
            int[] order = new int[slots.length];
            for (int i = 0; i < order.length; i++) {
                order[i] = i;
            }
            double[] predictions = new double[outputs];
            for (int epoch = 0; epoch < epochs; epoch++) {
                for (int i = order.length - 1; i > 0; i--) {
                    int other = random.applyAsInt(i + 1);
                    int kept = order[i];
                    order[i] = order[other];
                    order[other] = kept;
                }
                for (int row : order) {
                    learn(row, predictions, wanted);
                }
            }
            return rounded();
        }

        private void bases(Wanted wanted) {
            for (int output = 0; output < outputs; output++) {
                double sum = 0;
                for (int row = 0; row < slots.length; row++) {
                    sum += wanted.of(row, output);
                }
                double mean = sum / slots.length;
                bases[output] = isClassifier ? StrictMath.log(Math.max(1e-9, mean)) : mean;
            }
        }

        private void learn(int row, double[] predictions, Wanted wanted) {
            double scale = scale(slots[row]);
            System.arraycopy(bases, 0, predictions, 0, outputs);
            for (int slot : slots[row]) {
                int at = (slot & (SLOTS - 1)) * outputs;
                for (int output = 0; output < outputs; output++) {
                    predictions[output] += scale * weights[at + output];
                }
            }
            if (isClassifier) {
                normalise(predictions);
            }
            for (int output = 0; output < outputs; output++) {
                predictions[output] = scale * (predictions[output] - wanted.of(row, output));
            }
            for (int slot : slots[row]) {
                int at = (slot & (SLOTS - 1)) * outputs;
                for (int output = 0; output < outputs; output++) {
                    double gradient = predictions[output] + DECAY * weights[at + output];
                    squares[at + output] += (float) (gradient * gradient);
                    weights[at + output] -= (float) (RATE * gradient / Math.sqrt(squares[at + output] + 1e-12));
                }
            }
        }

        private WordTable rounded() {
            float[] steps = new float[outputs];
            for (int i = 0; i < weights.length; i++) {
                steps[i % outputs] = Math.max(steps[i % outputs], Math.abs(weights[i]) / STEPS);
            }
            byte[] rounded = new byte[weights.length];
            float[] roundedBases = new float[outputs];
            for (int i = 0; i < weights.length; i++) {
                float step = steps[i % outputs];
                rounded[i] = (byte) (step == 0 ? 0 : Math.round(weights[i] / step));
            }
            for (int output = 0; output < outputs; output++) {
                roundedBases[output] = (float) bases[output];
            }
            return new WordTable(outputs, isClassifier, roundedBases, steps, rounded);
        }
    }
}
