package dev.architect.store.postgres.cluster;

import dev.architect.error.ArchitectException;
import dev.architect.postgres.FaultProxy;
import dev.architect.postgres.FaultProxy.CommitFault;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.postgres.PostgresServer.StopMode;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.store.postgres.PostgresStore;
import dev.architect.task.Task;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * Three nodes of one process on one PostgreSQL database, with real threads and a real network, while the database, the network, the nodes and their
 * clocks fail in an order that follows from a seed. After the last fault all tasks have to end within a minute.
 */
final class Cluster implements AutoCloseable {

    private static final int NODES = 3;

    /** So long after the last fault every task has ended. */
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    /** Of those that were running when two nodes died, each node takes one at a time: so long after one of them the next one has begun. */
    private static final Duration SUSPECT_RECOVERY = Duration.ofMinutes(1);

    private final SplittableRandom random;
    private final Duration longest;
    private final PostgresServer server;
    private final PostgresDatabase database;
    private final ClusterHistory history = new ClusterHistory();
    private final RowHistory rows;
    private final AtomicReferenceArray<ClusterNode> nodes = new AtomicReferenceArray<>(NODES);
    private final List<ClusterNode> abandoned = new ArrayList<>();
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger lastNumber = new AtomicInteger();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> pending = new ArrayList<>();
    private volatile boolean hasFaults = true;

    /** A cluster whose tasks take up to so long. */
    Cluster(long seed, PostgresServer server, Duration longest) {
        this.longest = longest;
        this.random = new SplittableRandom(seed);
        this.server = server;
        this.database = server.createDatabase();
        open().close();
        this.rows = RowHistory.of(database);
        for (int i = 0; i < NODES; i++) {
            nodes.set(i, newNode());
        }
    }

    private Store open() {
        return PostgresStore.builder(database.jdbcUrl())
                .user(database.user())
                .password(database.password())
                .open();
    }

    private ClusterNode newNode() {
        return ClusterNode.start(history, database, "node " + started.incrementAndGet());
    }

    /** Lets everything go wrong for so long, and returns what was wrong with the outcome. */
    List<String> run(Duration faults) throws Exception {
        List<Future<?>> submitters = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            int place = i;
            SplittableRandom own = random.split();
            submitters.add(threads.submit(() -> submit(place, own)));
        }
        long end = System.nanoTime() + faults.toNanos();
        while (System.nanoTime() < end) {
            history.time().sleep(Duration.ofMillis(200 + random.nextInt(800)));
            if (System.nanoTime() < end) {
                fault(end);
            }
        }
        hasFaults = false;
        for (Future<?> each : submitters) {
            each.get(60, TimeUnit.SECONDS);
        }
        heal();
        awaitEnds();
        for (int i = 0; i < NODES; i++) {
            nodes.get(i).close();
        }
        return violations();
    }

    /** What is wrong with what is stored, compared with what happened. */
    List<String> violations() throws SQLException {
        try (Store store = open()) {
            return history.violations(database, rows, store);
        }
    }

    PostgresDatabase database() {
        return database;
    }

    /** What happened how often. */
    String summary() {
        return history.summary() + "; " + counts;
    }

    private void submit(int place, SplittableRandom own) {
        while (hasFaults) {
            List<TaskRequest> requests = new ArrayList<>();
            for (int i = own.nextInt(1, 8); i > 0; i--) {
                TaskScript script = TaskScript.random(lastNumber.incrementAndGet(), own, longest);
                history.planned(script);
                requests.add(script.request(own));
            }
            try {
                ClusterNode node = nodes.get(place);
                List<TaskHandle> handles = node.architect().tasks().submitAll(requests);
                history.acknowledged(handles, requests);
                if (own.nextInt(20) == 0) {
                    TaskId id = handles.get(0).id();
                    node.architect()
                            .tasks()
                            .cancel(id)
                            .map(Task::state)
                            .ifPresent(state -> history.cancelled(id, state));
                }
            } catch (ArchitectException | IllegalStateException refused) {
                // The store does not answer, or the node was just closed.
                history.refused();
            }
            try {
                history.time().sleep(Duration.ofMillis(own.nextInt(200)));
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    // Faults. Those that last end by themselves, before the last one.

    private void fault(long end) throws InterruptedException {
        int place = random.nextInt(NODES);
        ClusterNode node = nodes.get(place);
        FaultProxy network = node.network();
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        int chance = random.nextInt(100);
        if (chance < 20) {
            count("connections cut");
            network.cut();
        } else if (chance < 45) {
            count("commits cut for a while");
            SplittableRandom own = random.split();
            network.commitFaults((number, statements) -> {
                synchronized (own) {
                    return switch (own.nextInt(10)) {
                        case 0 -> CommitFault.CUT_BEFORE;
                        case 1 -> CommitFault.CUT_AFTER;
                        default -> CommitFault.NONE;
                    };
                }
            });
            later(2_000, left, network, FaultProxy::noCommitFaults);
        } else if (chance < 55) {
            count("network stalls");
            network.stall();
            later(random.nextInt(100, 3_000), left, network, FaultProxy::resume);
        } else if (chance < 63) {
            count("network refuses");
            network.refuse();
            later(random.nextInt(100, 3_000), left, network, FaultProxy::accept);
        } else if (chance < 67) {
            count("network stalls past the lease");
            network.stall();
            later(random.nextInt(10_500, 14_000), left, network, FaultProxy::resume);
        } else if (chance < 71) {
            count("network refuses past the lease");
            network.refuse();
            later(random.nextInt(10_500, 14_000), left, network, FaultProxy::accept);
        } else if (chance < 77) {
            count("server ends all connections");
            server.terminateBackends(database.name());
        } else if (chance < 83) {
            restartServer();
        } else if (chance < 90) {
            count("clock set");
            node.setClock(Duration.ofSeconds(random.nextInt(7_201) - 3_600));
        } else if (chance < 96) {
            count("node stopped and started");
            replace(place, ClusterNode::closeWithoutStore);
        } else {
            // As if its machine were gone: nobody hears of it again, and its lease has to run out.
            count("node lost");
            replace(place, lost -> {
                lost.network().close();
                abandoned.add(lost);
            });
        }
    }

    private void later(int millis, long most, FaultProxy network, Consumer<FaultProxy> heal) {
        pending.add(threads.submit(() -> {
            try {
                history.time().sleep(Duration.ofMillis(Math.max(0, Math.min(millis, most))));
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            heal.accept(network);
        }));
    }

    private void restartServer() {
        switch (random.nextInt(3)) {
            case 0 -> {
                count("server killed");
                server.kill();
            }
            case 1 -> {
                count("server stopped at once");
                server.stop(StopMode.IMMEDIATE);
            }
            default -> {
                count("server stopped");
                server.stop(StopMode.FAST);
            }
        }
        server.restart();
    }

    private void replace(int place, Consumer<ClusterNode> end) {
        ClusterNode before = nodes.get(place);
        before.network().accept();
        before.network().resume();
        end.accept(before);
        nodes.set(place, newNode());
    }

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    private void heal() throws Exception {
        for (Future<?> each : pending) {
            each.get(60, TimeUnit.SECONDS);
        }
        for (int i = 0; i < NODES; i++) {
            FaultProxy network = nodes.get(i).network();
            network.noCommitFaults();
            network.accept();
            network.resume();
        }
    }

    private void awaitEnds() throws InterruptedException {
        long healed = System.nanoTime();
        String open = "SELECT count(*) FROM task WHERE state < 10";
        while (database.count(open) > 0 && System.nanoTime() - healed < RECOVERY.toNanos()) {
            history.time().sleep(Duration.ofMillis(200));
        }
        String suspects = open + " AND crashes = " + (TaskStore.MAX_CRASHES - 1);
        String claims = "SELECT coalesce(sum(epoch), 0) FROM task WHERE crashes = " + (TaskStore.MAX_CRASHES - 1);
        long lastClaim = System.nanoTime();
        long claimed = 0;
        while (database.count(suspects) > 0 && System.nanoTime() - lastClaim < SUSPECT_RECOVERY.toNanos()) {
            history.time().sleep(Duration.ofMillis(200));
            long now = database.count(claims);
            if (now > claimed) {
                claimed = now;
                lastClaim = System.nanoTime();
            }
        }
        counts.put("ms until all had ended", (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - healed));
    }

    /** Stops what is left, also after a failure. */
    @Override
    public void close() {
        List<Callable<Void>> closes = new ArrayList<>();
        abandoned.forEach(lost -> closes.add(() -> {
            lost.closeWithoutStore();
            return null;
        }));
        for (int i = 0; i < NODES; i++) {
            ClusterNode node = nodes.get(i);
            if (node != null) {
                closes.add(() -> {
                    node.close();
                    return null;
                });
            }
        }
        try {
            threads.invokeAll(closes);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            threads.shutdownNow();
            database.close();
        }
    }
}
