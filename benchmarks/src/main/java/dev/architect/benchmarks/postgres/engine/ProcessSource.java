package dev.architect.benchmarks.postgres.engine;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** Submits through an engine in another process. */
final class ProcessSource implements PostgresEngine.TaskSource {

    private static final long BULK_SECONDS = TimeUnit.HOURS.toSeconds(2);
    private static final long MARGIN_SECONDS = 120;

    private final LineProcess process;

    ProcessSource(List<String> command) {
        process = new LineProcess(command, line -> {
            throw new IllegalStateException("a source wrote '" + line + "', expected answers only");
        });
    }

    @Override
    public void bulk(long tasks) {
        process.request("bulk " + tasks, BULK_SECONDS);
    }

    @Override
    public long bulkFor(long millis) {
        return process.request("bulk-for " + millis, seconds(millis));
    }

    @Override
    public long singleFor(int threads, long millis) {
        return process.request("single-for " + threads + " " + millis, seconds(millis));
    }

    @Override
    public void paced(int tasks) {
        process.request("paced " + tasks, MARGIN_SECONDS + tasks);
    }

    private static long seconds(long millis) {
        return MARGIN_SECONDS + TimeUnit.MILLISECONDS.toSeconds(millis);
    }

    @Override
    public void close() {
        process.close();
    }
}
