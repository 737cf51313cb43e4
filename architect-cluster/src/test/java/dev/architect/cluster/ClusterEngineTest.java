package dev.architect.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.error.StoreException;
import dev.architect.node.NodeRecord;
import dev.architect.node.NodeState;
import dev.architect.spi.Store;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.task.PoolLimits;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.cluster.LoopbackTransport;
import dev.architect.testkit.cluster.TransportFaults;
import dev.architect.testkit.store.FaultyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole engines on one store. */
final class ClusterEngineTest extends ClusterFixture {

    private static final Duration STEP = Duration.ofMillis(50);

    private final List<Architect> engines = new ArrayList<>();
    private final AtomicBoolean isDead = new AtomicBoolean();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final Map<String, AtomicInteger> performed = new ConcurrentHashMap<>();

    @AfterEach
    void closeEngines() throws InterruptedException {
        goOn.countDown();
        isDead.set(false);
        for (Architect engine : engines) {
            Thread closing = new Thread(engine::close);
            closing.start();
            passUntil(Duration.ofSeconds(1), () -> !closing.isAlive());
        }
    }

    /** Counts what it performs, and waits when it is told to. */
    private final class Counting implements Worker {
        private final String node;

        Counting(String node) {
            this.node = node;
        }

        @Override
        public Set<String> types() {
            return Set.of("work");
        }

        @Override
        public String perform(TaskContext context) throws Exception {
            performed.computeIfAbsent(node, key -> new AtomicInteger()).incrementAndGet();
            if (context.request().payload().equals("wait")) {
                goOn.await();
            }
            return node;
        }
    }

    private int performedBy(String node) {
        return performed.getOrDefault(node, new AtomicInteger()).get();
    }

    private Architect engine(String name, Cluster cluster) {
        Architect engine = Architect.builder()
                .store(cluster.store())
                .router((providers, clock) -> new UnusedRouter())
                .worker(new Counting(name))
                .pool(new PoolLimits(2, 2, 10))
                .nodeName(name)
                .time(time)
                .build();
        engines.add(engine);
        return engine;
    }

    @Test
    void aHintWakesAnotherNodeWhoseClockStandsStill() throws Exception {
        Cluster submitting = cluster("s");
        Cluster working = cluster("w");
        engine("w", working);
        passUntil(STEP, () -> !submitting.view().living().isEmpty());

        long before = time.nanoTime();
        submitting.store().tasks().submit(List.of(TaskRequest.of("work", "x")));
        await(() -> performedBy("w") == 1);

        assertThat(time.nanoTime()).isEqualTo(before);
    }

    @Test
    void tasksOfAKilledNodeRunElsewhereWithinFiveSeconds() throws Exception {
        Cluster a = cluster("a");
        Cluster b = cluster("b", killable());
        engine("b", b);
        List<TaskHandle> handles = new ArrayList<>();
        Architect surviving = engine("a", a);
        surviving.sessions().pause();
        for (int i = 0; i < 10; i++) {
            handles.add(surviving.submit(TaskRequest.of("work", "wait")));
        }
        passUntil(STEP, () -> performedBy("b") == 10 && a.view().describeViews().equals("b sees a, b; a sees a, b"));
        pass(Duration.ofSeconds(2), STEP);
        surviving.sessions().resume();

        isDead.set(true);
        long killed = time.nanoTime();
        Duration sinceBeat = memory.nodes().nodes().stream()
                .filter(node -> node.info().name().equals("b"))
                .map(NodeRecord::sinceBeat)
                .findFirst()
                .orElseThrow();
        transports.get(b).close();
        long survivor = surviving.nodes().incarnation().orElseThrow();
        passUntil(STEP, () -> memory.tasks().runningOf(survivor).size() == 10);
        Duration taken = Duration.ofNanos(time.nanoTime() - killed);
        // Time stands still, however long the threads of the workers take to come.
        await(() -> performedBy("a") == 10);
        goOn.countDown();

        System.out.printf("10 tasks of a killed node run elsewhere after %d ms%n", taken.toMillis());
        assertThat(taken).isLessThan(Duration.ofSeconds(5));
        assertThat(taken.plus(sinceBeat)).as("since the last beat").isGreaterThanOrEqualTo(Duration.ofSeconds(3));
        passUntil(
                STEP, () -> handles.stream().allMatch(handle -> handle.result().isPresent()));
        assertThat(handles).allSatisfy(handle -> {
            assertThat(handle.result().orElseThrow().state()).isEqualTo(TaskState.DONE);
            assertThat(memory.tasks().attempts(handle.id())).hasSize(2);
        });
        assertThat(memory.nodes().nodes())
                .anySatisfy(node -> assertThat(node.state()).isEqualTo(NodeState.DEAD));
    }

    /** The store as a process has it that may be killed: from then on it changes nothing any more. */
    private Store killable() {
        FaultyStore store = new FaultyStore(memory);
        store.set((method, call) -> {
            if (isDead.get()) {
                throw new StoreException(StoreException.Kind.BUSY, "the process is dead", null);
            }
            return call.call();
        });
        return store;
    }

    @Test
    void anEngineUnderTheNameOfALivingNodeDoesNotStartAndHarmsNothing() throws Exception {
        Cluster first = cluster("a");
        Architect running = engine("a", first);
        Cluster second = cluster("a");
        AtomicBoolean passes = new AtomicBoolean(true);
        Thread clock = new Thread(() -> {
            while (passes.get()) {
                try {
                    pass(STEP, STEP);
                } catch (InterruptedException stop) {
                    return;
                }
            }
        });
        clock.start();
        try {
            assertThatThrownBy(() -> engine("a", second))
                    .isInstanceOf(NodeNameTakenException.class)
                    .hasMessageStartingWith("node name is 'a', expected one that no other node has");
        } finally {
            passes.set(false);
            clock.join();
        }

        TaskHandle handle = running.submit(TaskRequest.of("work", "x"));
        passUntil(STEP, () -> handle.result().isPresent());
        assertThat(memory.nodes().aliveCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void overATransportThatLosesDoublesAndLiesNothingIsLostAndNothingIsRecordedTwice(long seed) throws Exception {
        LoopbackTransport.Hub hub = new LoopbackTransport.Hub(TransportFaults.everything(seed));
        onStep = hub::deliver;
        List<Architect> nodes = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            nodes.add(engine(name, cluster(name, new LoopbackTransport(hub))));
        }
        List<TaskHandle> handles = new ArrayList<>();

        for (int i = 0; i < 200; i++) {
            handles.add(nodes.get(i % 3).submit(TaskRequest.of("work", "x")));
            if (i % 10 == 0) {
                pass(STEP, STEP);
            }
        }
        passUntil(
                STEP, () -> handles.stream().allMatch(handle -> handle.result().isPresent()));

        assertThat(handles).as("seed %d", seed).allSatisfy(handle -> {
            assertThat(handle.result().orElseThrow().state()).isEqualTo(TaskState.DONE);
            assertThat(memory.tasks().attempts(handle.id()))
                    .filteredOn(attempt -> attempt.outcome() == AttemptOutcome.SUCCEEDED)
                    .hasSize(1);
        });
        assertThat(hub.failures()).isEmpty();
    }
}
