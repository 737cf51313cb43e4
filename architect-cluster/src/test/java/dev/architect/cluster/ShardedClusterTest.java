package dev.architect.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.cluster.shard.ShardedStore;
import dev.architect.error.StoreException;
import dev.architect.node.NodeRole;
import dev.architect.node.SharedDocument;
import dev.architect.node.StaleDocumentException;
import dev.architect.project.ProjectId;
import dev.architect.spi.Store;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.task.PoolLimits;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
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

/** Whole engines of a cluster over two stores that are one: each node opens the group for itself. */
final class ShardedClusterTest extends ClusterFixture {

    private static final Duration STEP = Duration.ofMillis(50);
    private static final ProjectId STAYING = new ProjectId("staying");
    private static final ProjectId MOVED = new ProjectId("moved");

    private final InMemoryStore second = new InMemoryStore(time);
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

    private ShardedStore group(boolean isKillable) {
        return ShardedStore.builder("first", silent(isKillable ? killable(memory) : memory))
                .add("second", silent(isKillable ? killable(second) : second))
                .time(time)
                .patience(Duration.ofSeconds(30))
                .open();
    }

    private Store killable(Store store) {
        FaultyStore faulty = new FaultyStore(store);
        faulty.set((method, call) -> {
            if (isDead.get()) {
                throw new StoreException(StoreException.Kind.BUSY, "the process is dead", null);
            }
            return call.call();
        });
        return faulty;
    }

    private ShardedStore withBothStoresInUse() throws InterruptedException {
        ShardedStore group = group(false);
        group.mover().move(MOVED.shard(), "second", Duration.ZERO);
        return group;
    }

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

    private static TaskRequest work(ProjectId project, String payload) {
        return TaskRequest.of("work", payload).withProject(project);
    }

    @Test
    void aHintWakesAnotherNodeForTasksOfEitherStore() throws Exception {
        Cluster submitting = cluster("s", withBothStoresInUse());
        Cluster working = cluster("w", group(false));
        engine("w", working);
        passUntil(STEP, () -> !submitting.view().living().isEmpty());

        long before = time.nanoTime();
        submitting.store().tasks().submit(List.of(work(STAYING, "x"), work(MOVED, "x")));
        await(() -> performedBy("w") == 2);

        assertThat(time.nanoTime()).isEqualTo(before);
        assertThat(second.tasks().counts()).isNotEmpty();
    }

    @Test
    void tasksOfAKilledNodeRunElsewhereWhicheverStoreHasThem() throws Exception {
        Cluster a = cluster("a", withBothStoresInUse());
        Cluster b = cluster("b", group(true));
        engine("b", b);
        List<TaskRequest> requests = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            requests.add(work(i % 2 == 0 ? STAYING : MOVED, "wait"));
        }
        List<TaskId> ids = a.store().tasks().submit(requests);
        passUntil(STEP, () -> performedBy("b") == 10);
        Architect surviving = engine("a", a);
        passUntil(STEP, () -> a.view().describeViews().equals("b sees a, b; a sees a, b"));

        isDead.set(true);
        transports.get(b).close();
        passUntil(STEP, () -> performedBy("a") == 10);
        goOn.countDown();

        passUntil(
                STEP,
                () -> ids.stream()
                        .allMatch(id -> surviving.tasks().find(id).orElseThrow().state() == TaskState.DONE));
        assertThat(ids)
                .allSatisfy(id -> assertThat(a.store().tasks().attempts(id))
                        .extracting(attempt -> attempt.outcome())
                        .containsExactly(AttemptOutcome.LOST, AttemptOutcome.SUCCEEDED));
    }

    @Test
    void aRoleHasOneHolderAndGoesToAnotherNodeWhenItStops() throws Exception {
        Cluster a = cluster("a", withBothStoresInUse());
        Cluster b = cluster("b", group(false));
        Architect first = engine("a", a);
        Architect other = engine("b", b);
        AtomicInteger onFirst = new AtomicInteger();
        AtomicInteger onOther = new AtomicInteger();
        first.nodes().role("reports", role -> counted(onFirst));
        passUntil(STEP, () -> onFirst.get() > 0);
        other.nodes().role("reports", role -> counted(onOther));
        pass(Duration.ofSeconds(5), STEP);
        assertThat(onOther).hasValue(0);

        engines.remove(first);
        Thread closing = new Thread(first::close);
        closing.start();
        passUntil(STEP, () -> onOther.get() > 0 && !closing.isAlive());

        List<NodeRole> holders = other.nodes().roles().stream()
                .filter(role -> role.name().equals("reports"))
                .toList();
        assertThat(holders)
                .singleElement()
                .satisfies(role -> assertThat(role.holder())
                        .isEqualTo(other.nodes().incarnation().orElseThrow()));
    }

    private static Duration counted(AtomicInteger calls) {
        calls.incrementAndGet();
        return Duration.ofSeconds(1);
    }

    @Test
    void aDocumentIsSharedAndNeverGoesBackwards() throws InterruptedException {
        Cluster a = cluster("a", withBothStoresInUse());
        Cluster b = cluster("b", group(false));

        assertThat(a.store().cluster().storeId()).isEqualTo(b.store().cluster().storeId());
        SharedDocument written = a.store().cluster().writeDocument("limits", 0, "one");
        assertThatThrownBy(() -> b.store().cluster().writeDocument("limits", 0, "late"))
                .isInstanceOf(StaleDocumentException.class);
        assertThat(b.store().cluster().document("limits")).contains(written);
    }

    @Test
    void aShardMovesWhileTheNodesWorkAndNothingIsLost() throws Exception {
        ShardedStore group = group(false);
        Cluster a = cluster("a", group);
        Cluster b = cluster("b", group(false));
        Architect first = engine("a", a);
        engine("b", b);
        List<TaskHandle> handles = new ArrayList<>();
        AtomicBoolean isMoved = new AtomicBoolean();
        AtomicInteger submitted = new AtomicInteger();
        Thread moving = new Thread(() -> {
            try {
                group.mover().move(MOVED.shard(), "second", Duration.ofSeconds(30));
                isMoved.set(true);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
        // A thread of its own: a submission waits while its shard is on the way.
        Thread submitting = new Thread(() -> {
            for (int i = 0; i < 300; i++) {
                handles.add(first.submit(work(i % 3 == 0 ? STAYING : MOVED, "x")));
                if (submitted.incrementAndGet() == 100) {
                    moving.start();
                }
            }
        });
        submitting.start();
        passUntil(STEP, () -> submitted.get() == 300 && isMoved.get());
        submitting.join();
        handles.add(first.submit(work(MOVED, "x")));
        passUntil(
                STEP, () -> handles.stream().allMatch(handle -> handle.result().isPresent()));

        assertThat(handles).allSatisfy(handle -> {
            assertThat(handle.result().orElseThrow().state()).isEqualTo(TaskState.DONE);
            assertThat(a.store().tasks().attempts(handle.id()))
                    .filteredOn(attempt -> attempt.outcome() == AttemptOutcome.SUCCEEDED)
                    .hasSize(1);
        });
        assertThat(second.tasks().counts()).containsKey(TaskState.DONE);
    }
}
