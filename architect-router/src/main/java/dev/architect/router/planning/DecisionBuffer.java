package dev.architect.router.planning;

import dev.architect.choice.LearnedChoice;
import dev.architect.route.ExclusionReason;
import dev.architect.route.GoneModel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link RoutingSnapshot} decided about one request: for each model a code, and an order of those that may answer. Made once
 * by its owner for any number of decisions, each of which overwrites the one before. Holds numbers only; {@link RoutePlan#route}
 * makes of them what people read. Used by one thread at a time.
 */
public final class DecisionBuffer {

    /** The code of a candidate. */
    static final byte CANDIDATE = 0;

    final byte[] codes;
    final int[] order;
    int candidates;
    int floor;
    boolean isBelowFloor;

    /** The most that the request may cost, in pico-dollars; negative without a limit. */
    long maxCost;

    /** Whether that is the limit of the request itself, and not that of a rule. */
    boolean isOwnMaxCost;

    @Nullable
    GoneModel @Nullable [] gone;

    @Nullable
    PriceColumns prices;

    /** Whether the floor is that of a rule. */
    boolean isRuleFloor;

    RuleOutcome rules = RuleOutcome.NONE;

    /** What a learned router chose; null when it had no part in the decision. */
    @Nullable
    LearnedChoice choice;

    // Room for ordering, made when a policy first orders by more than cost.
    private @Nullable StrategyOrder strategyOrder;

    // What each strategy saw, kept for decisions that are explained.
    @Nullable
    List<Seen> seen;

    /** What a strategy saw, by model. */
    record Seen(Ranker strategy, long[] values) {}

    /** Creates room for decisions about so many models. */
    public DecisionBuffer(int models) {
        this.codes = new byte[models];
        this.order = new int[models];
    }

    /** Returns room for a decision that keeps what each strategy saw. */
    static DecisionBuffer explained(int models) {
        DecisionBuffer decision = new DecisionBuffer(models);
        decision.seen = new ArrayList<>();
        return decision;
    }

    /** What rules set, to be written: made for the first decision of a policy that has any. */
    RuleOutcome writtenRules() {
        if (rules == RuleOutcome.NONE) {
            rules = new RuleOutcome();
        }
        return rules;
    }

    /** Returns what puts the candidates into another order than that of their cost; they are one group of equals. */
    StrategyOrder beginOrdering() {
        StrategyOrder room = strategyOrder;
        if (room == null) {
            room = new StrategyOrder(codes.length);
            strategyOrder = room;
        }
        room.begin(candidates);
        return room;
    }

    /** Keeps what a strategy saw, where the decision is explained. */
    void show(Ranker strategy, long[] values) {
        if (seen != null) {
            long[] byModel = new long[codes.length];
            for (int position = 0; position < candidates; position++) {
                byModel[order[position]] = values[position];
            }
            seen.add(new Seen(strategy, byModel));
        }
    }

    /** The code of a model that is left out. */
    static byte code(ExclusionReason reason) {
        return (byte) (reason.ordinal() + 1);
    }

    /** The number of models that may answer. */
    public int candidates() {
        return candidates;
    }

    /** The model at a place of the order, as its number in the policy. */
    public int candidate(int position) {
        return order[position];
    }
}
