package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Quality;
import dev.architect.cost.MoneyTotal;
import dev.architect.event.Event;
import dev.architect.model.Capability;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.record.DecisionCodec;
import dev.architect.record.DecisionRecord;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.router.replay.PolicyReplay;
import dev.architect.router.replay.ReplayReport;
import dev.architect.router.replay.ReplayShift;
import dev.architect.router.replay.ReplayedDecision;
import dev.architect.testkit.provider.ScriptedStep;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PolicyReplayTest {

    private static final String RECORDED = RouterFixture.POLICY + "records: {rate: 1}\n";
    private static final ModelId FREE = ModelId.parse("ollama/llama3.2");
    private static final ModelId CHEAP = ModelId.parse("openai/gpt-4o-mini");
    private static final ModelId DEAR = ModelId.parse("claude/claude-sonnet-4-6");

    @Test
    void theSamePolicyAndPricesChangeNothing() {
        try (RouterFixture fixture = new RouterFixture(RECORDED, setup -> setup)) {
            fixture.chat("Hi");
            fixture.chat(ChatRequest.builder("Hi").quality(Quality.STANDARD).build());
            fixture.chat(ChatRequest.builder("Hi").model(DEAR).build());

            ReplayReport report = PolicyReplay.under(RoutingPolicy.parse(RECORDED), Prices.standard())
                    .replay(records(fixture));

            assertThat(report.decisions())
                    .extracting(ReplayedDecision::chosen)
                    .containsExactly(Optional.of(FREE), Optional.of(CHEAP), Optional.of(DEAR));
            assertThat(report.changed()).isZero();
            assertThat(report.compared()).isEqualTo(3);
            assertThat(report.unpricedShare()).isZero();
            assertThat(report.replayed()).isEqualTo(report.recorded()).isEqualTo(spent(fixture));
            assertThat(report.delta()).isEqualTo(MoneyTotal.ZERO);
        }
    }

    @Test
    void anotherPolicyGivesTheExactDifference() {
        try (RouterFixture fixture = new RouterFixture(RECORDED, setup -> setup)) {
            ChatResponse free = fixture.chat("Hi");
            ChatResponse cheap = fixture.chat(
                    ChatRequest.builder("Hi").quality(Quality.STANDARD).build());
            ChatResponse dear =
                    fixture.chat(ChatRequest.builder("Hi").model(DEAR).build());
            // Without the free and the cheap model all go to the dear one, whose cost of this usage is known.
            RoutingPolicy onlyDear =
                    RoutingPolicy.parse(RECORDED).withoutModel(FREE).withoutModel(CHEAP);

            ReplayReport report =
                    PolicyReplay.under(onlyDear, Prices.standard()).replay(records(fixture));

            MoneyTotal three = MoneyTotal.ZERO;
            for (int i = 0; i < 3; i++) {
                three = three.plus(dear.cost().answer().amount().orElseThrow());
            }
            MoneyTotal paid = MoneyTotal.ZERO
                    .plus(free.cost().answer().amount().orElseThrow())
                    .plus(cheap.cost().answer().amount().orElseThrow())
                    .plus(dear.cost().answer().amount().orElseThrow());
            assertThat(report.changed()).isEqualTo(2);
            assertThat(report.shifts()).extracting(ReplayShift::recorded).containsExactlyInAnyOrder(FREE, CHEAP, DEAR);
            assertThat(report.shifts()).allSatisfy(shift -> {
                assertThat(shift.chosen()).contains(DEAR);
                assertThat(shift.requests()).isEqualTo(1);
                assertThat(shift.compared()).isEqualTo(1);
            });
            assertThat(MoneyTotal.ZERO
                            .plus(report.shifts().get(0).delta())
                            .plus(report.shifts().get(1).delta())
                            .plus(report.shifts().get(2).delta()))
                    .isEqualTo(report.delta());
            assertThat(report.replayed()).isEqualTo(three);
            assertThat(report.recorded()).isEqualTo(paid);
            assertThat(report.delta().picoUsd()).isEqualTo(three.picoUsd().subtract(paid.picoUsd()));
            assertThat(report)
                    .isEqualTo(PolicyReplay.under(onlyDear, Prices.standard())
                            .replay(records(fixture).stream()
                                    .map(each -> DecisionCodec.read(DecisionCodec.write(each)))
                                    .toList()));
        }
    }

    @Test
    void higherFloorsSmallerWindowsAndMissingCapabilitiesCount() {
        try (RouterFixture fixture = new RouterFixture(RECORDED, setup -> setup)) {
            fixture.chat(ChatRequest.builder("Hi").system("Be short.").build());
            List<DecisionRecord> records = records(fixture);

            assertThat(chosen(RECORDED + "floors: {complexity: {simple: 80, medium: 80, complex: 85}}\n", records))
                    .contains(DEAR);
            assertThat(chosen(RECORDED.replace("contextTokens: 8192", "contextTokens: 5"), records))
                    .contains(CHEAP);
            assertThat(PolicyReplay.under(RoutingPolicy.parse(RECORDED), Prices.standard())
                            .withCapabilities(model ->
                                    model.equals(DEAR) ? Set.of(Capability.SYSTEM_TEXT) : Set.of(Capability.TOOLS))
                            .replay(records)
                            .decisions()
                            .get(0)
                            .chosen())
                    .contains(DEAR);
            assertThat(chosen(
                            RECORDED.replace("quality: 45", "quality: 1")
                                    .replace("quality: 66", "quality: 2")
                                    .replace("quality: 88", "quality: 3"),
                            records))
                    .contains(DEAR);
        }
    }

    @Test
    void whatCannotBeComparedIsCountedAndNotSummed() {
        try (RouterFixture fixture = new RouterFixture(RECORDED, setup -> setup)) {
            fixture.chat("Hi");
            fixture.chat(ChatRequest.builder("Hi").model(CHEAP).build());
            fixture.ollama.always(ScriptedStep.fail(FailureKind.INVALID_REQUEST));
            try {
                fixture.chat("Hi");
            } catch (RuntimeException expected) {
                assertThat(expected).isNotNull();
            }
            RoutingPolicy unknown = RoutingPolicy.parse("""
                    baseline: claude/claude-sonnet-4-6
                    models:
                      - {model: new/unpriced, quality: 99, contextTokens: 100000}
                    """);

            ReplayReport report = PolicyReplay.under(unknown, Prices.standard()).replay(records(fixture));

            assertThat(report.decisions()).hasSize(3);
            assertThat(report.answered()).isEqualTo(2);
            assertThat(report.compared()).isZero();
            // The one that named a model cannot be served at all, the other has no price.
            assertThat(report.unservable()).isEqualTo(1);
            assertThat(report.unpricedShare()).isEqualTo(0.5);
            assertThat(report.delta()).isEqualTo(MoneyTotal.ZERO);
        }
    }

    private static Optional<ModelId> chosen(String policy, List<DecisionRecord> records) {
        return PolicyReplay.under(RoutingPolicy.parse(policy), Prices.standard())
                .replay(records)
                .decisions()
                .get(0)
                .chosen();
    }

    private static MoneyTotal spent(RouterFixture fixture) {
        return MoneyTotal.sum(fixture.ledger.stream()
                .flatMap(entry -> entry.charge().cost().amount().stream())
                .toList());
    }

    private static List<DecisionRecord> records(RouterFixture fixture) {
        return fixture.events(Event.DecisionRecorded.class).stream()
                .map(Event.DecisionRecorded::decision)
                .toList();
    }
}
