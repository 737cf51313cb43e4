package dev.architect.router.learned;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A linear model over features that are scaled to mean 0 and spread 1, and cut off at four times the spread: ridge regression. Immutable. */
final class LinearModel {

    private static final double CUT = 4;

    private final double base;
    private final double[] means;
    private final double[] spreads;
    private final double[] weights;

    private LinearModel(double base, double[] means, double[] spreads, double[] weights) {
        this.base = base;
        this.means = means;
        this.spreads = spreads;
        this.weights = weights;
    }

    double predict(float[] row) {
        double sum = base;
        for (int feature = 0; feature < weights.length; feature++) {
            sum += weights[feature] * scaled(row, feature);
        }
        return sum;
    }

    double[] scaled(float[] row) {
        double[] scaled = new double[row.length];
        for (int feature = 0; feature < row.length; feature++) {
            scaled[feature] = scaled(row, feature);
        }
        return scaled;
    }

    private double scaled(float[] row, int feature) {
        return Math.max(-CUT, Math.min(CUT, (row[feature] - means[feature]) / spreads[feature]));
    }

    static LinearModel train(float[][] rows, double[] target, double lambda) {
        int n = rows.length;
        int features = rows[0].length;
        double[] means = new double[features];
        double[] spreads = new double[features];
        double base = 0;
        for (int row = 0; row < n; row++) {
            base += target[row] / n;
            for (int feature = 0; feature < features; feature++) {
                means[feature] += rows[row][feature] / n;
            }
        }
        for (float[] row : rows) {
            for (int feature = 0; feature < features; feature++) {
                double difference = row[feature] - means[feature];
                spreads[feature] += difference * difference / n;
            }
        }
        for (int feature = 0; feature < features; feature++) {
            // A feature that is the same in all rows says nothing of others either: huge, so that its weight is none.
            spreads[feature] = spreads[feature] < 1e-12 ? 1e12 : Math.sqrt(spreads[feature]);
        }
        LinearModel scale = new LinearModel(base, means, spreads, new double[features]);
        double[][] matrix = new double[features][features];
        double[] right = new double[features];
        double[] values = new double[features];
        for (int row = 0; row < n; row++) {
            for (int feature = 0; feature < features; feature++) {
                values[feature] = scale.scaled(rows[row], feature);
            }
            for (int one = 0; one < features; one++) {
                right[one] += values[one] * (target[row] - base);
                for (int other = 0; other <= one; other++) {
                    matrix[one][other] += values[one] * values[other];
                }
            }
        }
        for (int feature = 0; feature < features; feature++) {
            matrix[feature][feature] += lambda;
        }
        return new LinearModel(base, means, spreads, solve(matrix, right));
    }

    /** Solves with a symmetric, positive matrix, whose lower half is given (Cholesky). Both arguments are overwritten. */
    static double[] solve(double[][] matrix, double[] right) {
        int size = right.length;
        for (int row = 0; row < size; row++) {
            for (int column = 0; column <= row; column++) {
                double sum = matrix[row][column];
                for (int k = 0; k < column; k++) {
                    sum -= matrix[row][k] * matrix[column][k];
                }
                matrix[row][column] = row == column ? Math.sqrt(Math.max(1e-12, sum)) : sum / matrix[column][column];
            }
        }
        for (int row = 0; row < size; row++) {
            for (int k = 0; k < row; k++) {
                right[row] -= matrix[row][k] * right[k];
            }
            right[row] /= matrix[row][row];
        }
        for (int row = size - 1; row >= 0; row--) {
            for (int k = row + 1; k < size; k++) {
                right[row] -= matrix[k][row] * right[k];
            }
            right[row] /= matrix[row][row];
        }
        return right;
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(weights.length);
        out.writeDouble(base);
        for (int feature = 0; feature < weights.length; feature++) {
            out.writeDouble(means[feature]);
            out.writeDouble(spreads[feature]);
            out.writeDouble(weights[feature]);
        }
    }

    static LinearModel read(DataInput in, int features) throws IOException {
        int count = in.readInt();
        if (count != features) {
            throw new LearnedModelException("features", Integer.toString(count), Integer.toString(features));
        }
        double base = ModelFile.finite("base", in.readDouble());
        double[] means = new double[features];
        double[] spreads = new double[features];
        double[] weights = new double[features];
        for (int feature = 0; feature < features; feature++) {
            means[feature] = ModelFile.finite("mean", in.readDouble());
            spreads[feature] = ModelFile.finite("spread", in.readDouble());
            weights[feature] = ModelFile.finite("weight", in.readDouble());
            if (spreads[feature] <= 0) {
                throw new LearnedModelException("spread", Double.toString(spreads[feature]), "more than 0");
            }
        }
        return new LinearModel(base, means, spreads, weights);
    }
}
