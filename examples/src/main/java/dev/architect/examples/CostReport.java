package dev.architect.examples;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Quality;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.Savings;
import dev.architect.model.ModelId;
import dev.architect.provider.claude.ClaudeProvider;
import dev.architect.provider.ollama.OllamaProvider;
import dev.architect.provider.openai.OpenAiProvider;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.SecretSource;
import dev.architect.store.sqlite.SqliteStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Sends requests to three providers and reports what each one cost, what routing saved, and what has no price. */
public final class CostReport {

    private CostReport() {}

    public static void main(String[] args) {
        SecretSource secrets = SecretSource.environment(); // ANTHROPIC_API_KEY and OPENAI_API_KEY
        ClaudeProvider.Builder claude = ClaudeProvider.builder(secrets);
        OpenAiProvider.Builder openAi = OpenAiProvider.builder(secrets);
        OllamaProvider.Builder rented = OllamaProvider.builder().name("rented"); // A server that no price is known for.
        if (args.length > 0) { // The address of a simulator, in place of the vendors'.
            claude.baseUrl(URI.create(args[0] + "/claude"));
            openAi.baseUrl(URI.create(args[0] + "/openai/v1"));
            rented.baseUrl(URI.create(args[0] + "/ollama"));
        }
        ModelId llama = new ModelId("rented", "llama3.2");
        RoutingPolicy policy =
                RoutingPolicy.standard().withModel(new ModelPolicy(llama, 45, 1, 8_192, OptionalInt.empty(), true));
        try (Architect architect = Architect.builder()
                .store(SqliteStore.at(Path.of("costs.db")))
                .provider(claude.build())
                .provider(openAi.build())
                .provider(rented.build())
                .router(CostAwareRouter.with(policy))
                .build()) {

            architect.chat(ChatRequest.of("What is the capital of Portugal?"));
            architect.chat(ChatRequest.builder("Prove that the square root of 2 is irrational")
                    .quality(Quality.HIGH)
                    .build());
            architect.chat(ChatRequest.builder("Say hello").model(llama).build());

            for (ProviderSpend spend : architect.ledger().spend(ReportPeriod.today())) {
                System.out.println(spend.provider() + ": " + spend.calls().all() + " calls, "
                        + spend.calls().unpriced() + " unpriced, "
                        + spend.tokens().input() + " tokens in, "
                        + spend.tokens().output() + " out, " + spend.cost().spent());
            }
            Savings savings = architect.ledger().savings(ReportPeriod.today());
            System.out.println("spent " + savings.spent() + " instead of " + savings.baseline());
            savings.percent().ifPresent(percent -> System.out.println("saved " + percent + " %"));
            System.out.println(savings.unpricedCalls() + " calls have no price and stand in neither sum");
        }
    }
}
