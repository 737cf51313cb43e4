package dev.architect.examples;

import dev.architect.Architect;
import dev.architect.ArchitectBuilder;
import dev.architect.chat.ChatRequest;
import dev.architect.provider.claude.ClaudeProvider;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.SecretSource;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.Priority;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Submits tasks of an own type, stops before any of them has run, and performs them after a restart. */
public final class DurableTasks {

    private DurableTasks() {}

    public static void main(String[] args) throws InterruptedException {
        List<TaskId> submitted;
        try (Architect architect = configure(args).withoutTaskExecution().build()) {
            TaskRequest urgent = TaskRequest.of("headline", "The harbour is closed until the storm has passed.")
                    .withPriority(Priority.HIGH);
            TaskRequest other = TaskRequest.of("headline", "The library opens on Sundays from May on.");
            submitted = architect.tasks().submitAll(List.of(urgent, other)).stream()
                    .map(TaskHandle::id)
                    .toList();
        }
        System.out.println("submitted " + submitted.size() + " tasks and stopped");

        // The tasks are in the file: this might as well be another process, or the same one after kill -9.
        try (Architect architect = configure(args).build()) {
            for (TaskId id : submitted) {
                TaskResult result = architect.tasks().handle(id).orElseThrow().await(Duration.ofMinutes(2));
                System.out.println(
                        id + " is " + result.state() + ": " + result.output().orElse("no result"));
                System.out.println(id + " made " + architect.ledger().ofTask(id).size() + " call");
            }
        }
    }

    private static ArchitectBuilder configure(String[] args) {
        ClaudeProvider.Builder claude = ClaudeProvider.builder(SecretSource.environment()); // ANTHROPIC_API_KEY
        if (args.length > 0) { // The address of a simulator, in place of the vendor's.
            claude.baseUrl(URI.create(args[0] + "/claude"));
        }
        return Architect.builder()
                .store(SqliteStore.at(Path.of("tasks.db")))
                .provider(claude.build())
                .router(CostAwareRouter.with(RoutingPolicy.standard()))
                .worker(new HeadlineWorker());
    }

    /** Performs tasks of the type {@code headline}, whose payload is an article. */
    private static final class HeadlineWorker implements Worker {

        @Override
        public Set<String> types() {
            return Set.of("headline");
        }

        @Override
        public String perform(TaskContext context) {
            String article = context.request().payload();
            ChatRequest request = ChatRequest.builder("Write a headline for this article: " + article)
                    .maxOutputTokens(50)
                    .build();
            return context.chat(request).text();
        }
    }
}
