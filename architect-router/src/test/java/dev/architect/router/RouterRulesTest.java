package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Quality;
import dev.architect.model.Capability;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.project.ProjectId;
import dev.architect.request.RequestScope;
import dev.architect.route.Candidate;
import dev.architect.route.Exclusion;
import dev.architect.route.ExclusionReason;
import dev.architect.route.NoRouteException;
import dev.architect.route.Route;
import dev.architect.route.RouteBasis;
import dev.architect.spi.RoutingContext;
import dev.architect.task.Priority;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rules of a policy do to requests. */
class RouterRulesTest {

    private static final ChatRequest HI = ChatRequest.of("Hi");
    private static final RequestScope SCOPE = RequestScope.create();
    private static final String OLLAMA = "ollama/llama3.2";
    private static final String OPENAI = "openai/gpt-4o-mini";
    private static final String CLAUDE = "claude/claude-sonnet-4-6";

    private static RouterFixture fixture(String rules) {
        return new RouterFixture(
                RouterFixture.POLICY.replace("contextTokens: 8192}", "contextTokens: 8192, local: true}") + rules,
                setup -> setup);
    }

    private static List<String> models(Route route) {
        return route.candidates().stream()
                .map(candidate -> candidate.model().toString())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "complexity: simple               | true",
                "complexity: [medium, complex]    | false",
                "quality: auto                    | true",
                "quality: high                    | false",
                "project: [crm, web]              | true",
                "project: 'w*'                    | true",
                "project: crm                     | false",
                "user: alice                      | true",
                "user: '*'                        | true",
                "user: ali                        | false",
                "tags: {kind: [summary, mail]}    | true",
                "tags: {kind: summary, team: a}   | false",
                "tags: {kind: 'summ*'}            | true",
                "tags: {team: '*'}                | false",
                "needs: tools                     | false",
                "priority: high                   | true",
                "priority: 2                      | true",
                "priority: 0..3                   | true",
                "priority: 3..9                   | false",
                "priority: low                    | false",
            })
    void aRuleIsAboutTheRequestsThatMeetItsConditions(String condition, boolean isMet) {
        RequestScope scope = RequestScope.of(new ProjectId("web"))
                .withUser("alice")
                .withTag("kind", "summary")
                .withPriority(Priority.HIGH);
        try (RouterFixture fixture = fixture("rules: [{when: {" + condition + "}, candidates: " + CLAUDE + "}]\n")) {
            Route route = fixture.router.route(HI, scope);

            assertThat(models(route)).hasSize(isMet ? 1 : 3);
            assertThat(route.basis().rule()).isEqualTo(isMet ? Optional.of("rule-1") : Optional.empty());
        }
    }

    @Test
    void aRequestWithoutAUserMeetsNoConditionOnUsers() {
        try (RouterFixture fixture = fixture("rules: [{when: {user: '*'}, candidates: " + CLAUDE + "}]\n")) {
            assertThat(models(fixture.router.route(HI))).hasSize(3);
        }
    }

    @Test
    void conditionsOnNeedsLookAtWhatTheRequestImplies() {
        try (RouterFixture fixture = fixture("rules: [{when: {needs: [web-search]}, candidates: " + CLAUDE + "}]\n")) {
            ChatRequest search = ChatRequest.builder("Hi")
                    .needs(EnumSet.of(Capability.WEB_SEARCH))
                    .build();
            assertThat(fixture.router.route(search).basis().rule()).contains("rule-1");
            assertThat(fixture.router.route(HI).basis().rule()).isEmpty();
        }
    }

    @Test
    void theFirstRuleThatMatchesCounts() {
        try (RouterFixture fixture = fixture("""
                rules:
                  - {name: one, when: {tags: {kind: summary}}, candidates: openai/gpt-4o-mini}
                  - {name: two, when: {project: web}, candidates: claude/claude-sonnet-4-6}
                  - {name: rest, localOnly: true}
                """)) {
            RequestScope both = RequestScope.of(new ProjectId("web")).withTag("kind", "summary");

            assertThat(models(fixture.router.route(HI, both))).containsExactly(OPENAI);
            assertThat(models(fixture.router.route(HI, RequestScope.of(new ProjectId("web")))))
                    .containsExactly(CLAUDE);
            assertThat(models(fixture.router.route(HI))).containsExactly(OLLAMA);
            assertThat(fixture.router.route(HI, both).exclusions())
                    .extracting(Exclusion::reason)
                    .containsExactly(
                            "is not among the candidates of rule 'one'", "is not among the candidates of rule 'one'");
        }
    }

    @Test
    void candidatesAreModelsOrTiersWhichFollowFromQuality() {
        try (RouterFixture fixture = fixture("""
                tiers: {small: 0, good: 60, best: 85}
                rules:
                  - {when: {user: a}, candidates: small}
                  - {when: {user: b}, candidates: [good, claude/claude-sonnet-4-6]}
                  - {when: {user: c}, candidates: best}
                """)) {
            assertThat(models(fixture.router.route(HI, SCOPE.withUser("a")))).containsExactly(OLLAMA);
            assertThat(models(fixture.router.route(HI, SCOPE.withUser("b")))).containsExactly(OPENAI, CLAUDE);
            assertThat(models(fixture.router.route(HI, SCOPE.withUser("c")))).containsExactly(CLAUDE);
        }
    }

    @Test
    void anExplicitOrderIsTheChainOfFailover() {
        try (RouterFixture fixture = fixture("rules: [{order: [" + CLAUDE + ", " + OLLAMA + "]}]\n")) {
            fixture.claude.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));

            ChatResponse answer = fixture.chat("Hi");

            assertThat(models(answer.route())).containsExactly(CLAUDE, OLLAMA);
            assertThat(answer.model()).isEqualTo(ModelId.parse(OLLAMA));
            assertThat(fixture.openai.callCount()).isZero();
        }
    }

    @Test
    void candidatesThatAnOrderDoesNotListComeAfterThoseThatItDoes() {
        try (RouterFixture fixture = fixture(
                "rules: [{candidates: [" + CLAUDE + ", " + OLLAMA + ", " + OPENAI + "], order: " + CLAUDE + "}]\n")) {
            assertThat(models(fixture.router.route(HI))).containsExactly(CLAUDE, OLLAMA, OPENAI);
        }
    }

    @Test
    void theFloorOfARuleStandsInPlaceOfThatOfTheComplexity() {
        try (RouterFixture fixture = fixture("rules: [{name: good, floor: 60}]\n")) {
            ChatRequest basic = ChatRequest.builder("Hi").quality(Quality.BASIC).build();
            ChatRequest high = ChatRequest.builder("Hi").quality(Quality.HIGH).build();

            assertThat(models(fixture.router.route(HI))).containsExactly(OPENAI, CLAUDE);
            assertThat(fixture.router.route(HI).exclusions())
                    .extracting(Exclusion::reason)
                    .containsExactly("has quality 45, under the floor of 60 that rule 'good' sets");
            assertThat(models(fixture.router.route(basic))).containsExactly(OPENAI, CLAUDE);
            assertThat(fixture.router.route(high).candidates().get(0).floor().minimum())
                    .as("no less than the quality that the request names")
                    .isEqualTo(90);
        }
    }

    @Test
    void whatMustStayLocalIsNeverSentElsewhere() {
        try (RouterFixture fixture =
                fixture("rules: [{name: private, when: {tags: {data: private}}, localOnly: true}]\n")) {
            fixture.ollama.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));
            RequestScope scope = SCOPE.withTag("data", "private").withTimeout(Duration.ofSeconds(90));
            ChatRequest named =
                    ChatRequest.builder("Hi").model(ModelId.parse(CLAUDE)).build();
            ChatRequest hard = ChatRequest.builder("Hi").quality(Quality.HIGH).build();

            for (ChatRequest request : List.of(HI, named, hard)) {
                NoRouteException failure = catchThrowableOfType(
                        NoRouteException.class, () -> fixture.router.chat(request, context(fixture, scope)));
                assertThat(failure.route().exclusions())
                        .filteredOn(exclusion -> !exclusion.model().provider().equals("ollama"))
                        .filteredOn(exclusion -> exclusion.code() != ExclusionReason.OTHER_MODEL_NAMED)
                        .isNotEmpty()
                        .allSatisfy(exclusion -> assertThat(exclusion.code()).isEqualTo(ExclusionReason.NOT_LOCAL));
            }
            assertThat(fixture.openai.callCount() + fixture.claude.callCount()).isZero();
        }
    }

    @Test
    void aModelIsLocalOnlyWhenThePolicySaysSo() {
        try (RouterFixture fixture =
                new RouterFixture(RouterFixture.POLICY + "rules: [{localOnly: true}]\n", setup -> setup)) {
            assertThat(fixture.router.route(HI).candidates()).isEmpty();
            assertThat(fixture.router.route(HI).exclusions())
                    .extracting(Exclusion::code)
                    .containsOnly(ExclusionReason.NOT_LOCAL);
        }
    }

    @Test
    void aPriceCapHoldsForEveryCandidate() {
        // About 125 tokens: 0.00007 on gpt-4o-mini, 0.0018 on claude.
        try (RouterFixture fixture = fixture("rules: [{name: cheap, maxCost: 0.0005}]\n")) {
            fixture.ollama.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));
            fixture.openai.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));

            NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> fixture.chat("Hi"));

            assertThat(models(failure.route())).containsExactly(OLLAMA, OPENAI);
            assertThat(failure.route().exclusions())
                    .singleElement()
                    .isInstanceOfSatisfying(Exclusion.TooExpensive.class, exclusion -> {
                        assertThat(exclusion.model()).isEqualTo(ModelId.parse(CLAUDE));
                        assertThat(exclusion.limit().usd()).isEqualByComparingTo("0.0005");
                        assertThat(exclusion.estimate().amount()).isPresent();
                    });
            assertThat(fixture.claude.callCount()).isZero();
        }
    }

    @Test
    void whatFailedCallsHaveCostIsPartOfTheCap() {
        try (RouterFixture fixture =
                fixture("rules: [{name: cheap, order: [" + OPENAI + ", " + CLAUDE + "], maxCost: 0.0025}]\n")) {
            assertThat(models(fixture.router.route(HI))).containsExactly(OPENAI, CLAUDE);
            fixture.openai.always(
                    ScriptedStep.breakAfter("Some text", FailureKind.UNAVAILABLE, TokenUsage.of(10_000, 10)));

            NoRouteException failure =
                    catchThrowableOfType(NoRouteException.class, () -> fixture.stream("Hi", delta -> {}));

            assertThat(failure.route().exclusions())
                    .filteredOn(Exclusion.TooExpensive.class::isInstance)
                    .extracting(Exclusion::model)
                    .containsExactly(ModelId.parse(CLAUDE));
            assertThat(failure.failures()).hasSize(1);
            assertThat(fixture.claude.callCount()).isZero();
        }
    }

    @Test
    void whatHasNoPriceExceedsEveryCap() {
        try (RouterFixture fixture = new RouterFixture(
                RouterFixture.POLICY.replace("gpt-4o-mini", "unheard-of") + "rules: [{maxCost: 100}]\n",
                setup -> setup)) {
            assertThat(fixture.router.route(HI).exclusions())
                    .extracting(Exclusion::reason)
                    .containsExactly("has no known price, rule 'rule-1' allows $100");
        }
    }

    @Test
    void aFallbackNeverLacksWhatTheRequestNeeds() {
        try (RouterFixture fixture = fixture("rules: [{order: [" + OLLAMA + ", " + OPENAI + ", " + CLAUDE + "]}]\n")) {
            fixture.openai.withCapabilities("gpt-4o-mini", EnumSet.noneOf(Capability.class));
            fixture.ollama.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));
            ChatRequest withSystem =
                    ChatRequest.builder("Hi").system("Be short.").build();
            // What a provider can do is read when a policy is compiled.
            fixture.router.reload(fixture.router.policy());

            ChatResponse answer = fixture.chat(withSystem);

            assertThat(models(answer.route())).containsExactly(OLLAMA, CLAUDE);
            assertThat(answer.model()).isEqualTo(ModelId.parse(CLAUDE));
            assertThat(fixture.openai.callCount()).isZero();
        }
    }

    @Test
    void candidatesAboveTheGoalComeAfterThoseWithin() {
        try (RouterFixture fixture = fixture("rules: [{firstTokenGoal: 1s}]\n")) {
            fixture.ollama.always(ScriptedStep.after(
                    fixture.time, Duration.ofSeconds(5), ScriptedStep.answer("slow", TokenUsage.of(1, 1))));
            assertThat(models(fixture.router.route(HI))).containsExactly(OLLAMA, OPENAI, CLAUDE);
            fixture.stream("Hi", delta -> {});

            assertThat(models(fixture.router.route(HI)))
                    .as("slow, and still a fallback")
                    .containsExactly(OPENAI, CLAUDE, OLLAMA);
            fixture.time.advance(Duration.ofMinutes(5));
            assertThat(models(fixture.router.route(HI)))
                    .as("that was long ago")
                    .containsExactly(OLLAMA, OPENAI, CLAUDE);
        }
    }

    @Test
    void aRuleHasStrategiesOfItsOwn() {
        try (RouterFixture fixture = fixture(
                "strategies: contextSize\nrules: [{when: {user: a}, strategies: {order: [" + CLAUDE + "]}}]\n")) {
            assertThat(models(fixture.router.route(HI))).containsExactly(OLLAMA, OPENAI, CLAUDE);
            assertThat(models(fixture.router.route(HI, SCOPE.withUser("a")))).containsExactly(CLAUDE, OLLAMA, OPENAI);
        }
    }

    @Test
    void theArmOfAnExperimentIsVisibleAndStable() {
        try (RouterFixture fixture = fixture("""
                rules: [{name: web, when: {project: web}, floor: 0}]
                experiments:
                  - name: bigger
                    key: user
                    share: 50%
                    arms:
                      - {name: control}
                      - {name: large, candidates: claude/claude-sonnet-4-6}
                """)) {
            int[] counts = new int[3];
            for (int user = 0; user < 600; user++) {
                RequestScope scope = RequestScope.of(new ProjectId("web")).withUser("user-" + user);
                Route route = fixture.router.route(HI, scope);
                assertThat(fixture.router.route(HI, scope).basis()).isEqualTo(route.basis());
                assertThat(route.basis().rule()).contains("web");
                String arm = route.basis().arm().orElse("none");
                counts[List.of("none", "control", "large").indexOf(arm)]++;
                assertThat(models(route)).hasSize(arm.equals("large") ? 1 : 3);
            }
            assertThat(counts[0]).isBetween(250, 350);
            assertThat(counts[1]).isBetween(110, 190);
            assertThat(counts[2]).isBetween(110, 190);
            assertThat(fixture.router
                            .route(HI, RequestScope.of(new ProjectId("web")))
                            .basis())
                    .as("without a user there is no arm")
                    .isEqualTo(new RouteBasis(Optional.of("web"), Optional.empty(), Optional.empty()));
        }
    }

    @Test
    void anArmNeverLiftsWhatTheRuleRequires() {
        try (RouterFixture fixture = fixture("""
                rules: [{name: private, localOnly: true}]
                experiments:
                  - {name: bigger, arms: [{name: large, candidates: claude/claude-sonnet-4-6}]}
                """)) {
            assertThat(fixture.router.route(HI).candidates()).isEmpty();
            assertThat(fixture.router.route(HI).basis().arm()).contains("large");
        }
    }

    @Test
    void requestsFollowTheSameRulesAsRoutes() {
        try (RouterFixture fixture = fixture("rules: [{when: {user: a}, candidates: " + CLAUDE + "}]\n")) {
            ChatResponse answer = fixture.router.chat(HI, context(fixture, SCOPE.withUser("a")));

            assertThat(answer.model()).isEqualTo(ModelId.parse(CLAUDE));
            assertThat(answer.route().basis().rule()).contains("rule-1");
            assertThat(answer.route().candidates())
                    .extracting(Candidate::values)
                    .containsOnly(List.of());
            assertThat(fixture.chat("Hi").model()).isEqualTo(ModelId.parse(OLLAMA));
        }
    }

    private static RoutingContext context(RouterFixture fixture, RequestScope scope) {
        return new RoutingContext(scope, Optional.empty(), Optional.empty(), fixture.ledger::add, fixture.events::add);
    }
}
