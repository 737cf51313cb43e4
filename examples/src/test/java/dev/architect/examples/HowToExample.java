package dev.architect.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Quality;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.Savings;
import dev.architect.micrometer.ArchitectMeters;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.project.ProjectId;
import dev.architect.prompt.PromptTasks;
import dev.architect.request.RequestScope;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.runtime.AccessToken;
import dev.architect.runtime.ArchitectSetup;
import dev.architect.server.ArchitectServer;
import dev.architect.spi.Router;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The examples of {@code docs/how-to} that need no other library, compiled and run. {@link HowToDocumentTest} holds both to the same text. */
final class HowToExample {

    private HowToExample() {}

    static void threeLines() {
        try (Architect architect =
                ArchitectSetup.builder(Path.of("data")).build().open()) {
            System.out.println(architect
                    .chat(ChatRequest.of("Write a hello world function"))
                    .text());
        }
    }

    static void server(String secret) throws InterruptedException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ArchitectMeters meters = new ArchitectMeters(registry);
        AccessToken token = AccessToken.of(secret);
        try (Architect architect =
                        ArchitectSetup.builder(Path.of("data")).build().open(meters);
                ArchitectServer server = ArchitectServer.builder(architect, token)
                        .meters(meters, registry)
                        .start()) {
            System.out.println(server.url());
            Thread.currentThread().join();
        }
    }

    static void policies() {
        RoutingPolicy policy = RoutingPolicy.load(Path.of("routing.yaml"));
        PriceCatalogue prices = Prices.load(Path.of("prices.yaml"));
        Router.Factory router = CostAwareRouter.with(policy).prices(prices);
        Architect.builder().router(router);
    }

    static void oneMoreModel() {
        RoutingPolicy policy = RoutingPolicy.standard()
                .withModel(ModelPolicy.builder("openai/my-tuned-model", 85, 128_000)
                        .maxConcurrent(4)
                        .build());
        Price price = Price.builder(ModelId.parse("openai/my-tuned-model"), "our contract", LocalDate.of(2026, 11, 1))
                .usdPerMillionTokens(UsageBucket.INPUT, "3")
                .usdPerMillionTokens(UsageBucket.OUTPUT, "12")
                .build();
        PriceCatalogue prices = Prices.standard().with("contract-7", List.of(price));
        Router.Factory router = CostAwareRouter.with(policy).prices(prices);
        Architect.builder().router(router);
    }

    static ChatResponse scoped(Architect architect) {
        RequestScope scope = RequestScope.of(new ProjectId("web"))
                .withUser("user-17")
                .withTag("feature", "summary")
                .withTimeout(Duration.ofSeconds(20));
        return architect.chat(ChatRequest.of("Summarise this ticket: …"), scope);
    }

    static ChatResponse asynchronous(Architect architect) throws Exception {
        RequestScope scope = RequestScope.create();
        CompletableFuture<ChatResponse> answer = architect.chatAsync(ChatRequest.of("Why is the sky blue?"), scope);
        // From any thread: scope.cancellation().cancel() or answer.cancel(true).
        return answer.get(2, TimeUnit.MINUTES);
    }

    static TaskHandle task(Architect architect) {
        ChatRequest request = ChatRequest.builder("Review this change: …")
                .quality(Quality.HIGH)
                .maxOutputTokens(2_000)
                .build();
        return architect.submit(PromptTasks.of(request).withProject(new ProjectId("web")));
    }

    static Worker worker() {
        Worker thumbnails = new Worker() {
            @Override
            public Set<String> types() {
                return Set.of("thumbnail");
            }

            @Override
            public String perform(TaskContext context) throws InterruptedException {
                String caption = context.chat(ChatRequest.of(
                                "A caption for " + context.request().payload()))
                        .text();
                // For an effect outside, pass context.fencingToken() on: a later attempt has a larger epoch.
                return caption;
            }
        };
        return thumbnails;
    }

    static TaskHandle thumbnail(Architect architect) {
        return architect.submit(TaskRequest.of("thumbnail", "photo-17.png").withMaxAttempts(2));
    }

    static void report(Architect architect) {
        Savings week = architect.ledger().savings(ReportPeriod.last(Duration.ofDays(7)));
        System.out.println(
                week.spent() + " instead of " + week.baseline() + ", unpriced calls: " + week.unpricedCalls());
        for (ProviderSpend spend : architect.ledger().spend(ReportPeriod.today())) {
            System.out.println(spend.provider() + ": " + spend.cost().spent());
        }
        List<LedgerEntry> newest = architect.ledger().newest(20);
        newest.forEach(call -> System.out.println(call.charge().cost()));
    }

    static void manualTime() {
        ManualTime time = new ManualTime();
        ScriptedProvider claude = ScriptedProvider.named("claude")
                .then(ScriptedStep.fail(FailureKind.TIMEOUT))
                .always(ScriptedStep.answer("four", TokenUsage.of(12, 1)));
        try (Architect architect = Architect.builder()
                .store(new InMemoryStore(time))
                .provider(claude)
                .router(CostAwareRouter.with(RoutingPolicy.standard()))
                .time(time)
                .withoutTaskExecution()
                .build()) {

            assertThat(architect.chat(ChatRequest.of("2 + 2")).text()).isEqualTo("four");
            assertThat(claude.callCount()).isEqualTo(2);

            time.advance(Duration.ofDays(1));
            assertThat(architect.ledger().spend(ReportPeriod.today())).isEmpty();
        }
    }
}
