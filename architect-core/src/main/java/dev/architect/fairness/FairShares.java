package dev.architect.fairness;

import dev.architect.lane.Lane;
import dev.architect.lane.LaneShare;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Divides free slots among lanes, so that each lane with work gets session time by its weight: start-time fair queueing (Goyal, Vin and
 * Cheng, 1996), which is deficit round robin with the deficits kept as virtual time. Each slot goes to the lane that is furthest behind; a
 * task is charged what tasks of its lane take in the mean, and the difference when it has ended.
 *
 * <p>A lane that had no work gets no credit for that time. One that could not use its turns, for example at a limit, keeps the credit of a few
 * tasks. Safe for use by several threads.
 */
public final class FairShares {

    /** What a task is taken to cost as long as none has ended. */
    private static final double FIRST_COST_SECONDS = 1;

    /** The weight of the newest task in the mean. */
    private static final double SMOOTHING = 0.1;

    /** The most credit of a lane, in tasks of its own. */
    private static final int MOST_CREDIT = 8;

    /** A lane that was not asked for in so many divisions was idle. */
    private static final int IDLE_AFTER = 8;

    private static final double LEAST_COST_SECONDS = 1e-6;

    /** Lanes without running tasks are forgotten beyond this number: tenants come and go. */
    private static final int MOST_IDLE = 10_000;

    private final Map<Lane, Account> accounts = new HashMap<>();
    private double virtualTime;
    private double meanCost = FIRST_COST_SECONDS;
    private long divisions;

    /**
     * A lane that has work.
     *
     * @param weight its part, at least 1
     * @param tasks how many tasks it can use, as far as is known
     */
    public record Demand(Lane lane, int weight, long tasks) {}

    /** Creates shares of which nothing is charged. */
    public FairShares() {}

    private static final class Account {
        /** The session time that it was charged, divided by its weight. */
        private double virtualTime;

        private double cost;
        private int weight = 1;
        private int running;
        private long lastDivision;
        /** What the running tasks were charged together, in seconds. */
        private double charged;
    }

    private static final class Turn {
        private final Demand demand;
        private final double step;
        private double virtualTime;
        private int tasks;

        private Turn(Demand demand, double virtualTime, double step) {
            this.demand = demand;
            this.virtualTime = virtualTime;
            this.step = step;
        }
    }

    /** Returns how many tasks of each lane are next, {@code slots} together at most, the lane first that is furthest behind. */
    public synchronized List<LaneShare> divide(Collection<Demand> demands, int slots) {
        divisions++;
        PriorityQueue<Turn> turns = new PriorityQueue<>(
                Comparator.<Turn>comparingDouble(turn -> turn.virtualTime).thenComparing(turn -> turn.demand.lane()));
        for (Demand demand : demands) {
            if (demand.tasks() > 0) {
                turns.add(turn(demand));
            }
        }
        Map<Lane, Integer> shares = new LinkedHashMap<>();
        for (int left = slots; left > 0 && !turns.isEmpty(); left--) {
            Turn turn = turns.remove();
            shares.merge(turn.demand.lane(), 1, Integer::sum);
            turn.tasks++;
            turn.virtualTime += turn.step;
            if (turn.tasks < turn.demand.tasks()) {
                turns.add(turn);
            }
        }
        List<LaneShare> divided = new ArrayList<>(shares.size());
        shares.forEach((lane, tasks) -> divided.add(new LaneShare(lane, tasks)));
        return divided;
    }

    private Turn turn(Demand demand) {
        Account account = account(demand.lane());
        if (account.weight != demand.weight()) {
            // What it was ahead of others stays the same session time.
            account.virtualTime = virtualTime + (account.virtualTime - virtualTime) * account.weight / demand.weight();
            account.weight = demand.weight();
        }
        double step = account.cost / account.weight;
        boolean wasIdle = account.running == 0 && divisions - account.lastDivision > IDLE_AFTER;
        account.virtualTime = Math.max(account.virtualTime, wasIdle ? virtualTime : virtualTime - MOST_CREDIT * step);
        account.lastDivision = divisions;
        return new Turn(demand, account.virtualTime, step);
    }

    private Account account(Lane lane) {
        return accounts.computeIfAbsent(lane, created -> {
            forgetIdle();
            Account account = new Account();
            account.virtualTime = virtualTime;
            account.cost = meanCost;
            return account;
        });
    }

    private void forgetIdle() {
        if (accounts.size() < MOST_IDLE) {
            return;
        }
        for (Iterator<Account> each = accounts.values().iterator(); each.hasNext(); ) {
            Account account = each.next();
            if (account.running == 0 && account.virtualTime <= virtualTime) {
                each.remove();
            }
        }
    }

    /** Charges a lane for a task that was claimed. */
    public synchronized void claimed(Lane lane) {
        Account account = account(lane);
        virtualTime = Math.max(virtualTime, account.virtualTime);
        account.running++;
        account.charged += account.cost;
        account.virtualTime += account.cost / account.weight;
    }

    /** A claimed task has ended after this time in a session. */
    public synchronized void ended(Lane lane, Duration taken) {
        double seconds = Math.max(LEAST_COST_SECONDS, taken.toNanos() / 1e9);
        Account account = settle(lane, seconds);
        if (account != null) {
            account.cost += SMOOTHING * (seconds - account.cost);
            meanCost += SMOOTHING * (seconds - meanCost);
        }
    }

    /** A claimed task was given back before it began. */
    public synchronized void returned(Lane lane) {
        settle(lane, 0);
    }

    private @Nullable Account settle(Lane lane, double seconds) {
        Account account = accounts.get(lane);
        if (account == null || account.running == 0) {
            return null;
        }
        double charged = account.charged / account.running;
        account.charged -= charged;
        account.running--;
        account.virtualTime += (seconds - charged) / account.weight;
        return account;
    }
}
