package dev.architect.router.classification;

import dev.architect.route.ComplexitySignal.Kind;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Counts the signals of a text in one pass over its lines, words and numbers. Not safe for use by several threads. */
final class PromptScan {

    // No keyword is longer, so a run of letters such as base64 costs no copy and no look-up.
    private static final int MAX_WORD = 20;
    private static final String OPERATORS = "=^√∑∫≤≥≠±×÷∞π∂∈∀∃\\";

    private static final Map<String, Kind> KEYWORDS = keywords();

    /** By ordinal: every word of a prompt may add one, which a map would box. */
    private final long[] counts = new long[Kind.values().length];

    long count(Kind kind) {
        return counts[kind.ordinal()];
    }

    void set(Kind kind, long count) {
        counts[kind.ordinal()] = count;
    }

    void add(Kind kind) {
        counts[kind.ordinal()]++;
    }

    /** Reads the characters from {@code start} to just before {@code end}. */
    void scan(String text, int start, int end) {
        int lineStart = start;
        for (int i = start; i <= end; i++) {
            if (i == end || text.charAt(i) == '\n') {
                line(text, lineStart, i);
                lineStart = i + 1;
            }
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
        int i = start;
        while (i < end) {
            char character = text.charAt(i);
            int tokenEnd = i + 1;
            if (Character.isLetter(character)) {
                tokenEnd = endOfWord(text, i, end);
                word(text, i, tokenEnd);
            } else if (Character.isDigit(character)) {
                tokenEnd = endOfWord(text, i, end);
                add(Kind.NUMBERS);
            } else if (character == '?') {
                add(Kind.QUESTIONS);
            } else if (OPERATORS.indexOf(character) >= 0) {
                add(Kind.FORMULA);
            }
            i = tokenEnd;
        }
    }

    private static int endOfWord(String text, int start, int end) {
        int i = start;
        while (i < end && Character.isLetterOrDigit(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private void word(String text, int start, int end) {
        if (end - start > MAX_WORD) {
            return;
        }
        Kind signal = KEYWORDS.get(text.substring(start, end).toLowerCase(Locale.ROOT));
        if (signal != null) {
            add(signal);
        }
    }

    private static Map<String, Kind> keywords() {
        Map<String, Kind> keywords = new HashMap<>();
        put(keywords, Kind.STEPS, "first second third then next finally afterwards step steps stages");
        put(
                keywords,
                Kind.CONSTRAINTS,
                "must should without only exactly least most unless except never always avoid ensure "
                        + "within constraint constraints requirement requirements limit limits guarantee require requires");
        put(
                keywords,
                Kind.EXPERT,
                "design architect architecture analyse analyze analysis compare comparison contrast "
                        + "evaluate evaluation assess critique review refactor debug diagnose optimise optimize strategy tradeoff "
                        + "tradeoffs plan migrate migration investigate synthesise synthesize recommend recommendation propose");
        put(keywords, Kind.PROOF, "prove proof derive derivation disprove theorem lemma corollary rigorous rigorously");
        put(
                keywords,
                Kind.REASONING,
                "why explain justify reason reasoning because cause causes consequences implications "
                        + "argue argument think infer deduce hypothesis");
        put(
                keywords,
                Kind.MATHS,
                "calculate compute sum total average mean median percent percentage probability ratio rate "
                        + "fraction equation integral derivative matrix vector polynomial function solve remainder remaining twice "
                        + "half double triple times per each altogether interest speed distance area volume");
        put(
                keywords,
                Kind.PROGRAMMING,
                "code program script class method api sql query algorithm regex compile implement "
                        + "implementation library framework unit tests thread threads concurrent database python java javascript "
                        + "typescript rust golang kotlin");
        put(
                keywords,
                Kind.LONG_ANSWER,
                "essay report detailed comprehensive thorough thoroughly chapter article documentation "
                        + "exhaustive extensive guide");
        put(keywords, Kind.STRUCTURE, "json csv xml yaml table schema columns spreadsheet markdown");
        put(
                keywords,
                Kind.REWORDING,
                "classify categorise categorize translate translation summarise summarize summary extract "
                        + "rephrase reword paraphrase spell proofread");
        return Map.copyOf(keywords);
    }

    private static void put(Map<String, Kind> keywords, Kind signal, String list) {
        for (String word : list.split(" ")) {
            keywords.put(word, signal);
        }
    }
}
