package dev.architect.runtime.partition;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.postgres.PostgresServer.Version;
import dev.architect.store.postgres.PostgresStore;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Three nodes on a machine each, a database and the world outside at the bridge, and more tasks than the nodes can perform in the time of a test:
 * what they perform depends on their slots alone.
 */
final class PartitionWorld implements AutoCloseable {

    static final int NODES = 3;

    private static final int SLOTS = 3;
    private static final Duration EFFECT = Duration.ofMillis(300);
    private static final int TRANSPORT_PORT = 7_800;
    private static final String SECRET = "of this test alone";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final NetworkNamespaces network;
    private final PostgresServer server;
    private final PostgresDatabase database;
    private final PostgresStore store;
    private final HttpServer effects;
    private final Map<String, AtomicInteger> requested = new ConcurrentHashMap<>();
    private final List<Long> effectTimes = Collections.synchronizedList(new ArrayList<>());
    private final List<TaskId> accepted = new ArrayList<>();
    private final List<PartitionNodeHandle> nodes = new ArrayList<>();

    PartitionWorld(Path folder) throws Exception {
        network = NetworkNamespaces.create(NODES);
        server = PostgresServer.start(
                Version.V15, Map.of("listen_addresses", "127.0.0.1," + network.host(), "max_connections", "100"));
        server.allow(network.network());
        database = server.createDatabase();
        store = PostgresStore.builder(database.jdbcUrl())
                .user(database.user())
                .password(database.password())
                .open();
        effects = HttpServer.create(new InetSocketAddress(network.host(), 0), 200);
        effects.createContext("/", exchange -> {
            requested
                    .computeIfAbsent(exchange.getRequestURI().getPath(), token -> new AtomicInteger())
                    .incrementAndGet();
            effectTimes.add(System.nanoTime());
            CompletableFuture.delayedExecutor(EFFECT.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> {
                        try (exchange) {
                            exchange.sendResponseHeaders(204, -1);
                        } catch (IOException gone) {
                            // Whoever asked was interrupted; the effect has happened all the same.
                            return;
                        }
                    });
        });
        effects.start();
        Path keys = folder.resolve("keys.p12");
        Path trust = folder.resolve("trust.p12");
        createKeys(keys, trust, folder);
        List<String> peers = new ArrayList<>();
        for (int node = 0; node < NODES; node++) {
            peers.add(network.address(node) + ":" + TRANSPORT_PORT);
        }
        for (int node = 0; node < NODES; node++) {
            nodes.add(new PartitionNodeHandle(
                    network.on(node),
                    folder.resolve("node" + node + ".err"),
                    List.of(
                            "name=node" + node,
                            "store=" + database.jdbcUrl(network.host(), server.port()),
                            "user=" + database.user(),
                            "password=" + database.password(),
                            "address=" + network.address(node),
                            "port=" + TRANSPORT_PORT,
                            "peers=" + String.join(",", peers),
                            "keys=" + keys,
                            "trust=" + trust,
                            "secret=" + SECRET,
                            "slots=" + SLOTS,
                            "effects=http://" + network.host() + ":"
                                    + effects.getAddress().getPort() + "/")));
        }
        try {
            submit();
            for (PartitionNodeHandle node : nodes) {
                await("ready", node::isReady);
            }
            await("at work", () -> nodes.stream().allMatch(node -> node.endedCount() > 5));
        } catch (Throwable failure) {
            // Else its network would stand in the way of the next one.
            close();
            throw failure;
        }
    }

    /** One key for all nodes, and a store of those that are trusted, which is its certificate. */
    private static void createKeys(Path keys, Path trust, Path folder) throws IOException, InterruptedException {
        Path certificate = folder.resolve("node.crt");
        keytool(folder, keys, "-genkeypair", "-keyalg", "EC", "-dname", "CN=node", "-validity", "2");
        keytool(folder, keys, "-exportcert", "-file", certificate.toString());
        keytool(folder, trust, "-importcert", "-noprompt", "-file", certificate.toString());
    }

    private static void keytool(Path folder, Path keyStore, String command, String... arguments)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        line.add(command);
        line.addAll(List.of(arguments));
        line.addAll(List.of(
                "-alias", "node", "-storetype", "PKCS12", "-keystore", keyStore.toString(), "-storepass", SECRET));
        int status = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start()
                .waitFor();
        assertThat(status).as("keytool " + command).isZero();
    }

    /** Adds some tasks. */
    void submit() {
        List<TaskRequest> requests = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            requests.add(TaskRequest.of(PartitionNode.EFFECT, "effect " + i));
        }
        accepted.addAll(store.tasks().submit(requests));
    }

    NetworkNamespaces network() {
        return network;
    }

    int databasePort() {
        return server.port();
    }

    PartitionNodeHandle node(int number) {
        return nodes.get(number);
    }

    void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            nodes.forEach(PartitionNodeHandle::requireAlive);
            assertThat(System.nanoTime()).as("not " + what).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    /** Lets the nodes work for so long, with enough to do, and returns how many effects there were each second. */
    double work(Duration time) {
        while (store.tasks().counts().getOrDefault(TaskState.READY, 0L) < time.toSeconds() * NODES * SLOTS * 4) {
            submit();
        }
        long begin = System.nanoTime();
        await("over", () -> System.nanoTime() - begin > time.toNanos());
        long end = System.nanoTime();
        synchronized (effectTimes) {
            long count =
                    effectTimes.stream().filter(at -> at >= begin && at < end).count();
            return count * 1e9 / (end - begin);
        }
    }

    /** Lets the nodes work until they get no faster, a few times at most, and returns how many effects there were each second at last. */
    double workSteadily(Duration time) {
        double last = 0;
        for (int round = 0; round < 5; round++) {
            double now = work(time);
            if (now < last * 1.02) {
                return Math.max(now, last);
            }
            last = now;
        }
        return last;
    }

    /** Waits until everything has ended, stops the nodes, and checks what must hold after all faults. */
    void verify(String name, String figures) throws Exception {
        await(
                "drained",
                () -> store.tasks().counts().entrySet().stream()
                        .noneMatch(count -> !count.getKey().isTerminal() && count.getValue() > 0));
        int lost = 0;
        int twice = 0;
        int done = 0;
        int attemptsLost = 0;
        for (TaskId id : accepted) {
            Task task = store.tasks().find(id).orElse(null);
            List<Attempt> attempts = store.tasks().attempts(id);
            long succeeded = attempts.stream()
                    .filter(attempt -> attempt.outcome() == AttemptOutcome.SUCCEEDED)
                    .count();
            lost += task == null ? 1 : 0;
            done += task != null && task.state() == TaskState.DONE ? 1 : 0;
            twice += succeeded > 1 ? 1 : 0;
            attemptsLost += attempts.stream().anyMatch(attempt -> attempt.outcome() == AttemptOutcome.LOST) ? 1 : 0;
        }
        long byOneAttempt =
                requested.values().stream().filter(count -> count.get() > 1).count();
        // Before they stop one after the other, and pass on what they hold.
        List<PartitionNodeHandle.Confirmed> roles = new ArrayList<>();
        nodes.forEach(node -> roles.addAll(node.roles()));
        for (PartitionNodeHandle node : nodes) {
            node.stop();
        }
        int changes = roleChanges(roles);
        System.out.println(name + ": " + figures + "; accepted " + accepted.size() + ", done " + done + ", lost " + lost
                + ", recorded twice " + twice + ", effects twice by one attempt " + byOneAttempt + ", attempts lost "
                + attemptsLost + "; roles confirmed " + roles.size() + " times, changed " + changes);
        assertThat(lost).as("lost").isZero();
        assertThat(twice).as("recorded twice").isZero();
        assertThat(byOneAttempt).as("effects twice by one attempt").isZero();
        assertThat(done).as("done").isEqualTo(accepted.size());
    }

    /** Checks that each epoch of a role had one holder, and that the store confirmed none after it had confirmed a later one. */
    private static int roleChanges(List<PartitionNodeHandle.Confirmed> all) {
        int changes = 0;
        for (String role : PartitionNode.ROLES) {
            List<PartitionNodeHandle.Confirmed> confirmed = all.stream()
                    .filter(one -> one.role().equals(role))
                    .sorted(Comparator.comparingLong(PartitionNodeHandle.Confirmed::epoch))
                    .toList();
            assertThat(confirmed).as(role + " was held").isNotEmpty();
            Map<Long, Long> holders = new HashMap<>();
            Map<Long, Long> lastAsked = new HashMap<>();
            Map<Long, Long> firstAnswered = new HashMap<>();
            for (PartitionNodeHandle.Confirmed one : confirmed) {
                assertThat(holders.computeIfAbsent(one.epoch(), epoch -> one.holder()))
                        .as("holder of epoch " + one.epoch() + " of " + role)
                        .isEqualTo(one.holder());
                lastAsked.merge(one.epoch(), one.asked(), Math::max);
                firstAnswered.merge(one.epoch(), one.answered(), Math::min);
            }
            List<Long> epochs = holders.keySet().stream().sorted().toList();
            for (int i = 1; i < epochs.size(); i++) {
                changes++;
                assertThat(lastAsked.get(epochs.get(i - 1)))
                        .as(role + " was confirmed with epoch " + epochs.get(i - 1) + " after epoch " + epochs.get(i))
                        .isLessThanOrEqualTo(firstAnswered.get(epochs.get(i)));
                if (i > 1) {
                    assertThat(firstAnswered.get(epochs.get(i)) - firstAnswered.get(epochs.get(i - 1)))
                            .as("time between two changes of " + role)
                            .isGreaterThan(Duration.ofSeconds(5).toNanos());
                }
            }
        }
        return changes;
    }

    @Override
    public void close() {
        nodes.forEach(PartitionNodeHandle::close);
        effects.stop(0);
        store.close();
        server.close();
        network.close();
    }
}
