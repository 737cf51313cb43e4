package dev.architect.router.verification;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text that ends a search in it when its characters were read too often. Every step of a search reads one, so that a pattern which
 * would take exponential time ends soon. Used by one thread.
 */
final class CountedText implements CharSequence {

    /** Some tens of milliseconds. */
    private static final int MOST_STEPS = 10_000_000;

    private final String text;
    private final int[] steps;

    private CountedText(String text, int[] steps) {
        this.text = text;
        this.steps = steps;
    }

    /**
     * Returns a search for {@code pattern} in {@code text}. What it does may end with {@link TooManySteps}, or with a {@link
     * StackOverflowError} where the pattern needs one level of the stack for each character.
     */
    static Matcher search(Pattern pattern, String text) {
        return pattern.matcher(new CountedText(text, new int[1]));
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

    /** The search takes too long. */
    static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManySteps() {
            super("too many steps", null, false, false);
        }
    }
}
