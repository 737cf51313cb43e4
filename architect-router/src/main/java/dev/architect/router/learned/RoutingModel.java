package dev.architect.router.learned;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Ranks prompts by what a strong model gains on them over a weak one. For a prompt of another kind than it was trained on, the score is the
 * length of the prompt. The same file and prompt give the same score on every JVM. Immutable and safe for use by several threads.
 */
public final class RoutingModel {

    static final String KIND = "GAIAROUT";

    private final GainModel gain;
    private final Blend blend;
    private final SourceCheck source;
    private final RankTable scores;
    private final Calibration weakIsWrong;
    private final QualityDial dial;
    private final int rows;

    RoutingModel(
            GainModel gain,
            Blend blend,
            SourceCheck source,
            RankTable scores,
            Calibration weakIsWrong,
            QualityDial dial,
            int rows) {
        this.gain = gain;
        this.blend = blend;
        this.source = source;
        this.scores = scores;
        this.weakIsWrong = weakIsWrong;
        this.dial = dial;
        this.rows = rows;
    }

    /**
     * What a model says of a prompt.
     *
     * @param score ranks prompts: one with a higher score needs the strong model more
     * @param learnedScore the score without the fall-back: equal to {@code score} for a familiar prompt
     * @param isFamiliar whether the prompt is of the kind that the model was trained on; otherwise its score is its length, on the scale of the
     *     scores
     * @param weakIsWrong the probability that the weak model's answer is wrong, or for outcomes between 0 and 1 what its quality lacks to 1
     */
    public record Assessment(double score, double learnedScore, boolean isFamiliar, double weakIsWrong) {}

    /**
     * Loads a model file.
     *
     * @throws LearnedModelException when it is damaged, or of another version
     */
    public static RoutingModel load(Path file) throws IOException {
        return parse(Files.readAllBytes(ModelChecks.notNull("file", file)));
    }

    /** Does the same with the bytes of a file. */
    public static RoutingModel parse(byte[] bytes) {
        return ModelFile.read(
                KIND,
                ModelChecks.notNull("bytes", bytes),
                in -> new RoutingModel(
                        GainModel.read(in),
                        Blend.read(in, GainModel.PARTS),
                        SourceCheck.read(in),
                        RankTable.read(in),
                        Calibration.read(in),
                        QualityDial.read(in),
                        ModelFile.count("rows", in.readInt(), Integer.MAX_VALUE)));
    }

    /** The bytes of its file. */
    public byte[] toBytes() {
        return ModelFile.write(KIND, out -> {
            gain.write(out);
            blend.write(out);
            source.write(out);
            scores.write(out);
            weakIsWrong.write(out);
            dial.write(out);
            out.writeInt(rows);
        });
    }

    /** Returns what it says of a prompt. */
    public Assessment assess(String prompt) {
        PromptShape shape = PromptShape.of(ModelChecks.notNull("prompt", prompt));
        float[] features = shape.features();
        int[] slots = shape.slots();
        double length = PromptShape.length(prompt);
        double learned = blend.value(gain.parts(features, slots, length));
        boolean isFamiliar = source.isFamiliar(features, gain.known(slots));
        double score = isFamiliar ? learned : scores.value(gain.lengthRank(length));
        return new Assessment(score, learned, isFamiliar, weakIsWrong.probability(score));
    }

    /** The settings that it can be used with. */
    public QualityDial dial() {
        return dial;
    }

    /** How many outcomes it was trained on. */
    public int rows() {
        return rows;
    }
}
