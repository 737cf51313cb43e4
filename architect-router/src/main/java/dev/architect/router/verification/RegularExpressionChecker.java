package dev.architect.router.verification;

import dev.architect.answer.AnswerChecker;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Accepts answers whose text fits a regular expression of {@link Pattern}. A search reads at most ten million characters, again and
 * again ones included: a pattern that would take exponential time ends after some tens of milliseconds, and the verdict is
 * {@link AnswerVerdict#unsure()}. Immutable.
 */
public final class RegularExpressionChecker implements AnswerChecker {

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
            Matcher search = CountedText.search(pattern, answer.text().strip());
            boolean isRight = switch (mode) {
                case WHOLE -> search.matches();
                case PART -> search.find();
                case NO_PART -> !search.find();
            };
            return isRight ? AnswerVerdict.accepted() : rejection;
        } catch (CountedText.TooManySteps | StackOverflowError tooMuch) {
            return AnswerVerdict.unsure();
        }
    }
}
