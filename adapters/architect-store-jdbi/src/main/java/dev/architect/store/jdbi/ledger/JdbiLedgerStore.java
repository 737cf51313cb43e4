package dev.architect.store.jdbi.ledger;

import dev.architect.cost.GroupSpend;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.spi.LedgerStore;
import dev.architect.store.jdbi.LimitChecks;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.task.TaskId;
import java.sql.PreparedStatement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The ledger in a database. Safe for use by several threads. */
public final class JdbiLedgerStore implements LedgerStore {

    private static final int MOST_NEWEST = 10_000;

    private final TransactionalWrites writes;
    private final ReadConnections reads;

    private final LedgerRollups rollups;

    /** Creates the store over the connections of one database. */
    public JdbiLedgerStore(TransactionalWrites writes, ReadConnections reads) {
        this.writes = writes;
        this.reads = reads;
        this.rollups = new LedgerRollups(writes, reads);
    }

    @Override
    public void record(List<LedgerEntry> entries) {
        List<LedgerEntry> copy = List.copyOf(entries);
        if (copy.isEmpty()) {
            return;
        }
        writes.write(sql -> {
            long until = LedgerRollups.until(sql);
            PreparedStatement insert = sql.prepare(LedgerSql.INSERT);
            List<LedgerEntry> added = new ArrayList<>(copy.size());
            for (LedgerEntry entry : copy) {
                LedgerRow.bind(insert, entry);
                if (insert.executeUpdate() == 1) {
                    added.add(entry);
                }
            }
            LedgerRollups.recorded(sql, added, until);
            return copy.size();
        });
    }

    @Override
    public List<ProviderSpend> spend(ReportPeriod.Between period) {
        return sums(SpendDimension.PROVIDER, period).entrySet().stream()
                .map(each -> each.getValue().provider(each.getKey()))
                .toList();
    }

    @Override
    public List<GroupSpend> spendBy(SpendDimension dimension, ReportPeriod.Between period) {
        return sums(dimension, period).entrySet().stream()
                .map(each -> each.getValue().group(each.getKey()))
                .toList();
    }

    private Map<String, CallSum> sums(SpendDimension dimension, ReportPeriod.Between period) {
        // Rounded up, at both ends: rows have whole microseconds, and a period may begin within one.
        return rollups.sums(dimension, Micros.notBefore(period.from()), Micros.notBefore(period.to()));
    }

    @Override
    public boolean rollUp(Instant before) {
        return rollups.rollUp(Micros.of(before));
    }

    @Override
    public List<LedgerEntry> ofTask(TaskId task) {
        return reads.read(handle -> handle.createQuery(LedgerSql.OF_TASK)
                .bind(0, task.value())
                .map((row, context) -> LedgerRow.entry(row))
                .list());
    }

    @Override
    public List<LedgerEntry> newest(int limit) {
        LimitChecks.checkPageLimit(limit, MOST_NEWEST);
        return reads.read(handle -> handle.createQuery(LedgerSql.NEWEST)
                .bind(0, limit)
                .map((row, context) -> LedgerRow.entry(row))
                .list());
    }
}
