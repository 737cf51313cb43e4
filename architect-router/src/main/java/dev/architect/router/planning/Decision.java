package dev.architect.router.planning;

import dev.architect.route.ExclusionReason;
import dev.architect.route.GoneModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link RoutingSnapshot} decided about one request: for each model a code, and an order of those that may answer. Made once
 * by its owner for any number of decisions, each of which overwrites the one before. Holds numbers only; {@link RoutePlan#route}
 * makes of them what people read. Used by one thread at a time.
 */
public final class Decision {

    /** The code of a candidate. */
    static final byte CANDIDATE = 0;

    final byte[] codes;
    final long[] costs;
    final int[] order;
    int candidates;
    int floor;
    boolean isBelowFloor;

    @Nullable
    GoneModel @Nullable [] gone;

    // What the rules of the policy set for the request; as after reset() where it has none.
    long now;

    @Nullable
    PriceColumns prices;

    @Nullable
    CompiledEffect rule;

    @Nullable
    CompiledEffect arm;

    @Nullable
    String experiment;

    @Nullable
    String armName;

    boolean @Nullable [] allowed;
    String allowedBy = "";

    @Nullable
    Ranker explicitOrder;

    boolean @Nullable [] listed;
    int ruleFloor;
    String floorBy = "";
    boolean isRuleFloor;
    long firstTokenGoal;
    long maxCost;
    boolean isLocalOnly;
    int pinned;
    Ranker @Nullable [] strategies;

    // Room for ordering, made when a policy first orders by more than cost.
    long[] values = NONE;
    boolean[] startsGroup = NO_GROUPS;
    int[] places = NO_PLACES;
    boolean isDivided;

    // What each strategy saw, kept for decisions that are explained.
    @Nullable
    List<Seen> seen;

    private static final long[] NONE = {};
    private static final boolean[] NO_GROUPS = {};
    private static final int[] NO_PLACES = {};

    /** What a strategy saw, by model. */
    record Seen(Ranker strategy, long[] values) {}

    /** Creates room for decisions about so many models. */
    public Decision(int models) {
        this.codes = new byte[models];
        this.costs = new long[models];
        this.order = new int[models];
    }

    /** Returns room for a decision that keeps what each strategy saw. */
    static Decision explained(int models) {
        Decision decision = new Decision(models);
        decision.seen = new ArrayList<>();
        return decision;
    }

    /** Forgets what rules set for the decision before. */
    void reset() {
        rule = null;
        arm = null;
        experiment = null;
        armName = null;
        allowed = null;
        explicitOrder = null;
        listed = null;
        ruleFloor = (int) CompiledEffect.NOTHING;
        isRuleFloor = false;
        firstTokenGoal = CompiledEffect.NOTHING;
        maxCost = CompiledEffect.NOTHING;
        isLocalOnly = false;
        pinned = (int) CompiledEffect.NOTHING;
        strategies = null;
    }

    /** Makes one group of all candidates. */
    void beginOrdering() {
        isDivided = false;
        if (values.length < codes.length) {
            values = new long[codes.length];
            startsGroup = new boolean[codes.length];
            places = new int[codes.length];
        } else {
            Arrays.fill(startsGroup, 0, candidates, false);
        }
    }

    /** Whether the rule lists the model in its explicit order. */
    boolean isListed(int model) {
        return listed != null && listed[model];
    }

    /** Keeps what a strategy saw, where the decision is explained. */
    void show(Ranker strategy) {
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
