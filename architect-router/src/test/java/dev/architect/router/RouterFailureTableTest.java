package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.ModelSelection.OnRefusal;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.event.Event;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.RateLimit;
import dev.architect.model.StopReason;
import dev.architect.route.BreakerState;
import dev.architect.spi.ProviderAnswer;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.thread.ThreadRunner;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What follows each kind of failure: calls to the same model again, to the next one, what the breaker counts, and the cost. */
final class RouterFailureTableTest {

    private static final String MODELS = """
            models:
              - {model: claude/claude-sonnet-4-6, quality: 90, maxConcurrent: 4, contextTokens: 100000}
              - {model: claude/claude-opus-4-6, quality: 90, maxConcurrent: 4, contextTokens: 100000}
              - {model: openai/gpt-6-astra, quality: 90, maxConcurrent: 4, contextTokens: 90000}
              - {model: openai/unpriced-large, quality: 90, maxConcurrent: 4, contextTokens: 200000}
            """;

    /** Each costs more than the one before it, and the last has no price. */
    private static final String POLICY =
            "baseline: claude/claude-sonnet-4-6\nretry: {attempts: 2, budgetPercent: 100}\n" + MODELS;

    private static final String TRIPPED_AT_ONCE = "baseline: claude/claude-sonnet-4-6\n"
            + "breaker: {failures: 1, calls: 1}\nretry: {attempts: 0, longestWait: 0s}\n" + MODELS;

    private final ThreadRunner threads = new ThreadRunner("failure-table");

    @AfterEach
    void end() {
        threads.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        429                       | RATE_LIMITED        | ANSWERED | 429 | -     | 0  | 3 | next         | no  | NOT_BILLED
        429, not to be retried    | RATE_LIMITED        | ANSWERED | 429 | false | 0  | 1 | next         | no  | NOT_BILLED
        429 inside a stream       | RATE_LIMITED        | ANSWERED | 0   | -     | 40 | 1 | next         | no  | ESTIMATED
        quota                     | QUOTA_EXHAUSTED     | ANSWERED | 402 | -     | 0  | 1 | next         | no  | NOT_BILLED
        503                       | OVERLOADED          | ANSWERED | 503 | -     | 0  | 3 | next         | yes | NOT_BILLED
        529                       | OVERLOADED          | ANSWERED | 529 | -     | 0  | 3 | next         | yes | NOT_BILLED
        503, not to be retried    | OVERLOADED          | ANSWERED | 503 | false | 0  | 1 | next         | yes | NOT_BILLED
        overloaded in a stream    | OVERLOADED          | ANSWERED | 0   | -     | 40 | 1 | next         | yes | ESTIMATED
        500                       | UNAVAILABLE         | ANSWERED | 500 | -     | 0  | 2 | next         | yes | NOT_BILLED
        500, not to be retried    | UNAVAILABLE         | ANSWERED | 500 | false | 0  | 1 | next         | yes | NOT_BILLED
        error inside a stream     | UNAVAILABLE         | ANSWERED | 0   | -     | 40 | 1 | next         | yes | ESTIMATED
        no connection             | UNAVAILABLE         | NOT_SENT | 0   | -     | 0  | 2 | next         | yes | NOT_BILLED
        reset before the head     | UNAVAILABLE         | UNKNOWN  | 0   | -     | 0  | 2 | next         | yes | ESTIMATED
        silent                    | TIMEOUT             | UNKNOWN  | 0   | -     | 0  | 1 | next         | yes | ESTIMATED
        slow first token          | TIMEOUT             | ANSWERED | 200 | -     | 0  | 1 | next         | yes | ESTIMATED
        cut                       | PROTOCOL            | ANSWERED | 200 | -     | 40 | 1 | next         | yes | ESTIMATED
        broken before any token   | PROTOCOL            | ANSWERED | 200 | -     | 0  | 1 | next         | yes | ESTIMATED
        context too long          | CONTEXT_TOO_LONG    | ANSWERED | 400 | -     | 0  | 1 | larger       | no  | NOT_BILLED
        too large for the limit   | TOO_LARGE_FOR_LIMIT | ANSWERED | 429 | -     | 0  | 1 | next         | no  | NOT_BILLED
        content refused           | CONTENT_REFUSED     | ANSWERED | 400 | -     | 0  | 1 | none         | no  | NOT_BILLED
        model not found           | MODEL_NOT_FOUND     | ANSWERED | 404 | -     | 0  | 1 | next         | no  | NOT_BILLED
        invalid                   | INVALID_REQUEST     | ANSWERED | 400 | -     | 0  | 1 | none         | no  | NOT_BILLED
        invalid, may be retried   | INVALID_REQUEST     | ANSWERED | 400 | true  | 0  | 3 | none         | no  | NOT_BILLED
        key refused               | AUTHENTICATION      | ANSWERED | 401 | -     | 0  | 1 | other key    | yes | NOT_BILLED
        not allowed               | AUTHENTICATION      | ANSWERED | 403 | -     | 0  | 1 | next         | yes | NOT_BILLED
        unsupported               | UNSUPPORTED         | NOT_SENT | 0   | -     | 0  | 1 | next         | no  | NOT_BILLED
        cancelled                 | CANCELLED           | UNKNOWN  | 0   | -     | 0  | 1 | none         | no  | ESTIMATED
        """)
    void hasItsConsequences(
            String name,
            FailureKind kind,
            DeliveryStatus delivery,
            int status,
            @Nullable Boolean stated,
            long received,
            int callsToTheFirst,
            String then,
            String tripsBreaker,
            CostStatus cost)
            throws Exception {
        ScriptedStep failing = ScriptedStep.fail(
                kind,
                failure -> failure.delivery(delivery)
                        .status(status)
                        .isTransient(stated)
                        .receivedCharacters(received));
        try (RouterFixture fixture = new RouterFixture(POLICY, setup -> setup)) {
            failFirstModel(fixture, failing);

            Outcome outcome = run(fixture, ChatRequest.of("Hi"));

            List<String> models = models(fixture);
            assertThat(models.subList(0, callsToTheFirst)).containsOnly("claude-sonnet-4-6");
            assertThat(models.stream().filter("claude-sonnet-4-6"::equals)).hasSize(callsToTheFirst);
            switch (then) {
                case "next" ->
                    assertThat(models.subList(callsToTheFirst, models.size())).containsExactly("claude-opus-4-6");
                case "other key" ->
                    assertThat(models.subList(callsToTheFirst, models.size())).containsExactly("gpt-6-astra");
                case "larger" ->
                    assertThat(models.subList(callsToTheFirst, models.size())).containsExactly("unpriced-large");
                default -> {
                    assertThat(models).hasSize(callsToTheFirst);
                    assertThat(outcome.failure())
                            .isInstanceOfSatisfying(
                                    ProviderException.class,
                                    failure -> assertThat(failure.kind()).isEqualTo(kind));
                }
            }
            assertThat(outcome.answer() == null).isEqualTo(then.equals("none"));
            assertThat(fixture.ledger.subList(0, callsToTheFirst)).allSatisfy(entry -> {
                assertThat(entry.failure()).contains(kind);
                assertThat(entry.charge().cost().status()).isEqualTo(cost);
            });
        }
        try (RouterFixture fixture = new RouterFixture(TRIPPED_AT_ONCE, setup -> setup)) {
            failFirstModel(fixture, failing);

            run(fixture, ChatRequest.of("Hi"));

            assertThat(isFirstOpen(fixture)).isEqualTo(tripsBreaker.equals("yes"));
        }
    }

    /** Every kind has a row of the table, so a new one cannot be forgotten. */
    @ParameterizedTest
    @EnumSource(FailureKind.class)
    void everyKindHasARow(FailureKind kind) throws NoSuchMethodException {
        String rows = Stream.of(RouterFailureTableTest.class.getDeclaredMethods())
                .filter(method -> method.getName().equals("hasItsConsequences"))
                .map(method -> method.getAnnotation(CsvSource.class).textBlock())
                .collect(Collectors.joining());

        assertThat(rows).contains("| " + kind.name() + " ");
    }

    @Test
    void aRequestThatAllowsItGoesToTheNextModelAfterARefusal() throws Exception {
        ChatRequest allowed =
                ChatRequest.builder("Hi").onRefusal(OnRefusal.NEXT_MODEL).build();
        try (RouterFixture fixture = new RouterFixture(POLICY, setup -> setup)) {
            failFirstModel(fixture, ScriptedStep.fail(FailureKind.CONTENT_REFUSED, failure -> failure.status(400)));

            assertThat(run(fixture, allowed).answer()).isNotNull();
            assertThat(models(fixture)).containsExactly("claude-sonnet-4-6", "claude-opus-4-6");
        }
        try (RouterFixture fixture = new RouterFixture(POLICY, setup -> setup)) {
            ProviderAnswer refused = ProviderAnswer.builder("claude-sonnet-4-6", "No.", StopReason.REFUSED)
                    .usage(TokenUsage.of(10, 1), UsageSource.REPORTED)
                    .build();
            failFirstModel(fixture, ScriptedStep.answer(refused));

            Outcome outcome = run(fixture, allowed);

            assertThat(outcome.answer()).isNotNull();
            assertThat(outcome.answer().stopReason()).isEqualTo(StopReason.COMPLETE);
            assertThat(fixture.ledger.get(0).charge().cost().status())
                    .as("as reported")
                    .isEqualTo(CostStatus.PRICED);
        }
    }

    @Test
    void theRefusalOfTheLastModelIsTheOutcome() throws Exception {
        ChatRequest allowed =
                ChatRequest.builder("Hi").onRefusal(OnRefusal.NEXT_MODEL).build();
        ProviderAnswer refused =
                ProviderAnswer.builder("m", "No.", StopReason.REFUSED).build();
        try (RouterFixture fixture = new RouterFixture(POLICY, setup -> setup)) {
            fixture.claude.always(ScriptedStep.answer(refused));
            fixture.openai.always(ScriptedStep.answer(refused));

            Outcome outcome = run(fixture, allowed);

            assertThat(outcome.answer()).isNotNull();
            assertThat(outcome.answer().stopReason()).isEqualTo(StopReason.REFUSED);
            assertThat(fixture.ledger).hasSize(4);
        }
        try (RouterFixture fixture = new RouterFixture(POLICY, setup -> setup)) {
            fixture.claude.always(ScriptedStep.fail(FailureKind.CONTENT_REFUSED));
            fixture.openai.always(ScriptedStep.fail(FailureKind.CONTENT_REFUSED));

            assertThat(run(fixture, allowed).failure()).isInstanceOf(ProviderException.class);
            assertThat(fixture.ledger).hasSize(4);
        }
    }

    @Test
    void withoutThatARefusedAnswerIsTheAnswer() throws Exception {
        try (RouterFixture fixture = new RouterFixture(POLICY, setup -> setup)) {
            failFirstModel(
                    fixture,
                    ScriptedStep.answer(ProviderAnswer.builder("m", "No.", StopReason.REFUSED)
                            .build()));

            Outcome outcome = run(fixture, ChatRequest.of("Hi"));

            assertThat(outcome.answer()).isNotNull();
            assertThat(outcome.answer().stopReason()).isEqualTo(StopReason.REFUSED);
            assertThat(fixture.ledger).hasSize(1);
        }
    }

    @Test
    void whatIsTooLargeForALimitGoesPastThoseThatAreKnownToHaveNoLargerOne() throws Exception {
        try (RouterFixture fixture = new RouterFixture(POLICY, setup -> setup)) {
            fixture.claude.then(ScriptedStep.answer(withLimit(1_000)));
            run(fixture, ChatRequest.of("Hi"));
            fixture.time.advance(Duration.ofHours(1));
            failFirstModel(
                    fixture,
                    ScriptedStep.fail(
                            FailureKind.TOO_LARGE_FOR_LIMIT,
                            failure -> failure.status(429).rateLimits(List.of(limit(1_000)))));
            fixture.openai.always(ScriptedStep.answer("large account", TokenUsage.of(1, 1)));

            Outcome outcome = run(fixture, ChatRequest.of("Hi"));

            assertThat(outcome.answer()).isNotNull();
            assertThat(models(fixture)).containsExactly("claude-sonnet-4-6", "claude-sonnet-4-6", "claude-opus-4-6");
        }
    }

    private static ProviderAnswer withLimit(long tokens) {
        return ProviderAnswer.builder("claude-sonnet-4-6", "first", StopReason.COMPLETE)
                .usage(TokenUsage.of(1, 1), UsageSource.REPORTED)
                .rateLimits(List.of(limit(tokens)))
                .build();
    }

    private static RateLimit limit(long tokens) {
        return new RateLimit("tokens", Optional.of(tokens), Optional.of(tokens), Optional.of(Duration.ofSeconds(1)));
    }

    /** Only the first model of the provider fails. */
    private static void failFirstModel(RouterFixture fixture, ScriptedStep failing) {
        fixture.claude.always((model, call, listener) -> (call.model().equals("claude-sonnet-4-6")
                        ? failing
                        : ScriptedStep.answer("sibling", TokenUsage.of(1, 1)))
                .perform(model, call, listener));
    }

    private static boolean isFirstOpen(RouterFixture fixture) {
        return fixture.events(Event.BreakerChanged.class).stream()
                .anyMatch(change ->
                        change.model().model().equals("claude-sonnet-4-6") && change.state() == BreakerState.OPEN);
    }

    private static List<String> models(RouterFixture fixture) {
        return fixture.ledger.stream()
                .map(LedgerEntry::route)
                .map(route -> route.requested().model())
                .toList();
    }

    /** Time passes while the request waits. */
    private Outcome run(RouterFixture fixture, ChatRequest request) throws Exception {
        FutureTask<Outcome> running = new FutureTask<>((Callable<Outcome>) () -> {
            ChatResponse[] answer = new ChatResponse[1];
            Throwable failure = catchThrowable(() -> answer[0] = fixture.chat(request));
            return new Outcome(answer[0], failure);
        });
        threads.start("request", running);
        while (!running.isDone()) {
            fixture.time.untilNextDeadline().ifPresent(fixture.time::advance);
            Thread.onSpinWait();
        }
        return running.get();
    }

    private record Outcome(
            @Nullable ChatResponse answer, @Nullable Throwable failure) {}
}
