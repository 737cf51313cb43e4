package dev.architect.examples;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.Savings;
import dev.architect.provider.claude.ClaudeProvider;
import dev.architect.provider.ollama.OllamaProvider;
import dev.architect.provider.openai.OpenAiProvider;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.SecretSource;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.Priority;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import java.nio.file.Path;
import java.time.Duration;

/** The embedding example of the README, compiled. {@link ReadmeTest} holds both to the same text. */
final class EmbeddingExample {

    private EmbeddingExample() {}

    public static void main(String[] args) throws InterruptedException {
        SecretSource secrets = SecretSource.environment();
        try (Architect architect = Architect.builder()
                .store(SqliteStore.at(Path.of("architect.db")))
                .provider(ClaudeProvider.builder(secrets).build())
                .provider(OpenAiProvider.builder(secrets).build())
                .provider(OllamaProvider.local())
                .router(CostAwareRouter.with(RoutingPolicy.standard()))
                .build()) {

            ChatResponse answer = architect.chat(ChatRequest.of("Write a hello world function"));
            System.out.println(answer.text());
            System.out.println(answer.model() + " cost " + answer.cost().spent());

            TaskHandle task = architect.submit(
                    TaskRequest.prompt("Summarise the changelog").withPriority(Priority.HIGH));
            TaskResult result = task.await(Duration.ofMinutes(2));
            System.out.println(result.output().orElse("no result"));

            Savings today = architect.ledger().savings(ReportPeriod.today());
            System.out.println(today.spent() + " instead of " + today.baseline());
        }
    }
}
