package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ModelSelection;
import dev.architect.chat.Quality;
import dev.architect.cost.Money;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.route.Candidate;
import dev.architect.route.Exclusion;
import dev.architect.route.NoRouteException;
import dev.architect.route.Route;
import dev.architect.route.SelectionReason;
import dev.architect.route.UnservableRequestException;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request itself wants of its route: a model at any provider, the fastest, the cheapest, and no more than a limit. */
final class RouterPreferenceTest {

    private static final String SAME_NAME = RouterFixture.POLICY
            + "  - {model: claude/gpt-4o-mini, quality: 66, maxConcurrent: 4, contextTokens: 128000}\n";

    @Test
    void aModelAtAnyProviderFailsOverToTheOtherOne() {
        try (RouterFixture fixture = new RouterFixture(SAME_NAME, setup -> setup)) {
            ChatRequest request = named(ModelSelection.Provider.ANY);
            fixture.openai.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));

            Route route = fixture.router.route(request);

            assertThat(models(route)).containsExactlyInAnyOrder("openai/gpt-4o-mini", "claude/gpt-4o-mini");
            assertThat(route.candidates())
                    .extracting(Candidate::selection)
                    .containsOnly(SelectionReason.NAMED_BY_REQUEST);
            assertThat(fixture.chat(request).model().provider()).isEqualTo("claude");
        }
    }

    @Test
    void aModelAtItsProviderDoesNot() {
        try (RouterFixture fixture = new RouterFixture(SAME_NAME, setup -> setup)) {
            assertThat(models(fixture.router.route(named(ModelSelection.Provider.NAMED))))
                    .containsExactly("openai/gpt-4o-mini");
        }
    }

    @Test
    void aModelThatNoProviderHasIsUnservable() {
        try (RouterFixture fixture = new RouterFixture()) {
            ChatRequest request = ChatRequest.builder("Hi")
                    .model(ModelId.parse("openai/gpt-9"))
                    .provider(ModelSelection.Provider.ANY)
                    .build();

            assertThatThrownBy(() -> fixture.router.check(request)).isInstanceOf(UnservableRequestException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "strategies: [weighted]\n"})
    void theFastestAsMeasuredComesFirst(String strategies) {
        try (RouterFixture fixture = new RouterFixture(RouterFixture.POLICY + strategies, setup -> setup)) {
            ChatRequest fastest = preferring(ModelSelection.Preference.FASTEST);
            slow(fixture, Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ofSeconds(2));
            // The first of them begins to measure; each model is called once, because nothing is known of it.
            fixture.router.route(fastest);
            for (int i = 0; i < 3; i++) {
                fixture.chat(fastest);
            }

            assertThat(models(fixture.router.route(fastest)))
                    .containsExactly("openai/gpt-4o-mini", "claude/claude-sonnet-4-6", "ollama/llama3.2");
        }
    }

    @Test
    void theCheapestComesFirstWhateverThePolicyPrefers() {
        String order = "strategies: [{order: [claude/claude-sonnet-4-6, openai/gpt-4o-mini, ollama/llama3.2]}]\n";
        try (RouterFixture fixture = new RouterFixture(RouterFixture.POLICY + order, setup -> setup)) {
            assertThat(models(fixture.router.route(preferring(ModelSelection.Preference.POLICY))))
                    .startsWith("claude/claude-sonnet-4-6");
            assertThat(models(fixture.router.route(preferring(ModelSelection.Preference.CHEAPEST))))
                    .containsExactly("ollama/llama3.2", "openai/gpt-4o-mini", "claude/claude-sonnet-4-6");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rules: [{name: cheap, maxCost: 1}]\n"})
    void whatWouldCostMoreThanTheRequestAllowsIsLeftOut(String rules) {
        try (RouterFixture fixture = new RouterFixture(RouterFixture.POLICY + rules, setup -> setup)) {
            ChatRequest request = ChatRequest.builder("Hi")
                    .quality(Quality.BASIC)
                    .maxCost(Money.ofUsd("0.0005"))
                    .build();
            fixture.ollama.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));
            fixture.openai.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));

            NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> fixture.chat(request));

            assertThat(models(failure.route())).containsExactly("ollama/llama3.2", "openai/gpt-4o-mini");
            Exclusion exclusion = failure.route().exclusions().get(0);
            assertThat(exclusion).isInstanceOf(Exclusion.TooExpensive.class);
            assertThat(exclusion.reason()).contains("the request allows $0.0005");
            assertThat(fixture.claude.callCount()).isZero();
        }
    }

    @Test
    void aTighterLimitOfARuleStands() {
        String rules = "rules: [{name: cheap, maxCost: 0.0005}]\n";
        try (RouterFixture fixture = new RouterFixture(RouterFixture.POLICY + rules, setup -> setup)) {
            Route route = fixture.router.route(ChatRequest.builder("Hi")
                    .quality(Quality.BASIC)
                    .maxCost(Money.ofUsd("1"))
                    .build());

            assertThat(route.exclusions().get(0).reason()).contains("rule 'cheap' allows");
        }
    }

    private static void slow(RouterFixture fixture, Duration ollama, Duration openai, Duration claude) {
        fixture.ollama.always(slow(fixture, ollama));
        fixture.openai.always(slow(fixture, openai));
        fixture.claude.always(slow(fixture, claude));
    }

    private static ScriptedStep slow(RouterFixture fixture, Duration time) {
        return ScriptedStep.after(fixture.time, time, ScriptedStep.answer("text", TokenUsage.of(100, 10)));
    }

    private static ChatRequest named(ModelSelection.Provider provider) {
        return ChatRequest.builder("Hi")
                .model(ModelId.parse("openai/gpt-4o-mini"))
                .provider(provider)
                .build();
    }

    private static ChatRequest preferring(ModelSelection.Preference preference) {
        return ChatRequest.builder("Hi")
                .quality(Quality.BASIC)
                .preference(preference)
                .build();
    }

    private static List<String> models(Route route) {
        return route.candidates().stream()
                .map(candidate -> candidate.model().toString())
                .toList();
    }
}
