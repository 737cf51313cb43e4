package dev.architect.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.spi.TaskStore;
import dev.architect.task.ParentTask;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A program that knows of no children ends their parents, as in a rolling upgrade: the sweep of a later one sees to them. */
class PostgresMissedChildrenTest extends DatabaseTestCase {

    private static final TaskRequest WORK = TaskRequest.of("work", "p");

    private static TaskId submit(TaskStore tasks, OnFailure onFailure, TaskId parent) {
        return tasks.submit(List.of(
                        WORK.withOptions(TaskOptions.DEFAULT.withParents(List.of(new ParentTask(parent, onFailure))))))
                .get(0);
    }

    private void end(TaskId task, TaskState state) throws Exception {
        try (Connection connection = DriverManager.getConnection(
                        database().jdbcUrl(), database().user(), database().password());
                PreparedStatement end = connection.prepareStatement(
                        "UPDATE task SET state = ?, done_at = created_at + 1000000 WHERE id = ?")) {
            end.setInt(1, state.number());
            end.setLong(2, task.value());
            assertThat(end.executeUpdate()).isEqualTo(1);
        }
    }

    @Test
    void childrenOfEveryParentGoOn() throws Exception {
        TaskStore tasks = opened(builder().open()).tasks();
        List<TaskId> done = new ArrayList<>();
        // More than one look takes.
        for (int i = 0; i < TaskStore.MAX_BATCH; i++) {
            submit(tasks, OnFailure.BLOCK, tasks.submit(List.of(WORK)).get(0));
        }
        TaskId success = tasks.submit(List.of(WORK)).get(0);
        TaskId failure = tasks.submit(List.of(WORK)).get(0);
        done.add(submit(tasks, OnFailure.BLOCK, success));
        done.add(submit(tasks, OnFailure.PROCEED, failure));
        TaskId blocked = submit(tasks, OnFailure.BLOCK, failure);
        TaskId cancelled = submit(tasks, OnFailure.CANCEL, failure);
        end(success, TaskState.DONE);
        end(failure, TaskState.DEAD);

        tasks.promoteLimited(TaskStore.MAX_BATCH);
        tasks.promoteLimited(TaskStore.MAX_BATCH);

        assertThat(done).allMatch(id -> tasks.find(id).orElseThrow().state() == TaskState.READY);
        assertThat(tasks.find(blocked).orElseThrow().state()).isEqualTo(TaskState.BLOCKED);
        assertThat(tasks.find(cancelled).orElseThrow().state()).isEqualTo(TaskState.CANCELLED);
        assertThat(tasks.counts()).containsAllEntriesOf(Map.of(TaskState.BLOCKED, TaskStore.MAX_BATCH + 1L));
        // They are seen to once.
        tasks.promoteLimited(TaskStore.MAX_BATCH);
        assertThat(tasks.promoteLimited(TaskStore.MAX_BATCH)).isZero();
    }
}
