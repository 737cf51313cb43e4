package dev.architect.benchmarks.postgres.engine;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** A task engine under measurement, with what is specific to it. */
public interface PostgresEngine {

    /** How many tasks are submitted at once in bulk, where the engine does not do better with another number. */
    int BATCH = 1_000;

    /** How many threads perform tasks, where the engine has such a setting. */
    int THREADS = 32;

    /** Its name in figures. */
    String name();

    /** Its version, from its artifact. */
    String version();

    /** Its settings, where they differ from its defaults. */
    Map<String, Object> settings();

    /** Makes its tables in an empty database. */
    void createTables(BenchmarkDatabase database) throws SQLException;

    /** A query of one row and one column: whether the database holds unfinished work. */
    String unfinishedQuery();

    /** A query of one row and one column: how many tasks are unfinished. May read all of them. */
    String remainingQuery();

    /** Opens the database for submitting only, as a process that performs nothing would. */
    TaskSource source(BenchmarkDatabase database, Payload payload);

    /** Opens the database for working, which begins with {@link TaskRunner#start}. */
    TaskRunner runner(BenchmarkDatabase database, Payload payload);

    /**
     * Opens the database for working in a process of its own, one of several. An engine of the JVM gets a JVM.
     *
     * @param heapMib the most memory that it may use, in MiB
     */
    default TaskRunner runnerProcess(BenchmarkDatabase database, int heapMib) {
        return new ProcessRunner(EngineProcess.command("runner", this, database, Payload.SHORT, heapMib));
    }

    /** Opens the database for submitting in a process of its own. */
    default TaskSource sourceProcess(BenchmarkDatabase database, int heapMib) {
        return new ProcessSource(EngineProcess.command("source", this, database, Payload.SHORT, heapMib));
    }

    /** What submits tasks. Calls come from one thread and return when all is durable. */
    interface TaskSource extends AutoCloseable {

        /** Submits as many tasks in batches. */
        void bulk(long tasks);

        /** Submits batches until the time is over, at least one, and returns how many tasks it were. */
        long bulkFor(long millis);

        /** Submits one task a call from as many threads until the time is over, and returns how many tasks it were. */
        long singleFor(int threads, long millis);

        /** Submits as many tasks one by one with random pauses; each carries the time at which its submit was called. */
        void paced(int tasks);

        @Override
        void close();
    }

    /** Performs what was submitted, with a handler that does nothing. */
    interface TaskRunner extends AutoCloseable {

        /** Begins to work; returns at once. */
        void start();

        /** How often the handler was called. */
        long executions();

        /** How long each paced task took from the call of submit to the handler, in nanoseconds, as far as they have arrived. */
        List<Long> pickUps();

        /** Submits as many tasks one by one as {@link TaskSource#paced} does, through the running engine itself. */
        void paced(int tasks);

        /**
         * Submits one task a call from one thread until the time is over, through the running engine itself, and returns how many tasks it
         * were.
         */
        long singleFor(long millis);

        /** Ends the work in the engine's orderly way. */
        @Override
        void close();
    }
}
