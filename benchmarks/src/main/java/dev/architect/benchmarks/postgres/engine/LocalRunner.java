package dev.architect.benchmarks.postgres.engine;

import java.util.List;

/** An engine of this JVM that performs tasks. */
abstract class LocalRunner implements PostgresEngine.TaskRunner {

    final NoOpHandler handler;
    private final Submitter submitter;

    LocalRunner(NoOpHandler handler, Submitter submitter) {
        this.handler = handler;
        this.submitter = submitter;
    }

    @Override
    public final long executions() {
        return handler.executions();
    }

    @Override
    public final List<Long> pickUps() {
        return handler.pickUps();
    }

    @Override
    public final void paced(int tasks) {
        LocalSource.paced(submitter, tasks);
    }

    @Override
    public final long singleFor(long millis) {
        return new LocalSource(submitter, Payload.SHORT, () -> {}).singleFor(1, millis);
    }
}
