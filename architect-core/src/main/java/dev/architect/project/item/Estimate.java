package dev.architect.project.item;

import dev.architect.check.Check;
import dev.architect.json.InvalidFieldException;

/**
 * How long work is thought to take, in minutes.
 *
 * @param optimistic when all goes well, 0 or more
 * @param likely most likely, not less
 * @param pessimistic when little goes well, not less, at most 10,000 hours
 * @param source who thinks so
 */
public record Estimate(int optimistic, int likely, int pessimistic, Source source) {

    private static final int MOST = 600_000;

    /** Where an estimate comes from. */
    public enum Source {
        /** A person. */
        PERSON,
        /** A model. */
        MODEL,
        /** Items that have ended. */
        HISTORY
    }

    /** Checks the order of the numbers. */
    public Estimate {
        Check.range("optimistic", optimistic, 0, MOST);
        Check.range("likely", likely, 0, MOST);
        Check.range("pessimistic", pessimistic, 0, MOST);
        if (optimistic > likely || likely > pessimistic) {
            throw InvalidFieldException.value(
                    "estimate",
                    "estimate is " + optimistic + ", " + likely + ", " + pessimistic
                            + " minutes, expected optimistic, likely and pessimistic in this order");
        }
        Check.notNull("source", source);
    }
}
