package dev.architect.router.learned;

import dev.architect.router.regression.BinnedRows;
import dev.architect.router.regression.BoostingTrainer;
import dev.architect.router.regression.ForestTrainer;
import dev.architect.router.regression.Trees;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The parts that predict what the strong model gains on a prompt: two kinds of trees and a line over its shape, its words, its length. Immutable. */
final class GainModel {

    /** How many predictions {@link #parts} returns. */
    static final int PARTS = 5;

    private static final int LEAF = 20;
    private static final double FOREST_SHARE = 0.3;
    private static final double BOOSTED_RATE = 0.05;
    private static final int FEW_ROWS = 3_000;

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

    /** How closely the parts follow the rows that they are trained on. */
    enum Fit {
        /** For few rows, in which there is much chance. */
        SMOOTH(200, 60, 4, 2_000, 5),
        /** For many rows, of which each tree is large. */
        CLOSE(100, 150, 8, 500, 3);

        private final int forestTrees;
        private final int boostedTrees;
        private final int boostedLeaves;
        private final double shapeRidge;
        private final double wordRidge;

        Fit(int forestTrees, int boostedTrees, int boostedLeaves, double shapeRidge, double wordRidge) {
            this.forestTrees = forestTrees;
            this.boostedTrees = boostedTrees;
            this.boostedLeaves = boostedLeaves;
            this.shapeRidge = shapeRidge;
            this.wordRidge = wordRidge;
        }

        /** Returns the one for so many rows, whatever is in them. */
        static Fit of(int rows) {
            return rows < FEW_ROWS ? SMOOTH : CLOSE;
        }
    }

    static GainModel train(LearningRows rows, double[] target, Fit fit, long seed) {
        BinnedRows binned = new BinnedRows(rows.features());
        return new GainModel(
                ForestTrainer.train(
                        binned, target, fit.forestTrees, LEAF, FOREST_SHARE, new TrainingRandom(seed)::below),
                BoostingTrainer.train(binned, target, fit.boostedTrees, fit.boostedLeaves, BOOSTED_RATE, LEAF),
                LinearModel.train(rows.features(), target, fit.shapeRidge),
                WordModel.train(rows.slots(), target, fit.wordRidge),
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
