package dev.architect.benchmarks.task;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.architect.benchmarks.HostInfo;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * db-scheduler at its best on SQLite, as tried: one pooled connection, because more only wait for each other; fetching
 * without a lock, because SQLite has none; eight threads; immediate execution; batches in one transaction, which takes a
 * client that commits by itself. It deletes what is finished.
 */
final class DbSchedulerEngine implements Engine {

    private static final int THREADS = 8;
    private static final double FETCH_BELOW = 2.0;
    private static final double FETCH_UP_TO = 8.0;
    private static final Duration POLL = Duration.ofMillis(100);

    /** The columns and indexes of the project's own scheme for SQLite. */
    private static final List<String> SCHEMA = List.of(
            """
            CREATE TABLE IF NOT EXISTS scheduled_tasks (
                task_name VARCHAR(100), task_instance VARCHAR(100), task_data BLOB, execution_time TIMESTAMP, picked BIT,
                picked_by VARCHAR(50), last_success TIMESTAMP, last_failure TIMESTAMP, consecutive_failures INT,
                last_heartbeat TIMESTAMP, version BIGINT, priority SMALLINT, PRIMARY KEY (task_name, task_instance))""",
            "CREATE INDEX IF NOT EXISTS execution_time_idx ON scheduled_tasks (execution_time)",
            "CREATE INDEX IF NOT EXISTS last_heartbeat_idx ON scheduled_tasks (last_heartbeat)",
            "CREATE INDEX IF NOT EXISTS priority_execution_time_idx"
                    + " ON scheduled_tasks (priority DESC, execution_time ASC)");

    @Override
    public String name() {
        return "db-scheduler";
    }

    @Override
    public String version() {
        return HostInfo.version(Scheduler.class, "com.github.kagkarlsson", "db-scheduler");
    }

    @Override
    public Map<String, Object> settings() {
        return Map.of(
                "finishedTasks",
                "deleted",
                "polling",
                "pollUsingFetch(" + FETCH_BELOW + ", " + FETCH_UP_TO + ") each " + POLL.toMillis() + " ms",
                "pool",
                1,
                "threads",
                THREADS,
                "immediateExecution",
                true);
    }

    @Override
    public String unfinishedQuery() {
        return "SELECT EXISTS (SELECT 1 FROM scheduled_tasks)";
    }

    @Override
    public Submitter submitter(Path file) {
        HikariDataSource source = open(file, false);
        OneTimeTask<String> task = task(new LongAdder());
        SchedulerClient client = Scheduler.create(source, task)
                .commitWhenAutocommitDisabled(true)
                .build();
        AtomicLong next = new AtomicLong();
        return new Submitter() {
            @Override
            public void submitBatch(int count) {
                List<TaskInstance<?>> tasks = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    tasks.add(task.instance("task-" + next.incrementAndGet(), "ok"));
                }
                client.scheduleBatch(tasks, Instant.now());
            }

            @Override
            public void submitOne() {
                client.scheduleIfNotExists(task.instance("task-" + next.incrementAndGet(), "ok"), Instant.now());
            }

            @Override
            public int synchronous() {
                return pragma(source);
            }

            @Override
            public void close() {
                source.close();
            }
        };
    }

    @Override
    public TaskRunner runner(Path file) {
        HikariDataSource source = open(file, true);
        LongAdder executions = new LongAdder();
        Scheduler scheduler = Scheduler.create(source, task(executions))
                .threads(THREADS)
                .pollUsingFetch(FETCH_BELOW, FETCH_UP_TO)
                .pollingInterval(POLL)
                .enableImmediateExecution()
                .build();
        return new TaskRunner() {
            @Override
            public void start() {
                scheduler.start();
            }

            @Override
            public long executions() {
                return executions.sum();
            }

            @Override
            public int synchronous() {
                return pragma(source);
            }

            @Override
            public void close() {
                scheduler.stop();
                source.close();
            }
        };
    }

    private static OneTimeTask<String> task(LongAdder executions) {
        return Tasks.oneTime("no-op", String.class).execute((instance, context) -> executions.increment());
    }

    /** With {@code commitsAlone}, each statement is a transaction; without, the client commits, a batch at once. */
    private static HikariDataSource open(Path file, boolean commitsAlone) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:sqlite:" + file);
        config.addDataSourceProperty("journal_mode", "WAL");
        config.addDataSourceProperty("synchronous", "FULL");
        config.addDataSourceProperty("busy_timeout", "30000");
        config.setMaximumPoolSize(1);
        config.setAutoCommit(commitsAlone);
        HikariDataSource source = new HikariDataSource(config);
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            for (String each : SCHEMA) {
                statement.execute(each);
            }
            if (!commitsAlone) {
                connection.commit();
            }
        } catch (SQLException failure) {
            source.close();
            throw new IllegalStateException("the tables of db-scheduler were not made", failure);
        }
        return source;
    }

    private static int pragma(HikariDataSource source) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA synchronous")) {
            return row.getInt(1);
        } catch (SQLException failure) {
            throw new IllegalStateException("PRAGMA synchronous did not answer", failure);
        }
    }
}
