package dev.architect.router.verification;

import dev.architect.answer.AnswerChecker;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.model.ModelId;
import dev.architect.router.learned.AnswerModel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rejects answers that a learned model holds to be wrong with too high a probability, for the reason {@code probably-wrong}. It looks at
 * the last turn of the user and at the text of the answer; nobody is asked. Immutable.
 */
public final class AnswerModelChecker implements AnswerChecker {

    private static final AnswerVerdict PROBABLY_WRONG = AnswerVerdict.rejected("probably-wrong");

    private final AnswerModel model;
    private final double threshold;
    private final @Nullable ModelId only;

    private AnswerModelChecker(AnswerModel model, double threshold, @Nullable ModelId only) {
        this.model = model;
        this.threshold = threshold;
        this.only = only;
    }

    /**
     * Returns a checker that rejects answers with at least a score.
     *
     * @param threshold such a score, as the settings of {@link AnswerModel#dial} have it; a finite number
     */
    public static AnswerModelChecker at(double threshold, AnswerModel model) {
        Objects.requireNonNull(model, "model");
        if (!Double.isFinite(threshold)) {
            throw new IllegalArgumentException("threshold is " + threshold + ", expected a finite number");
        }
        return new AnswerModelChecker(model, threshold, null);
    }

    /**
     * Returns a checker whose rejections bring a part of the strong model's quality, when what they reject is answered by that one.
     *
     * @param part such as 0.95, 0 to 1
     */
    public static AnswerModelChecker forQuality(double part, AnswerModel model) {
        Objects.requireNonNull(model, "model");
        return at(model.dial().forQuality(part).threshold(), model);
    }

    /** Returns a copy that accepts answers of all other models as they are: what was learned is about this one. */
    public AnswerModelChecker onlyFor(ModelId answering) {
        return new AnswerModelChecker(model, threshold, Objects.requireNonNull(answering, "answering"));
    }

    @Override
    public AnswerVerdict check(ChatRequest request, ChatResponse answer) {
        if (only != null && !isOf(only, answer)) {
            return AnswerVerdict.accepted();
        }
        return model.score(request.prompt(), answer.text()) >= threshold ? PROBABLY_WRONG : AnswerVerdict.accepted();
    }

    /** A provider may answer under a more exact name, such as one with a date. */
    private static boolean isOf(ModelId asked, ChatResponse answer) {
        ModelId by = answer.model();
        return by.provider().equals(asked.provider()) && by.model().startsWith(asked.model());
    }
}
