package dev.architect.store.memory.routing;

import dev.architect.budget.Budget;
import dev.architect.budget.BudgetAccount;
import dev.architect.budget.BudgetAmount;
import dev.architect.budget.BudgetArguments;
import dev.architect.budget.BudgetCrossing;
import dev.architect.budget.BudgetDecision;
import dev.architect.budget.BudgetReservation;
import dev.architect.budget.BudgetState;
import dev.architect.budget.BudgetStore;
import dev.architect.change.ChangeTopic;
import dev.architect.cost.Money;
import dev.architect.error.CapacityException;
import dev.architect.store.memory.lock.StoreLock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Budgets in memory. Guarded by the store's lock. */
public final class InMemoryBudgets implements BudgetStore {

    private final StoreLock store;
    private final Map<String, Entry> entries = new TreeMap<>();

    /** A budget with its reservations. */
    private static final class Entry {
        private BudgetAccount account;
        private final Map<String, Held> held = new HashMap<>();

        Entry(Budget budget) {
            this.account = new BudgetAccount(budget, Instant.EPOCH, 0, 0, 0);
        }

        void advance(Instant now) {
            account.advance(now);
            Iterator<Held> each = held.values().iterator();
            while (each.hasNext()) {
                Held one = each.next();
                if (!one.isFree && !one.expiresAt.isAfter(now)) {
                    one.isFree = true;
                    account.free(one.start, one.amount);
                }
                if (one.isFree && !one.expiresAt.plus(BudgetAccount.KEPT).isAfter(now)) {
                    each.remove();
                }
            }
        }
    }

    /** What a call on its way may cost. */
    private static final class Held {
        private final Instant start;
        private final long amount;
        private final Instant expiresAt;
        private boolean isFree;

        Held(Instant start, long amount, Instant expiresAt) {
            this.start = start;
            this.amount = amount;
            this.expiresAt = expiresAt;
        }
    }

    /** Creates an empty one of the store that {@code store} guards. */
    public InMemoryBudgets(StoreLock store) {
        this.store = store;
    }

    @Override
    public void set(Budget budget) {
        BudgetArguments.budget(budget);
        store.locked(() -> {
            Entry known = entries.get(budget.name());
            if (known != null && known.account.state().budget().countsAs(budget)) {
                store.changed(ChangeTopic.BUDGET, budget.name());
                known.account = known.account.under(budget);
                return true;
            }
            if (known == null && entries.size() >= MOST_BUDGETS) {
                throw new CapacityException("budgets", MOST_BUDGETS);
            }
            store.changed(ChangeTopic.BUDGET, budget.name());
            entries.put(budget.name(), new Entry(budget));
            return true;
        });
    }

    @Override
    public boolean change(Budget budget, Budget expected) {
        BudgetArguments.change(budget, expected);
        return store.locked(() -> {
            Entry known = entries.get(budget.name());
            if (known == null || !known.account.state().budget().equals(expected)) {
                return false;
            }
            set(budget);
            return true;
        });
    }

    @Override
    public boolean remove(String name) {
        BudgetArguments.name(name);
        return store.locked(() -> {
            boolean isRemoved = entries.remove(name) != null;
            if (isRemoved) {
                store.changed(ChangeTopic.BUDGET, name);
            }
            return isRemoved;
        });
    }

    @Override
    public boolean remove(Budget expected) {
        BudgetArguments.budget(expected);
        return store.locked(() -> {
            Entry known = entries.get(expected.name());
            return known != null && known.account.state().budget().equals(expected) && remove(expected.name());
        });
    }

    @Override
    public List<BudgetState> states() {
        return store.locked(() -> {
            Instant now = store.now();
            entries.values().forEach(entry -> entry.advance(now));
            return entries.values().stream().map(entry -> entry.account.state()).toList();
        });
    }

    @Override
    public List<BudgetReservation> reservations(String name, int limit) {
        BudgetArguments.name(name);
        BudgetArguments.limit(limit);
        return store.locked(() -> {
            Entry entry = entries.get(name);
            if (entry == null) {
                return List.of();
            }
            entry.advance(store.now());
            return entry.held.entrySet().stream()
                    .filter(held -> !held.getValue().isFree && held.getValue().amount > 0)
                    .map(held -> new BudgetReservation(
                            held.getKey(),
                            new Money(held.getValue().amount),
                            held.getValue().start,
                            held.getValue().expiresAt))
                    .sorted(Comparator.comparing(BudgetReservation::expiresAt)
                            .thenComparing(BudgetReservation::reservation))
                    .limit(limit)
                    .toList();
        });
    }

    @Override
    public BudgetDecision reserve(String reservation, List<BudgetAmount> amounts, Duration lifetime) {
        BudgetArguments.reservation(reservation);
        BudgetArguments.lifetime(lifetime);
        List<BudgetAmount> copy = BudgetArguments.amounts(amounts);
        return store.locked(() -> {
            Map<Entry, Long> taken = new HashMap<>();
            Instant now = store.now();
            for (BudgetAmount amount : copy) {
                Entry entry = entries.get(amount.budget());
                if (entry != null) {
                    entry.advance(now);
                    taken.put(entry, amount.amount().picoUsd());
                }
            }
            if (taken.keySet().stream().anyMatch(entry -> entry.held.containsKey(reservation))) {
                return new BudgetDecision(Optional.empty(), List.of());
            }
            for (Entry entry : entries.values()) {
                if (taken.containsKey(entry) && !entry.account.fits(taken.get(entry))) {
                    BudgetState state = entry.account.state();
                    return new BudgetDecision(
                            Optional.of(state),
                            entry.account.cross(true).stream().toList());
                }
            }
            taken.forEach((entry, amount) -> {
                entry.account.hold(amount);
                entry.held.put(reservation, new Held(entry.account.state().periodStart(), amount, now.plus(lifetime)));
            });
            return new BudgetDecision(Optional.empty(), List.of());
        });
    }

    @Override
    public List<BudgetCrossing> settle(String reservation, Money cost) {
        BudgetArguments.reservation(reservation);
        BudgetArguments.cost(cost);
        return store.locked(() -> {
            List<BudgetCrossing> crossings = new ArrayList<>();
            for (Entry entry : entries.values()) {
                Held held = entry.held.remove(reservation);
                if (held != null) {
                    entry.advance(store.now());
                    if (!held.isFree) {
                        entry.account.free(held.start, held.amount);
                    }
                    entry.account.spend(held.start, Math.max(0, cost.picoUsd()));
                    entry.account.cross(false).ifPresent(crossings::add);
                }
            }
            return crossings;
        });
    }
}
