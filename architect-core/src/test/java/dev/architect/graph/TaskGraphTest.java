package dev.architect.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.task.ParentTask;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.UniqueKey;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TaskGraphTest {

    private static final TaskRequest WORK = TaskRequest.of("work", "p");

    @Test
    void namesTheParentsOfEachTaskByTheirIds() {
        ParentTask outside = new ParentTask(new TaskId(99), OnFailure.PROCEED);
        TaskRequest waits = WORK.withOptions(TaskOptions.DEFAULT.withParents(List.of(outside)));

        TaskGraph graph = TaskGraph.builder()
                .task("b", waits)
                .task("a", WORK)
                .edge("a", "b", OnFailure.CANCEL)
                .build();

        assertThat(graph.names()).containsExactly("b", "a");
        assertThat(graph.requests()).containsExactly(waits, WORK);
        List<TaskRequest> requests = graph.requests(List.of(new TaskId(1), new TaskId(2)));
        assertThat(requests.get(0).options().parents())
                .containsExactly(new ParentTask(new TaskId(2), OnFailure.CANCEL), outside);
        assertThat(requests.get(1)).isEqualTo(WORK);
        assertThat(graph).hasToString("TaskGraph[tasks=2, edges=1]");
    }

    @Test
    void refusesACycleWithItsPath() {
        TaskGraph.Builder graph = TaskGraph.builder()
                .task("start", WORK)
                .task("a", WORK)
                .task("b", WORK)
                .task("end", WORK)
                .edge("start", "a")
                .edge("a", "b")
                .edge("b", "a")
                .edge("b", "end");

        assertThatThrownBy(graph::build)
                .isInstanceOfSatisfying(
                        TaskCycleException.class,
                        cycle -> assertThat(cycle.path()).containsExactly("a", "b", "a"))
                .hasMessage("edges have the cycle a -> b -> a, expected none");
    }

    @Test
    void refusesATaskThatWaitsForItself() {
        assertThatThrownBy(
                        () -> TaskGraph.builder().task("a", WORK).edge("a", "a").build())
                .hasMessage("edges have the cycle a -> a, expected none");
    }

    @Test
    void findsTheCycleAmongMany() {
        TaskGraph.Builder graph = TaskGraph.builder();
        for (int i = 0; i < TaskGraph.MAX_TASKS; i++) {
            graph.task("t" + i, WORK);
            if (i > 0) {
                graph.edge("t" + (i - 1), "t" + i);
            }
        }
        assertThat(graph.build().nodes()).hasSize(TaskGraph.MAX_TASKS);
        assertThatThrownBy(() -> graph.task("more", WORK))
                .hasMessage("graph has more than 10000 tasks, expected fewer");

        graph.edge("t5002", "t5000");

        assertThatThrownBy(graph::build)
                .hasMessage("edges have the cycle t5000 -> t5001 -> t5002 -> t5000, expected none");
    }

    @Test
    void refusesMoreEdgesThanItMayHave() {
        TaskGraph.Builder graph = TaskGraph.builder();
        for (int i = 0; i < TaskGraph.MAX_EDGES; i++) {
            graph.edge("p" + i % 1_000, "c" + i / 1_000);
        }

        assertThatThrownBy(() -> graph.edge("a", "b")).hasMessage("graph has more than 100000 edges, expected fewer");
    }

    @Test
    void refusesWhatIsNoGraph() {
        TaskGraph.Builder graph = TaskGraph.builder().task("a", WORK).edge("a", "b");

        assertThatThrownBy(() -> TaskGraph.builder().build()).hasMessage("graph has no tasks, expected at least one");
        assertThatThrownBy(() -> graph.task("a", WORK)).hasMessage("name 'a' is taken, expected one for each task");
        assertThatThrownBy(() -> graph.edge("a", "b", OnFailure.CANCEL))
                .hasMessage("edge from 'a' to 'b' stands twice, expected once");
        assertThatThrownBy(graph::build).hasMessage("edge names the task 'b', expected one of the graph's 1");
        assertThatThrownBy(() -> graph.task(" ", WORK)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> graph.task(
                        "unique",
                        WORK.withOptions(
                                TaskOptions.DEFAULT.withUniqueKey(new UniqueKey("k", UniqueKey.OnConflict.EXISTING)))))
                .hasMessage("onConflict of task 'unique' is EXISTING, expected REJECT in a graph");
        assertThatThrownBy(() -> TaskGraph.builder().task("a", WORK).build().requests(List.of()))
                .hasMessage("ids has 0 elements, expected 1");
    }

    @Test
    void refusesATaskWithTooManyParents() {
        TaskGraph.Builder graph = TaskGraph.builder().task("child", WORK);
        for (int i = 0; i <= TaskOptions.MAX_PARENTS; i++) {
            graph.task("p" + i, WORK).edge("p" + i, "child");
        }

        assertThatThrownBy(graph::build).hasMessage("task 'child' has 1001 parents, expected at most 1000");
    }
}
