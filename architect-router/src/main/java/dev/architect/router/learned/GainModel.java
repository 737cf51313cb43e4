package dev.architect.router.learned;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The parts that predict what the strong model gains on a prompt: two kinds of trees and a line over its shape, its words, its length. Immutable. */
final class GainModel {

    /** How many predictions {@link #parts} returns. */
    static final int PARTS = 5;

    private static final int FOREST_TREES = 100;
    private static final int FOREST_LEAF = 20;
    private static final double FOREST_SHARE = 0.3;
    private static final int BOOSTED_TREES = 150;
    private static final int BOOSTED_LEAVES = 8;
    private static final double BOOSTED_RATE = 0.05;
    private static final double WORD_RIDGE = 3;
    private static final double SHAPE_RIDGE = 500;

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

    static GainModel train(LearningRows rows, double[] target, long seed) {
        BinnedRows binned = new BinnedRows(rows.features());
        return new GainModel(
                ForestTrainer.train(binned, target, FOREST_TREES, FOREST_LEAF, FOREST_SHARE, seed),
                BoostingTrainer.train(binned, target, BOOSTED_TREES, BOOSTED_LEAVES, BOOSTED_RATE, FOREST_LEAF),
                LinearModel.train(rows.features(), target, SHAPE_RIDGE),
                WordModel.train(rows.slots(), target, WORD_RIDGE),
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
