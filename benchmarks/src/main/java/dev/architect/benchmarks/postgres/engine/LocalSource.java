package dev.architect.benchmarks.postgres.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Submits through an engine of this JVM. */
final class LocalSource implements PostgresEngine.TaskSource {

    private static final int MIN_PAUSE_MILLIS = 2;

    /** Twice the pause of the mean, so that samples are spread over the peers' poll of 100 ms. */
    private static final int MAX_PAUSE_MILLIS = 198;

    private static final long SEED = 1;

    private final Submitter submitter;
    private final Payload payload;
    private final Runnable close;

    LocalSource(Submitter submitter, Payload payload, Runnable close) {
        this.submitter = submitter;
        this.payload = payload;
        this.close = close;
    }

    @Override
    public void bulk(long tasks) {
        for (long left = tasks; left > 0; left -= submitter.batch()) {
            batch((int) Math.min(submitter.batch(), left));
        }
    }

    @Override
    public long bulkFor(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long submitted = 0;
        do {
            batch(submitter.batch());
            submitted += submitter.batch();
        } while (System.nanoTime() < end);
        return submitted;
    }

    private void batch(int count) {
        try {
            submitter.submitBatch(count, payload.text());
        } catch (Exception failure) {
            throw new IllegalStateException(count + " tasks were not submitted", failure);
        }
    }

    @Override
    public long singleFor(int threads, long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Long>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                running.add(executor.submit(() -> singleUntil(end)));
            }
            long submitted = 0;
            for (Future<Long> each : running) {
                submitted += each.get();
            }
            return submitted;
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException("tasks were not submitted", failure);
        } finally {
            executor.shutdownNow();
        }
    }

    private long singleUntil(long end) throws Exception {
        String text = payload.text();
        long submitted = 0;
        while (System.nanoTime() < end) {
            submitter.submitOne(text);
            submitted++;
        }
        return submitted;
    }

    @Override
    public void paced(int tasks) {
        paced(submitter, tasks);
    }

    static void paced(Submitter submitter, int tasks) {
        Random random = new Random(SEED);
        try {
            for (int i = 0; i < tasks; i++) {
                TimeUnit.MILLISECONDS.sleep(MIN_PAUSE_MILLIS + random.nextInt(MAX_PAUSE_MILLIS - MIN_PAUSE_MILLIS));
                submitter.submitOne(Long.toString(System.nanoTime()));
            }
        } catch (Exception failure) {
            throw new IllegalStateException("a task was not submitted", failure);
        }
    }

    @Override
    public void close() {
        close.run();
    }
}
