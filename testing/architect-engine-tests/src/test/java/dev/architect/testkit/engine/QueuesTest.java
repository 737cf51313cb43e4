package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.event.Event;
import dev.architect.lane.Lane;
import dev.architect.lane.LaneFullException;
import dev.architect.lane.LaneScope;
import dev.architect.lane.LaneSettings;
import dev.architect.lane.LaneStatus;
import dev.architect.task.PoolLimits;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Queues and tenants, with whole engines. */
final class QueuesTest extends EngineFixture {

    private static final LaneScope REPORTS = LaneScope.of("reports");

    private static TaskRequest in(String queue, String tenant) {
        return TaskRequest.of("work", queue + "/" + tenant)
                .withOptions(TaskOptions.DEFAULT.withQueue(queue).withTenant(tenant));
    }

    private static List<TaskRequest> several(String queue, String tenant, int count) {
        return IntStream.range(0, count).mapToObj(i -> in(queue, tenant)).toList();
    }

    @Test
    void tenantsShareTheSessionsByWeight() throws Exception {
        List<String> started = Collections.synchronizedList(new ArrayList<>());
        Architect architect = start(builder(context -> {
                    started.add(context.request().payload());
                    // So that each takes session time.
                    time.sleep(Duration.ofSeconds(2));
                    return "done";
                })
                .pool(new PoolLimits(1, 1, 4)));
        architect.queues().save(LaneSettings.of(LaneScope.of("reports", "b")).withWeight(3));
        architect.queues().pause(REPORTS);
        List<TaskHandle> all = new ArrayList<>(architect.tasks().submitAll(several("reports", "a", 120)));
        all.addAll(architect.tasks().submitAll(several("reports", "b", 120)));
        architect.queues().resume(REPORTS);

        advanceUntil(() -> architect.tasks().counts().getOrDefault(TaskState.DONE, 0L) == all.size());

        // Before b has had all of its tasks.
        List<String> shared = started.subList(0, 100);
        Map<String, Long> counts = shared.stream().collect(Collectors.groupingBy(each -> each, Collectors.counting()));
        assertThat(counts.get("reports/b")).isBetween(60L, 88L);
    }

    @Test
    void aPausedQueueWaitsAndGoesOn() throws Exception {
        Architect architect = start(context -> "done");
        assertThat(architect.queues().pause(REPORTS))
                .isEqualTo(LaneSettings.of(REPORTS).withPaused(true));
        TaskHandle waiting = architect.submit(in("reports", "a"));
        TaskHandle other = architect.submit(in("mails", "a"));

        advanceUntil(() -> other.result().isPresent());
        assertThat(architect.queues().lanes())
                .containsExactly(new LaneStatus(
                        new Lane("reports", "a", TaskOptions.DEFAULT_SESSION_KIND),
                        Map.of(TaskState.READY, 1L),
                        1,
                        true,
                        false));
        assertThat(waiting.result()).isEmpty();

        assertThat(architect.queues().resume(REPORTS).isPaused()).isFalse();
        advanceUntil(() -> waiting.result().isPresent());
        assertThat(architect.queues().lanes()).isEmpty();
        expect(Event.QueueChanged.class, 2);
    }

    @Test
    void aDrainedQueueIsWorkedOffAndTakesNothing() throws Exception {
        Architect architect = start(context -> "done");
        architect.queues().save(LaneSettings.of(REPORTS).withMaxWaiting(9));
        architect.queues().pause(REPORTS);
        TaskHandle waiting = architect.submit(in("reports", "a"));

        LaneSettings drained = architect.queues().drain(REPORTS);
        assertThat(drained)
                .isEqualTo(LaneSettings.of(REPORTS)
                        .withMaxWaiting(9)
                        .withPaused(true)
                        .withDraining(true));
        assertThat(architect.queues().lanes()).allMatch(LaneStatus::isDraining);
        assertThatThrownBy(() -> architect.submit(in("reports", "b")))
                .isInstanceOfSatisfying(
                        LaneFullException.class,
                        full -> assertThat(full.isDraining()).isTrue());
        assertThat(architect.queues().change(drained.withPaused(false), LaneSettings.of(REPORTS)))
                .isFalse();
        assertThat(architect.queues().change(drained.withPaused(false), drained))
                .isTrue();
        advanceUntil(() -> waiting.result().isPresent());

        assertThat(architect.queues().resume(REPORTS))
                .isEqualTo(LaneSettings.of(REPORTS).withMaxWaiting(9));
        TaskHandle accepted = architect.submit(in("reports", "b"));
        advanceUntil(() -> accepted.result().isPresent());
        expect(Event.QueueChanged.class, 5);
    }

    @Test
    void neverMoreRunThanAQueueAllowsOverTwoNodes() throws Exception {
        store.keepOpen();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Work work = context -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            Thread.yield();
            running.decrementAndGet();
            return "done";
        };
        Architect one = start(work);
        start(work);
        one.queues().save(LaneSettings.of(REPORTS).withMaxRunning(3));

        List<TaskHandle> tasks = one.tasks().submitAll(several("reports", "a", 300));
        advanceUntil(() -> one.tasks().counts().getOrDefault(TaskState.DONE, 0L) == tasks.size());

        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void aFullQueueRefusesBeforeItAccepts() throws Exception {
        Architect architect = start(context -> "done");
        architect.queues().save(LaneSettings.of(REPORTS).withMaxWaiting(2).withPaused(true));
        architect.tasks().submitAll(several("reports", "a", 2));

        assertThatThrownBy(() -> architect.submit(in("reports", "b")))
                .isInstanceOfSatisfying(
                        LaneFullException.class,
                        full -> assertThat(full.retryAfter()).contains(Duration.ofSeconds(1)));
        expect(Event.TaskSubmitted.class, 2);
        assertThat(architect.queues().remove(REPORTS)).isTrue();
        assertThat(architect.queues().remove(REPORTS)).isFalse();
        TaskHandle accepted = architect.submit(in("reports", "b"));
        advanceUntil(() -> accepted.result().isPresent());
    }
}
