package dev.architect.review;

import dev.architect.check.Check;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What was decided about an action by rules, and what a person said when one was asked.
 *
 * @param id its id; a later one is larger, 0 before it is kept
 * @param at when
 * @param action the action
 * @param context where, when and for whom, as JSON
 * @param verdict {@code allow}, {@code ask} or {@code deny}
 * @param rules the ids of the rules that decided
 * @param part the part of the action that decided
 * @param reason why
 * @param micros how long the decision took, in microseconds
 * @param requester who wanted to do it; empty when unknown
 * @param run its run; empty for none
 * @param review the review that was asked for it; empty for none
 * @param answer whether a person has approved it; empty when none was asked or none has answered
 */
public record RecordedApproval(
        long id,
        Instant at,
        ReviewedAction action,
        String context,
        String verdict,
        List<String> rules,
        String part,
        String reason,
        long micros,
        Optional<String> requester,
        Optional<String> run,
        Optional<Long> review,
        Optional<Boolean> answer) {

    /** Checks every field. */
    public RecordedApproval {
        Check.notNull("at", at);
        Check.notNull("action", action);
        Check.notNull("context", context);
        Check.notNull("verdict", verdict);
        rules = List.copyOf(Check.noNulls("rules", rules));
        Check.notNull("part", part);
        Check.notNull("reason", reason);
        Check.notNegative("micros", micros);
        Check.notNull("requester", requester);
        Check.notNull("run", run);
        Check.notNull("review", review);
        Check.notNull("answer", answer);
    }

    /** Returns the same with the id that a store has given it. */
    public RecordedApproval withId(long given) {
        return new RecordedApproval(
                given, at, action, context, verdict, rules, part, reason, micros, requester, run, review, answer);
    }

    /** Returns the same with what a person has said. */
    public RecordedApproval withAnswer(Optional<Boolean> given) {
        return new RecordedApproval(
                id, at, action, context, verdict, rules, part, reason, micros, requester, run, review, given);
    }
}
