package dev.architect.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.error.StoreException;
import dev.architect.project.ProjectId;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two handles on one database, as two processes have: their nodes compete, die, come late, and lose replies. */
abstract class StoreTwoHandleCases extends StoreCases {

    private static final int TASKS = 300;

    private long otherNode;

    StoreTwoHandleCases(StoreContract contract) {
        super(contract);
    }

    @BeforeEach
    void joinSecond() throws Exception {
        otherNode = second().nodes().join("node-2");
    }

    private TaskStore first() {
        return store().tasks();
    }

    private TaskStore other() throws Exception {
        return second().tasks();
    }

    private static ClaimRequest prompts(long node, int limit) {
        return ClaimRequest.of(node, limit, Set.of(TaskRequest.PROMPT));
    }

    private List<FencingToken> claimOther(int limit) throws Exception {
        return other().claim(prompts(otherNode, limit)).stream()
                .map(ClaimedTask::fencingToken)
                .toList();
    }

    private void assertCountsEqualRows(int tasks) throws Exception {
        Map<TaskState, Long> rows = new EnumMap<>(TaskState.class);
        List<Task> all = first().list(TaskQuery.newest(500));
        all.forEach(task -> rows.merge(task.state(), 1L, Long::sum));
        assertThat(all).hasSize(tasks);
        assertThat(first().counts()).isEqualTo(rows);
        assertThat(other().counts()).isEqualTo(rows);
    }

    @Test
    void neverClaimTheSameTask() throws Exception {
        submit(TASKS);
        Queue<FencingToken> claimed = new ConcurrentLinkedQueue<>();
        Callable<Void> firstClaims = () -> claimAll(first(), node(), claimed);
        Callable<Void> otherClaims = () -> claimAll(other(), otherNode, claimed);

        runTogether(List.of(firstClaims, otherClaims, firstClaims, otherClaims));

        assertThat(claimed).hasSize(TASKS).allMatch(token -> token.epoch() == 1);
        assertThat(claimed.stream().map(FencingToken::id).distinct()).hasSize(TASKS);
        assertCountsEqualRows(TASKS);
    }

    private static Void claimAll(TaskStore tasks, long node, Queue<FencingToken> into) {
        List<ClaimedTask> batch = tasks.claim(prompts(node, 7));
        while (!batch.isEmpty()) {
            batch.forEach(task -> into.add(task.fencingToken()));
            batch = tasks.claim(prompts(node, 7));
        }
        return null;
    }

    @Test
    void giveEveryTaskAnIdOfItsOwn() throws Exception {
        Queue<TaskId> ids = new ConcurrentLinkedQueue<>();
        List<Callable<Void>> submitters = new ArrayList<>();
        for (TaskStore tasks : List.of(first(), other())) {
            submitters.add(() -> {
                for (int i = 0; i < 50; i++) {
                    ids.addAll(tasks.submit(List.of(prompt("a"), prompt("b"))));
                }
                return null;
            });
        }

        runTogether(submitters);

        assertThat(new HashSet<>(ids)).hasSize(200);
        assertThat(ids).allSatisfy(id -> {
            assertThat(first().find(id)).isPresent();
            assertThat(other().find(id)).isPresent();
        });
        assertCountsEqualRows(200);
    }

    @Test
    void agreeOnTypesAndProjectsThatBothAreTheFirstToUse() throws Exception {
        List<Callable<Void>> submitters = new ArrayList<>();
        for (TaskStore tasks : List.of(first(), other())) {
            submitters.add(() -> {
                for (int i = 0; i < 30; i++) {
                    tasks.submit(List.of(TaskRequest.of("type-" + i, "p").withProject(new ProjectId("project-" + i))));
                }
                return null;
            });
        }

        runTogether(submitters);

        for (int i = 0; i < 30; i++) {
            TaskQuery query = TaskQuery.newest(10).withType("type-" + i).withProject(new ProjectId("project-" + i));
            assertThat(first().list(query)).hasSize(2).isEqualTo(other().list(query));
            assertThat(other().claim(ClaimRequest.of(otherNode, 10, Set.of("type-" + i))))
                    .hasSize(2)
                    .allMatch(task ->
                            task.request().attribution().project().name().startsWith("project-"));
        }
    }

    @Test
    void ignoreAnEndThatComesAfterTheTaskWasTakenBack() throws Exception {
        TaskId id = submit(prompt("p"));
        FencingToken late = claimOther(1).get(0);
        killSecond(otherNode);
        assertThat(store().nodes().deadOwners()).containsExactly(otherNode);
        assertThat(first().reap(otherNode)).isEqualTo(1);

        assertThat(other().finish(List.of(done(late)))).isEmpty();
        FencingToken next = claimOne().fencingToken();
        assertThat(other().finish(List.of(done(late)))).isEmpty();

        assertThat(next.epoch()).isGreaterThan(late.epoch());
        assertThat(finish(done(next))).isTrue();
        assertThat(first().attempts(id))
                .extracting(Attempt::outcome)
                .containsExactly(AttemptOutcome.LOST, AttemptOutcome.SUCCEEDED);
        assertCountsEqualRows(1);
    }

    @Test
    void giveNothingToANodeThatTheOtherHasDeclaredDead() throws Exception {
        submit(2);
        killSecond(otherNode);
        store().nodes().deadOwners();

        assertThat(claimOther(2)).isEmpty();
        assertThat(second().nodes().beat(otherNode)).isEmpty();
        assertThat(claim(2)).hasSize(2);
    }

    @Test
    void recoverEachTaskOfADeadNodeOnce() throws Exception {
        List<TaskId> ids = submit(40);
        long dead = store().nodes().join("node-3");
        first().claim(prompts(dead, 40));
        kill(dead);
        store().nodes().deadOwners();
        AtomicInteger recovered = new AtomicInteger();
        List<Callable<Void>> reapers = new ArrayList<>();
        for (TaskStore tasks : List.of(first(), other(), first(), other())) {
            reapers.add(() -> {
                recovered.addAndGet(tasks.reap(dead));
                return null;
            });
        }

        runTogether(reapers);

        assertThat(recovered).hasValue(40);
        assertThat(ids).allSatisfy(id -> assertThat(first().attempts(id)).hasSize(1));
        assertCountsEqualRows(40);
    }

    @Test
    void makeEachDueTaskReadyOnce() throws Exception {
        for (int i = 0; i < 40; i++) {
            submit(prompt("p").withDelay(Duration.ofSeconds(1)));
        }
        time.advance(Duration.ofSeconds(1));
        AtomicInteger promoted = new AtomicInteger();
        List<Callable<Void>> timers = new ArrayList<>();
        for (TaskStore tasks : List.of(first(), other())) {
            timers.add(() -> {
                for (int i = 0; i < 10; i++) {
                    promoted.addAndGet(tasks.promoteDue(7));
                }
                return null;
            });
        }

        runTogether(timers);

        assertThat(promoted).hasValue(40);
        assertCountsEqualRows(40);
    }

    @Test
    void seeACancellationOfTheOther() throws Exception {
        submit(2);
        List<FencingToken> running = claimOther(1);

        first().cancel(running.get(0).id());

        assertThat(other().cancelRequested(running)).containsExactlyElementsOf(running);
        assertThat(other().finish(List.of(cancelled(running.get(0))))).hasSize(1);
        assertThat(find(running.get(0).id()).state()).isEqualTo(TaskState.CANCELLED);
        assertCountsEqualRows(2);
    }

    /** Makes the call, and fails instead of returning its result. */
    private FaultyStore losesReplyOf(Store store, String method) {
        FaultyStore faulty = new FaultyStore(store);
        faulty.keepOpen();
        faulty.set((called, call) -> {
            Object result = call.call();
            if (called.equals(method)) {
                throw new StoreException(StoreException.Kind.OUTCOME_UNKNOWN, "the reply was lost", null);
            }
            return result;
        });
        return faulty;
    }

    private static void assertLost(Callable<?> call) {
        assertThatThrownBy(call::call)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        lost -> assertThat(lost.kind()).isEqualTo(StoreException.Kind.OUTCOME_UNKNOWN));
    }

    @Test
    void findTheTasksOfAClaimWhoseReplyWasLost() throws Exception {
        submit(3);
        try (FaultyStore lossy = losesReplyOf(second(), "claim")) {
            assertLost(() -> lossy.tasks().claim(prompts(otherNode, 3)));
        }

        Set<FencingToken> owned = first().runningOf(otherNode);
        assertThat(owned).hasSize(3);
        assertThat(claim(3)).isEmpty();
        assertThat(other().finish(owned.stream().map(this::handedBack).toList()))
                .isEqualTo(owned);

        assertThat(claim(3))
                .hasSize(3)
                .allMatch(task -> task.attempt() == 1 && task.fencingToken().epoch() == 2);
    }

    @Test
    void tellWhatAnEndCameToWhoseReplyWasLost() throws Exception {
        submit(2);
        List<FencingToken> running = claimOther(2);
        try (FaultyStore lossy = losesReplyOf(second(), "finish")) {
            assertLost(() -> lossy.tasks().finish(List.of(done(running.get(0)))));
        }

        assertThat(other().finish(List.of(done(running.get(0)), done(running.get(1)))))
                .containsExactly(running.get(1));
        assertThat(running)
                .allSatisfy(token -> assertThat(first().attempts(token.id()))
                        .singleElement()
                        .satisfies(attempt -> assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.SUCCEEDED)));
        assertCountsEqualRows(2);
    }

    @Test
    void keepASubmissionWhoseReplyWasLostOnce() throws Exception {
        try (FaultyStore lossy = losesReplyOf(second(), "submit")) {
            assertLost(() -> lossy.tasks().submit(List.of(prompt("p"))));
        }

        assertThat(claim(5)).hasSize(1);
        assertCountsEqualRows(1);
    }

    @Test
    void claimOnceWhatWasSubmittedEarlierAndStoredLate() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayCommit = new CountDownLatch(1);
        try (FaultyStore late = new FaultyStore(second())) {
            late.keepOpen();
            late.set((called, call) -> {
                begun.countDown();
                assertThat(mayCommit.await(60, TimeUnit.SECONDS)).isTrue();
                return call.call();
            });
            runTogether(List.of(
                    () -> {
                        late.tasks().submit(List.of(prompt("late")));
                        return null;
                    },
                    () -> {
                        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
                        // What comes later gets a larger id and is claimed first.
                        submit(3);
                        assertThat(claim(5)).hasSize(3);
                        mayCommit.countDown();
                        return null;
                    }));
        }

        assertThat(claim(5))
                .singleElement()
                .satisfies(task -> assertThat(task.attempt()).isEqualTo(1));
        assertThat(claimOther(5)).isEmpty();
        assertCountsEqualRows(4);
    }
}
