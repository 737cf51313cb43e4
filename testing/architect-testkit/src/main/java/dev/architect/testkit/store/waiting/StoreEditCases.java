package dev.architect.testkit.store.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.maintenance.TaskEdit;
import dev.architect.task.Priority;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import dev.architect.testkit.store.node.StoreHandles;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Changes to a task that waits. */
public abstract class StoreEditCases extends StoreWaitingFixture {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String ODD = "a\u0000b\ud83d\udcca \ud83d %_'\"\\\n\ufdd0 ä";

    /** For the contract. */
    protected StoreEditCases(StoreHandles handles) {
        super(handles);
    }

    @Test
    void changesTheWorkOfATask() {
        TaskId id = submit(task("before").withAttributes(Map.of("a", "1", "b", "2")));

        assertThat(tasks().edit(id, TaskEdit.NONE.withPayload(ODD).withAttributes(Map.of("c", ODD))))
                .isTrue();

        assertThat(find(id).request().payload()).isEqualTo(ODD);
        ClaimedTask claimed = claim(1).get(0);
        assertThat(claimed.request().payload()).isEqualTo(ODD);
        assertThat(claimed.request().attributes()).isEqualTo(Map.of("c", ODD));
        assertThat(claimed.request()).isEqualTo(find(id).request());
    }

    @Test
    void changesTheLevelAndKeepsTheTime() {
        TaskId first = submit(task("1"));
        time.advance(Duration.ofSeconds(1));
        TaskId second = submit(task("2"));
        time.advance(Duration.ofSeconds(1));

        assertThat(tasks().edit(second, TaskEdit.NONE.withPriority(new Priority(3))))
                .isTrue();

        assertThat(find(second).request().priority().level()).isEqualTo(3);
        List<ClaimedTask> claimed = claim(2);
        assertThat(claimed).extracting(each -> each.fencingToken().id()).containsExactly(second, first);
        assertThat(claimed.get(0).waited()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void changesWhenATaskIsDue() {
        TaskId id = submit(task("p"));

        assertThat(tasks().edit(id, TaskEdit.NONE.withDelay(MINUTE))).isTrue();

        assertThat(stateOf(id)).isEqualTo(TaskState.SCHEDULED);
        assertThat(find(id).dueAt()).contains(time.wallTime().plus(MINUTE));
        assertThat(tasks().untilNextDue()).contains(MINUTE);
        assertThat(claim(1)).isEmpty();
        assertThat(tasks().edit(id, TaskEdit.NONE.withDelay(MINUTE.multipliedBy(2))))
                .isTrue();
        time.advance(MINUTE);
        assertThat(tasks().promoteDue(1)).isZero();
        assertThat(tasks().edit(id, TaskEdit.NONE.withDelay(Duration.ZERO))).isTrue();
        assertThat(stateOf(id)).isEqualTo(TaskState.READY);
        assertThat(find(id).dueAt()).isEmpty();
        assertThat(tasks().untilNextDue()).isEmpty();
        assertThat(claim(1).get(0).waited()).isZero();
        assertCountsEqualRows();
    }

    @Test
    void aLevelOfAScheduledTaskCountsWhenItIsDue() {
        TaskId late = submit(task("p").withDelay(MINUTE));
        TaskId urgent = submit(task("p").withDelay(MINUTE));
        tasks().edit(urgent, TaskEdit.NONE.withPriority(new Priority(0)));
        time.advance(MINUTE);
        tasks().promoteDue(2);

        assertThat(claim(2)).extracting(each -> each.fencingToken().id()).containsExactly(urgent, late);
    }

    @Test
    void aHeldTaskStaysHeld() {
        TaskId id = submit(task("p"));
        tasks().hold(id);

        assertThat(tasks().edit(id, TaskEdit.NONE.withPayload("q").withDelay(MINUTE)))
                .isTrue();

        assertThat(stateOf(id)).isEqualTo(TaskState.HELD);
        assertThat(find(id).request().payload()).isEqualTo("q");
        assertCountsEqualRows();
    }

    @Test
    void changesNothingOfATaskThatDoesNotWait() {
        TaskId running = submit(task("p"));
        FencingToken token = claimOne();
        TaskEdit edit = TaskEdit.NONE.withPayload("q").withPriority(Priority.URGENT);
        Task before = find(running);

        assertThat(tasks().edit(running, edit)).isFalse();
        assertThat(tasks().runNow(running)).isFalse();
        assertThat(find(running)).isEqualTo(before);
        finish(token, AttemptOutcome.SUCCEEDED, TaskState.DONE);
        Task ended = find(running);
        assertThat(tasks().edit(running, edit)).isFalse();
        assertThat(tasks().runNow(running)).isFalse();
        assertThat(tasks().edit(new TaskId(12_345), edit)).isFalse();
        assertThat(tasks().runNow(new TaskId(12_345))).isFalse();

        assertThat(find(running)).isEqualTo(ended);
    }

    @Test
    void anEditOfAVersionChangesNothingOfAnother() throws Exception {
        TaskId id = submit(task("p").withAttributes(Map.of("a", ODD)).withDelay(MINUTE));
        long first = find(id).version();
        TaskEdit edit = TaskEdit.NONE.withPayload(ODD).ofVersion(first);

        assertThat(second().tasks().find(id).orElseThrow().version()).isEqualTo(first);
        assertThat(tasks().edit(id, edit)).isTrue();

        Task edited = find(id);
        assertThat(edited.version()).isNotEqualTo(first);
        assertThat(second().tasks()
                        .edit(id, TaskEdit.NONE.withPriority(Priority.URGENT).ofVersion(first)))
                .isFalse();
        assertThat(find(id)).isEqualTo(edited);
        assertThat(second().tasks()
                        .edit(id, TaskEdit.NONE.withPriority(Priority.URGENT).ofVersion(edited.version())))
                .isTrue();
        assertThat(find(id).request().priority()).isEqualTo(Priority.URGENT);
        assertCountsEqualRows();
    }

    @Test
    void everythingThatAnEditChangesIsAnotherVersion() {
        TaskId id = submit(task("p"));
        Set<Long> versions = new HashSet<>(Set.of(find(id).version()));

        for (TaskEdit edit : List.of(
                TaskEdit.NONE.withPriority(Priority.LOW),
                TaskEdit.NONE.withPayload("q"),
                TaskEdit.NONE.withAttributes(Map.of("a", "bc")),
                TaskEdit.NONE.withAttributes(Map.of("ab", "c")),
                TaskEdit.NONE.withDelay(MINUTE),
                TaskEdit.NONE.withDelay(MINUTE.multipliedBy(2)))) {
            assertThat(tasks().edit(id, edit)).isTrue();
            assertThat(versions.add(find(id).version())).as(edit.toString()).isTrue();
        }
        tasks().hold(id);
        assertThat(tasks().edit(id, TaskEdit.NONE.withPayload("q").ofVersion(find(id).version())))
                .isTrue();
    }

    @Test
    void ofSeveralEditsOfOneVersionOneIsMade() throws Exception {
        TaskId id = submit(task("p").withDelay(MINUTE));
        long seen = find(id).version();
        Queue<String> made = new ConcurrentLinkedQueue<>();

        onBothHandles((tasks, number) -> {
            String payload = "of " + number;
            if (tasks.edit(id, TaskEdit.NONE.withPayload(payload).ofVersion(seen))) {
                made.add(payload);
            }
        });

        assertThat(made).hasSize(1);
        assertThat(find(id).request().payload()).isEqualTo(made.peek());
    }

    @Test
    void runsATaskBeforeAllOthers() {
        TaskId urgent = submit(task("1").withPriority(Priority.URGENT));
        TaskId scheduled = submit(task("2").withPriority(Priority.LOW).withDelay(Duration.ofHours(1)));
        time.advance(MINUTE);

        assertThat(tasks().runNow(scheduled)).isTrue();

        assertThat(stateOf(scheduled)).isEqualTo(TaskState.READY);
        assertThat(find(scheduled).dueAt()).isEmpty();
        ClaimedTask first = claim(1).get(0);
        assertThat(first.fencingToken().id()).isEqualTo(scheduled);
        assertThat(first.waited()).isZero();
        assertThat(claimOne().id()).isEqualTo(urgent);
        assertCountsEqualRows();
    }

    @Test
    void anEditAndAClaimDoNotBothHappen() throws Exception {
        TaskId[] ids = new TaskId[40];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = submit(task("before"));
        }
        AtomicInteger edited = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();

        onBothHandles((tasks, number) -> {
            if (number % 4 == 0) {
                for (TaskId id : ids) {
                    if (tasks.edit(id, TaskEdit.NONE.withPayload("after"))) {
                        edited.incrementAndGet();
                    }
                }
            } else if (number % 4 == 1) {
                List<ClaimedTask> claimed = claim(3);
                while (!claimed.isEmpty()) {
                    for (ClaimedTask task : claimed) {
                        // What a worker gets is what stays: no edit comes after the claim.
                        assertThat(tasks.find(task.fencingToken().id())
                                        .orElseThrow()
                                        .request()
                                        .payload())
                                .isEqualTo(task.request().payload());
                        seen.incrementAndGet();
                    }
                    claimed = claim(3);
                }
            }
        });

        assertThat(seen).hasValue(ids.length);
        assertThat(edited.get()).isBetween(0, 2 * ids.length);
        assertCountsEqualRows();
    }
}
