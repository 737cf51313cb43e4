package dev.architect.project;

import dev.architect.check.Check;

/**
 * A place in an order, as text in base 62: between any two places there is another, so a move writes one row. Places are compared by
 * their characters. Equal ones are legal; what has them is ordered by its id.
 *
 * @param text 1 to 200 digits and letters of ASCII, not ending with {@code 0}
 */
public record Position(String text) implements Comparable<Position> {

    /** A column is given new places when one of them is longer. */
    public static final int LONGEST = 40;

    private static final int MAX_CHARACTERS = 200;
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int BASE = DIGITS.length();

    /** Checks the text. */
    public Position {
        Check.atMost("position", Check.notBlank("position", text), MAX_CHARACTERS);
        for (int i = 0; i < text.length(); i++) {
            if (DIGITS.indexOf(text.charAt(i)) < 0) {
                throw new IllegalArgumentException(
                        "position has '" + text.charAt(i) + "' at " + i + ", expected digits and letters of ASCII");
            }
        }
        if (text.endsWith("0")) {
            throw new IllegalArgumentException("position ends with 0, expected another last digit");
        }
    }

    /** Returns a place of an empty order. */
    public static Position first() {
        return new Position("V");
    }

    /** Returns a place before this one. */
    public Position before() {
        return new Position(middle("", text));
    }

    /** Returns a place after this one, as short as there is one. */
    public Position after() {
        for (int i = 0; i < text.length(); i++) {
            int digit = DIGITS.indexOf(text.charAt(i));
            if (digit < BASE - 1) {
                return new Position(text.substring(0, i) + DIGITS.charAt(digit + 1));
            }
        }
        return new Position(text + "V");
    }

    /**
     * Returns a place between this one and a later one.
     *
     * @throws IllegalArgumentException when the other is not later
     */
    public Position between(Position later) {
        if (compareTo(Check.notNull("later", later)) >= 0) {
            throw new IllegalArgumentException("position is '" + later + "', expected one after '" + this + "'");
        }
        return new Position(middle(text, later.text));
    }

    /** Returns the place of number {@code index} of {@code count} that lie evenly. */
    public static Position spread(int index, int count) {
        Check.range("index", index, 0, count - 1);
        int width = 1;
        for (long places = BASE; places < count + 1L; places *= BASE) {
            width++;
        }
        // One digit more than needed, so that there is room between neighbours.
        width++;
        long all = 1;
        for (int i = 0; i < width; i++) {
            all *= BASE;
        }
        long value = all / (count + 1L) * (index + 1L);
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < width; i++) {
            digits.insert(0, DIGITS.charAt((int) (value % BASE)));
            value /= BASE;
        }
        int end = digits.length();
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        return new Position(digits.substring(0, end));
    }

    /** The shortest text between two, of which an empty second one is the end of all. */
    private static String middle(String low, String high) {
        StringBuilder text = new StringBuilder();
        boolean isBounded = !high.isEmpty();
        for (int i = 0; ; i++) {
            int from = i < low.length() ? DIGITS.indexOf(low.charAt(i)) : 0;
            int to = isBounded && i < high.length() ? DIGITS.indexOf(high.charAt(i)) : isBounded ? 0 : BASE;
            if (to - from > 1) {
                return text.append(DIGITS.charAt((from + to) / 2)).toString();
            }
            text.append(DIGITS.charAt(from));
            // Once below the upper bound at some digit, it bounds no more.
            isBounded = isBounded && from == to;
        }
    }

    @Override
    public int compareTo(Position other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
