package dev.architect.benchmarks.postgres.engine;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import dev.architect.benchmarks.HostInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * db-scheduler as its documentation sets it for the highest rate: it locks and fetches in one statement, polls ten times a second, and
 * executes at once what its own process schedules. It deletes what is finished.
 */
final class DbSchedulerOnPostgres implements PostgresEngine {

    private static final double FETCH_BELOW = 2.0;
    private static final double FETCH_UP_TO = 8.0;
    private static final Duration POLL = Duration.ofMillis(100);

    /** The columns and indexes of the project's own scheme for PostgreSQL. */
    private static final String[] SCHEMA = {
        """
        CREATE TABLE scheduled_tasks (
            task_name text NOT NULL, task_instance text NOT NULL, task_data bytea, execution_time timestamptz NOT NULL,
            picked boolean NOT NULL, picked_by text, last_success timestamptz, last_failure timestamptz,
            consecutive_failures int, last_heartbeat timestamptz, version bigint NOT NULL, priority smallint,
            PRIMARY KEY (task_name, task_instance))""",
        "CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time)",
        "CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat)",
        "CREATE INDEX priority_execution_time_idx ON scheduled_tasks (priority DESC, execution_time ASC)"
    };

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
                "pollUsingLockAndFetch(" + FETCH_BELOW + ", " + FETCH_UP_TO + ") each " + POLL.toMillis() + " ms",
                "pool",
                BenchmarkDatabase.POOL,
                "threads",
                THREADS,
                "immediateExecution",
                true,
                "bulk",
                "scheduleBatch of " + BATCH);
    }

    @Override
    public void createTables(BenchmarkDatabase database) throws SQLException {
        database.execute(SCHEMA);
    }

    @Override
    public String unfinishedQuery() {
        return "SELECT EXISTS (SELECT 1 FROM scheduled_tasks)::int";
    }

    @Override
    public String remainingQuery() {
        return "SELECT count(*) FROM scheduled_tasks";
    }

    @Override
    public TaskSource source(BenchmarkDatabase database, Payload payload) {
        HikariDataSource pool = database.pool();
        OneTimeTask<String> task = task(new NoOpHandler());
        SchedulerClient client = Scheduler.create(pool, task).build();
        return new LocalSource(new Client(client, task), payload, pool::close);
    }

    @Override
    public TaskRunner runner(BenchmarkDatabase database, Payload payload) {
        HikariDataSource pool = database.pool();
        NoOpHandler handler = new NoOpHandler();
        OneTimeTask<String> task = task(handler);
        Scheduler scheduler = Scheduler.create(pool, task)
                .threads(THREADS)
                .pollUsingLockAndFetch(FETCH_BELOW, FETCH_UP_TO)
                .pollingInterval(POLL)
                .enableImmediateExecution()
                .build();
        return new LocalRunner(handler, new Client(scheduler, task)) {
            @Override
            public void start() {
                scheduler.start();
            }

            @Override
            public void close() {
                scheduler.stop();
                pool.close();
            }
        };
    }

    private static OneTimeTask<String> task(NoOpHandler handler) {
        return Tasks.oneTime("no-op", String.class).execute((instance, context) -> handler.handle(instance.getData()));
    }

    /** Names are unique over all processes. */
    private static final class Client implements Submitter {
        private final SchedulerClient client;
        private final OneTimeTask<String> task;
        private final String prefix = UUID.randomUUID() + "-";
        private final AtomicLong next = new AtomicLong();

        Client(SchedulerClient client, OneTimeTask<String> task) {
            this.client = client;
            this.task = task;
        }

        @Override
        public void submitBatch(int count, String payload) {
            List<TaskInstance<?>> tasks = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                tasks.add(task.instance(prefix + next.incrementAndGet(), payload));
            }
            client.scheduleBatch(tasks, Instant.now());
        }

        @Override
        public void submitOne(String payload) {
            client.scheduleIfNotExists(task.instance(prefix + next.incrementAndGet(), payload), Instant.now());
        }
    }
}
