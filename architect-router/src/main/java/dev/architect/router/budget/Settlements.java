package dev.architect.router.budget;

import dev.architect.budget.BudgetCrossing;
import dev.architect.budget.BudgetStore;
import dev.architect.cost.Money;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles what calls have cost. What the store does not take is kept, and settled before the next reservation, which the store has to take as
 * well. Safe for use by several threads.
 */
final class Settlements {

    private static final Logger LOG = LoggerFactory.getLogger(Settlements.class);

    /** What is beyond is left to the lifetimes of the reservations. */
    private static final int MOST_KEPT = 10_000;

    private final BudgetStore store;
    private final ConcurrentLinkedQueue<Settlement> kept = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    /** What a call has cost. */
    private record Settlement(String reservation, Money cost) {}

    Settlements(BudgetStore store) {
        this.store = store;
    }

    BudgetStore store() {
        return store;
    }

    /** Settles a call, and returns what this has changed about budgets that people are told of. Blocks, and throws nothing. */
    List<BudgetCrossing> settle(String reservation, Money cost) {
        // With a clear interrupt flag, because a store may give up for an interrupted thread.
        boolean interrupted = Thread.interrupted();
        try {
            return store.settle(reservation, cost);
        } catch (RuntimeException failure) {
            keep(new Settlement(reservation, cost), failure);
            return List.of();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void keep(Settlement settlement, RuntimeException failure) {
        if (count.incrementAndGet() > MOST_KEPT) {
            count.decrementAndGet();
            LOG.warn("{} of {} is not settled in the budgets", settlement.cost, settlement.reservation, failure);
            return;
        }
        kept.add(settlement);
        LOG.warn("{} is settled in the budgets when the store answers again", settlement.cost, failure);
    }

    /**
     * Settles what is kept. Throws what the store throws, and keeps the rest.
     *
     * @param crossings gets what each of them has changed about budgets that people are told of; the store says it once
     */
    void settleKept(Consumer<List<BudgetCrossing>> crossings) {
        Settlement next = kept.poll();
        while (next != null) {
            List<BudgetCrossing> changed;
            try {
                changed = store.settle(next.reservation, next.cost);
            } catch (RuntimeException failure) {
                kept.add(next);
                throw failure;
            }
            count.decrementAndGet();
            crossings.accept(changed);
            next = kept.poll();
        }
    }
}
