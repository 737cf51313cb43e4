package dev.architect.benchmarks.task;

import java.nio.file.Path;
import java.util.Map;

/** A task engine under measurement, with everything that tells it from the others. */
interface Engine {

    /** Its name in figures. */
    String name();

    /** Its version, as its artifact says. */
    String version();

    /** How it is set, beyond its defaults. */
    Map<String, Object> settings();

    /** A query of one row and one column: 1 while the database holds unfinished work, else 0. Cheap at any size. */
    String unfinishedQuery();

    /** Opens the database, new or old, for submitting only. */
    Submitter submitter(Path file);

    /** Opens the database for working, which begins with {@link Performer#start}. */
    Performer performer(Path file);

    /** One side of a peer with the database open. */
    interface Opened extends AutoCloseable {

        /** What {@code PRAGMA synchronous} answers on the connection that writes. */
        int synchronous();

        @Override
        void close();
    }

    /** Submits tasks that do nothing and carry two bytes. Safe for use by several threads. */
    interface Submitter extends Opened {

        /** Submits {@code count} tasks at once, durable when it returns. */
        void bulk(int count);

        /** Submits one task, durable when it returns. */
        void single();
    }

    /** Performs what was submitted. */
    interface Performer extends Opened {

        /** Begins to work; returns at once. */
        void start();

        /** How often the no-op handler was called. */
        long executions();
    }
}
