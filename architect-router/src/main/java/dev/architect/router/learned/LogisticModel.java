package dev.architect.router.learned;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** Logistic regression over the features that a {@link LinearModel} scales, fitted by repeated weighted least squares. Immutable. */
final class LogisticModel {

    private static final int STEPS = 12;

    private final LinearModel scale;
    private final double[] weights;

    private LogisticModel(LinearModel scale, double[] weights) {
        this.scale = scale;
        this.weights = weights;
    }

    static LogisticModel train(float[][] rows, double[] target, double lambda) {
        LinearModel scale = LinearModel.train(rows, target, 1);
        double[][] values = Arrays.stream(rows).map(scale::scaled).toArray(double[][]::new);
        int size = rows[0].length + 1;
        double[] weights = new double[size];
        for (int step = 0; step < STEPS; step++) {
            double[][] matrix = new double[size][size];
            double[] right = new double[size];
            for (int row = 0; row < rows.length; row++) {
                double probability = probability(values[row], weights);
                double weight = Math.max(1e-6, probability * (1 - probability));
                for (int one = 0; one < size; one++) {
                    double first = one == 0 ? 1 : values[row][one - 1];
                    right[one] += first * (target[row] - probability);
                    for (int other = 0; other <= one; other++) {
                        matrix[one][other] += weight * first * (other == 0 ? 1 : values[row][other - 1]);
                    }
                }
            }
            for (int i = 1; i < size; i++) {
                matrix[i][i] += lambda;
                right[i] -= lambda * weights[i];
            }
            matrix[0][0] += 1e-9;
            double[] change = LinearModel.solve(matrix, right);
            for (int i = 0; i < size; i++) {
                // Not farther than the quadratic form can be trusted.
                weights[i] += Math.max(-1, Math.min(1, change[i]));
            }
        }
        return new LogisticModel(scale, weights);
    }

    double predict(float[] row) {
        return probability(scale.scaled(row), weights);
    }

    private static double probability(double[] values, double[] weights) {
        double sum = weights[0];
        for (int i = 0; i < values.length; i++) {
            sum += weights[i + 1] * values[i];
        }
        return 1 / (1 + StrictMath.exp(-sum));
    }

    void write(DataOutput out) throws IOException {
        scale.write(out);
        for (double weight : weights) {
            out.writeDouble(weight);
        }
    }

    static LogisticModel read(DataInput in, int features) throws IOException {
        LinearModel scale = LinearModel.read(in, features);
        double[] weights = new double[features + 1];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = ModelFile.finite("weight", in.readDouble());
        }
        return new LogisticModel(scale, weights);
    }
}
