package dev.architect.review;

import dev.architect.check.Check;
import java.time.Instant;
import java.util.Optional;

/**
 * An approval rule as a store keeps it. What its text means is the business of whoever decides by it.
 *
 * @param id unique, at most {@value #MAX_ID} characters
 * @param text the rule, in JSON, at most {@value #MAX_TEXT} characters
 * @param isEnabled whether it is in force
 * @param run the run with which it ends; empty for one that stays
 * @param author who has made it or changed it last
 * @param changedAt when
 * @param tried the version that was tried on recorded decisions last, 0 for none
 * @param version rises with each change
 */
public record StoredRule(
        String id,
        String text,
        boolean isEnabled,
        Optional<String> run,
        String author,
        Instant changedAt,
        long tried,
        long version) {

    /** The most characters of an id. */
    public static final int MAX_ID = 100;

    /** The most characters of a text. */
    public static final int MAX_TEXT = 100_000;

    /** Checks every field. */
    public StoredRule {
        Check.atMost("id", Check.notBlank("id", id), MAX_ID);
        Check.atMost("text", text, MAX_TEXT);
        Check.notNull("run", run);
        Check.atMost("author", author, ReviewRequester.MAX_CHARACTERS);
        Check.notNull("changedAt", changedAt);
        Check.notNegative("tried", tried);
        Check.notNegative("version", version);
    }

    /** Returns the same with another version. */
    public StoredRule withVersion(long given) {
        return new StoredRule(id, text, isEnabled, run, author, changedAt, tried, given);
    }
}
