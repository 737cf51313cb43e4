package dev.architect.benchmarks.task;

import dev.architect.benchmarks.HostInfo;
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
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * One engine, once, on files of its own: tasks in bulk, then all of them performed, then tasks one by one.
 *
 * <p>A task counts as performed when the database, read through a connection of the driver's own, shows nothing unfinished.
 *
 * @param bulk submitted in batches of 1,000
 * @param drain performed and recorded
 * @param single submitted one by one from 16 threads
 * @param singleOneThread submitted one by one from one thread
 * @param duplicates executions beyond one a task
 * @param commitMicros how long a commit of one page took on this disk before the run, median
 */
record EngineRun(
        Engine engine,
        Window bulk,
        Window drain,
        Window single,
        Window singleOneThread,
        long duplicates,
        double commitMicros) {

    static final int BATCH = 1_000;
    static final int THREADS = 16;

    private static final int FULL = 2;
    private static final long POLL_MILLIS = 5;
    private static final long MAX_DRAIN_SECONDS = 1_800;

    /** Submits of one task each cost a commit: fewer of them fill as long a window. */
    private static final int SINGLE_SHARE = 4;

    private static final int SINGLE_ONE_THREAD_SHARE = 20;

    static EngineRun of(Engine engine, int tasks, Path parent) throws Exception {
        Path directory = Files.createTempDirectory(parent, "side-by-side-");
        try {
            double commitMicros = HostInfo.commitMicros(directory);
            Path queue = directory.resolve("queue.db");
            Window bulk = bulk(engine, tasks, queue);
            // On files of their own, because the queue must hold exactly the tasks that are drained.
            Window single = single(engine, tasks / SINGLE_SHARE, THREADS, directory.resolve("single.db"));
            Window one = single(engine, tasks / SINGLE_ONE_THREAD_SHARE, 1, directory.resolve("one.db"));
            try (Engine.TaskRunner runner = engine.runner(queue)) {
                Window drain = drain(engine, runner, tasks, queue);
                return new EngineRun(engine, bulk, drain, single, one, runner.executions() - tasks, commitMicros);
            }
        } finally {
            delete(directory);
        }
    }

    private static Window bulk(Engine engine, int tasks, Path file) {
        try (Engine.Submitter submitter = engine.submitter(file)) {
            requireSynchronousFull(engine, submitter);
            int warmUp = Window.warmUp(tasks);
            submitInBatches(submitter, warmUp);
            long started = System.nanoTime();
            submitInBatches(submitter, tasks - warmUp);
            return Window.since(started, tasks - warmUp);
        }
    }

    static void submitInBatches(Engine.Submitter submitter, int tasks) {
        for (int left = tasks; left > 0; left -= BATCH) {
            submitter.submitBatch(Math.min(BATCH, left));
        }
    }

    private static Window single(Engine engine, int tasks, int threads, Path file)
            throws InterruptedException, ExecutionException {
        int each = Math.max(1, tasks / threads);
        AtomicLong started = new AtomicLong();
        CyclicBarrier warm = new CyclicBarrier(threads, () -> started.set(System.nanoTime()));
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try (Engine.Submitter submitter = engine.submitter(file)) {
            requireSynchronousFull(engine, submitter);
            List<Future<?>> done = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                done.add(executor.submit(() -> {
                    submitOneByOne(submitter, Window.warmUp(each));
                    warm.await();
                    submitOneByOne(submitter, each - Window.warmUp(each));
                    return null;
                }));
            }
            for (Future<?> thread : done) {
                thread.get();
            }
            // What was submitted in fact: the division by the number of threads may leave a rest.
            return Window.since(started.get(), (long) (each - Window.warmUp(each)) * threads);
        } finally {
            executor.shutdownNow();
        }
    }

    private static void submitOneByOne(Engine.Submitter submitter, int tasks) {
        for (int i = 0; i < tasks; i++) {
            submitter.submitOne();
        }
    }

    private static Window drain(Engine engine, Engine.TaskRunner runner, int tasks, Path file)
            throws SQLException, InterruptedException {
        requireSynchronousFull(engine, runner);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            if (number(statement, engine.unfinishedQuery()) == 0) {
                throw new IllegalStateException(engine.name() + " has nothing to do, expected " + tasks + " tasks");
            }
            runner.start();
            int warmUp = Window.warmUp(tasks);
            awaitExecutions(engine, runner, warmUp);
            // Some of these are performed and not yet recorded: that they are is within the window.
            long started = System.nanoTime();
            while (number(statement, engine.unfinishedQuery()) != 0) {
                requireTimeLeft(engine, runner, started);
                Thread.sleep(POLL_MILLIS);
            }
            Window drain = Window.since(started, tasks - warmUp);
            // An engine that loses tasks must not look fast.
            if (runner.executions() < tasks) {
                throw new IllegalStateException(engine.name() + " performed " + runner.executions() + " of " + tasks
                        + " tasks and shows none unfinished, expected all");
            }
            return drain;
        }
    }

    private static void awaitExecutions(Engine engine, Engine.TaskRunner runner, long executions)
            throws InterruptedException {
        long started = System.nanoTime();
        while (runner.executions() < executions) {
            requireTimeLeft(engine, runner, started);
            Thread.sleep(1);
        }
    }

    /** Waits until the database shows at least {@code done} tasks as done, and returns how many it shows then. */
    static long awaitDone(Engine engine, Engine.TaskRunner runner, Statement statement, String query, long done)
            throws SQLException, InterruptedException {
        long started = System.nanoTime();
        long shown = number(statement, query);
        while (shown < done) {
            requireTimeLeft(engine, runner, started);
            Thread.sleep(1);
            shown = number(statement, query);
        }
        return shown;
    }

    private static void requireTimeLeft(Engine engine, Engine.TaskRunner runner, long started) {
        if (System.nanoTime() - started > TimeUnit.SECONDS.toNanos(MAX_DRAIN_SECONDS)) {
            throw new IllegalStateException(engine.name() + " performed " + runner.executions() + " tasks in "
                    + MAX_DRAIN_SECONDS + " s, expected all");
        }
    }

    static long number(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.getLong(1);
        }
    }

    /** Refuses to measure what does not wait for the disk. */
    static void requireSynchronousFull(Engine engine, Engine.OpenDatabase opened) {
        int mode = opened.synchronous();
        if (mode != FULL) {
            throw new IllegalStateException(
                    engine.name() + " runs with PRAGMA synchronous = " + mode + ", expected " + FULL + " (FULL)");
        }
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
