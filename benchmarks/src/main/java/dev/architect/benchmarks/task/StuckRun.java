package dev.architect.benchmarks.task;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The own engine beside tasks that are stuck: a number of tasks is performed while many more, in another queue, wait for the permits of limit keys.
 * Those that have the permits run all the time. The file is kept, and gets new tasks before each run.
 */
final class StuckRun {

    /** How many limit keys the stuck tasks have: so many of them run. */
    static final int KEYS = 100;

    private final ArchitectEngine engine;
    private final int tasks;
    private final Path file;

    /** Fills a file; {@code stuck} is 0 for the run that this one is compared with. */
    StuckRun(ArchitectEngine engine, int tasks, int stuck, Path directory) {
        this.engine = engine;
        this.tasks = tasks;
        this.file = directory.resolve("stuck-" + stuck + ".db");
        if (stuck > 0) {
            engine.submitStuck(file, stuck, KEYS);
        }
    }

    /** Performs the tasks once. What was done is counted in the database, at both ends of the window. */
    Window run() throws SQLException, InterruptedException {
        try (Engine.Submitter submitter = engine.submitter(file)) {
            EngineRun.submitInBatches(submitter, tasks);
        }
        try (Engine.TaskRunner runner = engine.runner(file);
                Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            EngineRun.requireSynchronousFull(engine, runner);
            long done = EngineRun.number(statement, engine.doneQuery());
            long stuck = EngineRun.number(statement, engine.limitedQuery());
            long begun = System.nanoTime();
            runner.start();
            long before =
                    EngineRun.awaitDone(engine, runner, statement, engine.doneQuery(), done + Window.warmUp(tasks));
            long started = System.nanoTime();
            long after = EngineRun.awaitDone(engine, runner, statement, engine.doneQuery(), done + tasks);
            // Few tasks may all end in one group, which is counted from the beginning then.
            Window window = after > before ? Window.since(started, after - before) : Window.since(begun, after - done);
            if (EngineRun.number(statement, engine.limitedQuery()) != stuck) {
                throw new IllegalStateException("tasks got permits, expected all of " + stuck + " to stay stuck");
            }
            return window;
        }
    }
}
