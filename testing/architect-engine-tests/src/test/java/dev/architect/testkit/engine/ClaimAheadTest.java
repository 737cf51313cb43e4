package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.event.Event;
import dev.architect.task.PoolLimits;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Short tasks are claimed before there is a slot for them, as many as the node ends within ten milliseconds. */
final class ClaimAheadTest extends EngineFixture {

    private static final int SLOTS = 4;
    private final CountDownLatch release = new CountDownLatch(1);
    private final ConcurrentLinkedQueue<String> performed = new ConcurrentLinkedQueue<>();
    private final Semaphore oneAtATime = new Semaphore(1);

    private Architect startWithARate() throws Exception {
        Architect architect = start(builder(context -> {
                    if (context.request().payload().equals("short")) {
                        oneAtATime.acquire();
                        time.advance(Duration.ofMillis(1));
                        oneAtATime.release();
                    } else {
                        performed.add(context.request().payload());
                        release.await();
                    }
                    return "done";
                })
                .pool(new PoolLimits(1, 1, SLOTS)));
        architect.tasks().submitAll(Collections.nCopies(500, TaskRequest.of("work", "short")));
        // Recorded ends are seen a moment before their slots are free.
        waitUntil(() ->
                count(architect, TaskState.DONE) == 500 && architect.sessions().runningAttempts() == 0);
        return architect;
    }

    private static List<TaskHandle> submitLong(Architect architect) {
        return architect
                .tasks()
                .submitAll(IntStream.range(0, 20)
                        .mapToObj(number -> TaskRequest.of("work", "long " + number))
                        .toList());
    }

    private static long count(Architect architect, TaskState state) {
        return architect.tasks().counts().getOrDefault(state, 0L);
    }

    /** A task a millisecond was performed before, so about ten are claimed ahead; returns how many. */
    private int awaitClaimedAhead(Architect architect) throws Exception {
        // A worker has its task a moment after the store counts it as running.
        waitUntil(() -> count(architect, TaskState.RUNNING) > SLOTS && performed.size() == SLOTS);
        int ahead = (int) count(architect, TaskState.RUNNING) - SLOTS;
        assertThat(ahead).isBetween(5, 12);
        return ahead;
    }

    @Test
    void givesBackWhatFindsNoSlotWithinASecond() throws Exception {
        Architect architect = startWithARate();
        List<TaskHandle> tasks = submitLong(architect);
        int ahead = awaitClaimedAhead(architect);

        advanceUntil(() -> count(architect, TaskState.RUNNING) == SLOTS);

        assertThat(performed).hasSize(SLOTS);
        assertThat(tasks.subList(SLOTS, SLOTS + ahead))
                .allSatisfy(task -> assertThat(architect.tasks().attempts(task.id()))
                        .singleElement()
                        .satisfies(attempt -> {
                            assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.HANDED_BACK);
                            assertThat(attempt.error()).contains("no slot became free for it");
                        }));
        release.countDown();
        advanceUntil(() -> count(architect, TaskState.DONE) == 520);
        assertThat(performed).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void aCancelledTaskNeverStarts() throws Exception {
        Architect architect = startWithARate();
        List<TaskHandle> tasks = submitLong(architect);
        int ahead = awaitClaimedAhead(architect);
        TaskHandle claimed = tasks.get(SLOTS + ahead - 1);

        claimed.cancel();

        waitUntil(() -> count(architect, TaskState.CANCELLED) == 1);
        release.countDown();
        advanceUntil(() -> count(architect, TaskState.DONE) == 519);
        assertThat(performed).hasSize(19).doesNotContain("long " + (SLOTS + ahead - 1));
    }

    @Test
    void isGivenBackByANodeThatStops() throws Exception {
        Architect architect = startWithARate();
        submitLong(architect);
        int ahead = awaitClaimedAhead(architect);

        close(architect);

        assertThat(events.queue)
                .filteredOn(Event.TaskAttemptEnded.class::isInstance)
                .map(Event.TaskAttemptEnded.class::cast)
                .filteredOn(ended -> ended.outcome() != AttemptOutcome.SUCCEEDED)
                .hasSizeGreaterThanOrEqualTo(SLOTS + ahead)
                .allSatisfy(ended -> {
                    assertThat(ended.outcome()).isEqualTo(AttemptOutcome.HANDED_BACK);
                    assertThat(ended.next()).isEqualTo(TaskState.READY);
                });
        assertThat(performed).hasSize(SLOTS);
    }
}
