package dev.architect.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.graph.TaskLink;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import dev.architect.testkit.provider.ScriptedProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OrderExampleTest {

    @TempDir
    Path directory;

    /** Fails for charts; else returns its type and, in brackets, what its parents returned. */
    private record Steps() implements Worker {
        @Override
        public Set<String> types() {
            return Set.of("extract", "load", "sum", "chart", "report");
        }

        @Override
        public String perform(TaskContext context) {
            String type = context.request().type();
            if (type.equals("chart")) {
                throw new IllegalArgumentException("no colours are left");
            }
            return type + "[" + OrderExample.perform(context) + "]";
        }
    }

    @Test
    void resultsArePassedOnThroughTheGraph() throws Exception {
        SqliteStore store = SqliteStore.at(directory.resolve("steps.db"));
        try (Architect architect = Architect.builder()
                .store(store)
                .provider(ScriptedProvider.named("claude"))
                .router(CostAwareRouter.with(RoutingPolicy.standard()))
                .worker(new Steps())
                .build()) {
            TaskHandle load = OrderExample.waiting(architect);
            assertThat(load.await(Duration.ofMinutes(1)).output()).contains("load[extract[]]");

            TaskHandle later = architect.submit(TaskRequest.of("load", "later").withDelay(Duration.ofHours(1)));
            OrderExample.changed(architect, later.id(), load.id());
            assertThat(architect.tasks().parents(later.id()))
                    .extracting(TaskLink::task)
                    .containsExactly(load.id());

            Map<String, TaskHandle> handles = OrderExample.graph(architect);

            TaskResult report = handles.get("report").await(Duration.ofMinutes(1));
            assertThat(report.state()).isEqualTo(TaskState.DONE);
            assertThat(report.output()).contains("report[sum[extract[]]\n(DEAD)]");
        }
    }
}
