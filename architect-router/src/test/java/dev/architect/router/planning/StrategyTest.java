package dev.architect.router.planning;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.RateLimit;
import dev.architect.request.RequestScope;
import dev.architect.route.Candidate;
import dev.architect.route.Route;
import dev.architect.route.StrategyValue;
import dev.architect.router.admission.CallPermit;
import dev.architect.task.Priority;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each strategy with the rule that is often missed. */
class StrategyTest {

    private static final RequestScope SCOPE = RequestScope.create();
    private static final ChatRequest SHORT = ChatRequest.of("Hi");

    @Test
    void withoutStrategiesTheCheapestComesFirst() {
        assertThat(new DecisionFixture(DecisionFixture.MODELS).order()).isEqualTo("abc");
        assertThat(DecisionFixture.with("cost").order()).isEqualTo("abc");
    }

    @Test
    void aStrategyOrdersWhatTheOneBeforeHoldsToBeEqual() {
        DecisionFixture fixture = DecisionFixture.with("[{cost: {within: 10%}}, contextSize]");
        DecisionFixture reversed = DecisionFixture.with("[contextSize, cost]");

        assertThat(DecisionFixture.with("[{cost: {within: 10%}}, {order: [p/c, p/b]}]")
                        .order())
                .as("b is within ten percent of a, c is not, whatever the order says")
                .isEqualTo("bac");
        assertThat(fixture.order()).isEqualTo("abc");
        assertThat(reversed.order()).isEqualTo("cab");
    }

    @Test
    void whatHasNoPriceIsLastAndNotFirst() {
        String unpriced = DecisionFixture.MODELS + "  - {model: p/x, quality: 99, contextTokens: 100000}\n";

        assertThat(new DecisionFixture("strategies: cost\n" + unpriced).order()).isEqualTo("abcx");
        assertThat(new DecisionFixture("strategies: qualityPerCost\n" + unpriced).order())
                .isEqualTo("abcx");
        assertThat(new DecisionFixture("strategies: [{cost: {within: 1000%}}, contextSize]\n" + unpriced).order())
                .as("no band reaches what has no price")
                .endsWith("x");
    }

    @Test
    void qualityPerCostPaysForQuality() {
        String better = DecisionFixture.MODELS.replace("p/c, quality: 70", "p/c, quality: 100");
        DecisionFixture fixture = new DecisionFixture("strategies: [{qualityPerCost: {within: 50%}}, contextSize]\n"
                + better.replace("p/a, quality: 70", "p/a, quality: 60"));

        // a: 1.00/60, b: 1.05/70, c: 2.00/100 of the same tokens; within half of b are all of them.
        assertThat(fixture.order()).isEqualTo("cab");
        assertThat(DecisionFixture.with("qualityPerCost").order()).isEqualTo("abc");
    }

    @Test
    void theFastestToTheFirstTokenComesFirstForStreams() {
        DecisionFixture fixture = DecisionFixture.with("latency");
        fixture.call("a", ofSeconds(3), ofSeconds(4));
        fixture.call("b", ofSeconds(1), ofSeconds(30));
        fixture.call("c", ofSeconds(2), ofSeconds(5));

        assertThat(fixture.order(SHORT, SCOPE, true)).isEqualTo("bca");
        // Until its end for an answer that comes whole.
        assertThat(fixture.order(SHORT, SCOPE, false)).isEqualTo("acb");

        DecisionFixture byFirstToken = DecisionFixture.with("firstToken");
        byFirstToken.call("a", ofSeconds(3), ofSeconds(4));
        byFirstToken.call("b", ofSeconds(1), ofSeconds(30));
        byFirstToken.call("c", ofSeconds(2), ofSeconds(5));
        assertThat(byFirstToken.order(SHORT, SCOPE, false)).isEqualTo("bca");
    }

    @Test
    void aSlowDeploymentIsTriedAgainAndByOneCallOnly() {
        DecisionFixture fixture = DecisionFixture.with("{latency: {halfLife: 1m}}");
        fixture.call("b", ofSeconds(16), ofSeconds(16));
        fixture.call("a", ofSeconds(1), ofSeconds(1));
        fixture.call("c", ofSeconds(1), ofSeconds(1));
        assertThat(fixture.order()).endsWith("b");

        // a and c go on to be used; b fades.
        for (int minute = 0; minute < 5; minute++) {
            fixture.time.advance(ofMinutes(1));
            fixture.call("a", ofSeconds(1), ofSeconds(1));
            fixture.call("c", ofSeconds(1), ofSeconds(1));
        }
        assertThat(fixture.order()).startsWith("b");

        // The call that finds out is on its way: the others must not follow it.
        CallPermit trial = fixture.begin("b");
        assertThat(fixture.order()).endsWith("b");
        fixture.time.advance(ofSeconds(15));
        trial.recordFirstToken();
        trial.settle(null, true, List.of());
        assertThat(fixture.order())
                .as("what was measured long ago does not make the new time look better")
                .endsWith("b");
    }

    @Test
    void anErrorNeverCountsAsFast() {
        for (FailureKind kind : List.of(FailureKind.UNAVAILABLE, FailureKind.OVERLOADED, FailureKind.RATE_LIMITED)) {
            DecisionFixture fixture = DecisionFixture.with("latency");
            fixture.call("a", ofSeconds(2), ofSeconds(2));
            fixture.call("b", ofSeconds(2), ofSeconds(2));
            fixture.call("c", ofSeconds(3), ofSeconds(3));
            fixture.fail("a", ofMillis(1), kind);

            assertThat(fixture.order()).as(kind.name()).isEqualTo("bac");
            fixture.fail("a", ofMillis(1), kind);
            assertThat(fixture.order()).as(kind.name()).isEqualTo("bca");
        }
    }

    @Test
    void aDeploymentThatOnlyFailedIsNotTheFastest() {
        DecisionFixture fixture = DecisionFixture.with("latency");
        fixture.call("b", ofSeconds(2), ofSeconds(2));
        fixture.call("c", ofSeconds(3), ofSeconds(3));
        fixture.fail("a", ofMillis(1), FailureKind.UNAVAILABLE);

        assertThat(fixture.order()).endsWith("a");
    }

    @Test
    void whatTheRequestIsRefusedForSaysNothingAboutSpeed() {
        DecisionFixture fixture = DecisionFixture.with("latency");
        fixture.call("a", ofSeconds(1), ofSeconds(1));
        fixture.call("b", ofSeconds(2), ofSeconds(2));
        fixture.call("c", ofSeconds(3), ofSeconds(3));
        fixture.fail("c", ofMillis(1), FailureKind.INVALID_REQUEST);
        fixture.fail("a", ofSeconds(9), FailureKind.CONTEXT_TOO_LONG);

        assertThat(fixture.order()).isEqualTo("abc");
    }

    @Test
    void aCallerThatLostPatienceShowsThatItIsSlow() {
        DecisionFixture fixture = DecisionFixture.with("latency");
        fixture.call("a", ofSeconds(1), ofSeconds(1));
        fixture.call("b", ofSeconds(2), ofSeconds(2));
        fixture.call("c", ofSeconds(3), ofSeconds(3));
        fixture.fail("a", ofSeconds(20), FailureKind.CANCELLED);

        assertThat(fixture.order()).isEqualTo("bca");
    }

    @Test
    void leastBusyTakesTheLessBusyOfTwo() {
        DecisionFixture fixture = DecisionFixture.with("leastBusy");
        fixture.begin("a", 6);
        fixture.begin("b", 3);

        String first = fixture.choices(3_000);
        assertThat(first).doesNotContain("a");
        // Of three pairs two have c, and one is b with a.
        assertThat(share(first, 'c')).isBetween(0.62, 0.71);
        assertThat(share(first, 'b')).isBetween(0.29, 0.38);
        assertThat(fixture.explain(SHORT, SCOPE).candidates())
                .extracting(candidate -> candidate.model().model())
                .as("looking at it draws nothing")
                .containsExactly("c", "b", "a");
    }

    @Test
    void aCallCountsFromBeforeItIsSentUntilItsBodyIsClosed() {
        DecisionFixture fixture = DecisionFixture.with("leastBusy");
        List<CallPermit> a = fixture.begin("a", 1);
        List<CallPermit> b = fixture.begin("b", 1);
        List<CallPermit> c = fixture.begin("c", 1);
        a.get(0).recordFirstToken();

        assertThat(fixture.deployment("a").stats().inFlight()).isEqualTo(1);
        a.get(0).settle(null, true, List.of());
        b.get(0).close();
        c.get(0).settle(DecisionFixture.failure("c", FailureKind.CANCELLED), true, List.of());
        assertThat(List.of("a", "b", "c"))
                .allSatisfy(model ->
                        assertThat(fixture.deployment(model).stats().inFlight()).isZero());
    }

    @Test
    void aDeploymentThatFailsFastDoesNotLookIdle() {
        DecisionFixture fixture = DecisionFixture.with("leastBusy");
        fixture.begin("b", 2);
        fixture.begin("c", 2);
        for (int i = 0; i < 4; i++) {
            fixture.fail("a", ofMillis(1), FailureKind.UNAVAILABLE);
        }

        assertThat(fixture.choices(300)).doesNotContain("a");
        fixture.time.advance(ofMinutes(2));
        assertThat(fixture.choices(300)).contains("a");
    }

    @Test
    void equallyBusyOnesShareTheRequests() {
        String first = DecisionFixture.with("leastBusy").choices(3_000);

        assertThat(share(first, 'a')).isBetween(0.29, 0.38);
        assertThat(share(first, 'b')).isBetween(0.29, 0.38);
    }

    @Test
    void weightsAreSharesEvenlySpread() {
        DecisionFixture fixture = new DecisionFixture("strategies: weighted\n"
                + DecisionFixture.MODELS
                        .replace("p/a, quality: 70", "p/a, quality: 70, weight: 5")
                        .replace("p/b, quality: 70", "p/b, quality: 70, weight: 2"));
        String first = fixture.choices(8_000);

        assertThat(count(first, 'a')).isBetween(4_999, 5_001);
        assertThat(count(first, 'b')).isBetween(1_999, 2_001);
        assertThat(count(first, 'c')).isBetween(999, 1_001);
        assertThat(first).as("no burst of one of them").doesNotContain("aaaaaa", "bb", "cc");
    }

    @Test
    void weightZeroTakesNoTrafficButStaysFallback() {
        String weights = DecisionFixture.MODELS.replace("p/a, quality: 70", "p/a, quality: 70, weight: 0");

        assertThat(new DecisionFixture("strategies: weighted\n" + weights).choices(100))
                .doesNotContain("a");
        assertThat(new DecisionFixture("strategies: weighted\n" + weights).order())
                .endsWith("a");
        // Whatever the strategies are: it is the cheapest.
        assertThat(new DecisionFixture(weights).order()).isEqualTo("bca");
        assertThat(new DecisionFixture(weights)
                        .order(
                                ChatRequest.builder("Hi")
                                        .model(new ModelId("p", "a"))
                                        .build(),
                                SCOPE,
                                true))
                .isEqualTo("a");
        assertThat(new DecisionFixture("strategies: weighted\n"
                                + DecisionFixture.MODELS.replace("quality: 70", "quality: 70, weight: 0"))
                        .order())
                .as("the rest when there is nothing else")
                .isEqualTo("abc");
    }

    @Test
    void lookingAtRoutesTakesNoTurn() {
        DecisionFixture fixture = DecisionFixture.with("weighted");
        for (int i = 0; i < 5; i++) {
            fixture.explain(SHORT, SCOPE);
        }

        assertThat(fixture.choices(6))
                .isEqualTo(DecisionFixture.with("weighted").choices(6));
        assertThat(fixture.choices(6).chars().distinct().count()).isEqualTo(3);
    }

    @Test
    void headroomIsWhatProvidersReportAndNotOnlyOurOwnCount() {
        DecisionFixture fixture = DecisionFixture.with("headroom");
        report(fixture, "a", 1_000, 100);
        report(fixture, "b", 1_000, 600);

        assertThat(fixture.order()).isEqualTo("cba");

        // Our own calls on their way count as well: c has 2 of 10 permits left, b has 6 of 10 tokens.
        fixture.begin("c", 7);
        assertThat(fixture.order()).isEqualTo("bca");
    }

    @Test
    void headroomIsWhatWouldBeLeftAfterTheReservation() {
        DecisionFixture fixture = DecisionFixture.with("headroom");
        report(fixture, "a", 1_000_000, 600_000);
        report(fixture, "b", 1_000, 700);
        report(fixture, "c", 1_000, 100);
        // Of b 0.7 are left, and less than a half when 300 tokens of the prompt are gone.
        ChatRequest larger = ChatRequest.of("x".repeat(1_000));

        assertThat(fixture.order(larger, SCOPE, true)).isEqualTo("abc");
    }

    @Test
    void lowPriorityLeavesWhatIsNearlyUsedUpToUrgentRequests() {
        DecisionFixture fixture = DecisionFixture.with("[{priority: {reserve: 45%, urgentWithin: 10s}}, cost]");
        // Of a three tenths are left after this request; the least urgent leave 45 %, ordinary ones 20 %.
        fixture.begin("a", 6);
        RequestScope low = SCOPE.withPriority(new Priority(9));

        assertThat(fixture.order(SHORT, low, true)).isEqualTo("bca");
        assertThat(fixture.order(SHORT, SCOPE, true)).isEqualTo("abc");
        assertThat(fixture.order(SHORT, SCOPE.withPriority(Priority.URGENT), true))
                .isEqualTo("abc");
        assertThat(fixture.order(SHORT, low.withTimeout(ofSeconds(5)), true))
                .as("a request that has to be answered soon is urgent")
                .isEqualTo("abc");

        fixture.begin("a", 2);
        assertThat(fixture.order(SHORT, SCOPE, true)).isEqualTo("bca");
        assertThat(fixture.order(SHORT, SCOPE.withPriority(Priority.URGENT), true))
                .isEqualTo("abc");
    }

    @Test
    void aConversationStaysWhereItsPromptCacheLives() {
        DecisionFixture fixture = DecisionFixture.with("[{sticky: {cacheLifetime: 5m}}, cost]");
        ChatRequest first = longPrompt("one");
        answered(fixture, first, "c");
        ChatRequest next = nextTurn(first);

        assertThat(fixture.order(next, SCOPE, true)).isEqualTo("cab");
        assertThat(fixture.order(longPrompt("two"), SCOPE, true))
                .as("another conversation")
                .isEqualTo("abc");
        assertThat(fixture.order(nextTurn(ChatRequest.of("short")), SCOPE, true))
                .as("what is too short is not cached")
                .isEqualTo("abc");

        fixture.time.advance(ofMinutes(5));
        assertThat(fixture.order(next, SCOPE, true)).as("the cache is gone").isEqualTo("abc");
    }

    @Test
    void theFresherCacheIsWorthMore() {
        DecisionFixture fixture = DecisionFixture.with("[sticky, cost]");
        ChatRequest first = longPrompt("one");
        answered(fixture, first, "a");
        fixture.time.advance(ofMinutes(4));
        answered(fixture, first, "b");

        assertThat(fixture.order(nextTurn(first), SCOPE, true)).isEqualTo("bac");
    }

    @Test
    void cacheHitsAreExpectedOnlyWhereThePrefixWasSentAndWhileItLives() {
        DecisionFixture fixture = DecisionFixture.with("{cost: {cacheAware: true}}");
        ChatRequest first = longPrompt("one");
        ChatRequest next = nextTurn(first);
        assertThat(fixture.order(next, SCOPE, true)).isEqualTo("abc");

        answered(fixture, first, "c");
        // Twice the price, a tenth of it for nearly everything.
        assertThat(fixture.order(next, SCOPE, true)).isEqualTo("cab");
        fixture.time.advance(ofMinutes(4));
        assertThat(fixture.order(next, SCOPE, true))
                .as("it is probably gone by now, so that it is not worth twice the price")
                .isEqualTo("abc");
        assertThat(DecisionFixture.with("cost").order(next, SCOPE, true)).isEqualTo("abc");
    }

    @Test
    void theSmallestWindowThatFitsComesFirst() {
        DecisionFixture fixture = DecisionFixture.with("contextSize");

        assertThat(fixture.order()).isEqualTo("cab");
        assertThat(fixture.order(ChatRequest.of("x".repeat(4 * 60_000)), SCOPE, true))
                .as("c does not fit and is found out before the call")
                .isEqualTo("ab");
    }

    @Test
    void pinnedIsExactlyOneUnlessFailoverIsAllowed() {
        DecisionFixture fixture = DecisionFixture.with("{pinned: p/c}");

        assertThat(fixture.order()).isEqualTo("c");
        assertThat(fixture.explain(SHORT, SCOPE).exclusions())
                .extracting(exclusion -> exclusion.model().model() + " " + exclusion.reason())
                .containsExactly(
                        "a is not p/c, to which the policy pins the request",
                        "b is not p/c, to which the policy pins the request");
        assertThat(DecisionFixture.with("{pinned: {model: p/c, failover: true}}")
                        .order())
                .isEqualTo("cab");
        assertThat(fixture.order(
                        ChatRequest.builder("Hi").model(new ModelId("p", "b")).build(), SCOPE, true))
                .as("who names a model has chosen")
                .isEqualTo("b");
    }

    @Test
    void anExplicitOrderComesBeforeWhatItDoesNotList() {
        assertThat(DecisionFixture.with("{order: [p/b]}").order()).isEqualTo("bac");
    }

    @Test
    void routesShowWhatEachStrategySaw() {
        DecisionFixture fixture = DecisionFixture.with("[{latency: {within: 50%}}, cost]");
        fixture.call("a", ofMillis(400), ofMillis(500));
        fixture.call("c", ofMillis(300), ofMillis(400));

        Route route = fixture.explain(SHORT, SCOPE);

        assertThat(route.candidates()).extracting(Candidate::model).hasSize(3);
        Candidate a = route.candidates().stream()
                .filter(candidate -> candidate.model().model().equals("a"))
                .findFirst()
                .orElseThrow();
        assertThat(a.values()).extracting(StrategyValue::strategy).containsExactly("latency", "cost");
        assertThat(a.values().get(0).value()).hasValueCloseTo(498.0, offset(2.0));
        assertThat(a.reason()).contains("latency 498 ms, cost 0.000125 USD");
        assertThat(route.explanation()).contains("latency unknown");
        assertThat(fixture.plan(SHORT, SCOPE, true).route().candidates())
                .as("nothing is kept for a route that is taken")
                .allSatisfy(candidate -> assertThat(candidate.values()).isEmpty());
    }

    private static void answered(DecisionFixture fixture, ChatRequest request, String model) {
        fixture.plan(request, SCOPE, true).recordAnswered(fixture.deployment(model), fixture.time.nanoTime());
    }

    private static ChatRequest longPrompt(String conversation) {
        return ChatRequest.of(conversation + " " + "word ".repeat(4_000));
    }

    private static ChatRequest nextTurn(ChatRequest earlier) {
        List<Message> turns = List.of(earlier.messages().get(0), Message.assistant("An answer."));
        return ChatRequest.builder("Go on").earlier(turns).build();
    }

    private static void report(DecisionFixture fixture, String model, long limit, long remaining) {
        CallPermit permit = fixture.begin(model);
        permit.settle(
                null,
                true,
                List.of(new RateLimit(
                        "tokens", Optional.of(limit), Optional.of(remaining), Optional.of(Duration.ofHours(1)))));
    }

    private static double share(String choices, char model) {
        return (double) count(choices, model) / choices.length();
    }

    private static int count(String choices, char model) {
        return (int) choices.chars().filter(each -> each == model).count();
    }
}
