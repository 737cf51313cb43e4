package dev.architect.ledger;

import dev.architect.check.Check;
import dev.architect.cost.GroupSpend;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.Savings;
import dev.architect.cost.SpendDimension;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskId;
import java.util.List;

/** Reads the ledger. Every sum is exact. Methods block for the store; safe for use by several threads. */
public final class Ledger {

    private final LedgerStore store;
    private final TimeSource time;

    /** Creates a reader of {@code store}, which resolves periods by {@code time}. */
    public Ledger(LedgerStore store, TimeSource time) {
        this.store = Check.notNull("store", store);
        this.time = Check.notNull("time", time);
    }

    /** Returns what the period cost, set against the baseline. */
    public Savings savings(ReportPeriod period) {
        return Savings.of(spend(period));
    }

    /** Returns what each provider did and cost in the period, by name. */
    public List<ProviderSpend> spend(ReportPeriod period) {
        return store.spend(Check.notNull("period", period).resolve(time.wallTime()));
    }

    /** Returns what the calls of each group did and cost in the period, by the value that they have in common. */
    public List<GroupSpend> spendBy(SpendDimension dimension, ReportPeriod period) {
        Check.notNull("dimension", dimension);
        return store.spendBy(dimension, Check.notNull("period", period).resolve(time.wallTime()));
    }

    /** Returns the calls of one task, oldest first. */
    public List<LedgerEntry> ofTask(TaskId task) {
        return store.ofTask(Check.notNull("task", task));
    }

    /** Returns the newest calls, newest first; {@code limit} is 1 to 10,000. */
    public List<LedgerEntry> newest(int limit) {
        return store.newest(limit);
    }
}
