package dev.architect.benchmarks.failover.subject;

/** A client under test, ready for requests. Safe for use by several threads. */
public interface Subject extends AutoCloseable {

    /** Sends one streamed request to the primary model and blocks until it ends; an interrupt ends it early. */
    SubjectOutcome ask();

    /** Sends one streamed request to the healthy model through the same instance. */
    SubjectOutcome askHealthy();

    /**
     * Returns what is wrong with its record of the calls that requests made; empty when nothing is, or when it keeps none.
     *
     * @param calls the calls that the server has counted
     */
    default String recordProblem(int calls) {
        return "";
    }

    /** Ends it; requests in flight fail. */
    @Override
    void close();
}
