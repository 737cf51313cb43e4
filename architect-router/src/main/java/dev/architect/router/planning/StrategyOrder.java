package dev.architect.router.planning;

import java.util.Arrays;

/**
 * Composes strategies. The candidates of a decision form groups of equal ones, at first a single group; each strategy sorts every group by its
 * numbers and divides it, where a number is beyond what counts as equal to the smallest one of its part. Sorting is stable, so that
 * what all strategies hold to be equal stays in the order in which it was.
 */
final class StrategyOrder {

    /** So many candidates are sorted by starting from the order of the last decision, which is nearly the same. */
    private static final int MANY = 16;

    /** So many moves for a candidate are no longer nearly the same. */
    private static final int MOST_MOVES = 2;

    private final long[] values;
    private final boolean[] startsGroup;
    private final int[] places;
    private boolean isDivided;

    /** Creates room for decisions about so many models. */
    StrategyOrder(int models) {
        this.values = new long[models];
        this.startsGroup = new boolean[models];
        this.places = new int[models];
    }

    /** Makes one group of so many candidates. */
    void begin(int candidates) {
        isDivided = false;
        Arrays.fill(startsGroup, 0, candidates, false);
    }

    /** Sorts and divides every group by one strategy. */
    void refine(Ranker strategy, RequestProfile request, DecisionBuffer into, SplitMix draws) {
        int candidates = into.candidates;
        if (candidates < 2 && into.seen == null) {
            return;
        }
        boolean isOneGroup = !isDivided;
        boolean isMany = isOneGroup && candidates >= MANY && !strategy.keepsOrder();
        if (isMany) {
            startFromLast(strategy, into);
        }
        strategy.fill(into.order, candidates, request, into, values);
        into.show(strategy, values);
        if (isMany) {
            sortNearlySorted(strategy, into);
        }
        int from = 0;
        while (from < candidates) {
            int to = isOneGroup ? candidates : endOfGroup(from, candidates);
            if (to - from > 1) {
                if (!isMany) {
                    sort(into.order, from, to);
                }
                divide(strategy, request, into.order, from, to, draws);
            }
            if (from == 0 && request.isLive()) {
                strategy.chosen(into.order[0]);
            }
            from = to;
        }
    }

    private int endOfGroup(int from, int candidates) {
        int to = from + 1;
        while (to < candidates && !startsGroup[to]) {
            to++;
        }
        return to;
    }

    private void divide(Ranker strategy, RequestProfile request, int[] order, int from, int to, SplitMix draws) {
        long most = strategy.equalUpTo(values[from]);
        if (values[to - 1] > most) {
            isDivided = true;
            for (int position = from + 1; position < to; position++) {
                if (values[position] > most) {
                    startsGroup[position] = true;
                    most = strategy.equalUpTo(values[position]);
                }
            }
        }
        if (strategy.draws() && request.isLive()) {
            draw(order, from, to, draws);
            startsGroup[from + 1] = true;
            isDivided = true;
        }
    }

    /** Puts the candidates into the order of the last decision, and remembers the one in which they were: it decides between equal ones. */
    private void startFromLast(Ranker strategy, DecisionBuffer into) {
        int[] order = into.order;
        for (int position = 0; position < into.candidates; position++) {
            places[order[position]] = position;
        }
        int[] last = strategy.lastOrder;
        if (last == null) {
            return;
        }
        int position = 0;
        for (int model : last) {
            if (into.codes[model] == DecisionBuffer.CANDIDATE) {
                order[position++] = model;
            }
        }
    }

    /** Insertion, which takes little more than one step for each candidate that is in its place already. */
    private void sortNearlySorted(Ranker strategy, DecisionBuffer into) {
        int[] order = into.order;
        int moves = 0;
        for (int next = 1; next < into.candidates; next++) {
            int model = order[next];
            long value = values[next];
            int place = next;
            while (place > 0
                    && (values[place - 1] > value
                            || (values[place - 1] == value && places[order[place - 1]] > places[model]))) {
                order[place] = order[place - 1];
                values[place] = values[place - 1];
                place--;
            }
            order[place] = model;
            values[place] = value;
            moves += next - place;
        }
        if (moves > MOST_MOVES * into.candidates || strategy.lastOrder == null) {
            strategy.lastOrder = complete(order, into);
        }
    }

    /** The sorted candidates, and after them the models that are none in this decision. */
    private static int[] complete(int[] order, DecisionBuffer into) {
        int[] all = Arrays.copyOf(order, into.codes.length);
        int position = into.candidates;
        for (int model = 0; model < all.length; model++) {
            if (into.codes[model] != DecisionBuffer.CANDIDATE) {
                all[position++] = model;
            }
        }
        return all;
    }

    private void sort(int[] order, int from, int to) {
        for (int next = from + 1; next < to; next++) {
            int model = order[next];
            long value = values[next];
            int place = next;
            while (place > from && values[place - 1] > value) {
                order[place] = order[place - 1];
                values[place] = values[place - 1];
                place--;
            }
            order[place] = model;
            values[place] = value;
        }
    }

    /**
     * The better one of two that are drawn comes first. Everybody would take the best one at the same moment, and it would be the worst
     * in the next (M. Mitzenmacher: The Power of Two Choices in Randomized Load Balancing, 1996).
     */
    private void draw(int[] order, int from, int to, SplitMix draws) {
        long random = draws.next();
        int one = from + SplitMix.ofUpperHalf(random, to - from);
        int other = from + SplitMix.ofLowerHalf(random, to - from - 1);
        if (other >= one) {
            other++;
        }
        int winner = values[other] < values[one] ? other : one;
        int model = order[winner];
        System.arraycopy(order, from, order, from + 1, winner - from);
        order[from] = model;
    }
}
