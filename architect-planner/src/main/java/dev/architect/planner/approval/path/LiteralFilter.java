package dev.architect.planner.approval.path;

import dev.architect.planner.check.ArgumentCheck;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Tells words that cannot name a secret, protected or denied path from those that may, at about a nanosecond a character: by the first
 * two characters of every literal, and only then by the literals. Immutable.
 */
public final class LiteralFilter {

    private static final int ASCII = 128;

    private final List<String> literals = new ArrayList<>();
    private final boolean[] pairs = new boolean[ASCII * ASCII];
    private boolean isOpen;

    /** Creates a filter for texts in lower case. */
    public LiteralFilter(Collection<String> texts) {
        for (String literal : ArgumentCheck.noNulls("texts", texts)) {
            literals.add(literal);
            boolean isAscii = literal.length() > 1 && literal.charAt(0) < ASCII && literal.charAt(1) < ASCII;
            if (isAscii) {
                pairs[literal.charAt(0) * ASCII + literal.charAt(1)] = true;
            } else {
                // Too short to be looked up by its first two characters, so every word may hold it.
                isOpen = true;
            }
        }
    }

    /** Whether a word in lower case may name such a path: it holds a literal, a wildcard, a tilde, or a letter beyond ASCII. */
    public boolean mayName(String lower) {
        ArgumentCheck.notNull("lower", lower);
        boolean isLikely = isOpen;
        char before = 0;
        for (int index = 0; index < lower.length(); index++) {
            char c = lower.charAt(index);
            if (c >= ASCII || c == '*' || c == '?' || c == '[' || c == '~') {
                return true;
            }
            isLikely |= pairs[before * ASCII + c];
            before = c;
        }
        if (isLikely) {
            for (String literal : literals) {
                if (lower.contains(literal)) {
                    return true;
                }
            }
        }
        return false;
    }
}
