package dev.architect.router.verification;

import dev.architect.answer.AnswerChecker;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import java.util.List;
import java.util.Optional;

/**
 * Recomputes claims such as {@code 17 × 23 = 391} or {@code (1,200.50 + 4) / 2 = 602.25} in the text of an answer, exactly. An answer with
 * a wrong one is rejected with the reason {@code wrong-arithmetic}, one whose claims are all right is accepted, and without a claim
 * the verdict is {@link AnswerVerdict#unsure()}.
 *
 * <p>A claim has numbers, {@code + - * × · / ÷} (and the other dashes that stand for minus) and parentheses on the left of an equals sign,
 * and the same or one number on the right. Sums, differences and products must be equal; a quotient may also be rounded or cut
 * to the decimals that are given, at least one. Numbers have a decimal point, and commas only between groups of three digits. What is
 * not clearly such a claim is passed over: variables, units within the sum, powers, percentages, dates, decimal commas. Stateless.
 */
public final class ArithmeticChecker implements AnswerChecker {

    private static final AnswerVerdict REJECTED = AnswerVerdict.rejected("wrong-arithmetic");

    /** More claims than an answer has. The rest is not looked at. */
    private static final int MOST_CLAIMS = 1_000;

    /** A claim with more characters on a side is passed over. */
    private static final int LONGEST_SIDE = 500;

    /** Creates the checker. */
    public ArithmeticChecker() {}

    @Override
    public AnswerVerdict check(ChatRequest request, ChatResponse answer) {
        String text = answer.text();
        int claims = 0;
        for (int at = text.indexOf('='); at >= 0 && claims < MOST_CLAIMS; at = text.indexOf('=', at + 1)) {
            Optional<Boolean> isRight = claim(text, at);
            if (isRight.isPresent()) {
                claims++;
                if (!isRight.get()) {
                    return REJECTED;
                }
            }
        }
        return claims == 0 ? AnswerVerdict.unsure() : AnswerVerdict.accepted();
    }

    /** Whether the claim around the equals sign at {@code at} is right; empty when there is none. */
    private static Optional<Boolean> claim(String text, int at) {
        if (isPartOfOperator(text, at - 1) || isPartOfOperator(text, at + 1)) {
            return Optional.empty();
        }
        int start = at;
        while (start > 0 && at - start < LONGEST_SIDE && ArithmeticText.belongs(text.charAt(start - 1))) {
            start--;
        }
        int end = at + 1;
        while (end < text.length() && end - at < LONGEST_SIDE && ArithmeticText.belongs(text.charAt(end))) {
            end++;
        }
        if (at - start >= LONGEST_SIDE || end - at >= LONGEST_SIDE) {
            return Optional.empty();
        }
        char before = start == 0 ? ' ' : text.charAt(start - 1);
        char after = end == text.length() ? ' ' : text.charAt(end);
        List<ArithmeticText.Token> left = ArithmeticText.left(text.substring(start, at), before);
        List<ArithmeticText.Token> right = ArithmeticText.right(text.substring(at + 1, end), after);
        if (right.isEmpty() || left.size() <= 1) {
            return Optional.empty();
        }
        return ExactNumber.evaluate(left)
                .flatMap(value -> ExactNumber.evaluate(right).map(claimed -> value.isClaimedAs(claimed)));
    }

    /** Whether an equals sign beside such a character compares, assigns or approximates. */
    private static boolean isPartOfOperator(String text, int at) {
        return at >= 0
                && at < text.length()
                && "=!<>~≈≠:+-*/&|^%".indexOf(text.charAt(at)) >= 0
                // A negative result may follow at once.
                && !(text.charAt(at) == '-'
                        && at + 1 < text.length()
                        && Character.isDigit(text.charAt(at + 1))
                        && text.charAt(at - 1) == '=');
    }
}
