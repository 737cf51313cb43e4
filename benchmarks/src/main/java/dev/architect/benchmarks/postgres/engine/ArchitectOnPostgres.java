package dev.architect.benchmarks.postgres.engine;

import dev.architect.Architect;
import dev.architect.ArchitectBuilder;
import dev.architect.benchmarks.HostInfo;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.maintenance.TaskRetention;
import dev.architect.route.ProviderStatus;
import dev.architect.route.Route;
import dev.architect.spi.Router;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.Store;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.store.postgres.PostgresStore;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;

/**
 * Architect through its facade, over the PostgreSQL store, with every default but the acknowledgement: history, results and activity are
 * kept.
 */
public final class ArchitectOnPostgres implements PostgresEngine {

    static final String TYPE = "no-op";

    private static final TaskRequest STUCK = TaskRequest.of("stuck", "ok").withTimeout(Duration.ofHours(1));

    /** The most tasks that are accepted all or none; larger batches make no other engine here faster. */
    private static final int GROUP = 5_000;

    private final String name;
    private final Worker.Acknowledgement acknowledgement;

    ArchitectOnPostgres(String name, Worker.Acknowledgement acknowledgement) {
        this.name = name;
        this.acknowledgement = acknowledgement;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String version() {
        return HostInfo.version(Architect.class, "dev.architect", "architect-core");
    }

    @Override
    public Map<String, Object> settings() {
        return Map.of(
                "finishedTasks",
                "kept",
                "acknowledgement",
                acknowledgement.name(),
                "pool",
                "2-10 sessions of 128 slots",
                "bulk",
                "submitAll of " + GROUP);
    }

    @Override
    public void createTables(BenchmarkDatabase database) {
        open(database).close();
    }

    /** Opens the store with every default. */
    public static Store open(BenchmarkDatabase database) {
        return PostgresStore.builder(database.url()).open();
    }

    @Override
    public String unfinishedQuery() {
        // Each state has a partial index of its own, so the answer is cheap at any size.
        return "SELECT (EXISTS (SELECT 1 FROM task WHERE state = 0) OR EXISTS (SELECT 1 FROM task WHERE state = 1)"
                + " OR EXISTS (SELECT 1 FROM task WHERE state = 2))::int";
    }

    /** The same of tasks without a limit key. */
    public String unfinishedWithoutKeyQuery() {
        return "SELECT (EXISTS (SELECT 1 FROM task WHERE state = 0 AND limit_key IS NULL)"
                + " OR EXISTS (SELECT 1 FROM task WHERE state = 1 AND limit_key IS NULL)"
                + " OR EXISTS (SELECT 1 FROM task WHERE state = 2 AND limit_key IS NULL))::int";
    }

    /** How many tasks wait for a permit. */
    public String limitedQuery() {
        return "SELECT count(*) FROM task WHERE state = 4";
    }

    /** Makes the tables and submits tasks of a queue of their own with limit keys, of which one of each key runs for as long as it is let. */
    public void submitStuck(BenchmarkDatabase database, long count, int keys) {
        try (Architect architect = submitting(database, new StuckWorker())) {
            for (long done = 0; done < count; done += BATCH) {
                architect
                        .tasks()
                        .submitAll(LongStream.range(done, Math.min(count, done + BATCH))
                                .mapToObj(i -> STUCK.withOptions(
                                        TaskOptions.DEFAULT.withQueue("stuck").withLimitKey("key-" + i % keys)))
                                .toList());
            }
        }
    }

    private static Architect submitting(BenchmarkDatabase database, Worker worker) {
        return Architect.builder()
                .store(open(database))
                .router((providers, time) -> new NoModelRouter())
                .worker(worker)
                .withoutTaskExecution()
                .build();
    }

    @Override
    public String remainingQuery() {
        return "SELECT count(*) FROM task WHERE state < 10";
    }

    @Override
    public TaskSource source(BenchmarkDatabase database, Payload payload) {
        Architect architect = submitting(database, new NoOpWorker(new NoOpHandler(), acknowledgement));
        return new LocalSource(new Client(() -> architect), payload, architect::close);
    }

    @Override
    public Running runner(BenchmarkDatabase database, Payload payload) {
        return new Running(open(database), new NoOpWorker(new NoOpHandler(), acknowledgement), List.of());
    }

    /** The same, which also performs what {@link #submitStuck} has submitted. */
    public Running runnerBesideStuck(BenchmarkDatabase database) {
        return new Running(
                open(database), new NoOpWorker(new NoOpHandler(), acknowledgement), List.of(new StuckWorker()));
    }

    /** A host whose tasks begin with {@link #start}. */
    public static final class Running extends LocalRunner {
        private final Store store;
        private final NoOpWorker worker;
        private final List<Worker> others;
        private final Host host;

        Running(Store store, NoOpWorker worker, List<Worker> others) {
            this(store, worker, others, new Host());
        }

        private Running(Store store, NoOpWorker worker, List<Worker> others, Host host) {
            super(worker.handler, new Client(host::architect));
            this.store = store;
            this.worker = worker;
            this.others = others;
            this.host = host;
        }

        /** What is under the host. */
        public Store store() {
            return store;
        }

        @Override
        public void start() {
            ArchitectBuilder builder = Architect.builder()
                    .store(store)
                    .router((providers, time) -> new NoModelRouter())
                    .worker(worker)
                    .retention(TaskRetention.KEEP_ALL);
            others.forEach(builder::worker);
            if (!others.isEmpty()) {
                // What is stuck would be waited for.
                builder.stopTimeout(Duration.ofSeconds(2));
            }
            host.architect = Optional.of(builder.build());
        }

        @Override
        public void close() {
            host.architect.ifPresentOrElse(Architect::close, store::close);
        }
    }

    private static final class Host {
        private volatile Optional<Architect> architect = Optional.empty();

        Architect architect() {
            return architect.orElseThrow();
        }
    }

    private record Client(java.util.function.Supplier<Architect> architect) implements Submitter {
        @Override
        public int batch() {
            return GROUP;
        }

        @Override
        public void submitBatch(int count, String payload) {
            architect.get().tasks().submitAll(Collections.nCopies(count, TaskRequest.of(TYPE, payload)));
        }

        @Override
        public void submitOne(String payload) {
            architect.get().submit(TaskRequest.of(TYPE, payload));
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

    private static final class NoOpWorker implements Worker {
        private final NoOpHandler handler;
        private final Acknowledgement acknowledgement;

        NoOpWorker(NoOpHandler handler, Acknowledgement acknowledgement) {
            this.handler = handler;
            this.acknowledgement = acknowledgement;
        }

        @Override
        public Set<String> types() {
            return Set.of(TYPE);
        }

        @Override
        public Acknowledgement acknowledgement() {
            return acknowledgement;
        }

        @Override
        public String perform(TaskContext context) {
            handler.handle(context.request().payload());
            return "";
        }
    }

    /** The router of tasks that call no model. */
    public static final class NoModelRouter implements Router {

        @Override
        public ChatResponse chat(ChatRequest request, RoutingContext context) {
            throw new UnsupportedOperationException("a model was called, expected tasks that call none");
        }

        @Override
        public Route route(ChatRequest request) {
            throw new UnsupportedOperationException("a route was requested, expected tasks that call no model");
        }

        @Override
        public List<ProviderStatus> providers() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
