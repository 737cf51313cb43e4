package dev.architect.review;

import dev.architect.check.Check;
import dev.architect.json.InvalidFieldException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a person decides about a review, before it is checked. Immutable.
 *
 * @param choice the decision
 * @param sha256 the hash of the action that was shown
 * @param actor who decides
 * @param comment why, for the requester; the answer to a question; at most {@value ReviewRemark#MAX_CHARACTERS} characters, may be empty
 * @param edited what may be done instead; there for {@link ReviewChoice#EDIT} and only for it
 * @param rule the text of a rule that is added; only for {@link ReviewChoice#RULE}, which proposes one itself without
 * @param remarks what is to be changed where; only for {@link ReviewChoice#CHANGES}, at most {@value #MAX_REMARKS}
 * @param took how long the person has looked at it; empty when unknown
 */
public record ReviewDecision(
        ReviewChoice choice,
        String sha256,
        String actor,
        String comment,
        Optional<ReviewedAction> edited,
        Optional<String> rule,
        List<ReviewRemark> remarks,
        Optional<Duration> took) {

    /** The most remarks of one decision. */
    public static final int MAX_REMARKS = 200;

    /** Checks every field, and that they go together. */
    public ReviewDecision {
        Check.notNull("choice", choice);
        Check.notNull("sha256", sha256);
        Check.atMost("actor", Check.notBlank("actor", actor), ReviewRequester.MAX_CHARACTERS);
        Check.atMost("comment", comment, ReviewRemark.MAX_CHARACTERS);
        Check.notNull("edited", edited);
        Check.notNull("rule", rule);
        remarks = List.copyOf(Check.noNulls("remarks", remarks));
        Check.range("remarks", remarks.size(), 0, MAX_REMARKS);
        Check.notNull("took", took).ifPresent(time -> Check.notNegative("took", time));
        requireOnly("edited", edited.isPresent(), choice == ReviewChoice.EDIT, true);
        requireOnly("rule", rule.isPresent(), choice == ReviewChoice.RULE, false);
        requireOnly("remarks", !remarks.isEmpty(), choice == ReviewChoice.CHANGES, false);
        boolean needsComment = choice == ReviewChoice.DENY
                || choice == ReviewChoice.ANSWER
                || (choice == ReviewChoice.CHANGES && remarks.isEmpty());
        if (needsComment && comment.isBlank()) {
            throw InvalidFieldException.value(
                    "comment",
                    "comment is empty, expected "
                            + (choice == ReviewChoice.ANSWER ? "the answer" : "a reason for the requester"));
        }
    }

    private static void requireOnly(String field, boolean isThere, boolean isItsChoice, boolean isNeeded) {
        if (isThere && !isItsChoice) {
            throw InvalidFieldException.value(field, field + " is there, expected it with another decision only");
        }
        if (isNeeded && isItsChoice && !isThere) {
            throw InvalidFieldException.value(field, field + " is missing, expected it with this decision");
        }
    }

    /** Returns a decision without anything else. */
    public static ReviewDecision of(ReviewChoice choice, String sha256, String actor) {
        return new ReviewDecision(
                choice, sha256, actor, "", Optional.empty(), Optional.empty(), List.of(), Optional.empty());
    }

    /** Returns a denial. */
    public static ReviewDecision deny(String sha256, String actor, String reason) {
        return new ReviewDecision(
                ReviewChoice.DENY,
                sha256,
                actor,
                reason,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    /** Returns the answer to a question. */
    public static ReviewDecision answer(String sha256, String actor, String answer) {
        return new ReviewDecision(
                ReviewChoice.ANSWER,
                sha256,
                actor,
                answer,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    /** Returns an approval of another action. */
    public static ReviewDecision edit(String sha256, String actor, ReviewedAction edited) {
        return new ReviewDecision(
                ReviewChoice.EDIT,
                sha256,
                actor,
                "",
                Optional.of(Check.notNull("edited", edited)),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    /** Returns a wish for changes. */
    public static ReviewDecision changes(String sha256, String actor, String comment, List<ReviewRemark> remarks) {
        return new ReviewDecision(
                ReviewChoice.CHANGES,
                sha256,
                actor,
                comment,
                Optional.empty(),
                Optional.empty(),
                remarks,
                Optional.empty());
    }

    /** Returns the same with the time that the person has looked at it. */
    public ReviewDecision withTook(Duration time) {
        return new ReviewDecision(
                choice, sha256, actor, comment, edited, rule, remarks, Optional.of(Check.notNull("time", time)));
    }
}
