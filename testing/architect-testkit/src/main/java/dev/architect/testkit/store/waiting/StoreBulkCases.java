package dev.architect.testkit.store.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.FencingToken;
import dev.architect.maintenance.TaskAction;
import dev.architect.task.Priority;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import dev.architect.testkit.store.node.StoreHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The same done to many tasks. */
public abstract class StoreBulkCases extends StoreWaitingFixture {

    /** For the contract. */
    protected StoreBulkCases(StoreHandles handles) {
        super(handles);
    }

    /** A task that runs, and ones that are ready, scheduled, held and cancelled, in this order. */
    private List<TaskId> oneOfEach() {
        List<TaskId> ids = new ArrayList<>();
        ids.add(submit(task("running")));
        claimOne();
        ids.add(submit(task("ready")));
        ids.add(submit(task("scheduled").withDelay(Duration.ofHours(1))));
        ids.add(submit(task("held")));
        tasks().hold(ids.get(3));
        ids.add(submit(task("cancelled")));
        tasks().cancel(ids.get(4));
        return ids;
    }

    @Test
    void cancelsWhatHasNotEnded() {
        List<TaskId> ids = oneOfEach();
        time.advance(Duration.ofSeconds(1));

        Map<TaskId, TaskState> changed = tasks().change(ids, TaskAction.CANCEL);

        assertThat(changed)
                .isEqualTo(Map.of(
                        ids.get(0), TaskState.RUNNING,
                        ids.get(1), TaskState.CANCELLED,
                        ids.get(2), TaskState.CANCELLED,
                        ids.get(3), TaskState.CANCELLED));
        assertThat(find(ids.get(0)).cancelRequested()).isTrue();
        assertThat(tasks().cancelRequested(List.of(new FencingToken(ids.get(0), 1, node()))))
                .hasSize(1);
        assertThat(find(ids.get(2)).endedAt()).contains(time.wallTime());
        assertThat(find(ids.get(2)).dueAt()).isEmpty();
        assertThat(find(ids.get(4)).endedAt()).contains(time.wallTime().minusSeconds(1));
        assertThat(tasks().untilNextDue()).isEmpty();
        assertThat(claim(9)).isEmpty();
        assertCountsEqualRows();
    }

    @Test
    void holdsAndResumes() {
        List<TaskId> ids = oneOfEach();

        assertThat(tasks().change(ids, TaskAction.HOLD))
                .isEqualTo(Map.of(ids.get(1), TaskState.HELD, ids.get(2), TaskState.HELD));
        assertThat(claim(9)).isEmpty();
        assertThat(tasks().counts())
                .isEqualTo(Map.of(TaskState.RUNNING, 1L, TaskState.HELD, 3L, TaskState.CANCELLED, 1L));
        time.advance(Duration.ofSeconds(5));
        assertThat(tasks().change(ids, TaskAction.RESUME))
                .isEqualTo(Map.of(
                        ids.get(1), TaskState.READY,
                        ids.get(2), TaskState.SCHEDULED,
                        ids.get(3), TaskState.READY));

        assertThat(claim(9))
                .hasSize(2)
                .allSatisfy(task -> assertThat(task.waited()).isZero());
        time.advance(tasks().untilNextDue().orElseThrow());
        assertThat(tasks().promoteDue(9)).isEqualTo(1);
        assertThat(claim(9))
                .hasSize(1)
                .allSatisfy(task -> assertThat(task.waited()).isZero());
        assertCountsEqualRows();
    }

    @Test
    void changesTheLevelOfWhatWaits() {
        List<TaskId> ids = oneOfEach();
        TaskId other = submit(task("other"));

        assertThat(tasks().change(ids, TaskAction.priority(new Priority(0))))
                .isEqualTo(Map.of(
                        ids.get(1), TaskState.READY,
                        ids.get(2), TaskState.SCHEDULED,
                        ids.get(3), TaskState.HELD));

        assertThat(find(ids.get(0)).request().priority()).isEqualTo(Priority.NORMAL);
        assertThat(find(ids.get(2)).request().priority().level()).isZero();
        tasks().resume(ids.get(3), Optional.empty());
        assertThat(claim(9))
                .extracting(task -> task.fencingToken().id())
                .containsExactly(ids.get(1), ids.get(3), other);
    }

    @Test
    void takesAFullBatchAndNoMore() {
        List<TaskId> ids =
                tasks().submit(IntStream.range(0, 501).mapToObj(i -> task("p")).toList());

        assertThat(tasks().change(ids.subList(0, 500), TaskAction.CANCEL)).hasSize(500);
        assertThat(tasks().change(List.of(), TaskAction.CANCEL)).isEmpty();
        assertThat(tasks().change(List.of(new TaskId(12_345)), TaskAction.CANCEL))
                .isEmpty();

        assertThatThrownBy(() -> tasks().change(ids, TaskAction.CANCEL)).isInstanceOf(IllegalArgumentException.class);
        assertThat(tasks().counts()).isEqualTo(Map.of(TaskState.CANCELLED, 500L, TaskState.READY, 1L));
    }

    @Test
    void twoHandlesDoItToEachTaskOnce() throws Exception {
        List<TaskId> ids =
                tasks().submit(IntStream.range(0, 200).mapToObj(i -> task("p")).toList());
        Map<TaskId, Integer> times = new ConcurrentHashMap<>();

        onBothHandles((tasks, number) -> {
            for (int from = 0; from < ids.size(); from += 40) {
                Set<TaskId> changed = tasks.change(ids.subList(from, from + 40), TaskAction.CANCEL)
                        .keySet();
                changed.forEach(id -> times.merge(id, 1, Integer::sum));
            }
        });

        assertThat(times).hasSize(200);
        assertThat(times.values()).containsOnly(1);
        assertThat(tasks().counts()).isEqualTo(Map.of(TaskState.CANCELLED, 200L));
    }
}
