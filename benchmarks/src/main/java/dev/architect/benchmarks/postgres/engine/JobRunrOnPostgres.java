package dev.architect.benchmarks.postgres.engine;

import com.zaxxer.hikari.HikariDataSource;
import dev.architect.benchmarks.HostInfo;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.configuration.JobRunrConfiguration;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.sql.common.SqlStorageProviderFactory;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;

/**
 * JobRunr with requests instead of lambdas, which spares it reading bytecode, with the Jackson mapper and the shortest poll that it
 * allows. It keeps finished jobs for 36 hours.
 */
final class JobRunrOnPostgres implements PostgresEngine {

    private static final Duration POLL = Duration.ofSeconds(5);
    private static final String UNFINISHED =
            "FROM jobrunr_jobs WHERE state IN ('AWAITING', 'SCHEDULED', 'ENQUEUED', 'PROCESSING', 'PROCESSED', 'FAILED')";

    @Override
    public String name() {
        return "jobrunr";
    }

    @Override
    public String version() {
        return HostInfo.version(JobRunr.class, "org.jobrunr", "jobrunr");
    }

    @Override
    public Map<String, Object> settings() {
        return Map.of(
                "finishedTasks",
                "kept",
                "polling",
                POLL.toSeconds() + " s, its shortest",
                "pool",
                BenchmarkDatabase.POOL,
                "threads",
                THREADS,
                "mapper",
                "Jackson",
                "bulk",
                "enqueue of streams of " + BATCH);
    }

    @Override
    public void createTables(BenchmarkDatabase database) {
        try (HikariDataSource pool = database.pool()) {
            SqlStorageProviderFactory.using(pool).close();
        }
    }

    @Override
    public String unfinishedQuery() {
        return "SELECT EXISTS (SELECT 1 " + UNFINISHED + ")::int";
    }

    @Override
    public String remainingQuery() {
        return "SELECT count(*) " + UNFINISHED;
    }

    @Override
    public TaskSource source(BenchmarkDatabase database, Payload payload) {
        HikariDataSource pool = database.pool();
        JobRequestScheduler scheduler =
                configure(pool, new NoOpHandler()).initialize().getJobRequestScheduler();
        return new LocalSource(new Client(scheduler), payload, () -> {
            JobRunr.destroy();
            pool.close();
        });
    }

    @Override
    public TaskRunner runner(BenchmarkDatabase database, Payload payload) {
        HikariDataSource pool = database.pool();
        NoOpHandler handler = new NoOpHandler();
        BackgroundJobServerConfiguration server =
                BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                        .andPollInterval(POLL)
                        .andWorkerCount(THREADS);
        JobRunrConfiguration.JobRunrConfigurationResult jobRunr =
                configure(pool, handler).useBackgroundJobServer(server, false).initialize();
        BackgroundJobServer started = jobRunr.getBackgroundJobServer();
        return new LocalRunner(handler, new Client(jobRunr.getJobRequestScheduler())) {
            @Override
            public void start() {
                started.start();
            }

            @Override
            public void close() {
                JobRunr.destroy();
                pool.close();
            }
        };
    }

    private static JobRunrConfiguration configure(HikariDataSource pool, NoOpHandler handler) {
        return JobRunr.configure()
                .useJsonMapper(new JacksonJsonMapper())
                .useStorageProvider(SqlStorageProviderFactory.using(pool))
                .useJobActivator(new JobActivator() {
                    @Override
                    public <T> T activateJob(Class<T> type) {
                        return type.cast(new NoOpJobHandler(handler));
                    }
                });
    }

    private record Client(JobRequestScheduler scheduler) implements Submitter {
        @Override
        public void submitBatch(int count, String payload) {
            scheduler.enqueue(IntStream.range(0, count).mapToObj(each -> new NoOpJob(payload)));
        }

        @Override
        public void submitOne(String payload) {
            scheduler.enqueue(new NoOpJob(payload));
        }
    }

    /** The request, which JobRunr reads and writes as JSON. */
    public record NoOpJob(String payload) implements JobRequest {
        @Override
        public Class<NoOpJobHandler> getJobRequestHandler() {
            return NoOpJobHandler.class;
        }
    }

    /** What performs the request. */
    public static final class NoOpJobHandler implements JobRequestHandler<NoOpJob> {
        private final NoOpHandler handler;

        NoOpJobHandler(NoOpHandler handler) {
            this.handler = handler;
        }

        @Override
        public void run(NoOpJob request) {
            handler.handle(request.payload());
        }
    }
}
