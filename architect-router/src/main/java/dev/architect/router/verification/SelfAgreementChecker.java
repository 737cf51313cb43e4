package dev.architect.router.verification;

import dev.architect.answer.AnswerChecker;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks once more, and rejects answers that come to another result than the second one, for the reason {@code samples-differ}. The result is the
 * last number of the last line; without one, a last line of few words. Answers without either are not compared: the verdict is unsure,
 * as it is when the second request fails.
 *
 * <p>The second request is one of its own, with a call of its own in the ledger: its cost is no part of the first answer's. It takes as long as
 * any, and the first request waits. Safe for use by several threads where what asks is.
 */
public final class SelfAgreementChecker implements AnswerChecker {

    private static final AnswerVerdict DIFFER = AnswerVerdict.rejected("samples-differ");

    /** At most nineteen digits and so many decimals: a longer one is no result. */
    private static final Pattern NUMBER = Pattern.compile("-?[0-9][0-9,]{0,24}(?:\\.[0-9]{1,19})?");

    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final int FEW_CHARACTERS = 60;

    private final Function<ChatRequest, ChatResponse> second;
    // The second request may be checked as well, which must not ask for a third.
    private final ThreadLocal<Boolean> isAsking = ThreadLocal.withInitial(() -> false);

    private SelfAgreementChecker(Function<ChatRequest, ChatResponse> second) {
        this.second = second;
    }

    /**
     * Returns a checker.
     *
     * @param second asks the cheap model again, such as {@code request -> architect.chat(request.toBuilder().model(cheap).build())}; at a
     *     temperature of 0 it would only be repeated
     */
    public static SelfAgreementChecker asking(Function<ChatRequest, ChatResponse> second) {
        return new SelfAgreementChecker(Objects.requireNonNull(second, "second"));
    }

    @Override
    public AnswerVerdict check(ChatRequest request, ChatResponse answer) {
        Optional<String> first = result(answer.text());
        if (first.isEmpty() || isAsking.get()) {
            return AnswerVerdict.unsure();
        }
        isAsking.set(true);
        try {
            Optional<String> other = result(second.apply(request).text());
            if (other.isEmpty()) {
                return AnswerVerdict.unsure();
            }
            return first.equals(other) ? AnswerVerdict.accepted() : DIFFER;
        } finally {
            isAsking.remove();
        }
    }

    private static Optional<String> result(String text) {
        String line = text.lines().filter(each -> !each.isBlank()).reduce("", (before, each) -> each);
        Matcher numbers = NUMBER.matcher(line);
        String last = "";
        while (numbers.find()) {
            last = numbers.group();
        }
        if (!last.isEmpty()) {
            return Optional.of(
                    new BigDecimal(last.replace(",", "")).stripTrailingZeros().toPlainString());
        }
        String words = NO_WORD.matcher(line).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
        return words.isEmpty() || line.length() > FEW_CHARACTERS ? Optional.empty() : Optional.of(words);
    }
}
