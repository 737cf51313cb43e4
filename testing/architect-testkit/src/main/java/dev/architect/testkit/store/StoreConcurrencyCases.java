package dev.architect.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Calls by several threads at once. */
abstract class StoreConcurrencyCases extends StoreCases {

    private static final int SUBMITTERS = 4;
    private static final int WORKERS = 4;
    private static final int TASKS_EACH = 120;
    private static final int TASKS = SUBMITTERS * TASKS_EACH;

    private final AtomicInteger recorded = new AtomicInteger();

    StoreConcurrencyCases(StoreContract contract) {
        super(contract);
    }

    @Test
    void recordsEveryTaskOnceAndLosesNone() throws Exception {
        Queue<TaskId> accepted = new ConcurrentLinkedQueue<>();
        Queue<FencingToken> ended = new ConcurrentLinkedQueue<>();
        List<Callable<Void>> work = new ArrayList<>();
        for (int i = 0; i < SUBMITTERS; i++) {
            work.add(() -> submitAll(accepted));
        }
        for (int i = 0; i < WORKERS; i++) {
            // Two nodes of each name: names are for people, and need not differ.
            long incarnation = store().nodes().join("worker-" + i % 2);
            work.add(() -> claimAndFinish(incarnation, ended));
        }

        runTogether(work);

        assertThat(new HashSet<>(accepted)).hasSize(TASKS);
        assertThat(ended).hasSize(TASKS);
        assertThat(new HashSet<>(ended)).hasSize(TASKS);
        List<Task> tasks = store().tasks().list(TaskQuery.newest(500));
        assertThat(tasks).hasSize(TASKS).allMatch(task -> task.state() == TaskState.DONE && task.epoch() == 1);
        assertThat(tasks).allMatch(task -> store().tasks().attempts(task.id()).size() == 1);
        assertThat(store().tasks().counts()).containsOnlyKeys(TaskState.DONE);
    }

    private Void submitAll(Queue<TaskId> accepted) {
        for (int i = 0; i < TASKS_EACH; i += 3) {
            accepted.addAll(submit(3));
        }
        return null;
    }

    /** Ends everything it claims twice, as a node does that has lost the response to the first call. */
    private Void claimAndFinish(long incarnation, Queue<FencingToken> ended) {
        while (recorded.get() < TASKS) {
            List<ClaimedTask> claimed = claim(incarnation, 5);
            for (int round = 0; round < 2; round++) {
                Set<FencingToken> matched = store().tasks()
                        .finish(claimed.stream()
                                .map(task -> done(task.fencingToken()))
                                .toList());
                ended.addAll(matched);
                recorded.addAndGet(matched.size());
            }
            if (claimed.isEmpty()) {
                Thread.yield();
            }
        }
        return null;
    }

    @Test
    void recordsOneOfManyConcurrentEnds() throws Exception {
        FencingToken fencingToken = running().fencingToken();
        AtomicInteger winners = new AtomicInteger();
        List<Callable<Void>> racers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            racers.add(() -> {
                if (finish(done(fencingToken))) {
                    winners.incrementAndGet();
                }
                return null;
            });
        }

        runTogether(racers);

        assertThat(winners).hasValue(1);
        assertThat(store().tasks().attempts(fencingToken.id())).hasSize(1);
    }

    @Test
    void letsCancelAndEndRaceToOneFinalState() throws Exception {
        for (int round = 0; round < 25; round++) {
            FencingToken fencingToken = running().fencingToken();

            runTogether(List.of(
                    () -> {
                        store().tasks().cancel(fencingToken.id());
                        return null;
                    },
                    () -> {
                        assertThat(finish(done(fencingToken))).isTrue();
                        return null;
                    }));

            // A cancellation of a running task is only a request, so whichever call came first, the end is recorded.
            assertThat(find(fencingToken.id()).state()).isEqualTo(TaskState.DONE);
        }
    }
}
