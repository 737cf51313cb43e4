package dev.architect.record;

import dev.architect.check.Check;
import dev.architect.choice.LearnedChoice;
import dev.architect.project.ProjectId;
import dev.architect.task.TaskId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * One decision of a router: who could have answered a request, why in that order, and what came of it. Holds no text.
 *
 * @param sequence its place among all records, assigned by the store; larger is newer; 0 before it is stored
 * @param requestId names the request, also in the ledger
 * @param at when it was made, to the microsecond
 * @param policyVersion names the policy that decided; the same for equal policies
 * @param project the project of the request
 * @param task the task that made it; empty for a direct request
 * @param features what the decision depended on
 * @param candidates who could have answered, first choice first
 * @param exclusions who could not
 * @param result what came of it
 * @param feedback what the host said of the answer; empty before it does. Not written with the record: a store adds it
 * @param choice what a learned router chose, with its propensity; empty when it had no part in the decision
 */
public record DecisionRecord(
        long sequence,
        String requestId,
        Instant at,
        String policyVersion,
        ProjectId project,
        Optional<TaskId> task,
        RequestFeatures features,
        List<DecisionCandidate> candidates,
        List<DecisionExclusion> exclusions,
        DecisionResult result,
        Optional<Feedback> feedback,
        Optional<LearnedChoice> choice) {

    /** Creates a record of a decision without a learned choice. */
    public DecisionRecord(
            long sequence,
            String requestId,
            Instant at,
            String policyVersion,
            ProjectId project,
            Optional<TaskId> task,
            RequestFeatures features,
            List<DecisionCandidate> candidates,
            List<DecisionExclusion> exclusions,
            DecisionResult result,
            Optional<Feedback> feedback) {
        this(
                sequence,
                requestId,
                at,
                policyVersion,
                project,
                task,
                features,
                candidates,
                exclusions,
                result,
                feedback,
                Optional.empty());
    }

    /** Copies the lists and checks every field. */
    public DecisionRecord {
        Check.notNegative("sequence", sequence);
        Check.atMost("requestId", Check.notBlank("requestId", requestId), Feedback.MAX_ID);
        // What every store keeps.
        at = Check.notNull("at", at).truncatedTo(ChronoUnit.MICROS);
        Check.notNull("policyVersion", policyVersion);
        Check.notNull("project", project);
        Check.notNull("task", task);
        Check.notNull("features", features);
        candidates = List.copyOf(Check.noNulls("candidates", candidates));
        exclusions = List.copyOf(Check.noNulls("exclusions", exclusions));
        Check.notNull("result", result);
        Check.notNull("feedback", feedback);
        Check.notNull("choice", choice);
    }

    /** Returns this record as a store has it. */
    public DecisionRecord stored(long assigned, Optional<Feedback> given) {
        return new DecisionRecord(
                assigned,
                requestId,
                at,
                policyVersion,
                project,
                task,
                features,
                candidates,
                exclusions,
                result,
                Check.notNull("given", given),
                choice);
    }
}
