package dev.architect.router.learned;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The weighted sum of predictions, each scaled to mean 0 and spread 1. The weights are fitted on rows that the predictions were not
 * trained on, and held near equal ones the more the fewer the rows. Immutable.
 */
final class Blend {

    /** So many rows weigh as much as the belief that all predictions are equally good. */
    private static final double EQUAL = 2_000;

    private final double[] means;
    private final double[] spreads;
    private final double[] weights;

    private Blend(double[] means, double[] spreads, double[] weights) {
        this.means = means;
        this.spreads = spreads;
        this.weights = weights;
    }

    static Blend fit(double[][] rows, double[] target) {
        Blend equal = fixed(rows, new double[rows[0].length]);
        int parts = equal.weights.length;
        double mean = Arrays.stream(target).sum() / target.length;
        double[][] matrix = new double[parts][parts];
        double[] right = new double[parts];
        double ofSum = 0;
        double sumSquares = 0;
        for (int row = 0; row < rows.length; row++) {
            double sum = 0;
            for (int one = 0; one < parts; one++) {
                double value = equal.scaled(rows[row], one);
                sum += value;
                right[one] += value * (target[row] - mean);
                for (int other = 0; other <= one; other++) {
                    matrix[one][other] += value * equal.scaled(rows[row], other);
                }
            }
            ofSum += sum * (target[row] - mean);
            sumSquares += sum * sum;
        }
        double slope = Math.max(1e-6, sumSquares == 0 ? 0 : ofSum / sumSquares);
        for (int part = 0; part < parts; part++) {
            matrix[part][part] += EQUAL;
            right[part] += EQUAL * slope;
        }
        double[] weights = LinearModel.solve(matrix, right);
        for (int part = 0; part < parts; part++) {
            weights[part] = Math.max(0, weights[part]);
        }
        return new Blend(equal.means, equal.spreads, weights);
    }

    /** Returns a blend of given weights. */
    static Blend fixed(double[][] rows, double[] weights) {
        int parts = weights.length;
        double[] means = new double[parts];
        double[] spreads = new double[parts];
        for (int part = 0; part < parts; part++) {
            for (double[] row : rows) {
                means[part] += row[part] / rows.length;
            }
            for (double[] row : rows) {
                spreads[part] += (row[part] - means[part]) * (row[part] - means[part]) / rows.length;
            }
            spreads[part] = spreads[part] < 1e-18 ? 1e12 : Math.sqrt(spreads[part]);
        }
        return new Blend(means, spreads, weights);
    }

    double value(double[] parts) {
        double sum = 0;
        for (int part = 0; part < weights.length; part++) {
            sum += weights[part] * scaled(parts, part);
        }
        return sum;
    }

    private double scaled(double[] parts, int part) {
        return (parts[part] - means[part]) / spreads[part];
    }

    double[] weights() {
        return weights.clone();
    }

    void write(DataOutput out) throws IOException {
        for (int part = 0; part < weights.length; part++) {
            out.writeDouble(means[part]);
            out.writeDouble(spreads[part]);
            out.writeDouble(weights[part]);
        }
    }

    static Blend read(DataInput in, int parts) throws IOException {
        double[] means = new double[parts];
        double[] spreads = new double[parts];
        double[] weights = new double[parts];
        for (int part = 0; part < parts; part++) {
            means[part] = ModelFile.finite("blend mean", in.readDouble());
            spreads[part] = ModelFile.finite("blend spread", in.readDouble());
            weights[part] = ModelFile.finite("blend weight", in.readDouble());
            if (spreads[part] <= 0) {
                throw new LearnedModelException("blend spread", Double.toString(spreads[part]), "more than 0");
            }
        }
        return new Blend(means, spreads, weights);
    }
}
