package dev.architect.runtime.process;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.architect.Architect;
import dev.architect.attempt.FencingToken;
import dev.architect.error.StoreException;
import dev.architect.event.Event;
import dev.architect.provider.openai.OpenAiProvider;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.Store;
import dev.architect.spi.TaskContext;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.spi.Worker;
import dev.architect.store.postgres.PostgresStore;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.PoolLimits;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A host of the engine in a process of its own. It prints a line for everything that is certain: {@code accepted} with the ids of
 * a submission that has returned, {@code started} and {@code ended} with the id and the epoch of an attempt, {@code refused} with the
 * kind of the failure of a submission, {@code drained} when nothing is left to do. The line {@code stop} on its input stops it in
 * order, {@code submit} lets it submit once more, {@code clock} sets its wall clock by so many seconds, {@code hold} takes all connections of
 * its pool for so many seconds.
 */
final class EngineProcess {

    /** Tasks whose effect is a request to the server that counts effects. */
    static final String EFFECT = "effect";

    /** Tasks that end the process. */
    static final String POISON = "poison";

    private static final int BATCH = 10;
    private static final Set<TaskState> UNFINISHED = Set.of(TaskState.READY, TaskState.RUNNING, TaskState.SCHEDULED);

    private final Map<String, String> options = new HashMap<>();
    private final Semaphore taskEnded = new Semaphore(0);
    private final SetClock clock = new SetClock();
    private HikariDataSource pool;

    private EngineProcess(String... arguments) {
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            options.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
    }

    /** Runs until it is told to stop, or killed. */
    public static void main(String[] arguments) throws Exception {
        new EngineProcess(arguments).run();
    }

    private void run() throws Exception {
        try (Architect architect = Architect.builder()
                .store(openStore())
                .provider(OpenAiProvider.builder(name -> Optional.of("simulated"))
                        .baseUrl(URI.create(options.get("provider")))
                        .build())
                .router(CostAwareRouter.with(RoutingPolicy.standard()))
                .worker(new EffectWorker(URI.create(options.get("effects"))))
                .stopTimeout(Duration.ofSeconds(Long.parseLong(options.getOrDefault("stopSeconds", "20"))))
                .pool(
                        options.containsKey("slots")
                                ? new PoolLimits(1, 1, Integer.parseInt(options.get("slots")))
                                : PoolLimits.DEFAULT)
                .time(clock)
                .listener(this::print)
                .build()) {
            print("ready");
            submit(architect, Integer.parseInt(options.getOrDefault("tasks", "0")));
            Thread watch = new Thread(() -> printWhenDrained(architect), "drained");
            watch.setDaemon(true);
            watch.start();
            awaitStop(architect);
        }
        print("closed");
    }

    private Store openStore() throws SQLException {
        String store = options.get("store");
        if (!store.startsWith("jdbc:")) {
            return SqliteStore.builder(Path.of(store))
                    .busyTimeout(Duration.ofSeconds(10))
                    .time(clock)
                    .open();
        }
        Duration busyTimeout = Duration.ofSeconds(Long.parseLong(options.getOrDefault("busySeconds", "5")));
        // Its leases go by the clock of the database, whatever the clock of this process says.
        if (!options.containsKey("pool")) {
            return PostgresStore.builder(store)
                    .busyTimeout(busyTimeout)
                    .user(options.get("user"))
                    .password(options.get("password"))
                    .open();
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(store);
        config.setUsername(options.get("user"));
        config.setPassword(options.get("password"));
        config.setMaximumPoolSize(Integer.parseInt(options.get("pool")));
        config.setConnectionTimeout(2_000);
        pool = new HikariDataSource(config);
        return PostgresStore.builder(pool).busyTimeout(busyTimeout).open();
    }

    /** The host needs its connections for something else. */
    private void hold(Duration duration) {
        List<Connection> held = new ArrayList<>();
        try {
            while (held.size() < pool.getMaximumPoolSize()) {
                held.add(pool.getConnection());
            }
            clock.sleep(duration);
        } catch (SQLException | InterruptedException ended) {
            // The engine was faster, and keeps what it has.
        } finally {
            for (Connection connection : held) {
                pool.evictConnection(connection);
            }
            print("held " + held.size());
        }
    }

    private void submit(Architect architect, int tasks) {
        for (int first = 0; first < tasks; first += BATCH) {
            List<TaskRequest> requests = new ArrayList<>();
            for (int i = first; i < Math.min(tasks, first + BATCH); i++) {
                requests.add(
                        i % 2 == 0
                                ? TaskRequest.prompt("Describe the number " + i + " in a sentence")
                                : TaskRequest.of(EFFECT, "effect " + i));
            }
            if (first == 0 && options.containsKey(POISON)) {
                requests.add(TaskRequest.of(POISON, ""));
            }
            try {
                print("accepted "
                        + architect.tasks().submitAll(requests).stream()
                                .map(TaskHandle::id)
                                .map(Object::toString)
                                .collect(Collectors.joining(" ")));
            } catch (StoreException refused) {
                print("refused " + refused.kind());
            }
        }
        print("submitted");
    }

    private void awaitStop(Architect architect) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null && !line.equals("stop"); line = in.readLine()) {
            if (line.startsWith("clock ")) {
                clock.set(Duration.ofSeconds(Long.parseLong(line.substring("clock ".length()))));
            } else if (line.startsWith("hold ")) {
                Duration duration = Duration.ofSeconds(Long.parseLong(line.substring("hold ".length())));
                Thread holder = new Thread(() -> hold(duration), "hold");
                holder.setDaemon(true);
                holder.start();
            } else {
                submit(architect, Integer.parseInt(options.getOrDefault("tasks", "0")));
            }
        }
    }

    private void printWhenDrained(Architect architect) {
        try {
            while (true) {
                // Not by the events alone: those of another process are not told here.
                boolean ignored = taskEnded.tryAcquire(1, TimeUnit.SECONDS);
                taskEnded.drainPermits();
                if (architect.tasks().counts().entrySet().stream()
                        .noneMatch(count -> UNFINISHED.contains(count.getKey()) && count.getValue() > 0)) {
                    print("drained");
                }
            }
        } catch (InterruptedException | RuntimeException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void print(Event event) {
        if (event instanceof Event.TaskStarted started) {
            print("started " + text(started.fencingToken()));
        } else if (event instanceof Event.TaskAttemptEnded ended) {
            print("ended " + text(ended.fencingToken()) + " " + ended.outcome());
        } else if (event instanceof Event.TaskEnded) {
            taskEnded.release();
        }
    }

    private static String text(FencingToken token) {
        return token.id() + " " + token.epoch();
    }

    private static void print(String line) {
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }

    /** The system's time, with a wall clock that somebody sets. */
    private static final class SetClock implements TimeSource {

        private final TimeSource system = TimeSource.system();
        private volatile Duration offset = Duration.ZERO;

        private void set(Duration by) {
            offset = by;
        }

        @Override
        public Instant wallTime() {
            return system.wallTime().plus(offset);
        }

        @Override
        public long nanoTime() {
            return system.nanoTime();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            system.sleep(duration);
        }

        @Override
        public WakeUp newWakeUp() {
            return system.newWakeUp();
        }

        @Override
        public long random(long bound) {
            return system.random(bound);
        }
    }

    /** Requests an effect from a server that knows by the fencing token which attempt it came from. */
    private static final class EffectWorker implements Worker {

        private final HttpClient client = HttpClient.newHttpClient();
        private final URI effects;

        private EffectWorker(URI effects) {
            this.effects = effects;
        }

        @Override
        public Set<String> types() {
            return Set.of(EFFECT, POISON);
        }

        @Override
        public String perform(TaskContext context) throws Exception {
            if (context.request().type().equals(POISON)) {
                Runtime.getRuntime().halt(137);
            }
            FencingToken token = context.fencingToken();
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(effects.resolve("/" + token.id() + "/" + token.epoch()))
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return "effect " + answer.statusCode();
        }
    }
}
