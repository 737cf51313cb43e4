package dev.architect.benchmarks.postgres.engine;

import java.util.ArrayList;
import java.util.List;

/** Several processes of one engine on one database. */
public final class RunnerGroup implements PostgresEngine.TaskRunner {

    private final List<PostgresEngine.TaskRunner> runners = new ArrayList<>();

    /**
     * Opens as many processes; when one of them fails, the others are closed.
     *
     * @param heapMib the most memory of each, in MiB
     */
    public RunnerGroup(PostgresEngine engine, BenchmarkDatabase database, int processes, int heapMib) {
        try {
            for (int i = 0; i < processes; i++) {
                runners.add(engine.runnerProcess(database, heapMib));
            }
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    @Override
    public void start() {
        runners.forEach(PostgresEngine.TaskRunner::start);
    }

    @Override
    public long executions() {
        return runners.stream().mapToLong(PostgresEngine.TaskRunner::executions).sum();
    }

    @Override
    public List<Long> pickUps() {
        return runners.stream().flatMap(each -> each.pickUps().stream()).toList();
    }

    @Override
    public void paced(int tasks) {
        runners.get(0).paced(tasks);
    }

    @Override
    public long singleFor(long millis) {
        return runners.get(0).singleFor(millis);
    }

    @Override
    public void close() {
        runners.forEach(PostgresEngine.TaskRunner::close);
    }
}
