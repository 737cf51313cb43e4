package dev.architect.router.planning;

import dev.architect.route.ExclusionReason;
import dev.architect.route.GoneModel;
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

    /** Creates room for decisions about so many models. */
    public Decision(int models) {
        this.codes = new byte[models];
        this.costs = new long[models];
        this.order = new int[models];
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
