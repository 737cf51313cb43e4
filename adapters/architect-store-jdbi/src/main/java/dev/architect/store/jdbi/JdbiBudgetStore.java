package dev.architect.store.jdbi;

import dev.architect.budget.Budget;
import dev.architect.budget.BudgetAccount;
import dev.architect.budget.BudgetAmount;
import dev.architect.budget.BudgetArguments;
import dev.architect.budget.BudgetCrossing;
import dev.architect.budget.BudgetDecision;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetReservation;
import dev.architect.budget.BudgetScope;
import dev.architect.budget.BudgetState;
import dev.architect.budget.BudgetStore;
import dev.architect.change.ChangeTopic;
import dev.architect.cost.Money;
import dev.architect.error.CapacityException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Budgets in a database. Each change is one transaction, which locks the rows of its budgets in the order of their names; what is
 * reserved is decided by {@link BudgetAccount}. Safe for use by several threads.
 */
public final class JdbiBudgetStore implements BudgetStore {

    private static final String COLUMNS =
            "id, name, scope, period, mode, money_limit, period_start, spent, reserved, told";

    // The updates of a column by itself change nothing: they lock the row, and return it in the same statement.
    static final String LOCK = "UPDATE budget SET name = name WHERE name = ? RETURNING " + COLUMNS;
    private static final String ALL = "SELECT " + COLUMNS + " FROM budget";
    private static final String COUNT = "SELECT count(*) FROM budget";
    private static final String ADD = "INSERT INTO budget (name, scope, period, mode, money_limit, period_start, spent,"
            + " reserved, told) VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0)";
    private static final String CHANGE = "UPDATE budget SET mode = ?, money_limit = ?, told = 0 WHERE id = ?";
    private static final String REMOVE = "DELETE FROM budget WHERE id = ?";
    private static final String REMOVE_HELD = "DELETE FROM budget_reservation WHERE budget = ?";
    static final String SAVE = "UPDATE budget SET period_start = ?, spent = ?, reserved = ?, told = ? WHERE id = ?";
    static final String EXPIRE = "UPDATE budget_reservation SET freed = held, held = 0"
            + " WHERE budget = ? AND expires_at <= ? AND held > 0 RETURNING freed, period_start";
    static final String EXPIRED = "SELECT coalesce(sum(held), 0) FROM budget_reservation"
            + " WHERE budget = ? AND expires_at <= ? AND held > 0 AND period_start = ?";
    static final String FORGET = "DELETE FROM budget_reservation WHERE budget = ? AND expires_at <= ?";
    static final String HOLD =
            "INSERT INTO budget_reservation (reservation, budget, period_start, held, freed, expires_at)"
                    + " VALUES (?, ?, ?, ?, 0, ?)";
    static final String IS_HELD = "SELECT 1 FROM budget_reservation WHERE reservation = ?";
    static final String HELD_OF =
            "SELECT b.name FROM budget_reservation r JOIN budget b ON b.id = r.budget" + " WHERE r.reservation = ?";
    static final String RESERVATIONS = "SELECT reservation, held, period_start, expires_at FROM budget_reservation"
            + " WHERE budget = (SELECT id FROM budget WHERE name = ?) AND expires_at > ? AND held > 0"
            + " ORDER BY expires_at, reservation LIMIT ?";
    static final String SETTLE =
            "DELETE FROM budget_reservation WHERE reservation = ? AND budget = ? RETURNING held, period_start";

    private final TransactionalWrites writes;
    private final JdbiQuotaStore.Clock clock;

    /** Creates the store over the connections of one database. */
    public JdbiBudgetStore(TransactionalWrites writes, JdbiQuotaStore.Clock clock) {
        this.writes = writes;
        this.clock = clock;
    }

    /** A locked row. */
    private static final class Row {
        private final long id;
        private final Budget budget;
        private final long start;
        private final long spent;
        private final long reserved;
        private final int told;
        private final BudgetAccount account;

        Row(ResultSet row) throws SQLException {
            this.id = row.getLong("id");
            this.budget = new Budget(
                    row.getString("name"),
                    BudgetScope.parse(String.valueOf(StoredText.read(row, "scope"))),
                    BudgetPeriod.valueOf(row.getString("period")),
                    new Money(row.getLong("money_limit")),
                    BudgetMode.valueOf(row.getString("mode")));
            this.start = row.getLong("period_start");
            this.spent = row.getLong("spent");
            this.reserved = row.getLong("reserved");
            this.told = row.getInt("told");
            this.account = new BudgetAccount(budget, Micros.instant(start), spent, reserved, told);
        }

        void save(WriteConnection sql) throws SQLException {
            BudgetState now = account.state();
            long newStart = Micros.of(now.periodStart());
            long newSpent = now.spent().picoUsd();
            long newReserved = now.reserved().picoUsd();
            if (newStart == start && newSpent == spent && newReserved == reserved && account.told() == told) {
                return;
            }
            PreparedStatement save = sql.prepare(SAVE);
            save.setLong(1, newStart);
            save.setLong(2, newSpent);
            save.setLong(3, newReserved);
            save.setInt(4, account.told());
            save.setLong(5, id);
            save.executeUpdate();
        }
    }

    private static @Nullable Row lock(WriteConnection sql, String name) throws SQLException {
        PreparedStatement lock = sql.prepare(LOCK);
        lock.setString(1, StoredText.encode(name));
        try (ResultSet row = lock.executeQuery()) {
            return row.next() ? new Row(row) : null;
        }
    }

    @Override
    public boolean change(Budget budget, Budget expected) {
        BudgetArguments.change(budget, expected);
        return writes.write(sql -> {
            Row known = lock(sql, budget.name());
            return known != null && known.budget.equals(expected) && set(sql, budget, known);
        });
    }

    @Override
    public void set(Budget budget) {
        BudgetArguments.budget(budget);
        boolean isSet = writes.write(sql -> set(sql, budget, lock(sql, budget.name())));
        if (!isSet) {
            throw new CapacityException("budgets", MOST_BUDGETS);
        }
    }

    /** Returns whether there was room for it. */
    private static boolean set(WriteConnection sql, Budget budget, @Nullable Row known) throws SQLException {
        if (known != null && known.budget.countsAs(budget)) {
            PreparedStatement change = sql.prepare(CHANGE);
            change.setString(1, budget.mode().name());
            change.setLong(2, budget.limit().picoUsd());
            change.setLong(3, known.id);
            change.executeUpdate();
            sql.changed(ChangeTopic.BUDGET, budget.name());
            return true;
        }
        if (known == null && count(sql) >= MOST_BUDGETS) {
            return false;
        }
        if (known != null) {
            remove(sql, known.id);
        }
        PreparedStatement add = sql.prepare(ADD);
        add.setString(1, budget.name());
        add.setString(2, StoredText.encode(budget.scope().toString()));
        add.setString(3, budget.period().name());
        add.setString(4, budget.mode().name());
        add.setLong(5, budget.limit().picoUsd());
        add.executeUpdate();
        sql.changed(ChangeTopic.BUDGET, budget.name());
        return true;
    }

    private static long count(WriteConnection sql) throws SQLException {
        try (ResultSet row = sql.prepare(COUNT).executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void remove(WriteConnection sql, long budget) throws SQLException {
        for (String statement : List.of(REMOVE_HELD, REMOVE)) {
            PreparedStatement delete = sql.prepare(statement);
            delete.setLong(1, budget);
            delete.executeUpdate();
        }
    }

    @Override
    public boolean remove(String name) {
        BudgetArguments.name(name);
        return writes.write(sql -> remove(sql, lock(sql, name)));
    }

    @Override
    public boolean remove(Budget expected) {
        BudgetArguments.budget(expected);
        return writes.write(sql -> {
            Row known = lock(sql, expected.name());
            return known != null && known.budget.equals(expected) && remove(sql, known);
        });
    }

    /** Returns whether there was one. */
    private static boolean remove(WriteConnection sql, @Nullable Row known) throws SQLException {
        if (known != null) {
            remove(sql, known.id);
            sql.changed(ChangeTopic.BUDGET, known.budget.name());
        }
        return known != null;
    }

    @Override
    public List<BudgetState> states() {
        return writes.write(sql -> {
            List<Row> rows = new ArrayList<>();
            try (ResultSet row = sql.prepare(ALL).executeQuery()) {
                while (row.next()) {
                    rows.add(new Row(row));
                }
            }
            if (rows.isEmpty()) {
                return List.of();
            }
            long now = clock.micros(sql);
            List<BudgetState> states = new ArrayList<>();
            for (Row row : rows) {
                row.account.advance(Micros.instant(now));
                if (row.account.state().reserved().picoUsd() > 0) {
                    freeExpired(sql, row, now);
                }
                states.add(row.account.state());
            }
            // Sorted here: the order of texts in a database depends on its locale.
            states.sort(Comparator.comparing(state -> state.budget().name()));
            return states;
        });
    }

    @Override
    public List<BudgetReservation> reservations(String name, int limit) {
        BudgetArguments.name(name);
        BudgetArguments.limit(limit);
        return writes.write(sql -> {
            PreparedStatement select = sql.prepare(RESERVATIONS);
            select.setString(1, StoredText.encode(name));
            select.setLong(2, clock.micros(sql));
            select.setInt(3, limit);
            List<BudgetReservation> held = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    held.add(new BudgetReservation(
                            String.valueOf(StoredText.read(row, "reservation")),
                            new Money(row.getLong("held")),
                            Micros.instant(row.getLong("period_start")),
                            Micros.instant(row.getLong("expires_at"))));
                }
            }
            return held;
        });
    }

    /** Without changing the rows: those are not locked here. */
    private static void freeExpired(WriteConnection sql, Row row, long now) throws SQLException {
        Instant start = row.account.state().periodStart();
        PreparedStatement expired = sql.prepare(EXPIRED);
        expired.setLong(1, row.id);
        expired.setLong(2, now);
        expired.setLong(3, Micros.of(start));
        try (ResultSet sum = expired.executeQuery()) {
            sum.next();
            row.account.free(start, sum.getLong(1));
        }
    }

    @Override
    public BudgetDecision reserve(String reservation, List<BudgetAmount> amounts, Duration lifetime) {
        BudgetArguments.reservation(reservation);
        BudgetArguments.lifetime(lifetime);
        // In one order for all nodes, so that none waits for another one that waits for it.
        List<BudgetAmount> ordered = BudgetArguments.amounts(amounts).stream()
                .sorted(Comparator.comparing(BudgetAmount::budget))
                .toList();
        return writes.write(sql -> {
            if (isHeld(sql, reservation)) {
                return new BudgetDecision(Optional.empty(), List.of());
            }
            List<Row> rows = new ArrayList<>();
            List<Long> taken = new ArrayList<>();
            for (BudgetAmount amount : ordered) {
                Row row = lock(sql, amount.budget());
                if (row != null) {
                    rows.add(row);
                    taken.add(amount.amount().picoUsd());
                }
            }
            // Read after the locks, for which another node may have kept this one waiting.
            long now = rows.isEmpty() ? 0 : clock.micros(sql);
            Optional<BudgetState> refused = Optional.empty();
            List<BudgetCrossing> crossings = new ArrayList<>();
            for (int i = 0; i < rows.size(); i++) {
                Row row = rows.get(i);
                row.account.advance(Micros.instant(now));
                if (row.reserved > 0) {
                    expire(sql, row, now);
                }
                if (refused.isEmpty() && !row.account.fits(taken.get(i))) {
                    refused = Optional.of(row.account.state());
                    row.account.cross(true).ifPresent(crossings::add);
                }
            }
            for (int i = 0; i < rows.size(); i++) {
                Row row = rows.get(i);
                if (refused.isEmpty()) {
                    row.account.hold(taken.get(i));
                    hold(sql, reservation, row, taken.get(i), now + Micros.of(lifetime));
                }
                row.save(sql);
            }
            return new BudgetDecision(refused, crossings);
        });
    }

    private static boolean isHeld(WriteConnection sql, String reservation) throws SQLException {
        PreparedStatement select = sql.prepare(IS_HELD);
        select.setString(1, StoredText.encode(reservation));
        try (ResultSet row = select.executeQuery()) {
            return row.next();
        }
    }

    private static void hold(WriteConnection sql, String reservation, Row row, long amount, long expiresAt)
            throws SQLException {
        PreparedStatement hold = sql.prepare(HOLD);
        hold.setString(1, StoredText.encode(reservation));
        hold.setLong(2, row.id);
        hold.setLong(3, Micros.of(row.account.state().periodStart()));
        hold.setLong(4, amount);
        hold.setLong(5, expiresAt);
        hold.executeUpdate();
    }

    private static void expire(WriteConnection sql, Row row, long now) throws SQLException {
        PreparedStatement expire = sql.prepare(EXPIRE);
        expire.setLong(1, row.id);
        expire.setLong(2, now);
        boolean any = false;
        try (ResultSet freed = expire.executeQuery()) {
            while (freed.next()) {
                any = true;
                row.account.free(Micros.instant(freed.getLong(2)), freed.getLong(1));
            }
        }
        if (any) {
            PreparedStatement forget = sql.prepare(FORGET);
            forget.setLong(1, row.id);
            forget.setLong(2, now - Micros.of(BudgetAccount.KEPT));
            forget.executeUpdate();
        }
    }

    @Override
    public List<BudgetCrossing> settle(String reservation, Money cost) {
        BudgetArguments.reservation(reservation);
        BudgetArguments.cost(cost);
        return writes.write(sql -> {
            List<BudgetCrossing> crossings = new ArrayList<>();
            for (String name : heldOf(sql, reservation)) {
                Row row = lock(sql, name);
                if (row == null) {
                    continue;
                }
                PreparedStatement settle = sql.prepare(SETTLE);
                settle.setString(1, StoredText.encode(reservation));
                settle.setLong(2, row.id);
                try (ResultSet held = settle.executeQuery()) {
                    if (!held.next()) {
                        continue;
                    }
                    Instant start = Micros.instant(held.getLong(2));
                    row.account.advance(Micros.instant(clock.micros(sql)));
                    row.account.free(start, held.getLong(1));
                    row.account.spend(start, Math.max(0, cost.picoUsd()));
                }
                row.account.cross(false).ifPresent(crossings::add);
                row.save(sql);
            }
            return crossings;
        });
    }

    private static List<String> heldOf(WriteConnection sql, String reservation) throws SQLException {
        PreparedStatement select = sql.prepare(HELD_OF);
        select.setString(1, StoredText.encode(reservation));
        List<String> names = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        // Sorted here: the order of texts in a database depends on its locale.
        names.sort(Comparator.naturalOrder());
        return names;
    }
}
