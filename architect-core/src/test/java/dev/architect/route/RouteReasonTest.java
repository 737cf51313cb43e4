package dev.architect.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.cost.Cost;
import dev.architect.cost.Money;
import dev.architect.model.Capability;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.route.ComplexitySignal.Kind;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RouteReasonTest {

    private static final ModelId MODEL = ModelId.parse("openai/gpt-4o-mini");
    private static final CostEstimate PRICED = new CostEstimate(5, 120, Cost.priced(Money.ofUsd("0.00007275")));
    private static final QualityFloor OF_PROMPT = new QualityFloor(85, Optional.of(Complexity.COMPLEX));
    private static final QualityFloor OF_REQUEST = new QualityFloor(90, Optional.empty());

    @Test
    void candidateRendersItsNumbers() {
        assertThat(new Candidate(MODEL, 88, PRICED, SelectionReason.MEETS_FLOOR, OF_PROMPT).reason())
                .isEqualTo("about $0.000073 for 5 prompt and 120 answer tokens, quality 88; the floor is 85");
        assertThat(new Candidate(MODEL, 66, PRICED, SelectionReason.BEST_BELOW_FLOOR, OF_PROMPT).reason())
                .endsWith("quality 66; under the floor of 85 for COMPLEX prompts that no model reaches, so best first");
        assertThat(new Candidate(MODEL, 66, PRICED, SelectionReason.NAMED_BY_REQUEST, QualityFloor.NONE).reason())
                .endsWith("quality 66; the request names it");
    }

    @Test
    void unpricedCandidateRendersThatNoPriceIsKnown() {
        CostEstimate unpriced = new CostEstimate(5, 120, Cost.UNPRICED);

        assertThat(new Candidate(MODEL, 88, unpriced, SelectionReason.MEETS_FLOOR, OF_PROMPT).reason())
                .startsWith("no known price, so after all priced ones, for 5 prompt and 120 answer tokens");
        assertThat(unpriced.totalTokens()).isEqualTo(125);
    }

    @Test
    void everyExclusionHasItsCodeAndItsSentence() {
        List<Exclusion> all = List.of(
                new Exclusion.Disabled(MODEL),
                new Exclusion.OtherModelNamed(MODEL),
                new Exclusion.NotInPolicy(MODEL),
                new Exclusion.ProviderNotConfigured(MODEL),
                new Exclusion.CapabilityMissing(MODEL, Set.of(Capability.DOCUMENTS, Capability.SYSTEM_TEXT)),
                new Exclusion.ContextWindowTooSmall(MODEL, 1_000, 2_129),
                new Exclusion.BelowFloor(MODEL, 66, OF_REQUEST),
                new Exclusion.ModelGone(
                        MODEL, Instant.parse("2026-11-22T12:00:00Z"), Instant.parse("2026-11-22T12:01:00Z")),
                new Exclusion.NotLocal(MODEL, "private"),
                new Exclusion.TooExpensive(MODEL, "cheap", Cost.priced(Money.ofUsd("0.021")), Money.ofUsd("0.02")),
                new Exclusion.NotInRule(MODEL, "interns"),
                new Exclusion.OtherModelPinned(MODEL, ModelId.parse("claude/claude-haiku-4-5")));

        assertThat(all).extracting(Exclusion::code).containsExactlyElementsOf(EnumSet.allOf(ExclusionReason.class));
        assertThat(all)
                .extracting(Exclusion::reason)
                .containsExactly(
                        "is switched off in the policy",
                        "is not the model that the request names",
                        "is not in the policy",
                        "needs provider openai, which is not configured",
                        "lacks [SYSTEM_TEXT, DOCUMENTS]",
                        "has a window of 1000 tokens, about 2129 are needed",
                        "has quality 66, under the floor of 90 that the request sets",
                        "is unknown to its provider since 2026-11-22T12:00:00Z, next check at 2026-11-22T12:01:00Z",
                        "is not local, as rule 'private' requires",
                        "would cost about $0.021, rule 'cheap' allows $0.02",
                        "is not among the candidates of rule 'interns'",
                        "is not claude/claude-haiku-4-5, to which the policy pins the request");
        assertThat(new Exclusion.TooExpensive(MODEL, "cheap", Cost.UNPRICED, Money.ofUsd("0.02")).reason())
                .isEqualTo("has no known price, rule 'cheap' allows $0.02");
    }

    @Test
    void floorOfARuleNamesTheRule() {
        QualityFloor ofRule = new QualityFloor(70, Optional.empty(), Optional.of("reports"));

        assertThat(new Exclusion.BelowFloor(MODEL, 66, ofRule).reason())
                .isEqualTo("has quality 66, under the floor of 70 that rule 'reports' sets");
    }

    @Test
    void routeExplainsTheWholeDecision() {
        Candidate first = new Candidate(
                MODEL,
                88,
                PRICED,
                SelectionReason.MEETS_FLOOR,
                OF_PROMPT,
                List.of(
                        new StrategyValue("latency", OptionalDouble.of(320.04), "ms"),
                        new StrategyValue("headroom", OptionalDouble.empty(), "percent")));
        Route route = new Route(
                new Classification(Complexity.COMPLEX, 190, List.of()),
                List.of(first),
                List.of(new Exclusion.NotInRule(ModelId.parse("ollama/llama3.2"), "reports")),
                new RouteBasis(Optional.of("reports"), Optional.of("smaller"), Optional.of("control")));

        assertThat(route.explanation()).isEqualTo("""
                complexity: complex, score 190: nothing that asks for more than a short answer
                policy: rule 'reports', arm 'control' of experiment 'smaller'
                1. openai/gpt-4o-mini: about $0.000073 for 5 prompt and 120 answer tokens, quality 88; the floor is 85; \
                latency 320 ms, headroom unknown
                x  ollama/llama3.2 is not among the candidates of rule 'reports'""");
        assertThat(RouteBasis.NONE.description()).isEqualTo("no rule");
        assertThatThrownBy(() -> new RouteBasis(Optional.empty(), Optional.of("smaller"), Optional.empty()))
                .hasMessage("arm is none of experiment smaller, expected both or neither");
    }

    @Test
    void missingCapabilitiesAreNeverEmpty() {
        assertThatThrownBy(() -> new Exclusion.CapabilityMissing(MODEL, Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("missing has 0 capabilities, expected 1 or more");
    }

    @Test
    void classificationExplainsItsScore() {
        List<ComplexitySignal> signals =
                List.of(new ComplexitySignal(Kind.QUESTIONS, 2, 1), new ComplexitySignal(Kind.REWORDING, 1, -2));

        assertThat(new Classification(Complexity.SIMPLE, 0, signals).explanation())
                .isEqualTo("2 questions (+1), 1 requests to classify, translate, summarise or extract (-2)");
        assertThat(new Classification(Complexity.SIMPLE, 0, List.of()).explanation())
                .isEqualTo("nothing that asks for more than a short answer");
    }
}
