package dev.architect.benchmarks.task;

import java.nio.file.Path;
import java.util.Map;

/** A task engine under measurement, with what is specific to it. */
interface Engine {

    /** Its name in figures. */
    String name();

    /** Its version, from its artifact. */
    String version();

    /** Its settings, where they differ from its defaults. */
    Map<String, Object> settings();

    /** A query of one row and one column: 1 while the database holds unfinished work, else 0. Cheap at any size. */
    String unfinishedQuery();

    /** Opens the database, new or old, for submitting only. */
    Submitter submitter(Path file);

    /** Opens the database for working, which begins with {@link TaskRunner#start}. */
    TaskRunner runner(Path file);

    /** One side of an engine with the database open. */
    interface OpenDatabase extends AutoCloseable {

        /** What {@code PRAGMA synchronous} answers on the connection that writes. */
        int synchronous();

        @Override
        void close();
    }

    /** Submits tasks that do nothing and carry two bytes. Safe for use by several threads. */
    interface Submitter extends OpenDatabase {

        /** Submits {@code count} tasks at once, durable when it returns. */
        void submitBatch(int count);

        /** Submits one task, durable when it returns. */
        void submitOne();
    }

    /** Performs what was submitted. */
    interface TaskRunner extends OpenDatabase {

        /** Begins to work; returns at once. */
        void start();

        /** How often the no-op handler was called. */
        long executions();
    }
}
