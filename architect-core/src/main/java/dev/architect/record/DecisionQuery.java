package dev.architect.record;

import dev.architect.check.Check;
import dev.architect.model.ModelId;
import dev.architect.project.ProjectId;
import java.time.Instant;
import java.util.Optional;

/**
 * Which records of decisions to read, newest first. Immutable; its {@code with} methods return changed copies.
 *
 * @param from only those made then or later; empty for all
 * @param until only those made before; empty for all
 * @param model only those that this model answered; empty for all
 * @param outcome only those that ended so; empty for all
 * @param project only those of this project; empty for all
 * @param before only those with a smaller sequence; {@link Long#MAX_VALUE} starts at the newest
 * @param limit the most records, 1 to 500
 */
public record DecisionQuery(
        Optional<Instant> from,
        Optional<Instant> until,
        Optional<ModelId> model,
        Optional<DecisionOutcome> outcome,
        Optional<ProjectId> project,
        long before,
        int limit) {

    /** The most records of one page. */
    public static final int MAX_LIMIT = 500;

    /** Checks every field. */
    public DecisionQuery {
        Check.notNull("from", from);
        Check.notNull("until", until);
        Check.notNull("model", model);
        Check.notNull("outcome", outcome);
        Check.notNull("project", project);
        Check.range("limit", limit, 1, MAX_LIMIT);
    }

    /** Returns a query for the newest records, at most {@code limit} of them, 1 to 500. */
    public static DecisionQuery newest(int limit) {
        return new DecisionQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Long.MAX_VALUE,
                limit);
    }

    /** Returns a copy for records made from then on. */
    public DecisionQuery withFrom(Instant earliest) {
        return new DecisionQuery(
                Optional.of(Check.notNull("from", earliest)), until, model, outcome, project, before, limit);
    }

    /** Returns a copy for records made before then. */
    public DecisionQuery withUntil(Instant end) {
        return new DecisionQuery(
                from, Optional.of(Check.notNull("until", end)), model, outcome, project, before, limit);
    }

    /** Returns a copy for records of requests that this model answered, as its provider names it. */
    public DecisionQuery withModel(ModelId answered) {
        return new DecisionQuery(
                from, until, Optional.of(Check.notNull("model", answered)), outcome, project, before, limit);
    }

    /** Returns a copy for records of requests that ended so. */
    public DecisionQuery withOutcome(DecisionOutcome ended) {
        return new DecisionQuery(
                from, until, model, Optional.of(Check.notNull("outcome", ended)), project, before, limit);
    }

    /** Returns a copy for records of one project. */
    public DecisionQuery withProject(ProjectId only) {
        return new DecisionQuery(
                from, until, model, outcome, Optional.of(Check.notNull("project", only)), before, limit);
    }

    /** Returns a copy for the next page: records with a smaller sequence. */
    public DecisionQuery withBefore(long sequence) {
        return new DecisionQuery(from, until, model, outcome, project, sequence, limit);
    }
}
