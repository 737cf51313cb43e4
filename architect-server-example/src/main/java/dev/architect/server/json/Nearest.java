package dev.architect.server.json;

import java.util.Collection;
import java.util.Comparator;

/** Finds the known word that a mistyped one probably meant. */
final class Nearest {

    private Nearest() {}

    /** Returns the word of {@code known}, which is not empty, with the fewest changes from {@code seen}. */
    static String to(String seen, Collection<String> known) {
        return known.stream()
                .sorted()
                .min(Comparator.comparingInt(word -> distance(seen, word)))
                .orElseThrow();
    }

    /** The number of inserted, removed and replaced characters (Levenshtein), ignoring case. */
    static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
                current[j] = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + (same ? 0 : 1));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
