package dev.architect.cli.cluster;

import dev.architect.Architect;
import dev.architect.error.StoreException;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Submits tasks so that as many as planned have not ended, and keeps the ids of those that were accepted. The number grows slowly at the
 * beginning, so that not all end at the same time. Safe for use by several threads.
 */
final class ClusterLoad implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofMillis(50);
    private static final int MAX_AT_ONCE = 200;

    private final ClusterDemoPlan plan;
    private final Architect architect;
    private final TimeSource time;
    private final ThreadRunner runner = new ThreadRunner("gaia");
    private final List<TaskId> accepted = new ArrayList<>();
    private boolean isStopped;
    private @Nullable Thread thread;
    private @Nullable RuntimeException failure;

    ClusterLoad(ClusterDemoPlan plan, Architect architect, TimeSource time) {
        this.plan = plan;
        this.architect = architect;
        this.time = time;
    }

    void start() {
        thread = runner.start("load", this::submit);
    }

    private void submit() {
        long start = time.nanoTime();
        try {
            while (!isStopped()) {
                long wanted = wanted(Duration.ofNanos(time.nanoTime() - start)) - unfinished();
                if (wanted > 0) {
                    accept((int) Math.min(MAX_AT_ONCE, wanted));
                } else {
                    time.sleep(INTERVAL);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            fail(failed);
        }
    }

    private long wanted(Duration elapsed) {
        return Math.min(
                plan.tasks(),
                plan.tasks() * elapsed.toMillis() / Math.max(1, plan.meanWait().toMillis()));
    }

    /** How many tasks have not ended. */
    long unfinished() {
        Map<TaskState, Long> counts = architect.tasks().counts();
        return counts.entrySet().stream()
                .filter(entry -> !entry.getKey().isTerminal())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private void accept(int count) throws InterruptedException {
        List<TaskRequest> requests = new ArrayList<>();
        long spread = plan.longestWait().minus(plan.shortestWait()).toMillis() + 1;
        for (int i = 0; i < count; i++) {
            requests.add(JournalWorker.task(plan.shortestWait().plusMillis(time.random(spread))));
        }
        try {
            List<TaskHandle> handles = architect.tasks().submitAll(requests);
            synchronized (this) {
                handles.forEach(handle -> accepted.add(handle.id()));
            }
        } catch (StoreException refused) {
            // Nobody was promised anything, so these count nowhere.
            if (!refused.isTransient()) {
                throw refused;
            }
            time.sleep(INTERVAL);
        }
    }

    private synchronized boolean isStopped() {
        return isStopped;
    }

    private synchronized void fail(RuntimeException failed) {
        failure = failed;
    }

    /** Submits nothing more. */
    void stop() throws InterruptedException {
        synchronized (this) {
            isStopped = true;
        }
        Thread submitting = thread;
        if (submitting != null) {
            submitting.join();
        }
    }

    /** Fails when submitting has failed. */
    synchronized void check() {
        if (failure != null) {
            throw failure;
        }
    }

    /** The tasks that were accepted so far. */
    synchronized List<TaskId> accepted() {
        return List.copyOf(accepted);
    }

    @Override
    public void close() {
        runner.close();
    }
}
