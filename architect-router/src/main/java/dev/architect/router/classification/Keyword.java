package dev.architect.router.classification;

import dev.architect.route.ComplexitySignal.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An English word that is a signal, or that stands before a request ("please").
 *
 * @param word in lower case
 * @param signal what it is a signal of; null for a word that only stands before requests
 * @param isRequest whether it counts only where a request stands
 */
record Keyword(String word, @Nullable Kind signal, boolean isRequest) {

    // No keyword is longer, so a run of letters such as base64 costs no look-up.
    private static final int MAX_WORD = 16;
    private static final int TABLE = 1_024;

    /** Open addressing by the hash of the word in lower case, so that a look-up needs no copy of it. */
    private static final @Nullable Keyword[] KEYWORDS = table();

    /** Returns the keyword that stands from {@code start} to just before {@code end}, null when it is none. */
    static @Nullable Keyword find(String text, int start, int end) {
        int length = end - start;
        if (length > MAX_WORD) {
            return null;
        }
        for (int slot = hash(text, start, end); ; slot = (slot + 1) % TABLE) {
            Keyword candidate = KEYWORDS[slot];
            if (candidate == null
                    || (candidate.word.length() == length
                            && text.regionMatches(true, start, candidate.word, 0, length))) {
                return candidate;
            }
        }
    }

    private static int hash(String text, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            // The case bit of ASCII letters.
            hash = 31 * hash + (text.charAt(i) | 0x20);
        }
        return (hash ^ (hash >>> 15)) & (TABLE - 1);
    }

    private static @Nullable Keyword[] table() {
        @Nullable Keyword[] table = new Keyword[TABLE];
        for (Keyword keyword : list()) {
            int slot = hash(keyword.word, 0, keyword.word.length());
            while (table[slot] != null) {
                slot = (slot + 1) % TABLE;
            }
            table[slot] = keyword;
        }
        return table;
    }

    private static List<Keyword> list() {
        List<Keyword> list = new ArrayList<>();
        add(list, null, false, "and then also please kindly you me us now next first finally");
        add(
                list,
                Kind.CONSTRAINTS,
                false,
                "must should without only exactly least most unless except never always avoid ensure "
                        + "within constraint constraints requirement requirements limit limits guarantee require requires");
        add(
                list,
                Kind.EXPERT,
                true,
                "design architect analyse analyze compare contrast evaluate assess critique review refactor debug diagnose "
                        + "optimise optimize plan migrate investigate synthesise synthesize recommend propose");
        add(list, Kind.PROOF, true, "prove derive disprove");
        add(list, Kind.REASONING, true, "why explain justify argue reason think infer deduce");
        add(
                list,
                Kind.MATHS,
                true,
                "calculate compute solve integrate differentiate simplify factorise factorize estimate");
        add(list, Kind.PROGRAMMING, false, "sql regex compile python java javascript typescript rust golang kotlin");
        add(list, Kind.PROGRAMMING, true, "implement program code");
        add(
                list,
                Kind.LONG_ANSWER,
                false,
                "essay detailed comprehensive thorough thoroughly exhaustive extensive documentation");
        add(list, Kind.STRUCTURE, false, "json csv xml yaml schema columns spreadsheet markdown");
        add(
                list,
                Kind.REWORDING,
                true,
                "classify categorise categorize translate summarise summarize extract rephrase reword paraphrase spell "
                        + "proofread");
        return list;
    }

    private static void add(List<Keyword> list, @Nullable Kind signal, boolean isRequest, String words) {
        for (String word : words.toLowerCase(Locale.ROOT).split(" ")) {
            list.add(new Keyword(word, signal, isRequest));
        }
    }
}
