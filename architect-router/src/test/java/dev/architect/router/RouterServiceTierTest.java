package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatRequest;
import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.cost.PriceCatalogue;
import dev.architect.error.ArchitectException;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.route.Candidate;
import dev.architect.route.Exclusion;
import dev.architect.route.Route;
import dev.architect.router.pricing.Prices;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A request that asks for a service tier is estimated at its rates. */
final class RouterServiceTierTest {

    private static final ModelId OPENAI = ModelId.parse("openai/gpt-4o-mini");
    private static final ModelId CLAUDE = ModelId.parse("claude/claude-sonnet-4-6");
    private static final String POLICY = """
            baseline: claude/claude-sonnet-4-6
            models:
              - {model: openai/gpt-4o-mini, quality: 90, contextTokens: 1000000}
              - {model: claude/claude-sonnet-4-6, quality: 90, contextTokens: 1000000}
            """;
    private static final PriceCatalogue PRICES = Prices.parse("""
            version: test
            base: none
            currency: USD
            prices:
              - {provider: openai, model: gpt-4o-mini, usdPerMillionTokens: {input: 4, output: 4}, source: made up, checked: 2026-11-01}
              - {provider: openai, model: gpt-4o-mini, serviceTier: flex, usdPerMillionTokens: {input: 1, output: 1}, source: made up, checked: 2026-11-01}
              - {provider: openai, model: gpt-4o-mini, serviceTier: "priority, fast", usdPerMillionTokens: {input: 8, output: 8}, source: made up, checked: 2026-11-01}
              - {provider: claude, model: claude-sonnet-4-6, usdPerMillionTokens: {input: 2, output: 2}, source: made up, checked: 2026-11-01}
            """);

    private RouterFixture fixture;

    @BeforeEach
    void open() {
        fixture = new RouterFixture(POLICY, setup -> setup.prices(PRICES));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Route route(String option, String tier) {
        return fixture.router.route(ChatRequest.builder("Hi")
                .option(option, tier)
                .maxOutputTokens(100)
                .build());
    }

    private static List<ModelId> models(Route route) {
        return route.candidates().stream().map(Candidate::model).toList();
    }

    private static long perToken(Route route, ModelId model) {
        Candidate candidate = route.candidates().stream()
                .filter(each -> each.model().equals(model))
                .findFirst()
                .orElseThrow();
        long tokens = candidate.estimate().promptTokens() + candidate.estimate().answerTokens();
        return candidate.estimate().cost().amount().orElseThrow().picoUsd() / tokens;
    }

    @Test
    void theRatesOfTheTierDecideTheOrder() {
        Route usual = fixture.router.route(ChatRequest.of("Hi"));
        Route flex = route("openai.service_tier", "flex");
        Route fast = route("openai.service_tier", "fast");

        assertThat(models(usual)).containsExactly(CLAUDE, OPENAI);
        assertThat(perToken(usual, OPENAI)).isEqualTo(4_000_000);
        assertThat(models(flex)).containsExactly(OPENAI, CLAUDE);
        assertThat(perToken(flex, OPENAI)).isEqualTo(1_000_000);
        assertThat(perToken(flex, CLAUDE)).isEqualTo(2_000_000);
        assertThat(models(fast)).containsExactly(CLAUDE, OPENAI);
        assertThat(perToken(fast, OPENAI)).isEqualTo(8_000_000);
    }

    @Test
    void wordsForTheUsualTierAndOptionsOfOthersChangeNothing() {
        for (String tier : List.of("auto", "default", "standard")) {
            assertThat(perToken(route("openai.service_tier", tier), OPENAI)).isEqualTo(4_000_000);
        }
        assertThat(perToken(route("gemini.service_tier", "flex"), OPENAI)).isEqualTo(4_000_000);
        assertThat(perToken(route("openai.verbosity", "low"), OPENAI)).isEqualTo(4_000_000);
    }

    @Test
    void aTierWithoutRatesHasNoPriceAndComesLast() {
        Route scale = route("openai.service_tier", "scale");

        assertThat(models(scale)).containsExactly(CLAUDE, OPENAI);
        assertThat(scale.candidates().get(1).estimate().cost()).isEqualTo(Cost.UNPRICED);
    }

    @Test
    void aCallThatIsCutIsBookedAtTheTierThatWasAskedFor() {
        fixture.openai.always(ScriptedStep.breakAfter("one two", FailureKind.PROTOCOL, TokenUsage.of(1_000, 10)));
        fixture.claude.always(ScriptedStep.answer("well", TokenUsage.of(1, 1)));

        fixture.chat(
                ChatRequest.builder("Hi").option("openai.service_tier", "flex").build());

        LedgerEntry cut = fixture.ledger.get(0);
        assertThat(cut.route().requested()).isEqualTo(OPENAI);
        assertThat(cut.route().serviceTier()).isEqualTo("flex");
        assertThat(cut.charge().cost().status()).isEqualTo(CostStatus.ESTIMATED);
        assertThat(cut.charge().cost().amount().orElseThrow().picoUsd())
                .isEqualTo(1_000_000L
                        * (cut.metering().usage().promptTokens()
                                + cut.metering().usage().completionTokens()));
    }

    @Test
    void aCallThatIsNotBilledHasNoTierAndOneWithoutRatesTheUsualPrice() {
        fixture.openai.then(ScriptedStep.fail(FailureKind.CONTEXT_TOO_LONG));
        fixture.openai.always(ScriptedStep.breakAfter("one two", FailureKind.PROTOCOL, TokenUsage.of(1_000, 10)));
        fixture.claude.always(ScriptedStep.answer("well", TokenUsage.of(1, 1)));

        for (String tier : List.of("flex", "scale")) {
            try {
                fixture.chat(ChatRequest.builder("Hi")
                        .model(OPENAI)
                        .option("openai.service_tier", tier)
                        .build());
            } catch (ArchitectException expected) {
                assertThat(expected).isNotNull();
            }
        }

        assertThat(fixture.ledger.get(0).charge().cost()).isEqualTo(Cost.NOT_BILLED);
        assertThat(fixture.ledger.get(0).route().serviceTier()).isEqualTo("standard");
        LedgerEntry cut = fixture.ledger.get(1);
        assertThat(cut.route().serviceTier()).isEqualTo("standard");
        assertThat(cut.charge().cost().amount().orElseThrow().picoUsd())
                .isEqualTo(4_000_000L
                        * (cut.metering().usage().promptTokens()
                                + cut.metering().usage().completionTokens()));
    }

    @Test
    void aLimitOfTheRequestCountsTheTier() {
        ChatRequest.Builder limited =
                ChatRequest.builder("Hi").model(OPENAI).maxOutputTokens(100).maxCost(Money.ofUsd("0.0005"));

        Route usual = fixture.router.route(limited.build());
        Route fast = fixture.router.route(
                limited.option("openai.service_tier", "priority").build());

        assertThat(models(usual)).containsExactly(OPENAI);
        assertThat(models(fast)).isEmpty();
        assertThat(fast.exclusions())
                .filteredOn(each -> each.model().equals(OPENAI))
                .hasOnlyElementsOfType(Exclusion.TooExpensive.class);
    }
}
