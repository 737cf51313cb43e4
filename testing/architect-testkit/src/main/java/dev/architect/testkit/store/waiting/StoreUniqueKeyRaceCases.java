package dev.architect.testkit.store.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.AttemptOutcome;
import dev.architect.submission.AcceptedTask;
import dev.architect.submission.TaskSubmission;
import dev.architect.submission.UniqueKeyTakenException;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.task.UniqueKey;
import dev.architect.task.UniqueKey.OnConflict;
import dev.architect.testkit.store.node.StoreHandles;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Unique keys when two handles use them at the same time: exactly one wins. */
public abstract class StoreUniqueKeyRaceCases extends StoreWaitingFixture {

    private static final int KEYS = 30;
    private static final int RACERS = 8;

    /** For the contract. */
    protected StoreUniqueKeyRaceCases(StoreHandles handles) {
        super(handles);
    }

    @Test
    void exactlyOneOfManyIsAccepted() throws Exception {
        AtomicInteger accepted = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();

        onBothHandles((tasks, number) -> {
            for (int key = 0; key < KEYS; key++) {
                try {
                    tasks.submit(List.of(unique("p" + number, UniqueKey.rejecting("k" + key))));
                    accepted.incrementAndGet();
                } catch (UniqueKeyTakenException taken) {
                    assertThat(tasks.find(taken.holder())).isPresent();
                    refused.incrementAndGet();
                }
            }
        });

        assertThat(accepted).hasValue(KEYS);
        assertThat(refused).hasValue(KEYS * (RACERS - 1));
        assertThat(tasks().counts()).isEqualTo(Map.of(TaskState.READY, (long) KEYS));
    }

    @Test
    void everyOneIsAnsweredTheSameTask() throws Exception {
        Queue<AcceptedTask> answers = new ConcurrentLinkedQueue<>();

        onBothHandles((tasks, number) -> {
            // Each list in an order of its own, as lists of different callers are.
            List<TaskSubmission> list = new ArrayList<>();
            for (int key = 0; key < KEYS; key++) {
                OnConflict onConflict = number % 2 == 0 ? OnConflict.EXISTING : OnConflict.REPLACE;
                list.add(TaskSubmission.of(unique("p" + number, new UniqueKey("k" + key, onConflict))));
            }
            Collections.rotate(list, number * 7);
            answers.addAll(tasks.submitOnce(list));
        });

        assertThat(answers).hasSize(KEYS * RACERS);
        assertThat(answers.stream().filter(AcceptedTask::isNew)).hasSize(KEYS);
        Map<TaskId, Integer> byTask = new HashMap<>();
        answers.forEach(answer -> byTask.merge(answer.id(), 1, Integer::sum));
        assertThat(byTask).hasSize(KEYS);
        assertThat(byTask.values()).containsOnly(RACERS);
        assertThat(tasks().counts()).isEqualTo(Map.of(TaskState.READY, (long) KEYS));
    }

    @Test
    void redriveAndSubmissionDoNotBothGetTheKey() throws Exception {
        List<TaskId> dead = new ArrayList<>();
        for (int key = 0; key < KEYS; key++) {
            dead.add(submit(unique("old", UniqueKey.rejecting("k" + key))));
            finish(claimOne(), AttemptOutcome.FAILED, TaskState.DEAD);
        }
        AtomicInteger winners = new AtomicInteger();

        onBothHandles((tasks, number) -> {
            for (int key = 0; key < KEYS; key++) {
                if (number % 2 == 0) {
                    winners.addAndGet(tasks.redrive(List.of(dead.get(key))).size());
                    continue;
                }
                TaskRequest request = unique("new", UniqueKey.rejecting("k" + key));
                try {
                    tasks.submit(List.of(request));
                    winners.incrementAndGet();
                } catch (UniqueKeyTakenException taken) {
                    assertThat(tasks.find(taken.holder())).isPresent();
                }
            }
        });

        assertThat(winners).hasValue(KEYS);
        assertThat(tasks().counts().get(TaskState.READY)).isEqualTo(KEYS);
        assertCountsEqualRows();
    }
}
