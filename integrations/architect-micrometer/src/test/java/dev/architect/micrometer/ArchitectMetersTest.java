package dev.architect.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.FencingToken;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.event.Event;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.node.NodeRole;
import dev.architect.project.Attribution;
import dev.architect.route.BreakerState;
import dev.architect.route.ProviderStatus;
import dev.architect.route.Route;
import dev.architect.spi.Router;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.TaskContext;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ArchitectMetersTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ArchitectMeters meters = new ArchitectMeters(registry);

    /** A host without the server and without the router of Architect. */
    @Test
    void aHostWithoutAServerHasTheMetersOfTasksAndSessions() throws Exception {
        String closed;
        try (Architect architect = Architect.builder()
                        .store(new InMemoryStore(TimeSource.system()))
                        .router((providers, time) -> new IdleRouter())
                        .worker(new Tidy())
                        .listener(meters)
                        .build();
                ArchitectGauges gauges = new ArchitectGauges(architect)) {
            gauges.bindTo(registry);
            architect.submit(TaskRequest.of("tidy", "")).await(Duration.ofSeconds(30));
            // Ended for its waiter before the last listener has been told.
            awaitCounter("architect.task.ended");
            awaitRole(architect);

            assertThat(registry.scrape())
                    .contains("architect_task_submitted_total{type=\"tidy\"} 1.0")
                    .contains("architect_task_ended_total{state=\"done\"} 1.0")
                    .contains("architect_task_count{state=\"done\"} 1.0")
                    .contains("architect_task_running 0.0")
                    .contains("architect_task_assign_seconds_bucket{le=\"0.05\"}")
                    .contains("architect_task_attempt_seconds_bucket{outcome=\"succeeded\",le=\"0.1\"}")
                    .contains("architect_session_count 2.0")
                    .contains("architect_session_opened_total 2.0")
                    .contains("architect_session_slots 256.0")
                    .contains("architect_session_slots_busy 0.0")
                    .contains("architect_task_count{state=\"held\"} 0.0")
                    .contains("architect_node_count{state=\"live\"} 1.0")
                    .contains("architect_node_count{state=\"left\"} 0.0")
                    .contains("architect_node_roles 2.0")
                    .contains("architect_task_ends_unrecorded 0.0")
                    .contains("architect_worker_written_off 0.0")
                    .contains("architect_ledger_calls_kept 0.0")
                    .contains("architect_engine_silence ")
                    .contains("architect_provider_breaker{provider=\"claude\",state=\"closed\"} 1.0");
            assertThat(meters.assignLatency().count()).isEqualTo(1);
        }
        closed = registry.scrape();
        assertThat(closed).doesNotContain("architect_task_count").contains("architect_task_ended_total");
    }

    /** The only node deletes old tasks, from a moment after its start on. */
    private static void awaitRole(Architect architect) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (architect.nodes().roles().stream().allMatch(NodeRole::isFree)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }

    private void awaitCounter(String name) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (count(name) == 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** A counter is registered a moment before it counts. */
    private double count(String name) {
        Counter counter = registry.find(name).counter();
        return counter == null ? 0 : counter.count();
    }

    @Test
    void streamedCallsHaveTheTimeUntilTheirFirstToken() {
        LedgerEntry call = call("claude", "sonnet", CallOutcome.ANSWERED, UsageSource.REPORTED);
        meters.onEvent(new Event.CallEnded(NOW, call, Optional.of(Duration.ofMillis(700))));
        meters.onEvent(new Event.CallEnded(NOW, call));

        String labels = "{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"anthropic\","
                + "gen_ai_request_model=\"sonnet\",gen_ai_response_model=\"sonnet-2026\"";
        assertThat(registry.scrape())
                .contains("gen_ai_client_operation_time_to_first_chunk_seconds_count" + labels + "} 1")
                .contains("gen_ai_client_operation_time_to_first_chunk_seconds_bucket" + labels + ",le=\"0.64\"} 0")
                .contains("gen_ai_client_operation_time_to_first_chunk_seconds_bucket" + labels + ",le=\"1.28\"} 1");
    }

    @Test
    void reusedAndCheckedAnswersAreCounted() {
        ModelId model = new ModelId("claude", "sonnet");
        Cost avoided = Cost.priced(Money.ofUsd("0.25"));
        meters.onEvent(new Event.AnswerReused(NOW, Optional.empty(), "1", model, avoided));
        meters.onEvent(new Event.AnswerReused(NOW, Optional.empty(), "2", model, Cost.UNPRICED));
        meters.onEvent(new Event.AnswerChecked(NOW, Optional.empty(), "1", model, AnswerVerdict.rejected("wrong")));

        assertThat(registry.scrape())
                .contains("architect_answer_reused_total{model=\"sonnet\",provider=\"claude\"} 2.0")
                .contains("architect_cost_avoided_usd_total{model=\"sonnet\",provider=\"claude\"} 0.25")
                .contains(
                        "architect_answer_checked_total{model=\"sonnet\",provider=\"claude\",verdict=\"rejected\"} 1.0")
                .doesNotContain("architect_cost_usd_total");
    }

    @Test
    void aCallHasOurNamesAndThoseOfOpenTelemetry() {
        meters.onEvent(new Event.CallEnded(NOW, call("claude", "sonnet", CallOutcome.ANSWERED, UsageSource.REPORTED)));

        String labels = "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"anthropic\","
                + "gen_ai_request_model=\"sonnet\",gen_ai_response_model=\"sonnet-2026\"";
        assertThat(registry.scrape())
                .contains("architect_call_seconds_count{failure=\"none\",model=\"sonnet\",outcome=\"answered\","
                        + "provider=\"claude\"} 1")
                .contains("architect_call_seconds_bucket{")
                .contains("architect_call_tokens_total{model=\"sonnet\",provider=\"claude\",type=\"input\"} 1000.0")
                .contains("architect_call_tokens_total{model=\"sonnet\",provider=\"claude\",type=\"output\"} 50.0")
                .contains("architect_cost_usd_total{model=\"sonnet\",provider=\"claude\",status=\"priced\"} 0.25")
                .contains("architect_cost_baseline_usd_total{model=\"sonnet\",provider=\"claude\"} 0.75")
                .contains("gen_ai_client_operation_duration_seconds_bucket{error_type=\"none\"," + labels
                        + ",le=\"1.28\"} 0")
                .contains("gen_ai_client_operation_duration_seconds_bucket{error_type=\"none\"," + labels
                        + ",le=\"2.56\"} 1")
                .contains("gen_ai_client_operation_duration_seconds_sum{error_type=\"none\"," + labels + "} 2.0")
                .contains("gen_ai_client_token_usage_token_sum{" + labels + ",gen_ai_token_type=\"input\"} 1000.0")
                .contains("gen_ai_client_token_usage_token_bucket{" + labels
                        + ",gen_ai_token_type=\"output\",le=\"64.0\"} 1");
    }

    @Test
    void bucketsAreThoseOfTheConventions() {
        meters.onEvent(new Event.CallEnded(NOW, call("openai", "gpt", CallOutcome.ANSWERED, UsageSource.REPORTED)));

        assertThat(bounds("gen_ai_client_operation_duration_seconds_bucket"))
                .containsExactly(
                        0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);
        assertThat(bounds("gen_ai_client_token_usage_token_bucket"))
                .containsExactly(
                        1.0,
                        4.0,
                        16.0,
                        64.0,
                        256.0,
                        1024.0,
                        4096.0,
                        16384.0,
                        65536.0,
                        262144.0,
                        1048576.0,
                        4194304.0,
                        1.6777216E7,
                        6.7108864E7);
    }

    private Set<Double> bounds(String series) {
        return registry.scrape()
                .lines()
                .filter(line -> line.startsWith(series) && !line.contains("+Inf"))
                .map(line -> Double.valueOf(line.replaceAll(".*le=\"([^\"]*)\".*", "$1")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void aFailedCallHasItsErrorTypeAndNoEstimateInTheUsageOfTheConventions() {
        meters.onEvent(new Event.CallEnded(NOW, call("gemini", "flash", CallOutcome.FAILED, UsageSource.ESTIMATED)));
        meters.onEvent(new Event.FailedOver(
                NOW,
                Optional.empty(),
                new ModelId("gemini", "flash"),
                new ModelId("openai", "gpt"),
                FailureKind.RATE_LIMITED));

        assertThat(registry.scrape())
                .contains("error_type=\"rate_limited\"", "gen_ai_provider_name=\"gcp.gemini\"")
                .contains("architect_call_failover_total{failure=\"rate-limited\",from=\"gemini\",to=\"openai\"} 1")
                .contains("architect_call_tokens_total{model=\"flash\",provider=\"gemini\",type=\"input\"} 1000")
                .doesNotContain("gen_ai_client_token_usage");
    }

    @Test
    void anAttemptIsTimedFromItsStart() {
        FencingToken token = new FencingToken(new TaskId(7), 1, 1);
        meters.onEvent(new Event.TaskStarted(NOW, token, "llm-1", 1, Duration.ofMillis(3)));
        meters.onEvent(new Event.TaskAttemptEnded(
                NOW.plusSeconds(4), token, AttemptOutcome.FAILED, TaskState.DEAD, Optional.of("error")));

        Timer attempts =
                registry.get("architect.task.attempt").tag("outcome", "failed").timer();
        assertThat(attempts.totalTime(TimeUnit.SECONDS)).isEqualTo(4);
        assertThat(meters.assignLatency().p50()).isBetween(Duration.ofMillis(2), Duration.ofMillis(4));
    }

    @Test
    void aTagHasAHundredValuesAtMost() {
        for (int i = 0; i < 250; i++) {
            meters.onEvent(
                    new Event.CallEnded(NOW, call("p" + i, "model-" + i, CallOutcome.ANSWERED, UsageSource.REPORTED)));
            meters.onEvent(new Event.TaskSubmitted(NOW, new TaskId(i), "type-" + i));
        }

        for (String tag : List.of("provider", "model", "type", "gen_ai.request.model", "gen_ai.response.model")) {
            assertThat(registry.getMeters().stream()
                            .filter(meter ->
                                    !meter.getId().getName().equals("architect.call.tokens") || !tag.equals("type"))
                            .map(meter -> meter.getId().getTag(tag))
                            .filter(value -> value != null)
                            .collect(Collectors.toSet()))
                    .as(tag)
                    .hasSize(101)
                    .contains("other");
        }
    }

    /** Every meter is on the reference page, and every name of the page exists. */
    @Test
    void theReferencePageListsEveryMeter() throws IOException {
        SimpleMeterRegistry all = new SimpleMeterRegistry();
        ArchitectMeters every = new ArchitectMeters(all);
        FencingToken token = new FencingToken(new TaskId(7), 1, 1);
        for (Event event : List.of(
                new Event.TaskSubmitted(NOW, new TaskId(7), "tidy"),
                new Event.TaskStarted(NOW, token, "llm-1", 1, Duration.ZERO),
                new Event.TaskAttemptEnded(NOW, token, AttemptOutcome.SUCCEEDED, TaskState.DONE, Optional.empty()),
                new Event.TaskEnded(NOW, new TaskId(7), TaskState.DONE),
                new Event.TasksRecovered(NOW, 3, 2),
                new Event.SessionOpened(NOW, "llm-1", "start"),
                new Event.SessionClosed(NOW, "llm-1", "stop"),
                new Event.CallEnded(
                        NOW,
                        call("claude", "sonnet", CallOutcome.ANSWERED, UsageSource.REPORTED),
                        Optional.of(Duration.ofSeconds(1))),
                new Event.AnswerReused(NOW, Optional.empty(), "1", new ModelId("a", "b"), Cost.priced(Money.ZERO)),
                new Event.AnswerChecked(NOW, Optional.empty(), "1", new ModelId("a", "b"), AnswerVerdict.accepted()),
                new Event.CallEnded(NOW, call("claude", "unpriced", CallOutcome.ANSWERED, UsageSource.REPORTED)),
                new Event.FailedOver(
                        NOW, Optional.empty(), new ModelId("a", "b"), new ModelId("c", "d"), FailureKind.OVERLOADED))) {
            every.onEvent(event);
        }
        try (Architect architect = Architect.builder()
                        .store(new InMemoryStore(TimeSource.system()))
                        .router((providers, time) -> new IdleRouter())
                        .build();
                ArchitectGauges gauges = new ArchitectGauges(architect)) {
            gauges.bindTo(all);
            Set<String> names = all.getMeters().stream()
                    .map(Meter::getId)
                    .map(Meter.Id::getName)
                    // The buckets, which this kind of registry shows as meters of their own.
                    .filter(name -> !name.endsWith(".histogram"))
                    .collect(Collectors.toCollection(TreeSet::new));
            String page = Files.readString(Path.of("../../docs/reference/meters.md"));

            assertThat(names).allSatisfy(name -> assertThat(page).contains("| `" + name + "` |"));
            assertThat(page.lines()
                            .filter(line -> line.matches("\\| `(architect|gen_ai)\\.[a-z._]+` .*"))
                            .map(line -> line.substring(3, line.indexOf('`', 3)))
                            .filter(name ->
                                    !name.startsWith("architect.router.") && !name.startsWith("architect.live.")))
                    .containsExactlyInAnyOrderElementsOf(names);
        }
    }

    private static LedgerEntry call(String provider, String model, CallOutcome outcome, UsageSource source) {
        boolean failed = outcome == CallOutcome.FAILED;
        Cost cost = model.equals("unpriced") ? Cost.UNPRICED : Cost.priced(Money.ofUsd("0.25"));
        return new LedgerEntry(
                "call-" + provider + model,
                new CallOrigin("request", Optional.empty(), 0, Attribution.DEFAULT),
                new CallRoute(
                        Complexity.SIMPLE, 0, new ModelId(provider, model), new ModelId(provider, model + "-2026")),
                new CallTiming(NOW, Duration.ofSeconds(2)),
                outcome,
                failed ? Optional.of(FailureKind.RATE_LIMITED) : Optional.empty(),
                new Metering(TokenUsage.of(1_000, 50), source),
                new CallCharge(cost, Optional.empty(), Cost.priced(Money.ofUsd("0.75")), "test"),
                failed ? Optional.empty() : Optional.of(StopReason.COMPLETE));
    }

    private static final class Tidy implements Worker {
        @Override
        public Set<String> types() {
            return Set.of("tidy");
        }

        @Override
        public String perform(TaskContext context) {
            return "done";
        }
    }

    private static final class IdleRouter implements Router {
        @Override
        public ChatResponse chat(ChatRequest request, RoutingContext context) {
            throw new IllegalStateException("a request was made, expected none");
        }

        @Override
        public Route route(ChatRequest request) {
            throw new IllegalStateException("a request was made, expected none");
        }

        @Override
        public List<ProviderStatus> providers() {
            return List.of(new ProviderStatus("claude", BreakerState.CLOSED, 0, List.of("sonnet")));
        }

        @Override
        public void close() {}
    }
}
