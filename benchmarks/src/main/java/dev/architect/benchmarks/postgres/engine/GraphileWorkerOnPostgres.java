package dev.architect.benchmarks.postgres.engine;

import dev.architect.benchmarks.NpmInstall;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * graphile-worker on Node.js as its page on performance sets it for the highest rate: a local queue of 500 jobs and completion in
 * batches. It deletes what is finished.
 */
public final class GraphileWorkerOnPostgres implements PostgresEngine {

    /** Its name in figures. */
    public static final String NAME = "graphile-worker";

    private static final String VERSION = "0.17.3";

    /** Where {@link #install} puts it; known to each process by this property. */
    private static final String DIRECTORY = "benchmarks.graphile-worker";

    private static final NpmInstall NPM = new NpmInstall(
            GraphileWorkerOnPostgres.class, NAME, List.of("package.json", "package-lock.json", "driver.cjs"), NAME);

    /**
     * Installs it with npm, once.
     *
     * @return why it cannot be used, or empty when it can
     */
    public static Optional<String> install(Path directory) {
        System.setProperty(DIRECTORY, directory.toAbsolutePath().toString());
        return NPM.into(directory);
    }

    /** The argument of a JVM that is to find what was installed. */
    public static String jvmArgument() {
        return "-D" + DIRECTORY + "=" + System.getProperty(DIRECTORY, "");
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String version() {
        return VERSION;
    }

    @Override
    public Map<String, Object> settings() {
        return Map.of(
                "finishedTasks",
                "deleted",
                "concurrentJobs",
                24,
                "maxPoolSize",
                25,
                "localQueue",
                500,
                "completeJobBatchDelayMillis",
                0,
                "bulk",
                "addJobs of " + BATCH);
    }

    @Override
    public void createTables(BenchmarkDatabase database) {
        new LineProcess(command("migrate", database, Payload.SHORT), line -> {}).close();
    }

    @Override
    public String unfinishedQuery() {
        return "SELECT EXISTS (SELECT 1 FROM graphile_worker._private_jobs)::int";
    }

    @Override
    public String remainingQuery() {
        return "SELECT count(*) FROM graphile_worker._private_jobs";
    }

    @Override
    public TaskSource source(BenchmarkDatabase database, Payload payload) {
        return new ProcessSource(command("source", database, payload));
    }

    @Override
    public TaskRunner runner(BenchmarkDatabase database, Payload payload) {
        return new ProcessRunner(command("runner", database, payload));
    }

    @Override
    public TaskRunner runnerProcess(BenchmarkDatabase database, int heapMib) {
        return runner(database, Payload.SHORT);
    }

    @Override
    public TaskSource sourceProcess(BenchmarkDatabase database, int heapMib) {
        return source(database, Payload.SHORT);
    }

    private static List<String> command(String role, BenchmarkDatabase database, Payload payload) {
        String directory = System.getProperty(DIRECTORY, "");
        return List.of("node", Path.of(directory, "driver.cjs").toString(), role, database.libpqUrl(), payload.text());
    }
}
