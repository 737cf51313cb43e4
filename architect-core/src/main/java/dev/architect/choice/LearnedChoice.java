package dev.architect.choice;

import dev.architect.check.Check;
import dev.architect.model.ModelId;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.OptionalDouble;

/**
 * Which of two models a learned router put first for a request, and why. Holds no text of the prompt.
 *
 * @param by what decided: the name of a model file and of its content, or another short name
 * @param reason what the choice rests on
 * @param chosen the model that was put first
 * @param score how much the prompt needs the strong model: the larger, the more. Its scale is that of what decided
 * @param threshold the score from which the strong model is put first, and for {@link ChoiceReason#CASCADE} the score of an answer from which
 *     the strong model is asked as well
 * @param propensity the probability with which this model was chosen for such a request, above 0 to 1; 1 unless chance has a part in it
 * @param expectedQuality the quality of all requests that are routed so as a part of the strong model's quality; empty when it is not known
 * @param expectedSaving what all requests that are routed so cost less than the strong model alone would, as a part of that; negative when they
 *     cost more, empty when it is not known
 */
public record LearnedChoice(
        String by,
        ChoiceReason reason,
        ModelId chosen,
        double score,
        double threshold,
        double propensity,
        OptionalDouble expectedQuality,
        OptionalDouble expectedSaving) {

    private static final MathContext DIGITS = new MathContext(3);
    private static final double LONG = 1e9;
    private static final BigDecimal PERCENT = BigDecimal.valueOf(100);

    /** Checks every field. */
    public LearnedChoice {
        Check.notBlank("by", by);
        Check.notNull("reason", reason);
        Check.notNull("chosen", chosen);
        finite("score", score);
        finite("threshold", threshold);
        // Written so that NaN fails, too.
        if (!(propensity > 0 && propensity <= 1)) {
            throw new IllegalArgumentException("propensity is " + propensity + ", expected above 0.0 to 1.0");
        }
        Check.notNull("expectedQuality", expectedQuality).ifPresent(value -> finite("expectedQuality", value));
        Check.notNull("expectedSaving", expectedSaving).ifPresent(value -> finite("expectedSaving", value));
    }

    private static void finite(String field, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(field + " is " + value + ", expected a finite number");
        }
    }

    /** Renders it in English. */
    public String description() {
        StringBuilder text = new StringBuilder()
                .append(chosen)
                .append(" first ")
                .append(reason.description())
                .append(" (")
                .append(by)
                .append(": score ")
                .append(number(score))
                .append(", threshold ")
                .append(number(threshold));
        if (propensity < 1) {
            text.append(", probability ").append(number(propensity));
        }
        text.append(')');
        expectedQuality.ifPresent(quality ->
                text.append("; expected ").append(percent(quality)).append(" % of the strong model's quality"));
        expectedSaving.ifPresent(saving ->
                text.append("; expected saving ").append(percent(saving)).append(" % of the strong model's cost"));
        return text.toString();
    }

    private static String number(double value) {
        BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
        return Math.abs(value) < LONG ? rounded.toPlainString() : rounded.toString();
    }

    private static String percent(double part) {
        return new BigDecimal(part)
                .multiply(PERCENT)
                .setScale(1, RoundingMode.HALF_UP)
                .toPlainString();
    }
}
