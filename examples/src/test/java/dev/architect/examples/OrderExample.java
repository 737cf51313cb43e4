package dev.architect.examples;

import dev.architect.Architect;
import dev.architect.graph.TaskGraph;
import dev.architect.spi.TaskContext;
import dev.architect.task.ParentTask;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.Task;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The examples of {@code docs/how-to/order-tasks.md}. */
final class OrderExample {

    private OrderExample() {}

    static TaskHandle waiting(Architect architect) {
        TaskHandle extract = architect.tasks().submit(TaskRequest.of("extract", "orders"));
        TaskHandle load = architect
                .tasks()
                .submit(TaskRequest.of("load", "warehouse")
                        .withOptions(TaskOptions.DEFAULT.withParents(
                                List.of(new ParentTask(extract.id(), OnFailure.CANCEL)))));
        return load;
    }

    static void changed(Architect architect, TaskId id, TaskId extract) {
        Task load = architect.tasks().find(id).orElseThrow();
        architect.tasks().replaceParents(id, List.of(new ParentTask(extract, OnFailure.BLOCK)), load.version());
    }

    static Map<String, TaskHandle> graph(Architect architect) {
        TaskGraph graph = TaskGraph.builder()
                .task("extract", TaskRequest.of("extract", "orders"))
                .task("sum", TaskRequest.of("sum", ""))
                .task("chart", TaskRequest.of("chart", ""))
                .task("report", TaskRequest.of("report", ""))
                .edge("extract", "sum")
                .edge("extract", "chart")
                .edge("sum", "report")
                .edge("chart", "report", OnFailure.PROCEED)
                .build();
        Map<String, TaskHandle> handles = architect.tasks().submit(graph);
        return handles;
    }

    static String perform(TaskContext context) {
        return context.parents().stream()
                .map(parent -> parent.output().orElse("(" + parent.state() + ")"))
                .collect(Collectors.joining("\n"));
    }
}
