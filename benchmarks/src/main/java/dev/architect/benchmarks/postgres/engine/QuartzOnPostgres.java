package dev.architect.benchmarks.postgres.engine;

import com.zaxxer.hikari.HikariDataSource;
import dev.architect.benchmarks.HostInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.SchedulerRepository;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/**
 * Quartz with its clustered JDBC store: one durable job and a trigger for each task, as many triggers fetched at once as there are
 * threads, and the shortest wait that it allows. It deletes the trigger when it fires.
 */
final class QuartzOnPostgres implements PostgresEngine {

    private static final String SCHEDULER = "benchmark";
    private static final int TRIGGERS_AT_ONCE = 500;
    private static final int IDLE_WAIT_MILLIS = 1_000;
    private static final String MISFIRE_MILLIS = "86400000";
    private static final JobKey JOB = JobKey.jobKey("no-op");
    private static final String PAYLOAD = "payload";

    @Override
    public String name() {
        return "quartz";
    }

    @Override
    public String version() {
        return HostInfo.version(Scheduler.class, "org.quartz-scheduler", "quartz");
    }

    @Override
    public Map<String, Object> settings() {
        return Map.of(
                "finishedTasks",
                "deleted",
                "store",
                "JobStoreTX, clustered, acquireTriggersWithinLock",
                "triggersAcquiredAtOnce",
                THREADS,
                "idleWaitMillis",
                IDLE_WAIT_MILLIS,
                "pool",
                BenchmarkDatabase.POOL,
                "threads",
                THREADS,
                "bulk",
                "scheduleJobs of " + TRIGGERS_AT_ONCE + " triggers of one durable job");
    }

    @Override
    public void createTables(BenchmarkDatabase database) throws SQLException {
        try (InputStream in =
                Scheduler.class.getResourceAsStream("/org/quartz/impl/jdbcjobstore/tables_postgres.sql")) {
            if (in == null) {
                throw new IllegalStateException("quartz.jar holds no tables_postgres.sql, expected its scheme");
            }
            database.execute(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new IllegalStateException("the scheme of Quartz cannot be read", failure);
        }
    }

    @Override
    public String unfinishedQuery() {
        return "SELECT (EXISTS (SELECT 1 FROM qrtz_triggers) OR EXISTS (SELECT 1 FROM qrtz_fired_triggers))::int";
    }

    @Override
    public String remainingQuery() {
        return "SELECT count(*) FROM qrtz_triggers";
    }

    @Override
    public TaskSource source(BenchmarkDatabase database, Payload payload) {
        Instance instance = new Instance(database, new NoOpHandler());
        return new LocalSource(instance, payload, instance::close);
    }

    @Override
    public TaskRunner runner(BenchmarkDatabase database, Payload payload) {
        NoOpHandler handler = new NoOpHandler();
        Instance instance = new Instance(database, handler);
        return new LocalRunner(handler, instance) {
            @Override
            public void start() {
                try {
                    instance.scheduler.start();
                } catch (SchedulerException failure) {
                    throw new IllegalStateException("Quartz did not start", failure);
                }
            }

            @Override
            public void close() {
                instance.close();
            }
        };
    }

    /** A scheduler that is not started yet. It submits through the one durable job. */
    private static final class Instance implements Submitter {
        private final HikariDataSource pool;
        private final Scheduler scheduler;
        private final JobDetail job = JobBuilder.newJob(NoOpJob.class)
                .withIdentity(JOB)
                .storeDurably()
                .build();
        private final String prefix = UUID.randomUUID() + "-";
        private final AtomicLong next = new AtomicLong();

        Instance(BenchmarkDatabase database, NoOpHandler handler) {
            pool = database.pool();
            // Otherwise the second instance of a JVM would be the first one again.
            SchedulerRepository.getInstance().remove(SCHEDULER);
            String source = UUID.randomUUID().toString();
            DBConnectionManager.getInstance().addConnectionProvider(source, new Pooled(pool));
            try {
                scheduler = new StdSchedulerFactory(properties(source)).getScheduler();
                scheduler.setJobFactory((bundle, ignored) -> new NoOpJob(handler));
                scheduler.addJob(job, true);
            } catch (SchedulerException failure) {
                pool.close();
                throw new IllegalStateException("Quartz cannot be set up", failure);
            }
        }

        private static Properties properties(String source) {
            Properties properties = new Properties();
            properties.put("org.quartz.scheduler.instanceName", SCHEDULER);
            properties.put("org.quartz.scheduler.instanceId", "AUTO");
            properties.put("org.quartz.scheduler.idleWaitTime", Integer.toString(IDLE_WAIT_MILLIS));
            properties.put("org.quartz.scheduler.batchTriggerAcquisitionMaxCount", Integer.toString(THREADS));
            properties.put("org.quartz.threadPool.threadCount", Integer.toString(THREADS));
            properties.put("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
            properties.put(
                    "org.quartz.jobStore.driverDelegateClass", "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate");
            properties.put("org.quartz.jobStore.dataSource", source);
            properties.put("org.quartz.jobStore.isClustered", "true");
            properties.put("org.quartz.jobStore.acquireTriggersWithinLock", "true");
            // What waits for its turn is no misfire, and must not be handled as one.
            properties.put("org.quartz.jobStore.misfireThreshold", MISFIRE_MILLIS);
            return properties;
        }

        @Override
        public int batch() {
            return TRIGGERS_AT_ONCE;
        }

        @Override
        public void submitBatch(int count, String payload) throws SchedulerException {
            Set<Trigger> triggers = new HashSet<>();
            for (int i = 0; i < count; i++) {
                triggers.add(trigger(payload));
            }
            scheduler.scheduleJobs(Map.of(job, triggers), true);
        }

        @Override
        public void submitOne(String payload) throws SchedulerException {
            scheduler.scheduleJob(trigger(payload));
        }

        private Trigger trigger(String payload) {
            return TriggerBuilder.newTrigger()
                    .withIdentity(prefix + next.incrementAndGet())
                    .forJob(JOB)
                    .usingJobData(PAYLOAD, payload)
                    .withSchedule(SimpleScheduleBuilder.simpleSchedule())
                    .startNow()
                    .build();
        }

        void close() {
            try {
                scheduler.shutdown(true);
            } catch (SchedulerException failure) {
                throw new IllegalStateException("Quartz did not stop", failure);
            } finally {
                pool.close();
            }
        }
    }

    /** The job, which calls the handler. */
    public static final class NoOpJob implements Job {
        private final NoOpHandler handler;

        NoOpJob(NoOpHandler handler) {
            this.handler = handler;
        }

        @Override
        public void execute(JobExecutionContext context) {
            handler.handle(context.getTrigger().getJobDataMap().getString(PAYLOAD));
        }
    }

    private record Pooled(HikariDataSource pool) implements ConnectionProvider {
        @Override
        public Connection getConnection() throws SQLException {
            return pool.getConnection();
        }

        @Override
        public void shutdown() {}

        @Override
        public void initialize() {}
    }
}
