package dev.architect.router;

import static dev.architect.usage.UsageBucket.CACHE_READ;
import static dev.architect.usage.UsageBucket.CITATION;
import static dev.architect.usage.UsageBucket.INPUT;
import static dev.architect.usage.UsageBucket.OUTPUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.attempt.FencingToken;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Part;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.Price;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.request.RequestScope;
import dev.architect.route.NoRouteException;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.router.yaml.BundledFile;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.RoutingContext;
import dev.architect.task.TaskId;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the ledger keeps of a call, however it ends. */
class RouterLedgerTest {

    /** 392 characters: 98 tokens and 4 for the message. */
    private static final String PROMPT = "word ".repeat(78) + "ab";

    private static final ChatRequest ON_CLAUDE = ChatRequest.builder(PROMPT)
            .model(ModelId.parse("claude/claude-sonnet-4-6"))
            .build();

    private final RouterFixture fixture = new RouterFixture();

    @Test
    void answerIsPricedExactlyAtTheStartOfTheCall() {
        fixture.claude.then(ScriptedStep.after(
                fixture.time, Duration.ofSeconds(3), ScriptedStep.answer("four", TokenUsage.of(1_000, 200))));

        ChatResponse response = fixture.chat(ON_CLAUDE);

        LedgerEntry entry = fixture.onlyEntry();
        assertThat(entry.charge().cost()).isEqualTo(Cost.priced(new Money(6_000_000_000L)));
        assertThat(entry.charge().baseline()).isEqualTo(entry.charge().cost());
        assertThat(entry.timing().startedAt()).isEqualTo(RouterFixture.NOW);
        assertThat(entry.timing().duration()).isEqualTo(Duration.ofSeconds(3));
        assertThat(entry.metering().source()).isEqualTo(UsageSource.REPORTED);
        assertThat(entry.charge().catalogueVersion())
                .isEqualTo(Prices.standard().version());
        assertThat(response.cost().answer()).isEqualTo(entry.charge().cost());
        assertThat(response.cost().spent()).isEqualTo(MoneyTotal.sum(List.of(new Money(6_000_000_000L))));
    }

    @Test
    void aCallIsNotedBeforeItIsSentWithWhatItIsExpectedToCost() {
        List<LedgerEntry> begun = new ArrayList<>();
        fixture.claude.then((model, call, listener) -> {
            assertThat(begun).as("calls noted before this one is sent").hasSize(1);
            return ScriptedStep.answer("four", TokenUsage.of(1_000, 200)).perform(model, call, listener);
        });
        RoutingContext scope = fixture.scope(null, Duration.ofSeconds(90));

        fixture.router.chat(ON_CLAUDE, noting(scope, begun::add));

        LedgerEntry noted = begun.get(0);
        LedgerEntry recorded = fixture.onlyEntry();
        assertThat(noted.callId()).isEqualTo(recorded.callId());
        assertThat(noted.origin()).isEqualTo(recorded.origin());
        assertThat(noted.route().requested()).isEqualTo(recorded.route().requested());
        assertThat(noted.outcome()).isEqualTo(CallOutcome.CANCELLED);
        assertThat(noted.metering().source()).isEqualTo(UsageSource.ESTIMATED);
        assertThat(noted.metering().usage().counts().keySet()).containsExactly(INPUT, OUTPUT);
        assertThat(noted.charge().cost().status()).isEqualTo(CostStatus.ESTIMATED);
        assertThat(noted.charge().baseline()).isEqualTo(Cost.NOT_BILLED);
    }

    @Test
    void aCallIsMadeAlsoWhenItCannotBeNoted() {
        RoutingContext scope = noting(fixture.scope(null, Duration.ofSeconds(90)), unrecorded -> {
            throw new IllegalStateException("no space left");
        });

        assertThat(fixture.router.chat(ON_CLAUDE, scope).text()).isNotEmpty();
        assertThat(fixture.onlyEntry().outcome()).isEqualTo(CallOutcome.ANSWERED);
    }

    @Test
    void aCallOfATaskHasItsTypeAndOneOfADirectRequestHasNone() {
        RequestScope review = RequestScope.create().withTaskType("review");
        FencingToken attempt = new FencingToken(new TaskId(7), 3, 1);

        fixture.router.chat(ON_CLAUDE, fixture.scope(review, Optional.of(attempt)));
        fixture.router.chat(ON_CLAUDE, fixture.scope(review, Optional.empty()));
        fixture.router.chat(ON_CLAUDE, fixture.scope(RequestScope.create(), Optional.of(attempt)));

        assertThat(fixture.ledger)
                .extracting(entry -> entry.origin().taskType())
                .containsExactly(Optional.of("review"), Optional.empty(), Optional.empty());
    }

    private static RoutingContext noting(RoutingContext scope, Consumer<LedgerEntry> begun) {
        return new RoutingContext(
                scope.scope(),
                scope.fencingToken(),
                scope.listener(),
                scope.ledger(),
                scope.events(),
                scope.admission(),
                begun);
    }

    @Test
    void aSendThatDiedOnAReusedConnectionIsAFailedCallThatIsNotBilled() {
        fixture.claude.then(ScriptedStep.answer(ProviderAnswer.builder("claude-sonnet-4-6", "x", StopReason.COMPLETE)
                .usage(TokenUsage.of(1_000, 200), UsageSource.REPORTED)
                .resends(1)
                .build()));

        ChatResponse response = fixture.chat(ON_CLAUDE);

        assertThat(fixture.ledger)
                .extracting(LedgerEntry::outcome)
                .containsExactly(CallOutcome.FAILED, CallOutcome.ANSWERED);
        LedgerEntry dead = fixture.ledger.get(0);
        assertThat(dead.charge().cost()).isEqualTo(Cost.NOT_BILLED);
        assertThat(dead.failure()).contains(FailureKind.UNAVAILABLE);
        assertThat(dead.metering().usage().isUnknown()).isTrue();
        assertThat(dead.origin()).isEqualTo(fixture.ledger.get(1).origin());
        assertThat(dead.callId()).isNotEqualTo(fixture.ledger.get(1).callId());
        assertThat(response.cost().spent()).isEqualTo(MoneyTotal.sum(List.of(new Money(6_000_000_000L))));
    }

    @Test
    void aFailedCallKeepsItsResendsApartFromItsOwnCost() {
        fixture.claude.then(ScriptedStep.fail(
                FailureKind.UNAVAILABLE,
                failure -> failure.delivery(DeliveryStatus.UNKNOWN).resends(1)));

        catchThrowable(() -> fixture.chat(ON_CLAUDE));

        assertThat(fixture.ledger)
                .extracting(entry -> entry.charge().cost().status())
                .containsExactly(CostStatus.NOT_BILLED, CostStatus.ESTIMATED);
    }

    @Test
    void pricesTheModelThatAnswered() {
        fixture.claude.then(answer("claude-haiku-4-5-20251001", TokenUsage.of(1_000, 0), null));

        ChatResponse response = fixture.chat(ON_CLAUDE);

        assertThat(fixture.onlyEntry().route().requested()).isEqualTo(ModelId.parse("claude/claude-sonnet-4-6"));
        assertThat(fixture.onlyEntry().route().answered()).isEqualTo(ModelId.parse("claude/claude-haiku-4-5-20251001"));
        assertThat(response.model()).isEqualTo(fixture.onlyEntry().route().answered());
        assertThat(fixture.onlyEntry().charge().cost().amount()).contains(new Money(1_000_000_000L));
    }

    @Test
    void unknownAnsweringModelIsUnpricedOnBothSides() {
        fixture.claude.then(answer("claude-sonnet-9", TokenUsage.of(1_000, 0), null));

        ChatResponse response = fixture.chat(ON_CLAUDE);

        assertThat(fixture.onlyEntry().charge().cost()).isEqualTo(Cost.UNPRICED);
        assertThat(fixture.onlyEntry().charge().baseline()).isEqualTo(Cost.UNPRICED);
        assertThat(fixture.onlyEntry().metering().usage().promptTokens()).isEqualTo(1_000);
        assertThat(response.cost().spent()).isEqualTo(MoneyTotal.ZERO);
    }

    @Test
    void picksServiceTierOfTheResponse() {
        RouterFixture opus = new RouterFixture(
                RouterFixture.POLICY.replace("claude-sonnet-4-6, quality", "claude-opus-5-5, quality"), setup -> setup);
        opus.claude.then(ScriptedStep.answer(ProviderAnswer.builder("claude-opus-5-5", "x", StopReason.COMPLETE)
                .usage(TokenUsage.of(1_000, 0), UsageSource.REPORTED)
                .serviceTier("fast")
                .build()));

        opus.chat(ChatRequest.builder("Hi")
                .model(ModelId.parse("claude/claude-opus-5-5"))
                .build());

        assertThat(opus.onlyEntry().charge().cost().amount()).contains(new Money(8_000_000_000L));
    }

    @Test
    void statedCostIsBookedAndOursStandsBeside() {
        fixture.claude.then(answer("claude-sonnet-4-6", TokenUsage.of(8, 178), new Money(5_190_000_000L)));

        fixture.chat(ON_CLAUDE);

        assertThat(fixture.onlyEntry().charge().cost())
                .isEqualTo(new Cost(CostStatus.STATED, Optional.of(new Money(5_190_000_000L))));
        assertThat(fixture.onlyEntry().charge().computed().orElse(null)).isEqualTo(new Money(2_694_000_000L));
        assertThat(fixture.onlyEntry().charge().baseline()).isEqualTo(Cost.priced(new Money(2_694_000_000L)));
    }

    @Test
    void statedCostOfUnknownModelHasNothingBeside() {
        fixture.claude.then(answer("claude-sonnet-9", TokenUsage.of(8, 178), new Money(5_190_000_000L)));

        fixture.chat(ON_CLAUDE);

        assertThat(fixture.onlyEntry().charge().cost().status()).isEqualTo(CostStatus.STATED);
        assertThat(fixture.onlyEntry().charge().computed().orElse(null)).isNull();
        assertThat(fixture.onlyEntry().charge().baseline().amount()).contains(new Money(2_694_000_000L));
    }

    @Test
    void missingUsageIsEstimated() {
        fixture.claude.then(answer("claude-sonnet-4-6", TokenUsage.UNKNOWN, null));

        fixture.chat(ON_CLAUDE);

        LedgerEntry entry = fixture.onlyEntry();
        assertThat(entry.metering().usage()).isEqualTo(TokenUsage.of(102, 1));
        assertThat(entry.metering().source()).isEqualTo(UsageSource.ESTIMATED);
        assertThat(entry.charge().cost())
                .isEqualTo(new Cost(CostStatus.ESTIMATED, Optional.of(new Money(321_000_000L))));
        assertThat(entry.charge().baseline()).isEqualTo(entry.charge().cost());
    }

    @Test
    void missingOutputAloneIsEstimatedAndReportedInputKept() {
        fixture.claude.then(answer("claude-sonnet-4-6", usage(INPUT, 50), null));

        fixture.chat(ON_CLAUDE);

        assertThat(fixture.onlyEntry().metering().usage()).isEqualTo(TokenUsage.of(50, 1));
        assertThat(fixture.onlyEntry().charge().cost().status()).isEqualTo(CostStatus.ESTIMATED);
    }

    @Test
    void toolCallsAndReasoningAreOutputThoughTheyAreNoText() {
        // 40 characters of reasoning, and 3 + 37 of a call.
        List<Part> content = List.of(
                new Part.Reasoning("t".repeat(40), Optional.empty()),
                Part.ToolCall.of("1", "add", "{\"a\":\"" + "x".repeat(29) + "\"}"));
        fixture.claude.then(
                ScriptedStep.answer(ProviderAnswer.builder("claude-sonnet-4-6", content, StopReason.TOOL_CALLS)
                        .build()));

        fixture.chat(ON_CLAUDE);

        assertThat(fixture.onlyEntry().metering().usage()).isEqualTo(TokenUsage.of(102, 10 + 1 + 10));
        assertThat(fixture.onlyEntry().charge().cost())
                .isEqualTo(new Cost(CostStatus.ESTIMATED, Optional.of(new Money(621_000_000L))));
    }

    @Test
    void aCountOfAPartIsNoCountOfTheWhole() {
        fixture.claude.then(answer("claude-sonnet-4-6", usage(Map.of(CACHE_READ, 2L, CITATION, 0L)), null));

        fixture.chat(ON_CLAUDE);

        assertThat(fixture.onlyEntry().metering().usage())
                .isEqualTo(usage(Map.of(INPUT, 100L, CACHE_READ, 2L, OUTPUT, 1L, CITATION, 0L)));
        assertThat(fixture.onlyEntry().metering().source()).isEqualTo(UsageSource.ESTIMATED);
    }

    @Test
    void usageThatIsOnlyTheProvidersEstimateIsMarked() {
        fixture.claude.then(ScriptedStep.answer(ProviderAnswer.builder("claude-sonnet-4-6", "x", StopReason.COMPLETE)
                .usage(TokenUsage.of(10, 1), UsageSource.ESTIMATED)
                .build()));

        fixture.chat(ON_CLAUDE);

        assertThat(fixture.onlyEntry().charge().cost())
                .isEqualTo(new Cost(CostStatus.ESTIMATED, Optional.of(new Money(45_000_000L))));
    }

    @Test
    void marksAnythingLlmAsEstimatedAtThePriceOfTheVendorBehindIt() {
        ScriptedProvider docs = ScriptedProvider.named("anythingllm")
                .then(
                        estimated("OllamaAILLM/qwen3:8b"),
                        estimated("OpenAiLLM/gpt-4o"),
                        estimated("OpenRouterLLM/gpt-4o"));
        RoutingPolicy policy = RoutingPolicy.parse("""
                baseline: claude/claude-sonnet-4-6
                models:
                  - {model: anythingllm/docs, quality: 50, contextTokens: 8192}
                """);
        try (CostAwareRouter router = CostAwareRouter.with(policy).create(List.of(docs), fixture.time)) {
            for (int i = 0; i < 3; i++) {
                router.chat(ChatRequest.of("Hi"), fixture.scope(null, Duration.ofSeconds(9)));
            }
        }

        Cost ofVendor = Prices.standard()
                .cost(
                        ModelId.parse("openai/gpt-4o"),
                        fixture.ledger.get(1).metering().usage(),
                        RouterFixture.NOW)
                .estimated();
        assertThat(ofVendor.amount()).isPresent();
        assertThat(fixture.ledger)
                .extracting(entry -> entry.charge().cost())
                .containsExactly(new Cost(CostStatus.ESTIMATED, Optional.of(Money.ZERO)), ofVendor, Cost.UNPRICED);
    }

    @ParameterizedTest
    @CsvSource({"auto, '', 18000000000", "batch, '', 9000000000", "standard, us, 19800000000", "batch, us, 9900000000"})
    void pricesTheTierAndTheRegionThatServedTheCall(String tier, String region, long picoUsd) {
        TokenUsage usage = TokenUsage.of(1_000, 1_000);
        fixture.claude.then(
                ScriptedStep.answer(ProviderAnswer.builder("claude-sonnet-4-6", "dear", StopReason.COMPLETE)
                        .usage(usage, UsageSource.REPORTED)
                        .serviceTier(tier)
                        .region(region)
                        .requestId("req_1")
                        .build()),
                ScriptedStep.fail(
                        FailureKind.PROTOCOL,
                        failure -> failure.usage(usage)
                                .serviceTier(tier)
                                .region(region)
                                .requestId("req_2")));
        ChatRequest request = ChatRequest.builder("Hi")
                .model(ModelId.parse("claude/claude-sonnet-4-6"))
                .build();

        fixture.chat(request);
        catchThrowableOfType(NoRouteException.class, () -> fixture.chat(request));

        assertThat(fixture.ledger)
                .hasSize(2)
                .allSatisfy(entry -> {
                    assertThat(entry.charge().cost()).isEqualTo(Cost.priced(new Money(picoUsd)));
                    assertThat(entry.route().serviceTier()).isEqualTo(Price.tierOf(tier));
                    assertThat(entry.route().region()).isEqualTo(region);
                })
                .extracting(entry -> entry.route().providerRequestId().orElse(""))
                .containsExactly("req_1", "req_2");
    }

    @ParameterizedTest
    @CsvSource({
        // kind, delivery, status, output tokens received, expected status, expected pico-dollars
        "RATE_LIMITED, ANSWERED, 429, 0, NOT_BILLED, 0",
        "OVERLOADED, ANSWERED, 529, 0, NOT_BILLED, 0",
        "UNAVAILABLE, ANSWERED, 500, 0, NOT_BILLED, 0",
        "UNAVAILABLE, NOT_SENT, 0, 0, NOT_BILLED, 0",
        "AUTHENTICATION, ANSWERED, 401, 0, NOT_BILLED, 0",
        "QUOTA_EXHAUSTED, ANSWERED, 402, 0, NOT_BILLED, 0",
        "CONTEXT_TOO_LONG, ANSWERED, 400, 0, NOT_BILLED, 0",
        "INVALID_REQUEST, ANSWERED, 400, 0, NOT_BILLED, 0",
        "CONTENT_REFUSED, ANSWERED, 400, 0, NOT_BILLED, 0",
        "UNSUPPORTED, ANSWERED, 0, 0, NOT_BILLED, 0",
        "CANCELLED, NOT_SENT, 0, 0, NOT_BILLED, 0",
        // The body was sent and nothing came back: 102 tokens of prompt at 3 dollars.
        "TIMEOUT, UNKNOWN, 0, 0, ESTIMATED, 306000000",
        "UNAVAILABLE, UNKNOWN, 0, 0, ESTIMATED, 306000000",
        "CANCELLED, UNKNOWN, 0, 0, ESTIMATED, 306000000",
        // The provider worked on it.
        "TIMEOUT, ANSWERED, 200, 0, ESTIMATED, 306000000",
        "PROTOCOL, ANSWERED, 200, 0, ESTIMATED, 306000000",
        "CONTENT_REFUSED, ANSWERED, 200, 0, ESTIMATED, 306000000",
        // Cut after 40 tokens of output at 15 dollars.
        "PROTOCOL, ANSWERED, 200, 40, ESTIMATED, 906000000",
        "UNAVAILABLE, ANSWERED, 200, 40, ESTIMATED, 906000000",
        "CANCELLED, ANSWERED, 200, 40, ESTIMATED, 906000000",
    })
    void booksEveryCallThatReachedTheProvider(
            FailureKind kind, DeliveryStatus delivery, int status, long tokens, CostStatus expected, long picoUsd) {
        fixture.claude.then(ScriptedStep.fail(
                kind, failure -> failure.delivery(delivery).status(status).receivedCharacters(4 * tokens)));

        assertThat(catchThrowable(() -> fixture.chat(ON_CLAUDE))).isNotNull();

        LedgerEntry entry = fixture.onlyEntry();
        assertThat(entry.charge().cost()).isEqualTo(new Cost(expected, Optional.of(new Money(picoUsd))));
        assertThat(entry.charge().baseline()).isEqualTo(Cost.NOT_BILLED);
        assertThat(entry.failure()).contains(kind);
        assertThat(entry.outcome())
                .isEqualTo(kind == FailureKind.CANCELLED ? CallOutcome.CANCELLED : CallOutcome.FAILED);
        assertThat(entry.route().answered()).isEqualTo(entry.route().requested());
    }

    @Test
    void usageSentWithAnErrorIsPriced() {
        fixture.claude.then(ScriptedStep.fail(
                FailureKind.UNAVAILABLE, failure -> failure.status(500).usage(TokenUsage.of(1_000, 0))));

        assertThat(catchThrowable(() -> fixture.chat(ON_CLAUDE))).isNotNull();

        assertThat(fixture.onlyEntry().charge().cost()).isEqualTo(Cost.priced(new Money(3_000_000_000L)));
    }

    @Test
    void aFailedCallIsPricedAtTheModelThatWasAnswering() {
        fixture.claude.then(ScriptedStep.fail(
                FailureKind.PROTOCOL,
                failure -> failure.answeringModel("claude-haiku-4-5-20251001").usage(TokenUsage.of(1_000, 0))));

        assertThat(catchThrowable(() -> fixture.chat(ON_CLAUDE))).isNotNull();

        assertThat(fixture.onlyEntry().route().requested()).isEqualTo(ModelId.parse("claude/claude-sonnet-4-6"));
        assertThat(fixture.onlyEntry().route().answered()).isEqualTo(ModelId.parse("claude/claude-haiku-4-5-20251001"));
        assertThat(fixture.onlyEntry().charge().cost()).isEqualTo(Cost.priced(new Money(1_000_000_000L)));
    }

    @Test
    void aFailedCallIsPricedAtTheTierThatWasServing() {
        RouterFixture opus = new RouterFixture(
                RouterFixture.POLICY.replace("claude-sonnet-4-6, quality", "claude-opus-5-5, quality"), setup -> setup);
        opus.claude.then(ScriptedStep.fail(
                FailureKind.PROTOCOL, failure -> failure.serviceTier("fast").usage(TokenUsage.of(1_000, 0))));

        assertThat(catchThrowable(() -> opus.chat(ChatRequest.builder("Hi")
                        .model(ModelId.parse("claude/claude-opus-5-5"))
                        .build())))
                .isNotNull();

        assertThat(opus.onlyEntry().charge().cost().amount()).contains(new Money(8_000_000_000L));
    }

    @Test
    void theCostThatAFailedCallHadStatedIsBookedAndOursStandsBeside() {
        fixture.claude.then(ScriptedStep.fail(
                FailureKind.PROTOCOL,
                failure -> failure.statedCostPicoUsd(5_000_000_000L).usage(TokenUsage.of(1_000, 0))));

        assertThat(catchThrowable(() -> fixture.chat(ON_CLAUDE))).isNotNull();

        assertThat(fixture.onlyEntry().charge().cost())
                .isEqualTo(new Cost(CostStatus.STATED, Optional.of(new Money(5_000_000_000L))));
        assertThat(fixture.onlyEntry().charge().computed()).contains(new Money(3_000_000_000L));
        assertThat(fixture.onlyEntry().charge().baseline()).isEqualTo(Cost.NOT_BILLED);
    }

    @Test
    void theCostThatACutStreamHadStatedIsNoMoreThanItsLeast() {
        for (long stated : new long[] {5_000_000L, 9_000_000_000L}) {
            fixture.claude.then((model, call, listener) -> {
                listener.onText("x".repeat(400));
                throw ProviderException.builder(model, FailureKind.PROTOCOL)
                        .receivedCharacters(400)
                        .usage(TokenUsage.of(1_000, 4))
                        .statedCostPicoUsd(stated)
                        .build();
            });
            assertThat(catchThrowable(() -> fixture.chat(ON_CLAUDE))).isNotNull();
        }

        // 1,000 and 100 tokens at 3 and 15 dollars a million.
        assertThat(fixture.ledger)
                .extracting(entry -> entry.charge().cost())
                .containsExactly(
                        Cost.priced(new Money(4_500_000_000L)).estimated(),
                        new Cost(CostStatus.STATED, Optional.of(new Money(9_000_000_000L))));
    }

    @Test
    void cutStreamTakesTheLargerOfReportedAndReceivedOutput() {
        fixture.claude
                .then(ScriptedStep.breakAfter("x".repeat(400), FailureKind.PROTOCOL, TokenUsage.of(1_000, 4)))
                .then(ScriptedStep.breakAfter("x".repeat(400), FailureKind.PROTOCOL, TokenUsage.of(1_000, 120)));

        assertThat(catchThrowable(() -> fixture.chat(ON_CLAUDE))).isNotNull();
        assertThat(catchThrowable(() -> fixture.chat(ON_CLAUDE))).isNotNull();

        assertThat(fixture.ledger)
                .extracting(entry -> entry.metering().usage())
                .containsExactly(TokenUsage.of(1_000, 100), TokenUsage.of(1_000, 120));
        assertThat(fixture.ledger)
                .allSatisfy(entry -> assertThat(entry.charge().cost().status()).isEqualTo(CostStatus.ESTIMATED));
    }

    @Test
    void absurdUsageIsUnpricedAndRecorded() {
        fixture.claude.then(answer("claude-sonnet-4-6", TokenUsage.of(Long.MAX_VALUE, Long.MAX_VALUE), null));

        fixture.chat(ON_CLAUDE);

        assertThat(fixture.onlyEntry().charge().cost()).isEqualTo(Cost.UNPRICED);
        assertThat(fixture.onlyEntry().charge().baseline()).isEqualTo(Cost.UNPRICED);
    }

    @Test
    void requestWithFailoverCostsAllItsCalls() {
        // Worked vector G12: an error, a stream cut after 40 tokens, an answer elsewhere.
        ScriptedProvider openai = ScriptedProvider.named("openai")
                .then(ScriptedStep.fail(FailureKind.OVERLOADED, failure -> failure.status(503)));
        ScriptedProvider claude = ScriptedProvider.named("claude")
                .then(ScriptedStep.breakAfter("x".repeat(160), FailureKind.UNAVAILABLE, TokenUsage.of(1_200, 1)));
        ScriptedProvider gemini =
                ScriptedProvider.named("gemini").then(ScriptedStep.answer("done", TokenUsage.of(1_180, 60)));
        RoutingPolicy policy = RoutingPolicy.parse("""
                baseline: claude/claude-sonnet-5
                models:
                  - {model: openai/gpt-5.4, quality: 90, contextTokens: 1000000}
                  - {model: claude/claude-sonnet-5, quality: 80, contextTokens: 1000000}
                  - {model: gemini/gemini-3.5-flash, quality: 70, contextTokens: 1000000}
                floors: {complexity: {simple: 100, medium: 100, complex: 100}}
                retry: {attempts: 0}
                """);
        CostAwareRouter router = CostAwareRouter.with(policy)
                .prices(Prices.parse(
                        BundledFile.text(BundledFile.class, "/dev/architect/router/pricing/vector-prices.yaml")))
                .create(List.of(openai, claude, gemini), fixture.time);

        ChatResponse response = router.chat(ChatRequest.of("Hi"), fixture.scope(piece -> {}, Duration.ofSeconds(9)));

        assertThat(fixture.ledger)
                .extracting(entry -> entry.charge().cost())
                .containsExactly(
                        Cost.NOT_BILLED,
                        new Cost(CostStatus.ESTIMATED, Optional.of(new Money(4_200_000_000L))),
                        Cost.priced(new Money(2_310_000_000L)));
        assertThat(response.cost().spent()).isEqualTo(MoneyTotal.sum(List.of(new Money(6_510_000_000L))));
        assertThat(response.cost().answer().amount()).contains(new Money(2_310_000_000L));
        router.close();
    }

    @Test
    void baselineRatesCachedTokensAtItsOwnCacheRates() {
        fixture.openai.then(answer("gpt-4o-mini", usage(Map.of(INPUT, 100L, CACHE_READ, 1_000L, OUTPUT, 10L)), null));

        fixture.chat(ChatRequest.builder("Hi")
                .model(ModelId.parse("openai/gpt-4o-mini"))
                .build());

        assertThat(fixture.onlyEntry().charge().baseline()).isEqualTo(Cost.priced(new Money(750_000_000L)));
    }

    @Test
    void baselineWithoutPriceIsUnpriced() {
        RouterFixture lost = new RouterFixture(
                RouterFixture.POLICY.replace("baseline: claude/claude-sonnet-4-6", "baseline: claude/unknown"),
                setup -> setup);

        lost.chat("Hi");

        assertThat(lost.onlyEntry().charge().baseline()).isEqualTo(Cost.UNPRICED);
        assertThat(lost.onlyEntry().charge().cost()).isEqualTo(Cost.priced(Money.ZERO));
    }

    @Test
    void ownTokenCounterIsUsed() {
        RouterFixture counted =
                new RouterFixture(RouterFixture.POLICY, setup -> setup.tokenCounter((model, text) -> 7));
        counted.claude.then(answer("claude-sonnet-4-6", TokenUsage.UNKNOWN, null));

        counted.chat(ON_CLAUDE);

        assertThat(counted.onlyEntry().metering().usage()).isEqualTo(TokenUsage.of(11, 7));
    }

    private static ScriptedStep answer(String model, TokenUsage usage, @Nullable Money stated) {
        return ScriptedStep.answer(ProviderAnswer.builder(model, "four", StopReason.COMPLETE)
                .usage(usage, UsageSource.REPORTED)
                .statedCost(stated)
                .requestId("r-1")
                .build());
    }

    private static ScriptedStep estimated(String model) {
        return ScriptedStep.answer(ProviderAnswer.builder(model, "four", StopReason.COMPLETE)
                .usage(TokenUsage.of(10, 1), UsageSource.ESTIMATED)
                .build());
    }

    private static TokenUsage usage(UsageBucket bucket, long count) {
        return TokenUsage.builder().add(bucket, count).build();
    }

    private static TokenUsage usage(Map<UsageBucket, Long> counts) {
        return new TokenUsage(counts);
    }
}
