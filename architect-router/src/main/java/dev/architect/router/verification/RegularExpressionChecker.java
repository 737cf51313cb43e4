package dev.architect.router.verification;

import dev.architect.answer.AnswerChecker;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Accepts answers whose text fits a regular expression of {@link Pattern}. A search reads at most ten million characters, again and
 * again ones included: a pattern that would take exponential time ends after some tens of milliseconds, and the verdict is
 * {@link AnswerVerdict#unsure()}. Immutable.
 */
public final class RegularExpressionChecker implements AnswerChecker {

    private static final int MOST_STEPS = 10_000_000;

    private final Pattern pattern;
    private final Mode mode;
    private final AnswerVerdict rejection;

    private enum Mode {
        WHOLE,
        PART,
        NO_PART
    }

    private RegularExpressionChecker(String regex, Mode mode, String reason) {
        this.pattern = Pattern.compile(Objects.requireNonNull(regex, "regex"));
        this.mode = mode;
        this.rejection = AnswerVerdict.rejected(reason);
    }

    /**
     * Accepts answers whose whole text, without space around it, matches; else the reason is {@code pattern-mismatch}.
     *
     * @throws PatternSyntaxException when it is no regular expression
     */
    public static RegularExpressionChecker matching(String regex) {
        return new RegularExpressionChecker(regex, Mode.WHOLE, "pattern-mismatch");
    }

    /**
     * Accepts answers of which some part matches; else the reason is {@code pattern-missing}.
     *
     * @throws PatternSyntaxException when it is no regular expression
     */
    public static RegularExpressionChecker containing(String regex) {
        return new RegularExpressionChecker(regex, Mode.PART, "pattern-missing");
    }

    /**
     * Rejects answers of which some part matches, for the reason {@code pattern-found}.
     *
     * @throws PatternSyntaxException when it is no regular expression
     */
    public static RegularExpressionChecker without(String regex) {
        return new RegularExpressionChecker(regex, Mode.NO_PART, "pattern-found");
    }

    @Override
    public AnswerVerdict check(ChatRequest request, ChatResponse answer) {
        try {
            CountedText text = new CountedText(answer.text().strip());
            boolean isRight =
                    switch (mode) {
                        case WHOLE -> pattern.matcher(text).matches();
                        case PART -> pattern.matcher(text).find();
                        case NO_PART -> !pattern.matcher(text).find();
                    };
            return isRight ? AnswerVerdict.accepted() : rejection;
        } catch (TooManySteps | StackOverflowError tooMuch) {
            return AnswerVerdict.unsure();
        }
    }

    /** A text that ends the search when its characters were read too often. Every step of a search reads one. */
    private static final class CountedText implements CharSequence {
        private final String text;
        private final int[] steps;

        CountedText(String text) {
            this(text, new int[1]);
        }

        private CountedText(String text, int[] steps) {
            this.text = text;
            this.steps = steps;
        }

        @Override
        public char charAt(int index) {
            if (++steps[0] > MOST_STEPS) {
                throw new TooManySteps();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new CountedText(text.substring(start, end), steps);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManySteps() {
            super("too many steps", null, false, false);
        }
    }
}
