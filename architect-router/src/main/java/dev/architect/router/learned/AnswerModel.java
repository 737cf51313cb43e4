package dev.architect.router.learned;

import dev.architect.router.regression.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The probability that an answer of the weak model is wrong, from the question and the answer: no second model is asked. The mean of a
 * logistic regression over what the answer looks like and of two kinds of trees, which look at the question as well, calibrated. Immutable and safe for use by several threads.
 */
public final class AnswerModel {

    static final String KIND = "GAIAANSW";

    private final boolean hasForm;
    private final LogisticModel logistic;
    private final Trees forest;
    private final Trees boosted;
    private final Calibration calibration;
    private final QualityDial dial;
    private final int rows;

    AnswerModel(
            boolean hasForm,
            LogisticModel logistic,
            Trees forest,
            Trees boosted,
            Calibration calibration,
            QualityDial dial,
            int rows) {
        this.hasForm = hasForm;
        this.logistic = logistic;
        this.forest = forest;
        this.boosted = boosted;
        this.calibration = calibration;
        this.dial = dial;
        this.rows = rows;
    }

    /**
     * Loads a model file.
     *
     * @throws LearnedModelException when it is damaged, or of another version
     */
    public static AnswerModel load(Path file) throws IOException {
        return parse(Files.readAllBytes(ModelChecks.notNull("file", file)));
    }

    /** Does the same with the bytes of a file. */
    public static AnswerModel parse(byte[] bytes) {
        return ModelFile.read(KIND, ModelChecks.notNull("bytes", bytes), in -> {
            boolean hasForm = in.readBoolean();
            LogisticModel logistic = LogisticModel.read(in, answerFeatures(hasForm));
            int features = answerFeatures(hasForm) + PromptShape.FEATURES;
            Trees forest = Trees.read(in, features);
            Trees boosted = Trees.read(in, features);
            return new AnswerModel(
                    hasForm,
                    logistic,
                    forest,
                    boosted,
                    Calibration.read(in),
                    QualityDial.read(in),
                    ModelFile.count("rows", in.readInt(), Integer.MAX_VALUE));
        });
    }

    /** The bytes of its file. */
    public byte[] toBytes() {
        return ModelFile.write(KIND, out -> {
            out.writeBoolean(hasForm);
            logistic.write(out);
            forest.write(out);
            boosted.write(out);
            calibration.write(out);
            dial.write(out);
            out.writeInt(rows);
        });
    }

    /** Ranks answers: one with a higher score is more probably wrong. The thresholds of {@link #dial} are such scores. */
    public double score(String question, String answer) {
        return score(features(hasForm, question, answer));
    }

    /** The probability that the answer is wrong. */
    public double wrong(String question, String answer) {
        return calibration.probability(score(question, answer));
    }

    double score(float[] features) {
        double ofAnswer = logistic.predict(Arrays.copyOf(features, answerFeatures(hasForm)));
        return (ofAnswer + forest.predict(features) + boosted.predict(features)) / 3;
    }

    /** How many of the features are of the answer; those of the question stand behind them. */
    static int answerFeatures(boolean hasForm) {
        return hasForm ? AnswerShape.FEATURES : AnswerShape.FORM;
    }

    static float[] features(boolean hasForm, String question, String answer) {
        float[] ofAnswer =
                AnswerShape.of(ModelChecks.notNull("question", question), ModelChecks.notNull("answer", answer));
        float[] ofQuestion = PromptShape.of(question).features();
        int count = answerFeatures(hasForm);
        float[] all = Arrays.copyOf(ofAnswer, count + ofQuestion.length);
        System.arraycopy(ofQuestion, 0, all, count, ofQuestion.length);
        return all;
    }

    /** The settings that it can be used with: the weak model is always asked, and its share of rejected answers goes on to the strong one. */
    public QualityDial dial() {
        return dial;
    }

    /** How many outcomes it was trained on. */
    public int rows() {
        return rows;
    }
}
