package dev.architect.router.learned;

import dev.architect.router.regression.BinnedRows;
import dev.architect.router.regression.BoostingTrainer;
import dev.architect.router.regression.ForestTrainer;
import dev.architect.router.regression.Trees;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** The parts that predict what the strong model gains on a prompt: two kinds of trees and a line over its shape, its words, its length. Immutable. */
final class GainModel {

    /** How many predictions {@link #parts} returns. */
    static final int PARTS = 5;

    private static final int BOOSTED = 1;
    private static final int LINE = 2;
    private static final int WORDS = 3;

    private static final int LEAF = 20;
    private static final double FOREST_SHARE = 0.3;
    private static final double BOOSTED_RATE = 0.05;
    /** A mean of few rows is steadier with more trees; many rows make each of them large. */
    private static final int FEW_ROWS = 3_000;

    private static final int FOREST_TREES = 100;
    private static final int FOREST_TREES_OF_FEW = 200;

    private final Trees forest;
    private final Trees boosted;
    private final LinearModel line;
    private final WordModel words;
    private final RankTable lengths;

    private GainModel(Trees forest, Trees boosted, LinearModel line, WordModel words, RankTable lengths) {
        this.forest = forest;
        this.boosted = boosted;
        this.line = line;
        this.words = words;
        this.lengths = lengths;
    }

    /** How far a part follows the rows that it is trained on: what is best depends on how many they are, and on what can be learned from them. */
    enum Fit {
        /** For few rows, or much chance in them. */
        SMOOTH(60, 4, 2_000, 5),
        /** For many rows. */
        CLOSE(150, 8, 500, 3);

        private final int boostedTrees;
        private final int boostedLeaves;
        private final double shapeRidge;
        private final double wordRidge;

        Fit(int boostedTrees, int boostedLeaves, double shapeRidge, double wordRidge) {
            this.boostedTrees = boostedTrees;
            this.boostedLeaves = boostedLeaves;
            this.shapeRidge = shapeRidge;
            this.wordRidge = wordRidge;
        }
    }

    /**
     * How far each part follows its rows.
     *
     * @param boosted the boosted trees
     * @param line the line over the shape
     * @param words the words
     */
    record Fits(Fit boosted, Fit line, Fit words) {

        static Fits all(Fit fit) {
            return new Fits(fit, fit, fit);
        }

        /** For each part the fit whose predictions of rows that were not seen follow the target more. */
        static Fits best(double[][] smooth, double[][] close, double[] target) {
            return new Fits(
                    best(smooth, close, BOOSTED, target),
                    best(smooth, close, LINE, target),
                    best(smooth, close, WORDS, target));
        }

        private static Fit best(double[][] smooth, double[][] close, int part, double[] target) {
            return correlation(close, part, target) > correlation(smooth, part, target) ? Fit.CLOSE : Fit.SMOOTH;
        }

        private static double correlation(double[][] rows, int part, double[] target) {
            double mean = 0;
            double targetMean = 0;
            for (int row = 0; row < target.length; row++) {
                mean += rows[row][part] / target.length;
                targetMean += target[row] / target.length;
            }
            double both = 0;
            double squares = 1e-12;
            for (int row = 0; row < target.length; row++) {
                double difference = rows[row][part] - mean;
                both += difference * (target[row] - targetMean);
                squares += difference * difference;
            }
            return both / Math.sqrt(squares);
        }

        /** The predictions of those fits, from the predictions of both. */
        double[] of(double[] smooth, double[] close) {
            double[] chosen = smooth.clone();
            chosen[BOOSTED] = boosted == Fit.CLOSE ? close[BOOSTED] : smooth[BOOSTED];
            chosen[LINE] = line == Fit.CLOSE ? close[LINE] : smooth[LINE];
            chosen[WORDS] = words == Fit.CLOSE ? close[WORDS] : smooth[WORDS];
            return chosen;
        }
    }

    static GainModel train(LearningRows rows, double[] target, Fits fits, long seed) {
        BinnedRows binned = new BinnedRows(rows.features());
        return train(rows, target, binned, fits, forest(binned, target, seed));
    }

    /** Trains one for each fit, of which all have the same forest. */
    static List<GainModel> trainBoth(LearningRows rows, double[] target, long seed) {
        BinnedRows binned = new BinnedRows(rows.features());
        Trees forest = forest(binned, target, seed);
        return List.of(
                train(rows, target, binned, Fits.all(Fit.SMOOTH), forest),
                train(rows, target, binned, Fits.all(Fit.CLOSE), forest));
    }

    private static Trees forest(BinnedRows binned, double[] target, long seed) {
        int trees = target.length < FEW_ROWS ? FOREST_TREES_OF_FEW : FOREST_TREES;
        return ForestTrainer.train(binned, target, trees, LEAF, FOREST_SHARE, new TrainingRandom(seed)::below);
    }

    private static GainModel train(LearningRows rows, double[] target, BinnedRows binned, Fits fits, Trees forest) {
        return new GainModel(
                forest,
                BoostingTrainer.train(
                        binned, target, fits.boosted.boostedTrees, fits.boosted.boostedLeaves, BOOSTED_RATE, LEAF),
                LinearModel.train(rows.features(), target, fits.line.shapeRidge),
                WordModel.train(rows.slots(), target, fits.words.wordRidge),
                RankTable.of(rows.lengths()));
    }

    double[] parts(float[] features, int[] slots, double length) {
        return new double[] {
            forest.predict(features),
            boosted.predict(features),
            line.predict(features),
            words.predict(slots),
            lengths.rank(length)
        };
    }

    /** The share of the words and pairs that some training row had. */
    double known(int[] slots) {
        return words.known(slots);
    }

    double lengthRank(double length) {
        return lengths.rank(length);
    }

    void write(DataOutput out) throws IOException {
        forest.write(out);
        boosted.write(out);
        line.write(out);
        words.write(out);
        lengths.write(out);
    }

    static GainModel read(DataInput in) throws IOException {
        Trees forest = Trees.read(in, PromptShape.FEATURES);
        Trees boosted = Trees.read(in, PromptShape.FEATURES);
        LinearModel line = LinearModel.read(in, PromptShape.FEATURES);
        return new GainModel(forest, boosted, line, WordModel.read(in), RankTable.read(in));
    }
}
