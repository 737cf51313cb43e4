package dev.architect.review;

import dev.architect.check.Check;
import java.util.List;

/**
 * How much harm an action could do, and why.
 *
 * @param level the level
 * @param reasons why it is this one, for people; may be empty
 */
public record ReviewRisk(RiskLevel level, List<String> reasons) {

    /** Copies the list. */
    public ReviewRisk {
        Check.notNull("level", level);
        reasons = List.copyOf(Check.noNulls("reasons", reasons));
    }

    /** Returns a risk without reasons. */
    public static ReviewRisk of(RiskLevel level) {
        return new ReviewRisk(level, List.of());
    }
}
