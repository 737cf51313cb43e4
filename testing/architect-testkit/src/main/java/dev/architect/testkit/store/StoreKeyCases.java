package dev.architect.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.maintenance.TaskRetention;
import dev.architect.project.ProjectId;
import dev.architect.spi.Store;
import dev.architect.submission.AcceptedTask;
import dev.architect.submission.IdempotencyKey;
import dev.architect.submission.IdempotencyKeyReusedException;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Submitting once, by an idempotency key. */
abstract class StoreKeyCases extends StoreCases {

    private static final IdempotencyKey KEY = new IdempotencyKey("order-7 / première");

    private final StoreContract contract;

    StoreKeyCases(StoreContract contract) {
        super(contract);
        this.contract = contract;
    }

    private AcceptedTask submitOnce(TaskRequest request, IdempotencyKey key) {
        return store().tasks()
                .submitOnce(List.of(TaskSubmission.of(request, key)))
                .get(0);
    }

    @Test
    void acceptsOneTaskForAKey() {
        TaskRequest request = prompt("p").withAttribute("a", "1").withAttribute("b", "2");
        AcceptedTask first = submitOnce(request, KEY);

        AcceptedTask second = submitOnce(prompt("p").withAttribute("b", "2").withAttribute("a", "1"), KEY);

        assertThat(first.isNew()).isTrue();
        assertThat(second).isEqualTo(new AcceptedTask(first.id(), false));
        assertThat(claimIds(10)).containsExactly(first.id());
        assertThat(find(first.id()).request()).isEqualTo(request);
    }

    @Test
    void answersTheTaskWhateverHasBecomeOfIt() {
        TaskId id = submitOnce(prompt("p"), KEY).id();
        finish(done(claimOne().fencingToken()));

        assertThat(submitOnce(prompt("p"), KEY)).isEqualTo(new AcceptedTask(id, false));

        assertThat(store().tasks().counts()).isEqualTo(Map.of(TaskState.DONE, 1L));
    }

    @Test
    void refusesAKeyThatWasUsedForAnotherRequest() {
        TaskId id = submitOnce(prompt("p"), KEY).id();

        for (TaskRequest other : List.of(
                prompt("q"),
                TaskRequest.of("other", prompt("p").payload()),
                prompt("p").withDelay(Duration.ofSeconds(1)),
                prompt("p").withMaxAttempts(3),
                prompt("p").withAttribute("a", "b"),
                prompt("p").withTimeout(Duration.ofSeconds(1)),
                prompt("p").withAttribution(prompt("p").attribution().withUser("ann")))) {
            assertThatThrownBy(() -> submitOnce(other, KEY))
                    .isInstanceOfSatisfying(IdempotencyKeyReusedException.class, reused -> {
                        assertThat(reused.key()).isEqualTo(KEY);
                        assertThat(reused.task()).contains(id);
                        assertThat(reused).hasMessageContaining(KEY.value()).hasMessageContaining(id.toString());
                    });
        }

        assertThat(store().tasks().counts()).isEqualTo(Map.of(TaskState.READY, 1L));
    }

    @Test
    void keepsTheKeysOfProjectsApart() {
        TaskId one = submitOnce(prompt("p"), KEY).id();

        AcceptedTask other = submitOnce(prompt("q").withProject(new ProjectId("other")), KEY);

        assertThat(other.isNew()).isTrue();
        assertThat(other.id()).isNotEqualTo(one);
    }

    @Test
    void tellsKeysApartByEveryCharacter() {
        Set<TaskId> ids = List.of("a", "A", "a ", "ä", "a\u0308", "b").stream()
                .map(key -> submitOnce(prompt("p"), new IdempotencyKey(key)).id())
                .collect(Collectors.toSet());

        assertThat(ids).hasSize(6);
    }

    @Test
    void remembersAKeyForADay() {
        TaskId id = submitOnce(prompt("p"), KEY).id();

        time.advance(Duration.ofHours(24).minusSeconds(1));
        assertThat(submitOnce(prompt("p"), KEY).id()).isEqualTo(id);
        time.advance(Duration.ofSeconds(1));
        AcceptedTask next = submitOnce(prompt("q"), KEY);

        assertThat(next.isNew()).isTrue();
        assertThat(next.id()).isNotEqualTo(id);
        assertThat(submitOnce(prompt("q"), KEY)).isEqualTo(new AcceptedTask(next.id(), false));
        time.advance(Duration.ofHours(24).minusSeconds(1));
        assertThat(submitOnce(prompt("q"), KEY)).isEqualTo(new AcceptedTask(next.id(), false));
    }

    @Test
    void acceptsABatchWithAndWithoutKeys() {
        IdempotencyKey other = new IdempotencyKey("other");

        List<AcceptedTask> accepted = store().tasks()
                .submitOnce(List.of(
                        TaskSubmission.of(prompt("1")),
                        TaskSubmission.of(prompt("2"), KEY),
                        TaskSubmission.of(prompt("1")),
                        TaskSubmission.of(prompt("2"), KEY),
                        TaskSubmission.of(prompt("3"), other)));

        assertThat(accepted).extracting(AcceptedTask::isNew).containsExactly(true, true, true, false, true);
        assertThat(accepted.get(3).id()).isEqualTo(accepted.get(1).id());
        assertThat(accepted.stream().map(AcceptedTask::id).distinct()).hasSize(4);
        assertThat(claim(10)).hasSize(4);
        assertThat(store().tasks().submitOnce(List.of())).isEmpty();
    }

    @Test
    void acceptsNothingOfABatchWithAReusedKey() {
        submitOnce(prompt("p"), KEY);
        IdempotencyKey fresh = new IdempotencyKey("fresh");

        assertThatThrownBy(() -> store().tasks()
                        .submitOnce(List.of(
                                TaskSubmission.of(prompt("1"), fresh),
                                TaskSubmission.of(prompt("2")),
                                TaskSubmission.of(prompt("other"), KEY))))
                .isInstanceOf(IdempotencyKeyReusedException.class);
        assertThatThrownBy(() -> store().tasks()
                        .submitOnce(
                                List.of(TaskSubmission.of(prompt("1"), fresh), TaskSubmission.of(prompt("2"), fresh))))
                .isInstanceOf(IdempotencyKeyReusedException.class);

        assertThat(store().tasks().counts()).isEqualTo(Map.of(TaskState.READY, 1L));
        assertThat(submitOnce(prompt("2"), fresh).isNew()).isTrue();
    }

    @Test
    void acceptsOneTaskWhenManySubmitAtATime() throws Exception {
        int threads = 8;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 20; round++) {
                IdempotencyKey key = new IdempotencyKey("round-" + round);
                CyclicBarrier barrier = new CyclicBarrier(threads);
                Callable<AcceptedTask> submit = () -> {
                    barrier.await(60, TimeUnit.SECONDS);
                    return submitOnce(prompt("p"), key);
                };
                List<Future<AcceptedTask>> all = executor.invokeAll(
                        IntStream.range(0, threads).mapToObj(i -> submit).toList());
                Set<TaskId> ids = new HashSet<>();
                int fresh = 0;
                for (Future<AcceptedTask> one : all) {
                    ids.add(one.get().id());
                    fresh += one.get().isNew() ? 1 : 0;
                }
                assertThat(ids).hasSize(1);
                assertThat(fresh).isEqualTo(1);
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(store().tasks().counts()).isEqualTo(Map.of(TaskState.READY, 20L));
    }

    @Test
    void acceptsOneTaskWhenTwoProcessesSubmitAtATime() throws Exception {
        Store other = contract.openAnother(store(), time);
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 50; round++) {
                IdempotencyKey key = new IdempotencyKey("round-" + round);
                CyclicBarrier barrier = new CyclicBarrier(2);
                List<Future<AcceptedTask>> both = List.of(store(), other).stream()
                        .map(handle -> executor.submit(() -> {
                            barrier.await(60, TimeUnit.SECONDS);
                            return handle.tasks()
                                    .submitOnce(List.of(TaskSubmission.of(prompt("p"), key)))
                                    .get(0);
                        }))
                        .toList();
                AcceptedTask one = both.get(0).get();
                AcceptedTask two = both.get(1).get();
                assertThat(one.id()).isEqualTo(two.id());
                assertThat(one.isNew()).isNotEqualTo(two.isNew());
            }
        } finally {
            executor.shutdownNow();
            if (!other.equals(store())) {
                other.close();
            }
        }
        assertThat(store().tasks().counts()).isEqualTo(Map.of(TaskState.READY, 50L));
    }

    @Test
    void keepsATaskAsLongAsItsKey() {
        TaskId keyed = submitOnce(prompt("p"), KEY).id();
        TaskId keyless = submit(prompt("p"));
        claim(2).forEach(claimed -> finish(done(claimed.fencingToken())));
        TaskRetention minute = TaskRetention.DEFAULT.withDone(Duration.ofMinutes(1));
        time.advance(Duration.ofHours(23));

        store().tasks().purge(minute, Optional.empty(), 500);

        assertThat(store().tasks().find(keyless)).isEmpty();
        assertThat(submitOnce(prompt("p"), KEY)).isEqualTo(new AcceptedTask(keyed, false));
        assertThat(store().tasks().find(keyed)).isPresent();
        time.advance(Duration.ofHours(2));
        store().tasks().purge(minute, Optional.empty(), 500);
        assertThat(store().tasks().find(keyed)).isEmpty();
        assertThat(submitOnce(prompt("q"), KEY).isNew()).isTrue();
    }
}
