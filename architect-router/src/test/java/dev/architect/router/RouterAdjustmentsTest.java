package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.architect.chat.ChatRequest;
import dev.architect.control.ConfiguredModel;
import dev.architect.control.ListedModels;
import dev.architect.control.ModelSetting;
import dev.architect.control.OwnPolicy;
import dev.architect.control.PriceSourceException;
import dev.architect.control.RouterControl;
import dev.architect.cost.Money;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.error.FileProblem;
import dev.architect.error.InvalidFileException;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.spi.PriceSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is changed about a router while it runs. */
@Timeout(60)
final class RouterAdjustmentsTest {

    private static final ModelId CHEAP = new ModelId("openai", "gpt-4o-mini");

    /** The dear model alone. */
    private static final String DEAR_ONLY = """
            baseline: claude/claude-sonnet-4-6
            models:
              - {model: claude/claude-sonnet-4-6, quality: 88, contextTokens: 1000000}
            """;

    private static RouterControl control(RouterFixture fixture) {
        return fixture.router.control().orElseThrow();
    }

    private static ModelSetting off(String provider, Optional<String> model) {
        return new ModelSetting(provider, model, Optional.of(false), Optional.empty(), Optional.empty());
    }

    private static List<String> enabled(RouterFixture fixture) {
        return control(fixture).models().stream()
                .filter(ConfiguredModel::isEnabled)
                .map(model -> model.id().toString())
                .toList();
    }

    @Test
    void aPolicyThatIsFollowedTakesThePlaceOfItsOwnUntilItIsTakenBack() {
        try (RouterFixture fixture = new RouterFixture()) {
            String own = control(fixture).policyVersion();

            control(fixture).followPolicy(Optional.of(DEAR_ONLY));
            String followed = fixture.chat("Hi").model().toString();
            // What its file or the host says meanwhile waits.
            fixture.router.reload(fixture.router.policy().withRequestTimeout(Duration.ofSeconds(9)));
            List<String> waiting = enabled(fixture);
            control(fixture).followPolicy(Optional.empty());

            assertThat(followed).isEqualTo("claude/claude-sonnet-4-6");
            assertThat(waiting).containsExactly("claude/claude-sonnet-4-6");
            assertThat(fixture.router.policy().requestTimeout()).isEqualTo(Duration.ofSeconds(9));
            assertThat(own).isNotEqualTo(control(fixture).policyVersion());
        }
    }

    @Test
    void aPolicyThatIsWrongChangesNothingAndIsExplainedByItsLines() {
        try (RouterFixture fixture = new RouterFixture()) {
            RoutingPolicy before = fixture.router.policy();
            String wrong = "baseline: claude/a\nmodels:\n  - {model: claude/a, quality: 120, contextTokens: 1000}\n";

            List<FileProblem> problems = control(fixture).check(wrong);

            assertThat(problems).singleElement().satisfies(problem -> {
                assertThat(problem.line()).isEqualTo(3);
                assertThat(problem.column()).isPositive();
                assertThat(problem.field()).isEqualTo("models[0].quality");
            });
            assertThat(control(fixture).check(DEAR_ONLY)).isEmpty();
            assertThat(control(fixture).check(DEAR_ONLY + "learned: {promptModel: /no/such.model}\n"))
                    .isNotEmpty();
            assertThatThrownBy(() -> control(fixture).followPolicy(Optional.of(wrong)))
                    .isInstanceOf(InvalidFileException.class);
            assertThat(fixture.router.policy()).isEqualTo(before);
        }
    }

    @Test
    void modelsAndProvidersAreSwitchedOffAndChangedUnderAnyPolicy() {
        try (RouterFixture fixture = new RouterFixture()) {
            control(fixture)
                    .setModels(List.of(
                            off("openai", Optional.empty()),
                            // The provider is off, whatever its model says.
                            new ModelSetting(
                                    "openai",
                                    Optional.of("gpt-4o-mini"),
                                    Optional.of(true),
                                    Optional.empty(),
                                    Optional.empty()),
                            new ModelSetting(
                                    "claude",
                                    Optional.of("claude-sonnet-4-6"),
                                    Optional.empty(),
                                    Optional.of(70),
                                    Optional.of(2)),
                            off("unknown", Optional.of("model"))));

            assertThat(enabled(fixture)).containsExactly("ollama/llama3.2", "claude/claude-sonnet-4-6");
            assertThat(control(fixture).models().get(2))
                    .isEqualTo(new ConfiguredModel(new ModelId("claude", "claude-sonnet-4-6"), true, 70, 2, 1_000_000));
            control(fixture).followPolicy(Optional.of(DEAR_ONLY));
            assertThat(control(fixture).models().get(0).quality()).isEqualTo(70);
            control(fixture).setModels(List.of());
            assertThat(control(fixture).models().get(0).quality()).isEqualTo(88);
            control(fixture).followPolicy(Optional.empty());
            assertThat(enabled(fixture)).hasSize(3);
        }
    }

    @Test
    void pricesOnTopCountForTheNextCallsAndStayWhenTheCatalogueChanges() {
        try (RouterFixture fixture = new RouterFixture()) {
            List<Price> own = control(fixture)
                    .parsePrices("{\"provider\":\"openai\",\"model\":\"gpt-4o-mini\",\"match\":\"exact\","
                            + "\"validFrom\":\"2026-11-01T00:00:00Z\",\"usdPerMillionTokens\":{\"input\":10,\"output\":0},"
                            + "\"source\":\"a \\\"contract\\\", \\u00e4\",\"checked\":\"2026-11-01\"}");

            control(fixture).setPrices("own-7", own);
            fixture.chat(ChatRequest.builder("Hi").model(CHEAP).build());
            fixture.router.reload(new PriceCatalogue("empty", List.of()));
            fixture.chat(ChatRequest.builder("Hi").model(CHEAP).build());
            control(fixture).setPrices("own-8", List.of());
            fixture.chat(ChatRequest.builder("Hi").model(CHEAP).build());

            assertThat(fixture.ledger).hasSize(3);
            // A hundred tokens of prompt.
            assertThat(fixture.ledger.get(0).charge().cost().amount()).contains(Money.ofUsd("0.001"));
            assertThat(fixture.ledger.get(0).charge().catalogueVersion())
                    .isEqualTo(Prices.standard().version() + "+own-7");
            assertThat(fixture.ledger.get(1).charge().cost().amount()).contains(Money.ofUsd("0.001"));
            assertThat(fixture.ledger.get(1).charge().catalogueVersion()).isEqualTo("empty+own-7");
            assertThat(fixture.ledger.get(2).charge().cost().amount()).isEmpty();
            assertThat(own.get(0).source()).isEqualTo("a \"contract\", ä");
            assertThat(control(fixture).prices().ownVersion()).isEqualTo("empty");
            assertThat(control(fixture).prices().source()).isEmpty();
        }
    }

    @Test
    void refusesPricesThatAreWrongOrClaimTheSameCall() {
        try (RouterFixture fixture = new RouterFixture()) {
            String entry = "{\"provider\":\"p\",\"model\":\"m\",\"usdPerMillionTokens\":{\"input\":1},"
                    + "\"source\":\"s\",\"checked\":\"2026-11-01\"}";
            List<Price> twice = List.of(
                    control(fixture).parsePrices(entry).get(0),
                    control(fixture).parsePrices(entry).get(0));

            assertThatThrownBy(() -> control(fixture).parsePrices(entry.replace("input", "inpt")))
                    .isInstanceOf(InvalidFileException.class)
                    .hasMessageContaining("prices[0].usdPerMillionTokens.inpt");
            assertThatThrownBy(() -> control(fixture).setPrices("own", twice))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(control(fixture).prices().catalogue()).isEqualTo(Prices.standard());
            assertThatThrownBy(() -> control(fixture).refreshPrices())
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void asksTheSourceOfPricesNowAndSaysHowItFares() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        PriceSource source = () -> {
            if (asked.incrementAndGet() == 3) {
                throw new IllegalStateException("https://prices.example/?key=secret");
            }
            return new PriceCatalogue("v" + Math.min(asked.get(), 2), List.of());
        };
        try (RouterFixture fixture =
                new RouterFixture(RouterFixture.POLICY, setup -> setup.priceSource(source, Duration.ofHours(1)))) {
            // It is asked once when the router begins.
            fixture.time.awaitWaiting(1);

            assertThat(control(fixture).refreshPrices()).isTrue();
            assertThat(control(fixture).prices().catalogue().version()).isEqualTo("v2");
            assertThat(control(fixture).prices().source().orElseThrow().answeredAt())
                    .contains(RouterFixture.NOW);
            fixture.time.advance(Duration.ofMinutes(1));
            assertThatThrownBy(() -> control(fixture).refreshPrices())
                    .isInstanceOf(PriceSourceException.class)
                    .hasMessageNotContaining("secret");
            assertThat(control(fixture).prices().source().orElseThrow().hasFailed())
                    .isTrue();
            assertThat(control(fixture).prices().source().orElseThrow().answeredAt())
                    .contains(RouterFixture.NOW);
            assertThat(control(fixture).refreshPrices()).isFalse();
            assertThat(control(fixture).prices().source().orElseThrow().hasFailed())
                    .isFalse();
        }
    }

    @Test
    void listsWhatEachProviderHasAndWhichOfThemDoesNotTell() {
        try (RouterFixture fixture = new RouterFixture()) {
            assertThat(control(fixture).listModels(Duration.ofSeconds(1)))
                    .extracting(ListedModels::provider, ListedModels::failure)
                    .containsExactly(
                            tuple("ollama", Optional.of(FailureKind.UNSUPPORTED)),
                            tuple("openai", Optional.of(FailureKind.UNSUPPORTED)),
                            tuple("claude", Optional.of(FailureKind.UNSUPPORTED)));
        }
    }

    @Test
    void ownsThePolicyOfItsFileOfArchitectOrOfAProgram(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("routing.yaml");
        Files.writeString(file, DEAR_ONLY);
        try (RouterFixture fixture = new RouterFixture()) {
            assertThat(control(fixture).ownPolicy())
                    .isEqualTo(new OwnPolicy(OwnPolicy.Source.PROGRAM, Optional.empty()));
            try (CostAwareRouter following = CostAwareRouter.following(file).create(List.of(), fixture.time);
                    CostAwareRouter standard =
                            CostAwareRouter.with(RoutingPolicy.standard()).create(List.of(), fixture.time)) {
                assertThat(following.control().orElseThrow().ownPolicy())
                        .isEqualTo(new OwnPolicy(OwnPolicy.Source.FILE, Optional.of(DEAR_ONLY)));
                Files.delete(file);
                assertThat(following.control().orElseThrow().ownPolicy().text()).isEmpty();
                OwnPolicy own = standard.control().orElseThrow().ownPolicy();
                assertThat(own.source()).isEqualTo(OwnPolicy.Source.STANDARD);
                assertThat(own.text().map(RoutingPolicy::parse)).contains(RoutingPolicy.standard());
            }
        }
    }
}
