package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.budget.BudgetExceededException;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ModelSelection;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.embedding.Embedding;
import dev.architect.embedding.EmbeddingAnswer;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.embedding.EmbeddingRequest;
import dev.architect.embedding.EmbeddingResponse;
import dev.architect.event.Event;
import dev.architect.model.Capability;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.ProviderHealth;
import dev.architect.request.RequestScope;
import dev.architect.route.NoRouteException;
import dev.architect.route.UnservableRequestException;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.RoutingContext;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Texts become vectors by the model that is named, at whatever provider has it, and each call is in the ledger. */
final class RouterEmbeddingTest {

    private static final ModelId SMALL = ModelId.parse("openai/text-embedding-3-small");
    private static final String POLICY = """
            baseline: openai/gpt-4o-mini
            retry: {attempts: 0}
            models:
              - {model: openai/gpt-4o-mini, quality: 66, contextTokens: 128000}
              - {model: openai/text-embedding-3-small, quality: 1, contextTokens: 300000}
              - {model: other/text-embedding-3-small, quality: 1, contextTokens: 300000}
            """;

    private final List<EmbeddingCall> sent = new ArrayList<>();
    private final List<LedgerEntry> ledger = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private Function<EmbeddingCall, EmbeddingAnswer> openai = RouterEmbeddingTest::answer;
    private Function<EmbeddingCall, EmbeddingAnswer> other = RouterEmbeddingTest::answer;
    private final CostAwareRouter router = CostAwareRouter.with(RoutingPolicy.parse(POLICY))
            .create(
                    List.of(
                            new Vectors("openai", call -> openai.apply(call)),
                            new Vectors("other", call -> other.apply(call))),
                    new ManualTime(RouterFixture.NOW, 5));

    @AfterEach
    void close() {
        router.close();
    }

    private static EmbeddingAnswer answer(EmbeddingCall call) {
        return new EmbeddingAnswer(
                call.model(),
                call.texts().stream()
                        .map(text -> Embedding.of(text.length(), 1))
                        .toList(),
                TokenUsage.builder().add(UsageBucket.INPUT, 1_000).build(),
                UsageSource.REPORTED);
    }

    private static EmbeddingAnswer fails(EmbeddingCall call, FailureKind kind) {
        throw ProviderException.builder(new ModelId("openai", call.model()), kind)
                .build();
    }

    private EmbeddingResponse embed(EmbeddingRequest request) {
        return router.embed(
                request,
                new RoutingContext(
                        RequestScope.create(), Optional.empty(), Optional.empty(), ledger::add, events::add));
    }

    private static EmbeddingRequest anywhere(String... texts) {
        return new EmbeddingRequest(
                SMALL, ModelSelection.Provider.ANY, List.of(texts), Optional.of(2), Optional.empty());
    }

    @Test
    void aNamedModelEmbedsAndItsCallIsPricedAndBooked() {
        EmbeddingResponse response = embed(EmbeddingRequest.of(SMALL, List.of("one", "three")));

        assertThat(response.vectors()).containsExactly(Embedding.of(3, 1), Embedding.of(5, 1));
        assertThat(response.model()).isEqualTo(SMALL);
        assertThat(response.calls()).isEqualTo(1);
        LedgerEntry entry = ledger.get(0);
        assertThat(ledger).hasSize(1);
        assertThat(entry.callId()).isEqualTo(response.requestId());
        assertThat(entry.outcome()).isEqualTo(CallOutcome.ANSWERED);
        assertThat(entry.metering().source()).isEqualTo(UsageSource.REPORTED);
        assertThat(entry.metering().usage().completionTokens()).isZero();
        assertThat(entry.charge().cost().status()).isEqualTo(CostStatus.PRICED);
        // 1,000 tokens at 0.02 dollars a million.
        assertThat(entry.charge().cost().amount()).contains(Money.ofUsd("0.00002"));
        assertThat(entry.charge().baseline()).isEqualTo(entry.charge().cost());
        assertThat(events).anyMatch(Event.CallEnded.class::isInstance);
    }

    @Test
    void theSameModelAtAnotherProviderReplacesOneThatFails() {
        openai = call -> fails(call, FailureKind.OVERLOADED);

        EmbeddingResponse response = embed(anywhere("text"));

        assertThat(response.model()).isEqualTo(ModelId.parse("other/text-embedding-3-small"));
        assertThat(response.calls()).isEqualTo(2);
        assertThat(sent).extracting(EmbeddingCall::dimensions).containsOnly(Optional.of(2));
        assertThat(ledger).extracting(LedgerEntry::outcome).containsExactly(CallOutcome.FAILED, CallOutcome.ANSWERED);
    }

    @Test
    void noOtherModelReplacesOneThatIsWantedAtItsProvider() {
        openai = call -> fails(call, FailureKind.OVERLOADED);

        assertThatThrownBy(() -> embed(EmbeddingRequest.of(SMALL, List.of("text"))))
                .isInstanceOf(NoRouteException.class);
        assertThat(sent).hasSize(1);
    }

    @Test
    void aModelThatMakesNoVectorsIsRefusedBeforeACall() {
        assertThatThrownBy(() -> embed(EmbeddingRequest.of(ModelId.parse("openai/gpt-4o-mini"), List.of("text"))))
                .isInstanceOf(UnservableRequestException.class)
                .hasMessageContaining("embeddings");
        assertThatThrownBy(() -> embed(EmbeddingRequest.of(ModelId.parse("openai/text-embedding-4"), List.of("text"))))
                .isInstanceOf(UnservableRequestException.class)
                .hasMessageContaining("not in the policy");
        assertThat(sent).isEmpty();
        assertThat(ledger).isEmpty();
    }

    @Test
    void aRequestThatWouldCostMoreThanItsLimitIsNotSent() {
        EmbeddingRequest request = new EmbeddingRequest(
                SMALL,
                ModelSelection.Provider.NAMED,
                List.of("word ".repeat(10_000)),
                Optional.empty(),
                Optional.of(Money.ofUsd("0.000001")));

        assertThatThrownBy(() -> embed(request)).isInstanceOfAny(NoRouteException.class, BudgetExceededException.class);
        assertThat(sent).isEmpty();
    }

    @Test
    void aProviderThatReturnsTooFewVectorsHasFailed() {
        openai = call ->
                new EmbeddingAnswer(call.model(), List.of(Embedding.of(1)), TokenUsage.UNKNOWN, UsageSource.ESTIMATED);

        EmbeddingResponse response = embed(anywhere("one", "two"));

        assertThat(response.model().provider()).isEqualTo("other");
        assertThat(ledger.get(0).failure()).contains(FailureKind.PROTOCOL);
    }

    @Test
    void chatsThatNameNoModelNeverGoToOneThatMakesVectors() {
        assertThat(router.route(ChatRequest.of("hello")).candidates())
                .extracting(candidate -> candidate.model().toString())
                .containsExactly("openai/gpt-4o-mini");
    }

    /** A provider whose models with that name make vectors. */
    private final class Vectors implements ModelProvider {

        private final String name;
        private final Function<EmbeddingCall, EmbeddingAnswer> script;

        Vectors(String name, Function<EmbeddingCall, EmbeddingAnswer> script) {
            this.name = name;
            this.script = script;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Set<Capability> capabilities(String model) {
            return model.startsWith("text-embedding") ? Set.of(Capability.EMBEDDINGS) : Set.of(Capability.STREAMING);
        }

        @Override
        public EmbeddingAnswer embed(EmbeddingCall call) {
            sent.add(call);
            return script.apply(call);
        }

        @Override
        public ProviderAnswer chat(ProviderCall call) {
            throw new AssertionError("a chat was sent, expected none");
        }

        @Override
        public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
            throw new AssertionError("a chat was sent, expected none");
        }

        @Override
        public ProviderHealth probe() {
            return ProviderHealth.up();
        }

        @Override
        public void close() {}
    }
}
