package dev.architect.benchmarks.postgres;

import dev.architect.benchmarks.postgres.engine.ArchitectOnPostgres;
import dev.architect.benchmarks.postgres.engine.BenchmarkDatabase;
import dev.architect.benchmarks.postgres.engine.Payload;
import dev.architect.benchmarks.postgres.engine.PostgresEngine;
import dev.architect.maintenance.PurgeCursor;
import dev.architect.maintenance.PurgedTasks;
import dev.architect.maintenance.TaskRetention;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Millions of tasks through one database, which keeps them all: whether the rate of the last tenth is that of the first. Then what has
 * ended is deleted by the store's retention and a part of as many tasks is performed again: whether the tables need no more room than
 * before, because what was deleted is used again.
 */
final class Soak {

    /** Submitted ahead of what is performed. */
    private static final long AHEAD = 50_000;

    private static final int PARTS = 20;
    private static final int AGAIN_SHARE = 5;
    private static final Duration KEPT = Duration.ofMinutes(1);

    /** All tables with their indexes, in bytes. */
    private static final String SIZE =
            "SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')";

    private static final String DEAD = "SELECT coalesce(sum(n_dead_tup), 0) FROM pg_stat_user_tables";

    private final PostgresEngine engine;
    private final BenchmarkDatabase database;
    private final long tasks;

    Soak(PostgresEngine engine, BenchmarkDatabase database, long tasks) {
        this.engine = engine;
        this.database = database;
        this.tasks = tasks;
    }

    Map<String, Object> run() throws Exception {
        Map<String, Object> figures = new LinkedHashMap<>();
        try (PostgresEngine.TaskRunner runner = engine.runner(database, Payload.SHORT);
                PostgresEngine.TaskSource source = engine.source(database, Payload.SHORT);
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            runner.start();
            List<Long> bytes = new ArrayList<>();
            List<Long> dead = new ArrayList<>();
            List<Double> rates = perform(runner, source, statement, tasks, bytes, dead);
            figures.put("tasks", tasks);
            figures.put("ratesPerSecond", rates);
            figures.put("tableBytes", bytes);
            figures.put("deadRows", dead);
            figures.put("lastToFirst", lastToFirst(rates));
            long full = bytes.get(bytes.size() - 1);
            if (runner instanceof ArchitectOnPostgres.Running ours) {
                figures.put("retentionPerSecond", retain(ours.store(), statement));
                figures.put("tableBytesAfterRetention", BenchmarkDatabase.number(statement, SIZE));
                List<Long> again = new ArrayList<>();
                perform(runner, source, statement, tasks / AGAIN_SHARE, again, dead);
                long after = again.get(again.size() - 1);
                figures.put("tableBytesAfterMoreTasks", after);
                figures.put("sizeToFull", Math.round(100.0 * after / full) / 100.0);
            }
            figures.put("duplicates", duplicates(runner, statement));
        }
        return figures;
    }

    private long duplicates(PostgresEngine.TaskRunner runner, Statement statement) throws Exception {
        while (BenchmarkDatabase.number(statement, engine.unfinishedQuery()) != 0) {
            Thread.sleep(POLL_MILLIS);
        }
        long submitted = tasks + (runner instanceof ArchitectOnPostgres.Running ? tasks / AGAIN_SHARE : 0);
        return runner.executions() - submitted;
    }

    private static final long POLL_MILLIS = 2;

    private List<Double> perform(
            PostgresEngine.TaskRunner runner,
            PostgresEngine.TaskSource source,
            Statement statement,
            long count,
            List<Long> bytes,
            List<Long> dead)
            throws SQLException, InterruptedException {
        List<Double> rates = new ArrayList<>();
        long base = runner.executions();
        long submitted = 0;
        long part = count / PARTS;
        long done = 0;
        long since = System.nanoTime();
        while (rates.size() < PARTS) {
            long performed = runner.executions() - base;
            if (submitted < count && submitted - performed < AHEAD) {
                long batch = Math.min(PostgresEngine.BATCH, count - submitted);
                source.bulk(batch);
                submitted += batch;
            } else {
                Thread.sleep(POLL_MILLIS);
            }
            if (performed >= Math.min(count, part * (rates.size() + 1))) {
                long now = System.nanoTime();
                rates.add(Math.round((performed - done) * 1e10 / (now - since)) / 10.0);
                bytes.add(BenchmarkDatabase.number(statement, SIZE));
                dead.add(BenchmarkDatabase.number(statement, DEAD));
                System.err.printf(
                        "soak: %d of %d tasks, %.0f a second, %d MiB, %d dead rows%n",
                        performed,
                        count,
                        rates.get(rates.size() - 1),
                        bytes.get(bytes.size() - 1) >> 20,
                        dead.get(dead.size() - 1));
                done = performed;
                since = now;
            }
        }
        return rates;
    }

    private static double lastToFirst(List<Double> rates) {
        // A tenth are two of twenty parts.
        double first = rates.get(0) + rates.get(1);
        double last = rates.get(PARTS - 2) + rates.get(PARTS - 1);
        return Math.round(100 * last / first) / 100.0;
    }

    /** Deletes what has ended, and returns how many tasks a second. */
    private static long retain(Store store, Statement statement) throws Exception {
        Thread.sleep(KEPT.toMillis() + 1_000);
        TaskRetention retention = new TaskRetention(KEPT, KEPT, KEPT);
        long deleted = 0;
        long started = System.nanoTime();
        Optional<PurgeCursor> position = Optional.empty();
        do {
            PurgedTasks purged = store.tasks().purge(retention, position, TaskStore.MAX_BATCH);
            deleted += purged.tasks();
            position = purged.next();
        } while (position.isPresent());
        long seconds = Math.max(1, (System.nanoTime() - started) / 1_000_000_000);
        // As autovacuum would, soon after.
        statement.execute("VACUUM ANALYZE");
        return deleted / seconds;
    }
}
