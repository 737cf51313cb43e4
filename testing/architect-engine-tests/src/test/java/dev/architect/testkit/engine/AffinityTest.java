package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.ArchitectBuilder;
import dev.architect.attempt.AttemptBasis;
import dev.architect.attempt.AttemptExplanation;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.NodeReason;
import dev.architect.attempt.SessionReason;
import dev.architect.task.AffinityBucket;
import dev.architect.task.PoolLimits;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Tasks with affinity keys on two nodes, and the explanation of where attempts ran. */
final class AffinityTest extends EngineFixture {

    private static final int KEYS = 12;
    private static final int ROUNDS = 40;
    private static final int TASKS = 4;

    private static TaskRequest affine(String key) {
        return TaskRequest.of("work", "p").withOptions(TaskOptions.DEFAULT.withAffinity(key));
    }

    private ArchitectBuilder node(String name, Work work) {
        return builder(work).nodeName(name);
    }

    private static AttemptExplanation lastOf(Architect architect, TaskHandle task) {
        List<AttemptExplanation> attempts =
                architect.tasks().explain(task.id()).orElseThrow().attempts();
        return attempts.get(attempts.size() - 1);
    }

    private static AttemptBasis basis(Architect architect, TaskHandle task) {
        return lastOf(architect, task).basis().orElseThrow();
    }

    /** Both nodes have seen each other. */
    private void meet(Architect... nodes) throws Exception {
        advanceUntil(() -> {
            for (Architect node : nodes) {
                TaskHandle probe = node.submit(TaskRequest.of("work", "probe"));
                advanceUntil(() -> probe.result().isPresent());
            }
            List<TaskHandle> last = List.of(nodes[0].submit(TaskRequest.of("work", "probe")));
            advanceUntil(() -> last.get(0).result().isPresent());
            return basis(nodes[0], last.get(0)).rivals() == nodes.length - 1;
        });
        // Each looks once a second, and both have done so since.
        advanceBy(Duration.ofSeconds(3));
    }

    @Test
    void theNodeThatAKeyPrefersTakesItsTasksAndTheSameSessionRunsThem() throws Exception {
        store.keepOpen();
        Architect one = start(node("one", context -> "done"));
        Architect two = start(node("two", context -> "done"));
        meet(one, two);

        Map<String, Set<String>> places = new HashMap<>();
        for (int round = 0; round < 5; round++) {
            for (int key = 0; key < KEYS; key++) {
                TaskHandle task = (key % 2 == 0 ? one : two).submit(affine("key-" + key));
                // Time stands still: none is left to the other node for long enough.
                waitUntil(() -> task.result().isPresent());
                AttemptExplanation attempt = lastOf(one, task);
                AttemptBasis basis = attempt.basis().orElseThrow();
                assertThat(basis.node()).isEqualTo(NodeReason.PREFERRED);
                assertThat(basis.rivals()).isEqualTo(1);
                if (round > 0) {
                    assertThat(basis.session()).isEqualTo(SessionReason.WARM);
                }
                places.computeIfAbsent("key-" + key, name -> new HashSet<>())
                        .add(basis.nodeName() + "/" + attempt.session());
            }
        }

        assertThat(places.values()).allMatch(places1 -> places1.size() == 1);
        assertThat(places.values().stream()
                        .flatMap(Set::stream)
                        .map(place -> place.split("/")[0])
                        .distinct())
                .as("both nodes are preferred by some keys")
                .hasSize(2);
    }

    @Test
    void anotherNodeTakesATaskAfterItsLeadAndNoLaterThanThat() throws Exception {
        store.keepOpen();
        Architect one = start(node("one", context -> "done"));
        Architect two = start(node("two", context -> "done"));
        meet(one, two);
        Map<String, String> preferred = new HashMap<>();
        for (int key = 0; key < KEYS; key++) {
            TaskHandle task = one.submit(affine("key-" + key));
            waitUntil(() -> task.result().isPresent());
            preferred.put("key-" + key, basis(one, task).nodeName());
        }
        String ofTwo = preferred.entrySet().stream()
                .filter(entry -> entry.getValue().equals("two"))
                .findFirst()
                .orElseThrow()
                .getKey();
        // It lives on, and is preferred as before.
        two.sessions().pause();

        TaskHandle task = one.submit(affine(ofTwo));
        Instant submitted = time.wallTime();
        // A step of the claimer may begin at one moment of the clock and wait from the next one on.
        Duration step = Duration.ofMillis(10);
        awaitRest();
        while (one.tasks().find(task.id()).orElseThrow().state() == TaskState.READY) {
            step(step);
        }
        // It was taken, and time stands still until it is performed, however long that takes.
        waitUntil(() -> task.result().isPresent());

        assertThat(Duration.between(submitted, time.wallTime()))
                .isBetween(AffinityBucket.LEAD, AffinityBucket.LEAD.plus(step.multipliedBy(2)));
        assertThat(basis(one, task).node()).isEqualTo(NodeReason.FALLBACK);
        assertThat(basis(one, task).nodeName()).isEqualTo("one");
    }

    @Test
    void aNodeAloneLeavesNothingToAnother() throws Exception {
        Architect architect = start(node("one", context -> "done"));

        for (int key = 0; key < KEYS; key++) {
            TaskHandle task = architect.submit(affine("key-" + key));
            waitUntil(() -> task.result().isPresent());
            assertThat(basis(architect, task).node()).isEqualTo(NodeReason.ONLY_NODE);
        }
    }

    @Test
    void affinityRaisesTheShareOfWarmHits() throws Exception {
        store.keepOpen();
        AtomicReference<CountDownLatch> allRun = new AtomicReference<>(new CountDownLatch(0));
        Work together = context -> {
            allRun.get().countDown();
            allRun.get().await();
            return "done";
        };
        PoolLimits six = new PoolLimits(6, 6, 1);
        Architect one = start(node("one", together).pool(six));
        Architect two = start(node("two", together).pool(six));
        meet(one, two);

        double without = warmShare(one, allRun, false);
        double with = warmShare(one, allRun, true);

        assertThat(without).as("without").isLessThan(0.5);
        assertThat(with).as("with affinity, beside " + without + " without").isGreaterThan(0.7);
    }

    /** The share of tasks that run where the last one of their key ran, of {@link #TASKS} at a time with different keys. */
    private double warmShare(Architect architect, AtomicReference<CountDownLatch> allRun, boolean isAffine)
            throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        Map<String, String> last = new HashMap<>();
        int warm = 0;
        int counted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Set<Integer> keys = new HashSet<>();
            while (keys.size() < TASKS) {
                keys.add(random.nextInt(KEYS));
            }
            allRun.set(new CountDownLatch(TASKS));
            Map<String, TaskHandle> tasks = new HashMap<>();
            for (int key : keys) {
                String name = "key-" + key;
                tasks.put(name, architect.submit(isAffine ? affine(name) : TaskRequest.of("work", "p")));
            }
            waitUntil(
                    () -> tasks.values().stream().allMatch(task -> task.result().isPresent()));
            for (Map.Entry<String, TaskHandle> task : tasks.entrySet()) {
                AttemptExplanation attempt = lastOf(architect, task.getValue());
                String place = attempt.node().orElseThrow() + "/" + attempt.session();
                String before = last.put(task.getKey(), place);
                if (before != null) {
                    counted++;
                    warm += before.equals(place) ? 1 : 0;
                }
            }
        }
        return (double) warm / counted;
    }

    private static TaskRequest pinned(String key) {
        return TaskRequest.of("work", "p").withOptions(TaskOptions.DEFAULT.withPin(key));
    }

    @Test
    void pinnedTasksRunOnOneNodeAndWaitForItHoweverLong() throws Exception {
        store.keepOpen();
        Architect one = start(node("one", context -> "done"));
        Architect two = start(node("two", context -> "done"));
        meet(one, two);
        Map<String, String> homes = new HashMap<>();
        for (int round = 0; round < 3; round++) {
            for (int key = 0; key < KEYS; key++) {
                TaskHandle task = (round % 2 == 0 ? one : two).submit(pinned("key-" + key));
                advanceUntil(() -> task.result().isPresent());
                AttemptBasis basis = basis(one, task);
                assertThat(basis.node()).isEqualTo(NodeReason.PINNED);
                assertThat(homes.putIfAbsent("key-" + key, basis.nodeName())).isIn(null, basis.nodeName());
            }
        }
        assertThat(new HashSet<>(homes.values())).containsExactlyInAnyOrder("one", "two");
        String ofTwo = keyOf(homes, "two");

        two.sessions().pause();
        TaskHandle waiting = one.submit(pinned(ofTwo));
        TaskHandle free = one.submit(TaskRequest.of("work", "p"));
        advanceUntil(() -> free.result().isPresent());
        advanceBy(Duration.ofSeconds(60));
        assertThat(waiting.result()).isEmpty();
        two.sessions().resume();
        advanceUntil(() -> waiting.result().isPresent());
        assertThat(basis(one, waiting).nodeName()).isEqualTo("two");
    }

    @Test
    void pinnedTasksMoveWhenTheirNodeHasEndedAndNotBackWhenItReturns() throws Exception {
        store.keepOpen();
        Architect one = start(node("one", context -> "done"));
        Architect two = start(node("two", context -> "done"));
        meet(one, two);
        Map<String, String> homes = new HashMap<>();
        for (int key = 0; key < KEYS; key++) {
            TaskHandle task = one.submit(pinned("key-" + key));
            advanceUntil(() -> task.result().isPresent());
            homes.put("key-" + key, basis(one, task).nodeName());
        }
        String moved = keyOf(homes, "two");
        String stays = keyOf(homes, "one");

        close(two);
        TaskHandle after = one.submit(pinned(moved));
        advanceUntil(() -> after.result().isPresent());
        assertThat(basis(one, after).nodeName()).isEqualTo("one");

        Architect again = start(node("two", context -> "done"));
        meet(one, again);
        for (String key : List.of(moved, stays)) {
            TaskHandle later = again.submit(pinned(key));
            advanceUntil(() -> later.result().isPresent());
            assertThat(basis(one, later).nodeName()).isEqualTo("one");
        }
    }

    private static String keyOf(Map<String, String> homes, String node) {
        return homes.entrySet().stream()
                .filter(home -> home.getValue().equals(node))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    @Test
    void explainsARunningAttemptAndAnEndedOne() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger started = new AtomicInteger();
        Architect architect = start(node("one", context -> {
            if (started.incrementAndGet() == 2) {
                release.await();
            }
            if (context.attempt() == 1) {
                throw new IllegalStateException("no");
            }
            return "done";
        }));
        TaskHandle task = architect.submit(TaskRequest.of("work", "p"));
        assertThat(architect.tasks().explain(task.id()).orElseThrow().task()).isEqualTo(task.id());
        advanceUntil(() -> started.get() == 2);

        List<AttemptExplanation> attempts =
                architect.tasks().explain(task.id()).orElseThrow().attempts();

        assertThat(attempts).hasSize(2);
        assertThat(attempts.get(0).outcome()).contains(AttemptOutcome.FAILED);
        assertThat(attempts.get(0).sentences())
                .containsExactly(
                        "Node one (incarnation 1) made it: no other node lived, with 0 others that perform such tasks.",
                        "Session llm-1 ran it: it is the oldest with a free slot, and had run nothing before.",
                        "It made no request.");
        assertThat(attempts.get(1).outcome()).isEmpty();
        assertThat(attempts.get(1).session()).isEqualTo("llm-1");
        assertThat(attempts.get(1).basis().orElseThrow().session()).isEqualTo(SessionReason.OLDEST_FREE);
        release.countDown();
        advanceUntil(() -> task.result().isPresent());
        assertThat(lastOf(architect, task).outcome()).contains(AttemptOutcome.SUCCEEDED);
    }

    @Test
    void explainsNothingOfATaskThatIsNotThere() {
        Architect architect = start(context -> "done");

        assertThat(architect.tasks().explain(new TaskId(77))).isEmpty();
    }
}
