package dev.architect.benchmarks.task;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The own engine with a backlog: a number of tasks is performed while many more are ready behind them. The file is filled once,
 * and topped up before each run; what was done in earlier runs is kept in it.
 */
final class BacklogRun {

    private final ArchitectEngine engine;
    private final int tasks;
    private final int backlog;
    private final Path file;

    BacklogRun(ArchitectEngine engine, int tasks, int backlog, Path directory) {
        this.engine = engine;
        this.tasks = tasks;
        this.backlog = backlog;
        this.file = directory.resolve("backlog.db");
    }

    /** Performs the tasks once. What was done is counted in the database, at both ends of the window. */
    Window run() throws SQLException, InterruptedException {
        fill();
        try (Engine.TaskRunner runner = engine.runner(file);
                Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            EngineRun.requireSynchronousFull(engine, runner);
            long done = EngineRun.number(statement, engine.doneQuery());
            runner.start();
            // One more than is there when the window begins, so that it holds at least one group of ends.
            long before = await(runner, statement, done + Window.warmUp(tasks));
            long started = System.nanoTime();
            long after = await(runner, statement, Math.max(done + tasks, before + 1));
            Window window = Window.since(started, after - before);
            if (EngineRun.number(statement, engine.readyQuery()) < backlog / 2) {
                throw new IllegalStateException("less than half of the backlog is left, expected most of it");
            }
            return window;
        }
    }

    private long await(Engine.TaskRunner runner, Statement statement, long done)
            throws SQLException, InterruptedException {
        return EngineRun.awaitDone(engine, runner, statement, engine.doneQuery(), done);
    }

    private void fill() throws SQLException {
        try (Engine.Submitter submitter = engine.submitter(file);
                Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            long ready = EngineRun.number(statement, engine.readyQuery());
            EngineRun.submitInBatches(submitter, (int) (backlog + tasks - ready));
        }
    }
}
