package dev.architect.benchmarks.postgres.engine;

/** Submits tasks through an engine of this JVM. Safe for use by several threads. */
interface Submitter {

    /** How many tasks are submitted at once in bulk. */
    default int batch() {
        return PostgresEngine.BATCH;
    }

    /** Submits {@code count} tasks at once, durable when it returns. */
    void submitBatch(int count, String payload) throws Exception;

    /** Submits one task, durable when it returns. */
    void submitOne(String payload) throws Exception;
}
