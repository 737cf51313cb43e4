package dev.architect.access;

import dev.architect.check.Check;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which passwords are refused: those that are too short, and those that somebody who guesses tries first. No rule demands kinds of
 * characters. Works without a network. Without state.
 *
 * <p>The words that guesses are made of stand in {@code CommonWords}. A password is refused when it is one of them, or several, with
 * digits and signs around and between them, letters replaced by signs included; when it repeats one to eight characters; when it is a run on a
 * keyboard, of the alphabet or of digits; when it has digits and signs alone; and when it is made of the user's name.
 */
public final class PasswordRules {

    /** The fewest characters, as long as no second factor is asked for. */
    public static final int MIN_CHARACTERS = 15;

    /** The most characters. */
    public static final int MAX_CHARACTERS = 256;

    private static final int LONGEST_UNIT = 8;
    private static final int LONGEST_WORD = 16;
    private static final String FROM = "013457@$!|+";
    private static final String TO = "oieastasilt";
    private static final String[] RUNS = {
        "abcdefghijklmnopqrstuvwxyz",
        "01234567890123456789",
        "qwertyuiopasdfghjklzxcvbnm",
        "qwertzuiopasdfghjklyxcvbnm",
        "azertyuiopqsdfghjklmwxcvbn",
        "qazwsxedcrfvtgbyhnujmikolp",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
        "1q2w3e4r5t6y7u8i9o0p",
        "q1w2e3r4t5y6u7i8o9p0"
    };

    private PasswordRules() {}

    /**
     * Returns why {@code password} is refused, in words that do not repeat it; empty when it is taken.
     *
     * @param name the user's name
     */
    public static Optional<String> refusal(String password, String name) {
        Check.notNull("name", name);
        int length = Check.notNull("password", password).codePointCount(0, password.length());
        if (length < MIN_CHARACTERS) {
            return Optional.of("has " + length + " characters, expected at least " + MIN_CHARACTERS);
        }
        if (length > MAX_CHARACTERS) {
            return Optional.of("has " + length + " characters, expected at most " + MAX_CHARACTERS);
        }
        String lower = password.toLowerCase(Locale.ROOT);
        if (repeats(lower)) {
            return Optional.of("repeats a few characters, expected one that is not easy to guess");
        }
        if (isRun(lower)) {
            return Optional.of("is a run of keys or digits, expected one that is not easy to guess");
        }
        Set<String> words = new HashSet<>(CommonWords.ALL);
        words.add(letters(name.toLowerCase(Locale.ROOT)));
        words.remove("");
        boolean isBeyondAscii = lower.chars().anyMatch(character -> character > 127);
        if (!isBeyondAscii && (isMadeOf(words, letters(lower)) || isMadeOf(words, letters(plain(lower))))) {
            return Optional.of("is made of words that are guessed first, expected one that is not easy to guess");
        }
        return Optional.empty();
    }

    private static boolean repeats(String text) {
        for (int unit = 1; unit <= LONGEST_UNIT; unit++) {
            int size = unit;
            if (text.length() > size
                    && IntStream.range(size, text.length()).allMatch(i -> text.charAt(i) == text.charAt(i - size))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isRun(String text) {
        for (String run : RUNS) {
            String twice = run + run;
            String back = new StringBuilder(twice).reverse().toString();
            if (twice.contains(text) || back.contains(text)) {
                return true;
            }
        }
        return false;
    }

    private static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        for (char c : text.toCharArray()) {
            int at = FROM.indexOf(c);
            plain.append(at < 0 ? c : TO.charAt(at));
        }
        return plain.toString();
    }

    private static String letters(String text) {
        return text.replaceAll("[^\\p{L}]", "");
    }

    /** Whether nothing is left when words are taken from its beginning; true for nothing, as for digits alone. */
    private static boolean isMadeOf(Set<String> words, String text) {
        boolean[] reached = new boolean[text.length() + 1];
        reached[0] = true;
        for (int from = 0; from < text.length(); from++) {
            for (int to = from + 1; reached[from] && to <= Math.min(text.length(), from + LONGEST_WORD); to++) {
                reached[to] |= words.contains(text.substring(from, to));
            }
        }
        return reached[text.length()];
    }
}
