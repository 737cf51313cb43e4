package dev.architect.spend;

import dev.architect.check.Check;
import dev.architect.cost.MoneyTotal;

/**
 * What the calls of a group cost, and what they would have cost by another rating.
 *
 * @param recorded the sum of the amounts in the ledger
 * @param rated the sum of the new ones
 * @param estimated the part of {@code rated} that is estimated
 * @param gained the part of {@code rated} of calls that the ledger has no amount of
 * @param lost the part of {@code recorded} of calls that have no amount now
 */
public record RatedMoney(
        MoneyTotal recorded, MoneyTotal rated, MoneyTotal estimated, MoneyTotal gained, MoneyTotal lost) {

    /** Checks that every sum is there. */
    public RatedMoney {
        Check.notNull("recorded", recorded);
        Check.notNull("rated", rated);
        Check.notNull("estimated", estimated);
        Check.notNull("gained", gained);
        Check.notNull("lost", lost);
    }

    /** Returns the sums of both groups together. */
    public RatedMoney plus(RatedMoney other) {
        Check.notNull("other", other);
        return new RatedMoney(
                recorded.plus(other.recorded),
                rated.plus(other.rated),
                estimated.plus(other.estimated),
                gained.plus(other.gained),
                lost.plus(other.lost));
    }

    /** How much more the calls cost that have an amount on both sides; negative when it is less. Calls without one count on neither side. */
    public MoneyTotal difference() {
        return rated.minus(gained).minus(recorded.minus(lost));
    }
}
