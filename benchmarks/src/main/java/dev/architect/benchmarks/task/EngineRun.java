package dev.architect.benchmarks.task;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One engine, once, on files of its own: tasks in bulk, then all of them performed, then tasks one by one.
 *
 * <p>A task counts as performed when the database, read through a connection of the driver's own, shows nothing unfinished.
 *
 * @param bulkPerSecond submitted in batches of 1,000
 * @param drainPerSecond performed and recorded, from the start of the engine on
 * @param singlePerSecond submitted one by one from 16 threads
 * @param duplicates executions beyond one a task
 */
record EngineRun(Engine engine, double bulkPerSecond, double drainPerSecond, double singlePerSecond, long duplicates) {

    static final int BATCH = 1_000;
    static final int THREADS = 16;

    private static final int FULL = 2;
    private static final long POLL_MILLIS = 5;
    private static final long MAX_DRAIN_SECONDS = 600;

    static EngineRun of(Engine engine, int tasks, Path parent) throws Exception {
        Path directory = Files.createTempDirectory(parent, "side-by-side-");
        try {
            Path queue = directory.resolve("queue.db");
            double bulk = bulk(engine, tasks, queue);
            // On a file of its own, because the queue must hold exactly the tasks that are drained.
            double single = single(engine, tasks, directory.resolve("single.db"));
            try (Engine.TaskRunner runner = engine.runner(queue)) {
                double drain = drain(engine, runner, tasks, queue);
                return new EngineRun(engine, bulk, drain, single, runner.executions() - tasks);
            }
        } finally {
            delete(directory);
        }
    }

    private static double bulk(Engine engine, int tasks, Path file) {
        try (Engine.Submitter submitter = engine.submitter(file)) {
            requireSynchronousFull(engine, submitter);
            long before = System.nanoTime();
            for (int left = tasks; left > 0; left -= BATCH) {
                submitter.submitBatch(Math.min(BATCH, left));
            }
            return perSecond(tasks, before);
        }
    }

    private static double single(Engine engine, int tasks, Path file) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (Engine.Submitter submitter = engine.submitter(file)) {
            requireSynchronousFull(engine, submitter);
            int each = tasks / THREADS;
            List<Future<?>> done = new ArrayList<>();
            long before = System.nanoTime();
            for (int thread = 0; thread < THREADS; thread++) {
                done.add(threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        submitter.submitOne();
                    }
                }));
            }
            for (Future<?> thread : done) {
                thread.get();
            }
            // What was submitted in fact: the division by the number of threads may leave a rest.
            return perSecond(each * THREADS, before);
        } finally {
            threads.shutdownNow();
        }
    }

    private static double drain(Engine engine, Engine.TaskRunner runner, int tasks, Path file)
            throws SQLException, InterruptedException {
        requireSynchronousFull(engine, runner);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            if (!isUnfinished(engine, statement)) {
                throw new IllegalStateException(engine.name() + " has nothing to do, expected " + tasks + " tasks");
            }
            long before = System.nanoTime();
            runner.start();
            while (isUnfinished(engine, statement)) {
                if (System.nanoTime() - before > TimeUnit.SECONDS.toNanos(MAX_DRAIN_SECONDS)) {
                    throw new IllegalStateException(engine.name() + " performed " + runner.executions() + " of " + tasks
                            + " tasks in " + MAX_DRAIN_SECONDS + " s, expected all");
                }
                Thread.sleep(POLL_MILLIS);
            }
            double rate = perSecond(tasks, before);
            // An engine that loses tasks must not look fast.
            if (runner.executions() < tasks) {
                throw new IllegalStateException(engine.name() + " performed " + runner.executions() + " of " + tasks
                        + " tasks and shows none unfinished, expected all");
            }
            return rate;
        }
    }

    private static boolean isUnfinished(Engine engine, Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(engine.unfinishedQuery())) {
            return row.getInt(1) != 0;
        }
    }

    /** Refuses to measure what does not wait for the disk. */
    private static void requireSynchronousFull(Engine engine, Engine.OpenDatabase opened) {
        int mode = opened.synchronous();
        if (mode != FULL) {
            throw new IllegalStateException(
                    engine.name() + " runs with PRAGMA synchronous = " + mode + ", expected " + FULL + " (FULL)");
        }
    }

    private static double perSecond(int tasks, long before) {
        return tasks / ((System.nanoTime() - before) / 1e9);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
