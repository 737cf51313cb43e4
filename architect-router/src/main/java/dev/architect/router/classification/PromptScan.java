package dev.architect.router.classification;

import dev.architect.route.ComplexitySignal.Kind;

/**
 * Counts the signals of a text in one pass over its lines and words, without a copy of any of it. Not safe for use by several
 * threads.
 *
 * <p>A verb such as "compare" is a request only where requests stand: at the start of a sentence or clause, or behind "and", "please"
 * or "you". In "Which of these studies compare prices?" it is part of a question like any other.
 */
final class PromptScan {

    private static final String OPERATORS = "=^√∑∫≤≥≠±×÷∞π∂∈∀∃\\";
    private static final String CLAUSE_ENDS = ".!?:;,-*•()\"'";
    private static final int KINDS = Kind.values().length;
    private static final boolean[] IS_OPERATOR = ascii(OPERATORS);
    private static final boolean[] IS_CLAUSE_END = ascii(CLAUSE_ENDS);

    /** By ordinal: every word of a prompt may add one, which a map would box. */
    private final int[] counts = new int[KINDS];

    long count(Kind kind) {
        return counts[kind.ordinal()];
    }

    void set(Kind kind, long count) {
        counts[kind.ordinal()] = (int) Math.min(Integer.MAX_VALUE, count);
    }

    void add(Kind kind) {
        counts[kind.ordinal()]++;
    }

    /** Reads the characters from {@code start} to just before {@code end}. */
    void scan(String text, int start, int end) {
        int lineStart = start;
        while (lineStart < end) {
            // Not indexOf: it would look for the end of a long line far behind what is read.
            int lineEnd = lineStart;
            while (lineEnd < end && text.charAt(lineEnd) != '\n') {
                lineEnd++;
            }
            line(text, lineStart, lineEnd);
            lineStart = lineEnd + 1;
        }
    }

    private void line(String text, int start, int end) {
        int first = start;
        while (first < end && Character.isWhitespace(text.charAt(first))) {
            first++;
        }
        int last = end;
        while (last > first && Character.isWhitespace(text.charAt(last - 1))) {
            last--;
        }
        if (first == last) {
            return;
        }
        if (LineShape.isItem(text, first, last)) {
            add(Kind.STEPS);
        }
        if (LineShape.isCode(text, first, last)) {
            add(Kind.CODE);
        } else if (LineShape.isData(text, first, last)) {
            add(Kind.STRUCTURE);
            // Cells of a table are data: their words and numbers would make a plain extraction look hard.
            return;
        }
        tokens(text, first, last);
    }

    private void tokens(String text, int start, int end) {
        boolean atRequest = true;
        int i = start;
        while (i < end) {
            char character = text.charAt(i);
            int tokenEnd = i + 1;
            if (Character.isLetter(character)) {
                tokenEnd = endOfWord(text, i, end);
                atRequest = word(text, i, tokenEnd, atRequest);
            } else if (Character.isDigit(character)) {
                tokenEnd = endOfWord(text, i, end);
                add(Kind.NUMBERS);
                // The number of a list item stands before its request.
                atRequest &= i == start;
            } else if (character != ' ') {
                atRequest |= isIn(character, IS_CLAUSE_END, CLAUSE_ENDS);
                if (character == '?') {
                    add(Kind.QUESTIONS);
                } else if (isIn(character, IS_OPERATOR, OPERATORS)) {
                    add(Kind.FORMULA);
                }
            }
            i = tokenEnd;
        }
    }

    private static boolean isIn(char character, boolean[] ascii, String all) {
        return character < ascii.length ? ascii[character] : all.indexOf(character) >= 0;
    }

    private static boolean[] ascii(String characters) {
        boolean[] ascii = new boolean[128];
        characters.chars().filter(character -> character < ascii.length).forEach(character -> ascii[character] = true);
        return ascii;
    }

    private int endOfWord(String text, int start, int end) {
        int i = start;
        while (i < end && Character.isLetterOrDigit(text.charAt(i))) {
            if (Character.isUpperCase(text.charAt(i))) {
                add(Kind.CAPITALS);
            }
            i++;
        }
        return i;
    }

    /** Counts the word, and returns whether the next one stands where requests do. */
    private boolean word(String text, int start, int end, boolean atRequest) {
        Keyword keyword = Keyword.find(text, start, end);
        if (keyword == null) {
            return false;
        }
        if (keyword.signal() != null && (atRequest || !keyword.isRequest())) {
            add(keyword.signal());
        }
        return keyword.signal() == null;
    }
}
