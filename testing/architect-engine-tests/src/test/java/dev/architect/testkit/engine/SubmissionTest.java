package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.error.StoreException;
import dev.architect.event.Event;
import dev.architect.json.InvalidFieldException;
import dev.architect.submission.IdempotencyKey;
import dev.architect.submission.IdempotencyKeyReusedException;
import dev.architect.submission.PartialSubmissionException;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is accepted, once or in parts, and what is refused before anything is. */
final class SubmissionTest extends EngineFixture {

    private static final TaskRequest WORK = TaskRequest.of("work", "p");
    private static final IdempotencyKey KEY = new IdempotencyKey("order-7");

    private Architect submitting() {
        return start(builder(context -> "never").withoutTaskExecution());
    }

    @Test
    void acceptsATaskOnceForAKey() throws Exception {
        Architect one = submitting();
        Architect other = submitting();

        TaskHandle first = one.tasks().submit(WORK, KEY);
        TaskHandle second = other.tasks().submit(WORK, KEY);
        TaskHandle unrelated = one.submit(WORK);

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(unrelated.id()).isNotEqualTo(first.id());
        assertThat(one.tasks().counts()).isEqualTo(Map.of(TaskState.READY, 2L));
        advanceUntil(() -> submitted() == 2);
        assertThatThrownBy(() -> other.tasks().submit(WORK.withMaxAttempts(1), KEY))
                .isInstanceOf(IdempotencyKeyReusedException.class)
                .hasMessage("idempotencyKey is 'order-7', which was used for task " + first.id()
                        + " with another request, expected the same request or another key");
    }

    @Test
    void refusesKeysThatAreNone() {
        for (String wrong : List.of("", "   ", "a\nb", "a\u0000", "\u200b", "x".repeat(256), "\ud800", "\u2028")) {
            assertThatThrownBy(() -> new IdempotencyKey(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("idempotencyKey ")
                    .hasMessageContaining("expected");
        }
        assertThat(new IdempotencyKey("x".repeat(255)).value()).hasSize(255);
        assertThat(new IdempotencyKey("Bestellung Nr. 7 / größe").value()).isNotEmpty();
    }

    @Test
    void writesLargeSubmissionsInGroups() {
        Queue<Integer> groups = new ConcurrentLinkedQueue<>();
        Architect architect = submitting();
        List<TaskRequest> requests = IntStream.range(0, 12_345)
                .mapToObj(i -> TaskRequest.of("work", "p" + i))
                .toList();
        AtomicInteger between = new AtomicInteger();
        store.set((method, call) -> {
            if (method.equals("submit")) {
                Object ids = call.call();
                groups.add(((List<?>) ids).size());
                return ids;
            }
            between.incrementAndGet();
            return call.call();
        });

        List<TaskHandle> handles = architect.tasks().submitAll(requests);

        assertThat(groups).containsExactly(5_000, 5_000, 2_345);
        assertThat(handles).hasSize(12_345);
        for (int i : new int[] {0, 4_999, 5_000, 12_344}) {
            assertThat(architect
                            .tasks()
                            .find(handles.get(i).id())
                            .orElseThrow()
                            .request()
                            .payload())
                    .isEqualTo("p" + i);
        }
        assertThat(architect.tasks().submitAll(List.of())).isEmpty();
    }

    @Test
    void tellsWhatWasAcceptedWhenALaterGroupFails() {
        Architect architect = submitting();
        AtomicInteger calls = new AtomicInteger();
        store.set((method, call) -> {
            if (method.equals("submit") && calls.incrementAndGet() == 3) {
                throw new StoreException(StoreException.Kind.FULL, "database or disk is full", null);
            }
            return call.call();
        });

        assertThatThrownBy(() -> architect
                        .tasks()
                        .submitAll(
                                IntStream.range(0, 20_000).mapToObj(i -> WORK).toList()))
                .isInstanceOfSatisfying(PartialSubmissionException.class, partial -> {
                    assertThat(partial.accepted()).hasSize(10_000);
                    assertThat(partial.unknownCount()).isZero();
                    assertThat(partial.isTransient()).isTrue();
                    assertThat(partial).hasCauseInstanceOf(StoreException.class);
                    assertThat(partial.accepted().stream().map(TaskHandle::id).distinct())
                            .hasSize(10_000);
                    assertThat(architect
                                    .tasks()
                                    .find(partial.accepted().get(9_999).id()))
                            .isPresent();
                })
                .hasMessage("10000 of 20000 tasks were accepted, expected all: database or disk is full");
        assertThat(architect.tasks().counts()).isEqualTo(Map.of(TaskState.READY, 10_000L));
    }

    @Test
    void tellsHowManyMayBeThereWhenTheOutcomeIsUnknown() {
        Architect architect = submitting();
        AtomicInteger calls = new AtomicInteger();
        store.set((method, call) -> {
            Object result = call.call();
            if (method.equals("submitOnce") && calls.incrementAndGet() == 2) {
                throw new StoreException(StoreException.Kind.OUTCOME_UNKNOWN, "the reply was lost", null);
            }
            return result;
        });
        List<TaskSubmission> submissions = IntStream.range(0, 6_000)
                .mapToObj(i -> TaskSubmission.of(WORK, new IdempotencyKey("k" + i)))
                .toList();

        assertThatThrownBy(() -> architect.tasks().submitOnce(submissions))
                .isInstanceOfSatisfying(PartialSubmissionException.class, partial -> {
                    assertThat(partial.accepted()).hasSize(5_000);
                    assertThat(partial.unknownCount()).isEqualTo(1_000);
                });

        store.heal();
        // With keys, all of it can be repeated.
        assertThat(architect.tasks().submitOnce(submissions)).hasSize(6_000);
        assertThat(architect.tasks().counts()).isEqualTo(Map.of(TaskState.READY, 6_000L));
    }

    @Test
    void throwsTheFailureOfTheFirstGroupAsItIs() {
        Architect architect = submitting();
        store.set((method, call) -> {
            if (method.startsWith("submit")) {
                throw new StoreException(StoreException.Kind.FULL, "database or disk is full", null);
            }
            return call.call();
        });

        assertThatThrownBy(() -> architect
                        .tasks()
                        .submitAll(
                                IntStream.range(0, 20_000).mapToObj(i -> WORK).toList()))
                .isInstanceOfSatisfying(
                        StoreException.class, full -> assertThat(full.kind()).isEqualTo(StoreException.Kind.FULL));
        assertThatThrownBy(() -> architect.tasks().submit(WORK, KEY)).isInstanceOf(StoreException.class);
        store.heal();
        assertThat(architect.tasks().counts()).isEmpty();
    }

    @Test
    void acceptsNothingWhenOneOfManyIsWrong() {
        Architect architect = submitting();
        List<TaskRequest> requests =
                new ArrayList<>(IntStream.range(0, 7_000).mapToObj(i -> WORK).toList());
        requests.set(6_999, TaskRequest.of("paint", "p"));

        assertThatThrownBy(() -> architect.tasks().submitAll(requests))
                .isInstanceOfSatisfying(
                        InvalidFieldException.class,
                        wrong -> assertThat(wrong.field()).isEqualTo("tasks[6999].type"))
                .hasMessage("tasks[6999]: task type is 'paint', expected one of [prompt, work]");
        assertThatThrownBy(() -> architect.submit(TaskRequest.of("paint", "p")))
                .isInstanceOfSatisfying(
                        InvalidFieldException.class,
                        wrong -> assertThat(wrong.field()).isEqualTo("type"));
        assertThat(architect.tasks().counts()).isEmpty();
    }

    @Test
    void refusesRequestsThatNoStoreCouldKeep() {
        for (Duration delay : List.of(
                Duration.ofMillis(-1),
                Duration.ofDays(367),
                Duration.ofSeconds(Long.MAX_VALUE),
                Duration.ofSeconds(Long.MIN_VALUE))) {
            assertThatThrownBy(() -> WORK.withDelay(delay))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("delay is " + delay + ", expected ");
        }
        assertThatThrownBy(() -> TaskRequest.of("work", "x".repeat(1_000_001)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("payload has 1000001 characters, expected at most 1000000");
    }

    private long submitted() {
        return events.queue.stream()
                .filter(Event.TaskSubmitted.class::isInstance)
                .count();
    }
}
