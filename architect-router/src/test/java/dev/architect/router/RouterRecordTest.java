package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.answer.AnswerChecker;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Quality;
import dev.architect.cost.MoneyTotal;
import dev.architect.event.Event;
import dev.architect.model.Capability;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.project.ProjectId;
import dev.architect.record.DecisionCandidate;
import dev.architect.record.DecisionCodec;
import dev.architect.record.DecisionExclusion;
import dev.architect.record.DecisionOutcome;
import dev.architect.record.DecisionQuery;
import dev.architect.record.DecisionRecord;
import dev.architect.record.Feedback;
import dev.architect.record.FeedbackVerdict;
import dev.architect.request.RequestScope;
import dev.architect.route.ExclusionReason;
import dev.architect.route.NoRouteException;
import dev.architect.router.policy.PolicyException;
import dev.architect.router.policy.RecordSettings;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

final class RouterRecordTest {

    private static final String RECORDED = RouterFixture.POLICY + "records: {rate: 1}\n";

    @Test
    void aRecordHasWhatTheDecisionDependedOnAndWhatCameOfIt() {
        try (RouterFixture fixture = new RouterFixture(RECORDED, setup -> setup)) {
            fixture.ollama.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));
            fixture.openai.always((model, call, listener) -> {
                fixture.time.advance(Duration.ofMillis(250));
                return ScriptedStep.answer("cheap", TokenUsage.of(100, 10)).perform(model, call, listener);
            });
            ChatResponse answer = fixture.router.chat(
                    ChatRequest.builder("xylophone").system("y").build(),
                    new RoutingContext(
                            RequestScope.of(new ProjectId("shop")),
                            Optional.empty(),
                            Optional.empty(),
                            fixture.ledger::add,
                            fixture.events::add));

            DecisionRecord decision = only(fixture);

            assertThat(decision.requestId()).isEqualTo(answer.requestId());
            assertThat(decision.at()).isEqualTo(RouterFixture.NOW);
            assertThat(decision.project()).isEqualTo(new ProjectId("shop"));
            assertThat(decision.policyVersion()).hasSize(16);
            assertThat(decision.features().complexity()).isEqualTo(Complexity.SIMPLE);
            assertThat(decision.features().quality()).isEqualTo(Quality.AUTO);
            assertThat(decision.features().capabilities()).containsExactly(Capability.SYSTEM_TEXT);
            assertThat(decision.candidates())
                    .extracting(DecisionCandidate::model)
                    .extracting(ModelId::provider)
                    .containsExactly("ollama", "openai", "claude");
            assertThat(decision.candidates().get(1).estimate()).isPresent();
            assertThat(decision.result().outcome()).isEqualTo(DecisionOutcome.ANSWERED);
            assertThat(decision.result().answered()).contains(answer.model());
            assertThat(decision.result().position()).isEqualTo(1);
            assertThat(decision.result().calls()).isEqualTo(2);
            assertThat(decision.result().usage()).isEqualTo(TokenUsage.of(100, 10));
            assertThat(decision.result().cost())
                    .isEqualTo(answer.cost().answer().amount());
            assertThat(MoneyTotal.ZERO.plus(decision.result().spent()))
                    .isEqualTo(answer.cost().spent());
            assertThat(decision.result().latency()).isEqualTo(Duration.ofMillis(250));
            assertThat(DecisionCodec.write(decision)).doesNotContain("xylophone");
            assertThat(DecisionCodec.read(DecisionCodec.write(decision))).isEqualTo(decision);
        }
    }

    @Test
    void failedAndRejectedRequestsAreRecordedToo() {
        AnswerChecker never = (request, answer) -> AnswerVerdict.rejected("never");
        try (RouterFixture fixture = new RouterFixture(
                RECORDED + "verification: {checks: [{checker: judge}]}\n", setup -> setup.checker("judge", never))) {
            fixture.chat("Hi");
            assertThat(only(fixture).result().outcome()).isEqualTo(DecisionOutcome.REJECTED);
            assertThat(only(fixture).result().verdict().reason()).isEqualTo("never");
            assertThat(only(fixture).result().calls()).isEqualTo(3);
        }
        try (RouterFixture fixture = new RouterFixture(RECORDED, setup -> setup)) {
            fixture.ollama.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));
            fixture.openai.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));
            fixture.claude.always(ScriptedStep.fail(FailureKind.OVERLOADED));
            assertThatThrownBy(() -> fixture.chat("Hi")).isInstanceOf(NoRouteException.class);
            assertThat(only(fixture).result().outcome()).isEqualTo(DecisionOutcome.FAILED);
            assertThat(only(fixture).result().failure()).contains(FailureKind.OVERLOADED);
            assertThat(only(fixture).result().answered()).isEmpty();
        }
    }

    @Test
    void exclusionsHaveTheirCodes() {
        try (RouterFixture fixture = new RouterFixture(RECORDED, setup -> setup)) {
            fixture.chat(ChatRequest.builder("Hi").quality(Quality.STANDARD).build());

            assertThat(only(fixture).exclusions())
                    .containsExactly(
                            new DecisionExclusion(ModelId.parse("ollama/llama3.2"), ExclusionReason.BELOW_FLOOR));
        }
    }

    @Test
    void theShareOfThePolicyIsRecordedAndNoneByDefault() {
        try (RouterFixture fixture = new RouterFixture(RouterFixture.POLICY, setup -> setup)) {
            fixture.chat("Hi");
            assertThat(fixture.events(Event.DecisionRecorded.class)).isEmpty();
        }
        try (RouterFixture fixture = new RouterFixture(RECORDED.replace("rate: 1", "rate: 0.25"), setup -> setup)) {
            for (int i = 0; i < 400; i++) {
                fixture.chat("Hi");
            }
            assertThat(fixture.events(Event.DecisionRecorded.class)).hasSizeBetween(60, 140);
        }
        assertThat(new RecordSettings(0.5).includes("7fffffff00")).isTrue();
        assertThat(new RecordSettings(0.5).includes("8000000000")).isFalse();
        assertThat(new RecordSettings(1).includes("ffffffff00")).isTrue();
        assertThat(RoutingPolicy.parse(RECORDED).records()).isEqualTo(new RecordSettings(1));
        for (String wrong : List.of("{rate: 1.01}", "{rate: -0.1}", "{share: 1}", "{}")) {
            assertThatThrownBy(() -> RoutingPolicy.parse(RouterFixture.POLICY + "records: " + wrong + "\n"))
                    .isInstanceOf(PolicyException.class)
                    .hasMessageContaining("rate");
        }
    }

    @Test
    void feedbackIsStoredAndStandsBesideTheRecord() throws Exception {
        TimeSource time = TimeSource.system();
        try (RouterFixture providers = new RouterFixture();
                Architect architect = Architect.builder()
                        .store(new InMemoryStore(time))
                        .provider(providers.ollama)
                        .provider(providers.openai)
                        .provider(providers.claude)
                        .router(CostAwareRouter.with(RoutingPolicy.parse(RECORDED)))
                        .build()) {
            ChatResponse first = architect.chat(ChatRequest.of("Hi"));
            ChatResponse second = architect.chat(ChatRequest.of("Hi"));

            architect.feedback(first.requestId(), true);
            architect.feedback(second.requestId(), false);
            architect.feedback(second.requestId(), 0.75);

            assertThat(architect.records().feedback(first.requestId()))
                    .map(Feedback::verdict)
                    .contains(FeedbackVerdict.ACCEPTED);
            assertThat(architect.records().feedback(second.requestId()))
                    .map(Feedback::score)
                    .contains(0.75);
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (architect.records().find(DecisionQuery.newest(10)).size() < 2 && System.nanoTime() < deadline) {
                LockSupport.parkNanos(1_000_000);
            }
            List<DecisionRecord> records = architect.records().find(DecisionQuery.newest(10));
            assertThat(records)
                    .extracting(DecisionRecord::requestId)
                    .containsExactly(second.requestId(), first.requestId());
            assertThat(records.get(1).feedback()).map(Feedback::score).contains(1.0);
            assertThatThrownBy(() -> architect.feedback(first.requestId(), 1.5))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("score is 1.5");
        }
    }

    @Test
    void aListenerOrALedgerThatThrowsIsNoReasonToLoseTheAnswer() {
        try (RouterFixture fixture = new RouterFixture(RECORDED, setup -> setup)) {
            RoutingContext broken = new RoutingContext(
                    RequestScope.create(), Optional.empty(), Optional.empty(), fixture.ledger::add, event -> {
                        throw new NoClassDefFoundError("absent");
                    });

            assertThat(fixture.router.chat(ChatRequest.of("Hi"), broken).text()).isEqualTo("free");
            assertThat(fixture.ledger).hasSize(1);
        }
    }

    @Test
    void recordsOfOtherVersionsAreRead() {
        String json = "{\"requestId\":\"r\",\"at\":\"2026-11-22T12:00:00Z\",\"policyVersion\":\"v\",\"project\":\"p\","
                + "\"complexity\":\"HARDER\",\"quality\":\"AUTO\",\"capabilities\":[\"TOOLS\",\"TELEPATHY\"],"
                + "\"candidates\":[],\"exclusions\":[{\"model\":\"a/b\",\"reason\":\"MOOD\"}],\"more\":1,"
                + "\"result\":{\"outcome\":\"ANSWERED\",\"position\":0,\"calls\":1,\"unpricedCalls\":0,\"usage\":{\"new\":1},"
                + "\"spentPicoUsd\":5,\"latencyNanos\":7,\"verdict\":\"ACCEPTED\"}}";

        DecisionRecord read = DecisionCodec.read(json);

        assertThat(read.features().capabilities()).isEqualTo(Set.of(Capability.TOOLS));
        assertThat(read.exclusions()).isEmpty();
        assertThat(read.result().verdict()).isEqualTo(AnswerVerdict.accepted());
    }

    private static DecisionRecord only(RouterFixture fixture) {
        List<Event.DecisionRecorded> recorded = fixture.events(Event.DecisionRecorded.class);
        assertThat(recorded).hasSize(1);
        return recorded.get(0).decision();
    }
}
