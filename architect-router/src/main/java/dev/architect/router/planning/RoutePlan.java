package dev.architect.router.planning;

import dev.architect.answer.AnswerChecker;
import dev.architect.chat.Quality;
import dev.architect.choice.LearnedChoice;
import dev.architect.cost.Cost;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import dev.architect.model.Capability;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.route.Candidate;
import dev.architect.route.CostEstimate;
import dev.architect.route.Exclusion;
import dev.architect.route.ExclusionReason;
import dev.architect.route.GoneModel;
import dev.architect.route.QualityFloor;
import dev.architect.route.Route;
import dev.architect.route.RouteBasis;
import dev.architect.route.SelectionReason;
import dev.architect.route.StrategyValue;
import dev.architect.router.admission.Deployment;
import dev.architect.router.choice.LearnedSelector;
import dev.architect.router.policy.ModelPolicy;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The decision about one request: the deployments to call, in order, and the route as callers see it, which is made when it is first
 * read. Immutable once made, and safe for use by several threads.
 */
public final class RoutePlan implements Route.Details {

    private static final ExclusionReason[] REASONS = ExclusionReason.values();

    private final RoutingSnapshot snapshot;
    private final RequestProfile request;
    private final DecisionBuffer decision;
    private final Instant decidedAt;
    private final Route route;

    RoutePlan(RoutingSnapshot snapshot, RequestProfile request, DecisionBuffer decision, Instant decidedAt) {
        this.snapshot = snapshot;
        this.request = request;
        this.decision = decision;
        this.decidedAt = decidedAt;
        this.route = Route.deferred(request.classification(), this);
    }

    /** The route, as callers see it. */
    public Route route() {
        return route;
    }

    public Complexity complexity() {
        return request.complexity();
    }

    /** When it was decided; its prices are those of that time. */
    public Instant decidedAt() {
        return decidedAt;
    }

    /** The number of candidates. */
    public int length() {
        return decision.candidates;
    }

    /** The candidate at {@code position}, from 0. */
    public Deployment deployment(int position) {
        return snapshot.candidate(decision.order[position]);
    }

    /** One for each candidate, in the order in which they are called. */
    public List<Deployment> deployments() {
        List<Deployment> deployments = new ArrayList<>(length());
        for (int position = 0; position < length(); position++) {
            deployments.add(deployment(position));
        }
        return deployments;
    }

    /** The place of a candidate, from 0; -1 when it is none. */
    public int positionOf(Deployment deployment) {
        for (int position = 0; position < length(); position++) {
            if (deployment(position) == deployment) {
                return position;
            }
        }
        return -1;
    }

    /** Tokens of the prompt, as the candidate at {@code position} counts them. */
    public long promptTokens(int position) {
        return snapshot.promptTokens(decision.order[position], request);
    }

    /** Tokens that the answer of the candidate at {@code position} will probably have. */
    public long expectedAnswerTokens(int position) {
        return snapshot.expectedAnswerTokens(decision.order[position], request);
    }

    /** What the request would probably cost on the candidate at {@code position}. */
    public CostEstimate estimate(int position) {
        return new CostEstimate(promptTokens(position), expectedAnswerTokens(position), cost(decision.order[position]));
    }

    /**
     * Why a candidate may not be called after all: with what calls of this request have cost already, it would cost more than the rule
     * or the request allows.
     *
     * @param spent what the calls of the request have cost
     */
    public Optional<Exclusion> exceeds(int position, MoneyTotal spent) {
        if (decision.maxCost < 0) {
            return Optional.empty();
        }
        int model = decision.order[position];
        BigInteger whole = spent.picoUsd().add(BigInteger.valueOf(snapshot.cost(model, request, decision)));
        if (whole.compareTo(BigInteger.valueOf(decision.maxCost)) <= 0) {
            return Optional.empty();
        }
        Cost estimate = whole.bitLength() < Long.SIZE ? Cost.priced(new Money(whole.longValue())) : Cost.UNPRICED;
        return Optional.of(new Exclusion.TooExpensive(
                snapshot.model(model).id(), limitName(), estimate, new Money(decision.maxCost)));
    }

    private String limitName() {
        return decision.isOwnMaxCost ? "" : ruleName();
    }

    private Cost cost(int model) {
        long cost = snapshot.cost(model, request, decision);
        return cost == PriceColumns.UNPRICED ? Cost.UNPRICED : Cost.priced(new Money(cost));
    }

    private String ruleName() {
        return Objects.requireNonNull(decision.rules.rule).name;
    }

    @Override
    public List<Candidate> candidates() {
        List<Candidate> candidates = new ArrayList<>(length());
        SelectionReason selection = selection();
        QualityFloor floor = floor();
        for (int position = 0; position < length(); position++) {
            ModelPolicy model = snapshot.model(decision.order[position]);
            candidates.add(new Candidate(
                    model.id(),
                    model.quality(),
                    estimate(position),
                    selection,
                    floor,
                    values(decision.order[position])));
        }
        return candidates;
    }

    private List<StrategyValue> values(int model) {
        List<DecisionBuffer.Seen> seen = decision.seen;
        if (seen == null) {
            return List.of();
        }
        return seen.stream()
                .map(one -> new StrategyValue(
                        one.strategy().name(),
                        one.strategy().shown(one.values()[model]),
                        one.strategy().unit()))
                .toList();
    }

    @Override
    public RouteBasis basis() {
        RuleOutcome ruled = decision.rules;
        return new RouteBasis(
                Optional.ofNullable(ruled.rule == null ? null : ruled.rule.name),
                Optional.ofNullable(ruled.experiment),
                Optional.ofNullable(ruled.arm == null ? null : ruled.armName),
                choice());
    }

    /** What a learned router chose; empty when it had no part in the decision. */
    public Optional<LearnedChoice> choice() {
        return Optional.ofNullable(decision.choice);
    }

    /** What checks the answer besides the checkers of policy and request; empty for nothing. */
    public Optional<AnswerChecker> answerCheck() {
        LearnedSelector learned = snapshot.learned();
        return learned == null ? Optional.empty() : choice().flatMap(learned::checker);
    }

    /** The request was answered: what came of its choice can be learned from, once there is feedback. */
    public void recordCost(String requestId, Money cost, Duration latency) {
        LearnedSelector learned = snapshot.learned();
        if (learned != null && decision.choice != null) {
            learned.answered(requestId, decision.choice, cost, latency);
        }
    }

    /** The candidate answered: its prompt is probably in its cache from now on. */
    public void recordAnswered(Deployment deployment, long now) {
        snapshot.recordAnswered(deployment, request, now);
    }

    private SelectionReason selection() {
        if (decision.isBelowFloor) {
            return SelectionReason.BEST_BELOW_FLOOR;
        }
        return request.named() == null ? SelectionReason.MEETS_FLOOR : SelectionReason.NAMED_BY_REQUEST;
    }

    private QualityFloor floor() {
        if (request.named() != null) {
            return QualityFloor.NONE;
        }
        if (decision.isRuleFloor) {
            return new QualityFloor(decision.floor, Optional.empty(), Optional.of(decision.rules.floorBy));
        }
        return new QualityFloor(
                decision.floor,
                request.quality() == Quality.AUTO && decision.choice == null
                        ? Optional.of(request.complexity())
                        : Optional.empty());
    }

    @Override
    public List<Exclusion> exclusions() {
        List<Exclusion> exclusions = new ArrayList<>();
        List<Exclusion> belowFloor = new ArrayList<>();
        for (int model = 0; model < decision.codes.length; model++) {
            if (decision.codes[model] != DecisionBuffer.CANDIDATE) {
                Exclusion exclusion = exclusion(model);
                (exclusion.code() == ExclusionReason.BELOW_FLOOR ? belowFloor : exclusions).add(exclusion);
            }
        }
        ModelId named = request.named();
        if (named != null && !snapshot.hasModelFor(request)) {
            exclusions.add(new Exclusion.NotInPolicy(named));
        }
        exclusions.addAll(belowFloor);
        return exclusions;
    }

    private Exclusion exclusion(int model) {
        ModelPolicy policy = snapshot.model(model);
        ModelId id = policy.id();
        return switch (REASONS[decision.codes[model] - 1]) {
            case DISABLED -> new Exclusion.Disabled(id);
            case OTHER_MODEL_NAMED -> new Exclusion.OtherModelNamed(id);
            case NOT_IN_POLICY -> new Exclusion.NotInPolicy(id);
            case PROVIDER_NOT_CONFIGURED -> new Exclusion.ProviderNotConfigured(id);
            case CAPABILITY_MISSING -> new Exclusion.CapabilityMissing(id, missing(model));
            case CONTEXT_WINDOW_TOO_SMALL ->
                new Exclusion.ContextWindowTooSmall(
                        id,
                        policy.contextTokens(),
                        snapshot.promptTokens(model, request) + snapshot.expectedAnswerTokens(model, request));
            case BELOW_FLOOR -> new Exclusion.BelowFloor(id, policy.quality(), floor());
            case MODEL_GONE -> {
                GoneModel gone = Objects.requireNonNull(Objects.requireNonNull(decision.gone)[model]);
                yield new Exclusion.ModelGone(id, gone.since(), gone.nextCheck());
            }
            case NOT_LOCAL -> new Exclusion.NotLocal(id, ruleName());
            case TOO_EXPENSIVE -> new Exclusion.TooExpensive(id, limitName(), cost(model), new Money(decision.maxCost));
            case NOT_IN_RULE -> new Exclusion.NotInRule(id, decision.rules.allowedBy);
            case OTHER_MODEL_PINNED ->
                new Exclusion.OtherModelPinned(
                        id, snapshot.model(decision.rules.pinned).id());
        };
    }

    private Set<Capability> missing(int model) {
        int bits = request.required() & ~snapshot.capabilities(model);
        // A model that makes vectors alone lacks nothing that a plain chat needs, but cannot even begin an answer.
        EnumSet<Capability> missing = bits == 0 ? EnumSet.of(Capability.STREAMING) : EnumSet.noneOf(Capability.class);
        for (Capability capability : Capability.values()) {
            if ((bits & 1 << capability.ordinal()) != 0) {
                missing.add(capability);
            }
        }
        return missing;
    }
}
