package dev.architect.store.jdbi;

import dev.architect.cost.LatencyQuantiles;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.spi.LedgerStore;
import dev.architect.task.TaskId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The ledger in a database. Safe for use by several threads. */
public final class JdbiLedgerStore implements LedgerStore {

    private static final int MOST_NEWEST = 10_000;

    private final TransactionalWrites writes;
    private final ReadConnections reads;

    /** The durations of a provider's answered calls. */
    private record Percentiles(String provider, LatencyQuantiles latency) {}

    /** Creates the store over the connections of one database. */
    public JdbiLedgerStore(TransactionalWrites writes, ReadConnections reads) {
        this.writes = writes;
        this.reads = reads;
    }

    @Override
    public void record(List<LedgerEntry> entries) {
        List<LedgerEntry> copy = List.copyOf(entries);
        if (copy.isEmpty()) {
            return;
        }
        writes.write(sql -> {
            PreparedStatement insert = sql.prepare(LedgerSql.INSERT);
            for (LedgerEntry entry : copy) {
                LedgerRow.bind(insert, entry);
                insert.executeUpdate();
            }
            return copy.size();
        });
    }

    @Override
    public List<ProviderSpend> spend(ReportPeriod.Between period) {
        // In one transaction, so that both queries count the same rows.
        return reads.read(handle -> handle.inTransaction(snapshot -> spend(snapshot, period)));
    }

    private static List<ProviderSpend> spend(Handle handle, ReportPeriod.Between period) {
        Map<String, Percentiles> durations = handle.createQuery(LedgerSql.PERCENTILES)
                // Rounded up, at both ends: rows have whole microseconds, and a period may begin within one.
                .bind(0, Micros.notBefore(period.from()))
                .bind(1, Micros.notBefore(period.to()))
                .map((row, context) -> percentiles(row))
                .collect(Collectors.toMap(Percentiles::provider, each -> each));
        return handle
                .createQuery(LedgerSql.SPEND)
                .bind(0, Micros.notBefore(period.from()))
                .bind(1, Micros.notBefore(period.to()))
                .bind(2, Micros.notBefore(period.from()))
                .bind(3, Micros.notBefore(period.to()))
                .map((row, context) -> LedgerRow.line(row))
                .stream()
                .map(line -> with(line, durations))
                .toList();
    }

    private static Percentiles percentiles(ResultSet row) throws SQLException {
        return new Percentiles(
                row.getString("provider"),
                new LatencyQuantiles(Micros.duration(row.getLong("p50")), Micros.duration(row.getLong("p95"))));
    }

    private static ProviderSpend with(ProviderSpend line, Map<String, Percentiles> durations) {
        Percentiles found = durations.get(line.provider());
        return found == null
                ? line
                : new ProviderSpend(
                        line.provider(), line.requests(), line.calls(), line.tokens(), line.cost(), found.latency());
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
