package dev.architect.error;

import dev.architect.check.Check;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * The known name that was probably meant: one that begins so, else the one with the fewest letters to insert, delete, change
 * or swap.
 */
public final class DidYouMean {

    /** A longer name than any we know cannot be near one. */
    private static final int MAX_LENGTH = 40;

    private static final int LETTERS_PER_MISTAKE = 3;

    private DidYouMean() {}

    /** Returns the name of {@code known} that {@code name} probably stands for; empty when none is near. */
    public static Optional<String> of(String name, Collection<String> known) {
        Check.noNulls("known", known);
        if (Check.notNull("name", name).length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String lower = name.toLowerCase(Locale.ROOT);
        Optional<String> longer = known.stream()
                .filter(candidate ->
                        lower.length() > 2 && candidate.toLowerCase(Locale.ROOT).startsWith(lower))
                .findFirst();
        return longer.isPresent() ? longer : closest(lower, known);
    }

    private static Optional<String> closest(String lower, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(candidate -> editDistance(lower, candidate.toLowerCase(Locale.ROOT))))
                .filter(best -> editDistance(lower, best.toLowerCase(Locale.ROOT))
                        <= Math.min(lower.length(), best.length()) / LETTERS_PER_MISTAKE);
    }

    /** Optimal string alignment distance: each edit costs one, so does the swap of two neighbours. */
    static int editDistance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int step(int[][] cost, String a, String b, int i, int j) {
        int changed = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(cost[i - 1][j - 1] + changed, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
