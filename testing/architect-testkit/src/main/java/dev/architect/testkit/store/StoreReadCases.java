package dev.architect.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.ClaimedTask;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Reading tasks. */
abstract class StoreReadCases extends StoreCases {

    StoreReadCases(StoreContract contract) {
        super(contract);
    }

    @Test
    void findsNothingForAnUnknownId() {
        TaskId unknown = new TaskId(77);

        assertThat(store().tasks().find(unknown)).isEmpty();
        assertThat(store().tasks().result(unknown)).isEmpty();
        assertThat(store().tasks().attempts(unknown)).isEmpty();
    }

    @Test
    void hasNoResultBeforeTheEnd() {
        TaskId id = submit(prompt("p"));
        assertThat(store().tasks().result(id)).isEmpty();

        claimOne();

        assertThat(store().tasks().result(id)).isEmpty();
    }

    @Test
    void listsNewestFirstPageByPage() {
        List<TaskId> newestFirst = new ArrayList<>(submit(25));
        Collections.reverse(newestFirst);

        List<TaskId> seen = new ArrayList<>();
        List<Task> page = store().tasks().list(TaskQuery.newest(10));
        while (!page.isEmpty()) {
            page.forEach(task -> seen.add(task.id()));
            page = store().tasks()
                    .list(TaskQuery.newest(10).after(page.get(page.size() - 1).id()));
        }

        assertThat(seen).isEqualTo(newestFirst);
    }

    @Test
    void listsOnlyTheRequestedStates() {
        submit(6);
        List<ClaimedTask> claimed = claim(4);
        finish(done(claimed.get(0).fencingToken()));
        finish(dead(claimed.get(1).fencingToken()));

        assertThat(ids(TaskState.RUNNING))
                .containsExactly(
                        claimed.get(3).fencingToken().id(),
                        claimed.get(2).fencingToken().id());
        assertThat(ids(TaskState.DONE, TaskState.DEAD))
                .containsExactly(
                        claimed.get(1).fencingToken().id(),
                        claimed.get(0).fencingToken().id());
        assertThat(ids(TaskState.CANCELLED)).isEmpty();
        assertThat(ids(TaskState.values())).hasSize(6);
    }

    @Test
    void pagesWithinAState() {
        List<TaskId> ids = submit(9);
        List<ClaimedTask> claimed = claim(9);
        for (int i = 0; i < 9; i += 2) {
            finish(done(claimed.get(i).fencingToken()));
        }

        List<Task> page = store().tasks()
                .list(TaskQuery.newest(2).withStates(Set.of(TaskState.DONE)).after(ids.get(6)));

        assertThat(page.stream().map(Task::id)).containsExactly(ids.get(4), ids.get(2));
    }

    private List<TaskId> ids(TaskState... states) {
        return store().tasks().list(TaskQuery.newest(500).withStates(EnumSet.copyOf(List.of(states)))).stream()
                .map(Task::id)
                .toList();
    }

    @Test
    void listsTheSameTaskThatItFinds() {
        TaskId id = submit(prompt("p").withAttribute("k", "v").withDelay(Duration.ofSeconds(3)));

        assertThat(store().tasks().list(TaskQuery.newest(5))).containsExactly(find(id));
    }

    @Test
    void countsEqualTheRows() {
        submit(12);
        List<ClaimedTask> claimed = claim(8);
        finish(done(claimed.get(0).fencingToken()));
        finish(done(claimed.get(1).fencingToken()));
        finish(dead(claimed.get(2).fencingToken()));
        finish(cancelled(claimed.get(3).fencingToken()));
        finish(handedBack(claimed.get(4).fencingToken()));
        finish(retry(claimed.get(5).fencingToken(), Duration.ofSeconds(9)));
        submit(prompt("later").withDelay(Duration.ofSeconds(9)));

        Map<TaskState, Long> rows = new EnumMap<>(TaskState.class);
        store().tasks().list(TaskQuery.newest(500)).forEach(task -> rows.merge(task.state(), 1L, Long::sum));

        assertThat(store().tasks().counts())
                .isEqualTo(rows)
                .containsEntry(TaskState.READY, 5L)
                .containsEntry(TaskState.RUNNING, 2L)
                .containsEntry(TaskState.SCHEDULED, 2L)
                .containsEntry(TaskState.DONE, 2L)
                .containsEntry(TaskState.DEAD, 1L)
                .containsEntry(TaskState.CANCELLED, 1L);
    }

    @Test
    void countsNothingInAnEmptyStore() {
        assertThat(store().tasks().counts()).isEmpty();
        assertThat(store().tasks().list(TaskQuery.newest(500))).isEmpty();
    }
}
