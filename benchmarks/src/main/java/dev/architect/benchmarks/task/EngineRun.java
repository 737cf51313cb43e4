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
 * One peer, once, on files of its own: tasks in bulk, then all of them performed, then tasks one by one.
 *
 * <p>A task counts as performed when the database, read through a connection of the driver's own, shows nothing unfinished.
 *
 * @param bulkPerSecond submitted in batches of 1,000
 * @param drainPerSecond performed and recorded, from the start of the engine on
 * @param singlePerSecond submitted one by one from 16 threads
 * @param duplicates executions beyond one a task
 */
record EngineRun(Engine peer, double bulkPerSecond, double drainPerSecond, double singlePerSecond, long duplicates) {

    static final int BATCH = 1_000;
    static final int THREADS = 16;

    private static final int FULL = 2;
    private static final long LOOK_MILLIS = 5;
    private static final long MOST_DRAIN_SECONDS = 600;

    static EngineRun of(Engine peer, int tasks, Path parent) throws Exception {
        Path directory = Files.createTempDirectory(parent, "side-by-side-");
        try {
            Path queue = directory.resolve("queue.db");
            double bulk = bulk(peer, tasks, queue);
            double single = single(peer, tasks, directory.resolve("single.db"));
            try (Engine.Performer performer = peer.performer(queue)) {
                double drain = drain(peer, performer, tasks, queue);
                return new EngineRun(peer, bulk, drain, single, performer.executions() - tasks);
            }
        } finally {
            delete(directory);
        }
    }

    private static double bulk(Engine peer, int tasks, Path file) {
        try (Engine.Submitter submitter = peer.submitter(file)) {
            requireFull(peer, submitter);
            long before = System.nanoTime();
            for (int left = tasks; left > 0; left -= BATCH) {
                submitter.bulk(Math.min(BATCH, left));
            }
            return perSecond(tasks, before);
        }
    }

    private static double single(Engine peer, int tasks, Path file) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (Engine.Submitter submitter = peer.submitter(file)) {
            requireFull(peer, submitter);
            int each = tasks / THREADS;
            List<Future<?>> done = new ArrayList<>();
            long before = System.nanoTime();
            for (int thread = 0; thread < THREADS; thread++) {
                done.add(threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        submitter.single();
                    }
                }));
            }
            for (Future<?> thread : done) {
                thread.get();
            }
            return perSecond(each * THREADS, before);
        } finally {
            threads.shutdownNow();
        }
    }

    private static double drain(Engine peer, Engine.Performer performer, int tasks, Path file)
            throws SQLException, InterruptedException {
        requireFull(peer, performer);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            if (!isUnfinished(peer, statement)) {
                throw new IllegalStateException(peer.name() + " has nothing to do, expected " + tasks + " tasks");
            }
            long before = System.nanoTime();
            performer.start();
            while (isUnfinished(peer, statement)) {
                if (System.nanoTime() - before > TimeUnit.SECONDS.toNanos(MOST_DRAIN_SECONDS)) {
                    throw new IllegalStateException(peer.name() + " performed " + performer.executions() + " of "
                            + tasks + " tasks in " + MOST_DRAIN_SECONDS + " s, expected all");
                }
                Thread.sleep(LOOK_MILLIS);
            }
            double rate = perSecond(tasks, before);
            if (performer.executions() < tasks) {
                throw new IllegalStateException(peer.name() + " performed " + performer.executions() + " of " + tasks
                        + " tasks and shows none unfinished, expected all");
            }
            return rate;
        }
    }

    private static boolean isUnfinished(Engine peer, Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(peer.unfinishedQuery())) {
            return row.getInt(1) != 0;
        }
    }

    /** Refuses to measure what does not wait for the disk. */
    private static void requireFull(Engine peer, Engine.Opened opened) {
        int mode = opened.synchronous();
        if (mode != FULL) {
            throw new IllegalStateException(
                    peer.name() + " runs with PRAGMA synchronous = " + mode + ", expected " + FULL + " (FULL)");
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
