package dev.architect.check;

/** The text of ids: thirteen characters of Crockford's base 32, whose order is the order of the numbers. */
public final class IdText {

    private static final int LENGTH = 13;
    private static final int BITS_PER_CHARACTER = 5;

    /** No letter that looks like a digit (crockford.com/base32.html, read 2026-11-22). */
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

    private IdText() {}

    /** Returns the text of a number that is zero or more. */
    public static String write(long value) {
        char[] text = new char[LENGTH];
        long rest = value;
        for (int i = LENGTH - 1; i >= 0; i--) {
            text[i] = ALPHABET.charAt((int) (rest & 31));
            rest >>>= BITS_PER_CHARACTER;
        }
        return new String(text);
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @param what names the id in messages, for example {@code task id}
     * @throws IllegalArgumentException when the text has another form
     */
    public static long read(String what, String text) {
        if (Check.notNull(what, text).length() != LENGTH) {
            throw new IllegalArgumentException(what + " has " + text.length() + " characters, expected " + LENGTH);
        }
        long value = 0;
        for (int i = 0; i < LENGTH; i++) {
            int digit = ALPHABET.indexOf(text.charAt(i));
            // Thirteen characters hold 65 bits and an id has 63, so the first character is below 8.
            if (digit < 0 || (i == 0 && digit >= 8)) {
                throw new IllegalArgumentException(
                        what + " has '" + text.charAt(i) + "' at position " + i + ", expected base 32 text");
            }
            value = (value << BITS_PER_CHARACTER) | digit;
        }
        return value;
    }
}
