package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Quality;
import dev.architect.cost.Cost;
import dev.architect.cost.Money;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.model.Capability;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.route.Candidate;
import dev.architect.route.Exclusion;
import dev.architect.route.ExclusionReason;
import dev.architect.route.QualityFloor;
import dev.architect.route.Route;
import dev.architect.route.SelectionReason;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.usage.UsageBucket;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RouterPlanningTest {

    private static final String SIX = """
            baseline: claude/claude-sonnet-4-6
            models:
              - {model: claude/claude-sonnet-4-6, quality: 88, contextTokens: 1000000}
              - {model: openai/gpt-4o-mini, quality: 66, contextTokens: 128000}
              - {model: openai/unheard-of, quality: 99, contextTokens: 128000}
              - {model: ollama/b, quality: 50, contextTokens: 8192}
              - {model: ollama/a, quality: 50, contextTokens: 8192}
              - {model: ollama/c, quality: 60, contextTokens: 8192}
            """;

    private final RouterFixture fixture = new RouterFixture(SIX, setup -> setup);

    @Test
    void cheapestComesFirstThenQualityThenNameAndUnpricedIsLast() {
        assertThat(models(fixture.router.route(ChatRequest.of("Hi"))))
                .containsExactly(
                        "ollama/c",
                        "ollama/a",
                        "ollama/b",
                        "openai/gpt-4o-mini",
                        "claude/claude-sonnet-4-6",
                        "openai/unheard-of");
    }

    @Test
    void everyPlaceHasItsReason() {
        Route route = fixture.router.route(ChatRequest.of("Hi"));

        assertThat(route.candidates())
                .extracting(Candidate::reason)
                .contains(
                        "about $0.00 for 5 prompt and 120 answer tokens, quality 60; the floor is 40",
                        "about $0.000073 for 5 prompt and 120 answer tokens, quality 66; the floor is 40",
                        "no known price, so after all priced ones, for 5 prompt and 120 answer tokens, quality 99; the"
                                + " floor is 40");
    }

    @Test
    void complexPromptRaisesTheFloor() {
        Route route = fixture.router.route(ChatRequest.of("Prove the theorem, and derive the lemma."));

        assertThat(route.classification().complexity()).isEqualTo(Complexity.COMPLEX);
        assertThat(models(route)).containsExactly("claude/claude-sonnet-4-6", "openai/unheard-of");
        assertThat(route.exclusions())
                .contains(new Exclusion.BelowFloor(
                        ModelId.parse("openai/gpt-4o-mini"),
                        66,
                        new QualityFloor(85, Optional.of(Complexity.COMPLEX))));
    }

    @Test
    void namedQualityWinsOverComplexity() {
        ChatRequest basic = ChatRequest.builder("Prove the theorem, and derive the lemma.")
                .quality(Quality.BASIC)
                .build();
        ChatRequest high = ChatRequest.builder("Hi").quality(Quality.HIGH).build();

        assertThat(models(fixture.router.route(basic))).hasSize(6);
        assertThat(models(fixture.router.route(high))).containsExactly("openai/unheard-of");
        assertThat(fixture.router.route(high).candidates().get(0).floor())
                .isEqualTo(new QualityFloor(90, Optional.empty()));
    }

    @Test
    void floorThatNoModelReachesTakesTheBestFirst() {
        RouterFixture weak = new RouterFixture(SIX.replace("99", "70").replace("88", "75"), setup -> setup);

        Route route = weak.router.route(ChatRequest.of("Prove the theorem, and derive the lemma."));

        assertThat(models(route))
                .containsExactly(
                        "claude/claude-sonnet-4-6",
                        "openai/unheard-of",
                        "openai/gpt-4o-mini",
                        "ollama/c",
                        "ollama/a",
                        "ollama/b");
        assertThat(route.candidates())
                .allSatisfy(candidate -> assertThat(candidate.selection()).isEqualTo(SelectionReason.BEST_BELOW_FLOOR));
        assertThat(route.candidates().get(0).reason())
                .endsWith("quality 75; under the floor of 85 for COMPLEX prompts that no model reaches, so best first");
    }

    @Test
    void exclusionsStateTheReason() {
        RouterFixture one = new RouterFixture("""
                baseline: claude/claude-sonnet-4-6
                models:
                  - {model: claude/claude-sonnet-4-6, quality: 88, contextTokens: 1000000}
                  - {model: claude/off, quality: 88, contextTokens: 1000000, enabled: false}
                  - {model: gemini/gemini-2.5-flash, quality: 88, contextTokens: 1000000}
                  - {model: openai/gpt-4o-mini, quality: 66, contextTokens: 1000}
                  - {model: ollama/llama3.2, quality: 66, contextTokens: 8192}
                """, setup -> setup);
        one.ollama.withCapabilities("llama3.2", Set.of(Capability.STREAMING));
        one.router.reload(one.router.policy());
        ChatRequest request = ChatRequest.builder("Hi")
                .system("s".repeat(8_000))
                .needs(Set.of(Capability.DOCUMENTS))
                .build();

        assertThat(one.router.route(request).exclusions())
                .containsExactlyInAnyOrder(
                        new Exclusion.Disabled(ModelId.parse("claude/off")),
                        new Exclusion.ProviderNotConfigured(ModelId.parse("gemini/gemini-2.5-flash")),
                        new Exclusion.ContextWindowTooSmall(ModelId.parse("openai/gpt-4o-mini"), 1_000, 2_129),
                        new Exclusion.CapabilityMissing(
                                ModelId.parse("ollama/llama3.2"),
                                Set.of(Capability.SYSTEM_TEXT, Capability.DOCUMENTS)));
    }

    @Test
    void pinnedModelIsAloneAndHasNoFloor() {
        ChatRequest request = ChatRequest.builder("Prove the theorem, and derive the lemma.")
                .model(ModelId.parse("ollama/a"))
                .build();

        Route route = fixture.router.route(request);

        assertThat(models(route)).containsExactly("ollama/a");
        assertThat(route.candidates().get(0).selection()).isEqualTo(SelectionReason.NAMED_BY_REQUEST);
        assertThat(route.candidates().get(0).floor()).isEqualTo(QualityFloor.NONE);
        assertThat(route.exclusions())
                .hasSize(5)
                .allSatisfy(exclusion -> assertThat(exclusion.code()).isEqualTo(ExclusionReason.OTHER_MODEL_NAMED));
    }

    @Test
    void pinnedModelOutsideThePolicyIsNamed() {
        ChatRequest request = ChatRequest.builder("Hi")
                .model(ModelId.parse("openai/secret-model"))
                .build();

        assertThat(fixture.router.route(request).exclusions())
                .contains(new Exclusion.NotInPolicy(ModelId.parse("openai/secret-model")));
    }

    @Test
    void outputLimitCapsTheEstimate() {
        ChatRequest request = ChatRequest.builder("Hi").maxOutputTokens(7).build();

        assertThat(fixture.router.route(request).candidates().get(0).estimate().answerTokens())
                .isEqualTo(7);
    }

    @Test
    void orderFollowsTheRequest() {
        RouterFixture two = new RouterFixture("""
                baseline: claude/claude-sonnet-4-6
                models:
                  - {model: openai/gpt-5-nano, quality: 60, contextTokens: 400000, expectedOutputTokens: 600}
                  - {model: openai/gpt-4o-mini, quality: 60, contextTokens: 128000}
                """, setup -> setup);

        assertThat(models(two.router.route(ChatRequest.of("Hi")))).startsWith("openai/gpt-4o-mini");
        assertThat(models(two.router.route(ChatRequest.of("Hi. ".repeat(3_000)))))
                .startsWith("openai/gpt-5-nano");
    }

    @Test
    void webSearchCountsInTheEstimate() {
        ScriptedProvider perplexity = RouterFixture.answering("perplexity", "found");
        ScriptedProvider gemini = RouterFixture.answering("gemini", "found");
        RoutingPolicy policy = RoutingPolicy.parse("""
                baseline: claude/claude-sonnet-4-6
                models:
                  - {model: perplexity/perplexity/sonar, quality: 60, contextTokens: 128000}
                  - {model: gemini/gemini-2.5-flash, quality: 60, contextTokens: 128000}
                """);
        try (CostAwareRouter router = CostAwareRouter.with(policy).create(List.of(perplexity, gemini), fixture.time)) {
            ChatRequest search = ChatRequest.builder("Hi")
                    .needs(Set.of(Capability.WEB_SEARCH))
                    .build();

            assertThat(router.route(ChatRequest.of("Hi")).candidates().get(1).reason())
                    .startsWith("about $0.0003");
            assertThat(router.route(search).candidates().get(0).reason()).startsWith("about $0.0028");
            assertThat(models(router.route(search)))
                    .as("the second has no known fee for a search")
                    .containsExactly("perplexity/perplexity/sonar", "gemini/gemini-2.5-flash");
        }
    }

    @Test
    void nothingOfThePromptIsInTheRoute() {
        String secret = "xylophone-4711";

        assertThat(fixture.router.route(ChatRequest.of(secret + " " + secret)).toString())
                .doesNotContain("xylophone");
    }

    private static List<String> models(Route route) {
        return route.candidates().stream()
                .map(candidate -> candidate.model().toString())
                .toList();
    }

    @Test
    void modelThatIsAddedFromCodeIsRoutedAndPriced() {
        ModelId own = ModelId.parse("openai/my-tuned-model");
        RoutingPolicy policy = RoutingPolicy.standard()
                .withModel(ModelPolicy.builder(own.toString(), 99, 128_000).build());
        PriceCatalogue prices = Prices.standard()
                .with(
                        "contract-7",
                        List.of(Price.builder(own, "our contract", LocalDate.of(2026, 11, 1))
                                .usdPerMillionTokens(UsageBucket.INPUT, "3")
                                .usdPerMillionTokens(UsageBucket.OUTPUT, "12")
                                .build()));
        ScriptedProvider openai = RouterFixture.answering("openai", "tuned");
        try (RouterFixture fixture = new RouterFixture();
                CostAwareRouter router =
                        CostAwareRouter.with(policy).prices(prices).create(List.of(openai), fixture.time)) {
            ChatResponse response = router.chat(
                    ChatRequest.builder("Hi").model(own).build(), fixture.scope(null, Duration.ofSeconds(9)));

            assertThat(response.model()).isEqualTo(own);
            assertThat(response.cost().answer()).isEqualTo(Cost.priced(new Money(420_000_000)));
            assertThat(fixture.onlyEntry().charge().catalogueVersion()).isEqualTo("2026-11-27+contract-7");
        }
    }
}
