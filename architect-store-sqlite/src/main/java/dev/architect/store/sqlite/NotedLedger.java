package dev.architect.store.sqlite;

import dev.architect.cost.GroupSpend;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.spend.LedgerPage;
import dev.architect.spend.LedgerPosition;
import dev.architect.spend.MeteredCall;
import dev.architect.spend.SpendAxis;
import dev.architect.spend.SpendBucket;
import dev.architect.spend.SpendCell;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendInterval;
import dev.architect.spend.SpendTotals;
import dev.architect.spi.LedgerStore;
import dev.architect.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/** The ledger of the database, with the journal of the calls that are not in it yet. Safe for use by several threads. */
final class NotedLedger implements LedgerStore {

    private final LedgerStore ledger;
    private final CallJournal journal;

    NotedLedger(LedgerStore ledger, CallJournal journal) {
        this.ledger = ledger;
        this.journal = journal;
    }

    @Override
    public boolean notesCalls() {
        return true;
    }

    @Override
    public void begin(LedgerEntry unrecorded) {
        journal.begin(unrecorded);
    }

    @Override
    public void record(List<LedgerEntry> entries) {
        List<LedgerEntry> copy = List.copyOf(entries);
        ledger.record(copy);
        // After the commit: a crash in between leaves both, and the entry counts.
        journal.settle(copy);
    }

    /** Adds the calls of processes that have ended without recording them. */
    void recover() {
        journal.recover(ledger::record);
    }

    @Override
    public List<ProviderSpend> spend(ReportPeriod.Between period) {
        return ledger.spend(period);
    }

    @Override
    public List<GroupSpend> spendBy(SpendDimension dimension, SpendFilter filter, ReportPeriod.Between period) {
        return ledger.spendBy(dimension, filter, period);
    }

    @Override
    public List<SpendCell> breakdown(List<SpendAxis> axes, SpendFilter filter, ReportPeriod.Between period) {
        return ledger.breakdown(axes, filter, period);
    }

    @Override
    public List<SpendBucket> series(SpendInterval interval, SpendFilter filter, ReportPeriod.Between period) {
        return ledger.series(interval, filter, period);
    }

    @Override
    public List<GroupSpend> topTasks(SpendFilter filter, ReportPeriod.Between period, int limit) {
        return ledger.topTasks(filter, period, limit);
    }

    @Override
    public SortedMap<Long, SpendTotals> attempts(TaskId task) {
        return ledger.attempts(task);
    }

    @Override
    public List<LedgerEntry> page(
            SpendFilter filter, ReportPeriod.Between period, Optional<LedgerPosition> position, int limit) {
        return ledger.page(filter, period, position, limit);
    }

    @Override
    public LedgerPage browse(
            SpendFilter filter, ReportPeriod.Between period, Optional<LedgerPosition> position, int limit) {
        return ledger.browse(filter, period, position, limit);
    }

    @Override
    public void metered(
            SpendDimension dimension,
            SpendFilter filter,
            ReportPeriod.Between period,
            Consumer<? super MeteredCall> reader) {
        ledger.metered(dimension, filter, period, reader);
    }

    @Override
    public boolean rollUp(Instant before) {
        return ledger.rollUp(before);
    }

    @Override
    public int purge(List<LedgerPosition> calls) {
        return ledger.purge(calls);
    }

    @Override
    public Optional<LedgerEntry> call(String callId) {
        return ledger.call(callId);
    }

    @Override
    public List<LedgerEntry> ofRequest(String requestId) {
        return ledger.ofRequest(requestId);
    }

    @Override
    public List<LedgerEntry> ofTask(TaskId task) {
        return ledger.ofTask(task);
    }

    @Override
    public List<LedgerEntry> newest(int limit) {
        return ledger.newest(limit);
    }
}
