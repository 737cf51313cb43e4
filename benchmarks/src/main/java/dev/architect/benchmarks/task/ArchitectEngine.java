package dev.architect.benchmarks.task;

import dev.architect.Architect;
import dev.architect.benchmarks.HostInfo;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.store.sqlite.Synchronous;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Architect through its facade, over the SQLite store, with every default: history, results and activity are kept. */
final class ArchitectEngine implements Engine {

    private static final TaskRequest TASK = TaskRequest.of("no-op", "ok");
    private static final TaskRequest STUCK = TaskRequest.of("stuck", "ok").withTimeout(Duration.ofHours(1));

    @Override
    public String name() {
        return "architect";
    }

    @Override
    public String version() {
        return HostInfo.version(Architect.class, "dev.architect", "architect-core");
    }

    @Override
    public Map<String, Object> settings() {
        return Map.of("finishedTasks", "kept", "acknowledgement", "durable", "pool", "2-10 sessions of 128 slots");
    }

    @Override
    public String unfinishedQuery() {
        // Each state has a partial index of its own, so the answer is cheap at any size.
        return "SELECT EXISTS (SELECT 1 FROM task WHERE state = 0) OR EXISTS (SELECT 1 FROM task WHERE state = 1)"
                + " OR EXISTS (SELECT 1 FROM task WHERE state = 2)";
    }

    /** How many tasks the database shows as done, by the counts that it keeps. */
    String doneQuery() {
        return "SELECT coalesce(sum(n), 0) FROM task_count WHERE state = 10";
    }

    /** How many tasks the database shows as ready, by the counts that it keeps. */
    String readyQuery() {
        return "SELECT coalesce(sum(n), 0) FROM task_count WHERE state = 0";
    }

    /** How many tasks the database shows as waiting for a permit, by the counts that it keeps. */
    String limitedQuery() {
        return "SELECT coalesce(sum(n), 0) FROM task_count WHERE state = 4";
    }

    /** Submits tasks of a queue of their own with limit keys, of which one of each key runs for as long as it is let. */
    void submitStuck(Path file, int count, int keys) {
        try (Architect architect = submitting(SqliteStore.at(file))) {
            for (int done = 0; done < count; done += EngineRun.BATCH) {
                int first = done;
                architect
                        .tasks()
                        .submitAll(IntStream.range(first, Math.min(count, first + EngineRun.BATCH))
                                .mapToObj(i -> STUCK.withOptions(
                                        TaskOptions.DEFAULT.withQueue("stuck").withLimitKey("key-" + i % keys)))
                                .toList());
            }
        }
    }

    private static Architect submitting(SqliteStore store) {
        return Architect.builder()
                .store(store)
                .router((providers, time) -> new NoRouter())
                .worker(new NoOp())
                .worker(new StuckWorker())
                .withoutTaskExecution()
                .build();
    }

    @Override
    public Submitter submitter(Path file) {
        SqliteStore store = SqliteStore.at(file);
        Architect architect = submitting(store);
        return new Submitter() {
            @Override
            public void submitBatch(int count) {
                architect.tasks().submitAll(Collections.nCopies(count, TASK));
            }

            @Override
            public void submitOne() {
                architect.submit(TASK);
            }

            @Override
            public int synchronous() {
                return pragma(store);
            }

            @Override
            public void close() {
                architect.close();
            }
        };
    }

    @Override
    public TaskRunner runner(Path file) {
        return new Running(SqliteStore.at(file));
    }

    /** What SQLite itself answers, as its number. */
    private static int pragma(SqliteStore store) {
        return store.synchronous() == Synchronous.FULL ? 2 : 1;
    }

    private static final class Running implements TaskRunner {
        private final SqliteStore store;
        private final NoOp worker = new NoOp();
        private @Nullable Architect architect;

        Running(SqliteStore store) {
            this.store = store;
        }

        @Override
        public void start() {
            architect = Architect.builder()
                    .store(store)
                    .router((providers, time) -> new NoRouter())
                    .worker(worker)
                    .worker(new StuckWorker())
                    // What is stuck would be waited for.
                    .stopTimeout(Duration.ofSeconds(2))
                    .build();
        }

        @Override
        public long executions() {
            return worker.executions.sum();
        }

        @Override
        public int synchronous() {
            return pragma(store);
        }

        @Override
        public void close() {
            if (architect == null) {
                store.close();
            } else {
                architect.close();
            }
        }
    }

    /** Waits until it is interrupted. */
    private static final class StuckWorker implements Worker {

        @Override
        public Set<String> types() {
            return Set.of(STUCK.type());
        }

        @Override
        public String perform(TaskContext context) throws InterruptedException {
            new CountDownLatch(1).await();
            return "";
        }
    }

    private static final class NoOp implements Worker {
        final LongAdder executions = new LongAdder();

        @Override
        public Set<String> types() {
            return Set.of(TASK.type());
        }

        @Override
        public String perform(TaskContext context) {
            executions.increment();
            return "";
        }
    }
}
