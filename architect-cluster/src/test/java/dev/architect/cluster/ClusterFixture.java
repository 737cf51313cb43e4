package dev.architect.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.node.NodeInfo;
import dev.architect.node.NodeLoad;
import dev.architect.node.NodeRecord;
import dev.architect.spi.ClusterTransport;
import dev.architect.spi.Store;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.testkit.time.ManualTime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/** Several clusters over one in-memory store that announces nothing by itself, with manual time. */
abstract class ClusterFixture {

    /** How long a test waits for what happens on other threads, in real time. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final ManualTime time = new ManualTime();
    final InMemoryStore memory = new InMemoryStore(time);
    final DirectTransport.Net net = new DirectTransport.Net();
    final Map<Cluster, DirectTransport> transports = new HashMap<>();
    private final Map<Cluster, Long> beating = new HashMap<>();
    private final List<Cluster> opened = new ArrayList<>();
    /** Does what a test wants done with every step. */
    Runnable onStep = () -> {};

    private final Semaphore never = new Semaphore(0);

    @AfterEach
    void closeClusters() {
        opened.forEach(Cluster::close);
    }

    /** The same store for everyone, which stays open, and tells nobody of changes. */
    static Store silent(Store store) {
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("subscribe")) {
                        return (Store.Subscription) () -> {};
                    }
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    Cluster cluster(String name) {
        return cluster(name, memory);
    }

    Cluster cluster(String name, Store store) {
        DirectTransport transport = new DirectTransport(net, "10.0.0." + (opened.size() + 1) + ":7800");
        return add(
                Cluster.builder(silent(store))
                        .transport(transport)
                        .nodeName(name)
                        .time(time)
                        .build(),
                transport);
    }

    /** Over a transport of the test's own. */
    Cluster cluster(String name, ClusterTransport transport) {
        Cluster cluster = Cluster.builder(silent(memory))
                .transport(transport)
                .nodeName(name)
                .time(time)
                .build();
        opened.add(cluster);
        return cluster;
    }

    private Cluster add(Cluster cluster, DirectTransport transport) {
        opened.add(cluster);
        transports.put(cluster, transport);
        return cluster;
    }

    /** Joins under a name and beats with every step of the time. */
    long join(Cluster cluster, String name) {
        long incarnation = cluster.store().nodes().join(NodeInfo.named(name));
        cluster.store().nodes().beat(incarnation, NodeLoad.NONE);
        beating.put(cluster, incarnation);
        return incarnation;
    }

    void stopBeating(Cluster cluster) {
        beating.remove(cluster);
    }

    NodeRecord record(long incarnation) {
        return memory.nodes().nodes().stream()
                .filter(node -> node.incarnation() == incarnation)
                .findFirst()
                .orElseThrow();
    }

    /** Lets time pass in steps in which the threads of the clusters get their turn. */
    void pass(Duration duration, Duration step) throws InterruptedException {
        for (Duration passed = Duration.ZERO; passed.compareTo(duration) < 0; passed = passed.plus(step)) {
            step(step);
        }
    }

    private void step(Duration step) throws InterruptedException {
        time.advance(step);
        onStep.run();
        beating.forEach((cluster, incarnation) -> cluster.store().nodes().beat(incarnation, NodeLoad.NONE));
        // The threads that the advance has released work in real time, and so do those that got a message from them.
        time.awaitRest(PATIENCE);
        never.tryAcquire(5, TimeUnit.MILLISECONDS);
    }

    /** Lets time pass until something has happened. */
    void passUntil(Duration step, BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).as("nanoseconds waited").isLessThan(PATIENCE.toNanos());
            step(step);
        }
    }

    /** Waits in real time, while the clock stands still. */
    void await(BooleanSupplier condition) throws InterruptedException {
        passUntil(Duration.ZERO, condition);
    }

    /** Keeps the changes that a store tells of. */
    static final class Changes implements Store.ChangeListener {
        final List<Store.Change> seen = new CopyOnWriteArrayList<>();

        @Override
        public void onChange(Store.Change change) {
            seen.add(change);
        }

        boolean has(Store.ChangeKind kind) {
            return seen.stream().anyMatch(change -> change.kinds().contains(kind));
        }
    }

    static Changes listen(Cluster cluster) {
        Changes changes = new Changes();
        cluster.store().subscribe(changes);
        return changes;
    }
}
