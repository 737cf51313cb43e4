package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.attempt.FencingToken;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.LedgerEntry;
import dev.architect.error.StoreException;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.project.ProjectId;
import dev.architect.request.RequestScope;
import dev.architect.route.NoRouteException;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.RoutingContext;
import dev.architect.task.TaskId;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RouterFailoverTest {

    private final RouterFixture fixture = new RouterFixture();

    @Test
    void cheapestAnswersAndIsBooked() {
        ChatResponse response = fixture.chat("Hi");

        assertThat(response.text()).isEqualTo("free");
        assertThat(response.position()).isZero();
        assertThat(response.model()).isEqualTo(ModelId.parse("ollama/llama3.2"));
        assertThat(fixture.onlyEntry().outcome()).isEqualTo(CallOutcome.ANSWERED);
        assertThat(fixture.claude.callCount() + fixture.openai.callCount()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            names = {"CONTENT_REFUSED", "INVALID_REQUEST", "CANCELLED", "CONTEXT_TOO_LONG"},
            mode = EnumSource.Mode.EXCLUDE)
    void failsOverToTheNextCandidate(FailureKind kind) {
        fixture.ollama.then(ScriptedStep.fail(kind));

        ChatResponse response = fixture.chat("Hi");

        assertThat(response.text()).isEqualTo("cheap");
        assertThat(response.position()).isEqualTo(1);
        assertThat(fixture.ledger).extracting(entry -> entry.route().position()).containsExactly(0, 1);
        assertThat(fixture.ledger.get(0).failure()).contains(kind);
        assertThat(fixture.events(Event.FailedOver.class))
                .containsExactly(new Event.FailedOver(
                        RouterFixture.NOW,
                        Optional.empty(),
                        ModelId.parse("ollama/llama3.2"),
                        ModelId.parse("openai/gpt-4o-mini"),
                        kind));
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            names = {"CONTENT_REFUSED", "INVALID_REQUEST"})
    void whatWouldFailAgainSurfacesAtOnce(FailureKind kind) {
        fixture.ollama.then(ScriptedStep.fail(kind, failure -> failure.status(400)));

        ProviderException failure = catchThrowableOfType(ProviderException.class, () -> fixture.chat("Hi"));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(fixture.openai.callCount() + fixture.claude.callCount()).isZero();
        assertThat(fixture.onlyEntry().failure()).contains(kind);
        assertThat(fixture.events(Event.FailedOver.class)).isEmpty();
    }

    @Test
    void tooLongPromptGoesOnlyToLargerWindows() {
        RouterFixture mixed = new RouterFixture("""
                baseline: claude/claude-sonnet-4-6
                models:
                  - {model: ollama/llama3.2, quality: 60, contextTokens: 128000}
                  - {model: openai/gpt-4o-mini, quality: 60, contextTokens: 128000}
                  - {model: claude/claude-sonnet-4-6, quality: 60, contextTokens: 128001}
                """, setup -> setup);
        mixed.ollama.then(ScriptedStep.fail(FailureKind.CONTEXT_TOO_LONG));

        assertThat(mixed.chat("Hi").text()).isEqualTo("dear");
        assertThat(mixed.openai.callCount()).isZero();
    }

    @Test
    void tooLongForEveryWindowIsNotWorthRetrying() {
        fixture.ollama.always(ScriptedStep.fail(FailureKind.CONTEXT_TOO_LONG));
        fixture.openai.always(ScriptedStep.fail(FailureKind.CONTEXT_TOO_LONG));
        fixture.claude.always(ScriptedStep.fail(FailureKind.CONTEXT_TOO_LONG));

        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> fixture.chat("Hi"));

        assertThat(failure.isTransient()).isFalse();
        assertThat(failure.failures()).hasSize(3);
    }

    @Test
    void everyFailureIsInTheFinalOne() {
        fixture.ollama.then(ScriptedStep.fail(FailureKind.UNAVAILABLE));
        fixture.openai.then(ScriptedStep.fail(
                FailureKind.RATE_LIMITED, failure -> failure.status(429).retryAfter(Duration.ofSeconds(7))));
        fixture.claude.then(ScriptedStep.fail(FailureKind.AUTHENTICATION));

        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> fixture.chat("Hi"));

        assertThat(failure.failures())
                .extracting(ProviderException::kind)
                .containsExactly(FailureKind.UNAVAILABLE, FailureKind.RATE_LIMITED, FailureKind.AUTHENTICATION);
        assertThat(failure.isTransient()).isTrue();
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7));
        assertThat(fixture.ledger).hasSize(3);
    }

    @Test
    void refusedKeysEverywhereAreNotWorthRetrying() {
        fixture.ollama.then(ScriptedStep.fail(FailureKind.AUTHENTICATION));
        fixture.openai.then(ScriptedStep.fail(FailureKind.QUOTA_EXHAUSTED));
        fixture.claude.then(ScriptedStep.fail(FailureKind.AUTHENTICATION));

        assertThat(catchThrowableOfType(NoRouteException.class, () -> fixture.chat("Hi"))
                        .isTransient())
                .isFalse();
    }

    @Test
    void routeWithoutCandidatesIsNotWorthRetrying() {
        ChatRequest unknown =
                ChatRequest.builder("Hi").model(ModelId.parse("openai/none")).build();

        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> fixture.chat(unknown));

        assertThat(failure.isTransient()).isFalse();
        assertThat(failure).hasMessageContaining("openai/none is not in the policy");
        assertThat(fixture.ledger).isEmpty();
    }

    @Test
    void nothingIsTriedAfterTheDeadline() {
        fixture.ollama.then(
                ScriptedStep.after(fixture.time, Duration.ofSeconds(90), ScriptedStep.fail(FailureKind.TIMEOUT)));

        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> fixture.chat("Hi"));

        assertThat(failure.isTransient()).isTrue();
        assertThat(fixture.openai.callCount()).isZero();
        assertThat(fixture.onlyEntry().timing().duration()).isEqualTo(Duration.ofSeconds(90));
    }

    /** As a long collection of garbage does. */
    @Test
    void aDeadlineThatPassesRightBeforeACallIsAFailureOfTheRequest() {
        fixture.ollama.then(ScriptedStep.fail(FailureKind.PROTOCOL));
        RoutingContext slow = new RoutingContext(
                RequestScope.create().withTimeout(Duration.ofSeconds(9)),
                Optional.empty(),
                Optional.empty(),
                fixture.ledger::add,
                event -> {
                    if (event instanceof Event.FailedOver) {
                        fixture.time.advance(Duration.ofSeconds(10));
                    }
                });

        assertThatThrownBy(() -> fixture.router.chat(ChatRequest.of("Hi"), slow))
                .isInstanceOf(NoRouteException.class);
        assertThat(fixture.openai.callCount()).isZero();
        assertThat(fixture.router.freeCalls()).isEqualTo(9);
    }

    @Test
    void callsGetTheSmallerOfTheirOwnTimeAndWhatIsLeft() {
        fixture.ollama.then(
                ScriptedStep.after(fixture.time, Duration.ofSeconds(40), ScriptedStep.fail(FailureKind.TIMEOUT)));
        fixture.openai.then(
                ScriptedStep.after(fixture.time, Duration.ofSeconds(39), ScriptedStep.fail(FailureKind.TIMEOUT)));

        fixture.chat("Hi");

        assertThat(fixture.ollama.calls().get(0).timeout()).isEqualTo(Duration.ofSeconds(40));
        assertThat(fixture.openai.calls().get(0).timeout()).isEqualTo(Duration.ofSeconds(40));
        assertThat(fixture.claude.calls().get(0).timeout()).isEqualTo(Duration.ofSeconds(11));
    }

    @Test
    void policyBoundsTheRequestToo() {
        fixture.ollama.then(
                ScriptedStep.after(fixture.time, Duration.ofSeconds(100), ScriptedStep.fail(FailureKind.TIMEOUT)));

        assertThatThrownBy(() -> fixture.router.chat(ChatRequest.of("Hi"), fixture.scope(null, Duration.ofHours(1))))
                .isInstanceOf(NoRouteException.class);
        assertThat(fixture.openai.callCount()).isZero();
    }

    @Test
    void entryIsBookedBeforeTheNextCall() {
        List<String> order = new ArrayList<>();
        fixture.ollama.then(ScriptedStep.fail(FailureKind.UNAVAILABLE));
        fixture.openai.then((model, call, listener) -> {
            order.add("second call");
            return ScriptedStep.answer("ok", TokenUsage.of(1, 1)).perform(model, call, listener);
        });

        fixture.router.chat(
                ChatRequest.of("Hi"),
                new RoutingContext(
                        RequestScope.create().withTimeout(Duration.ofSeconds(9)),
                        Optional.empty(),
                        Optional.empty(),
                        entry -> order.add("booked " + entry.route().requested()),
                        event -> {}));

        assertThat(order).containsExactly("booked ollama/llama3.2", "second call", "booked openai/gpt-4o-mini");
    }

    @Test
    void eventsComeInTheDocumentedOrder() {
        FencingToken fencingToken = new FencingToken(new TaskId(17), 3, 1);
        fixture.ollama.then(ScriptedStep.fail(FailureKind.UNAVAILABLE));

        fixture.router.chat(
                ChatRequest.of("Hi"),
                new RoutingContext(
                        RequestScope.of(new ProjectId("alpha")).withTimeout(Duration.ofSeconds(9)),
                        Optional.ofNullable(fencingToken),
                        Optional.empty(),
                        fixture.ledger::add,
                        fixture.events::add));

        assertThat(fixture.events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("RouteChosen", "CallEnded", "FailedOver", "CallEnded");
        assertThat(fixture.events).allSatisfy(event -> assertThat(event.about()).contains(fencingToken.id()));
        assertThat(fixture.ledger).allSatisfy(entry -> {
            assertThat(entry.origin().task()).contains(fencingToken.id());
            assertThat(entry.origin().epoch()).isEqualTo(3);
            assertThat(entry.origin().attribution().project()).isEqualTo(new ProjectId("alpha"));
            assertThat(entry.origin().requestId())
                    .isEqualTo(fixture.ledger.get(0).origin().requestId());
        });
    }

    @Test
    void theFirstCallHasTheIdOfItsRequestAndLaterOnesHaveTheirOwn() {
        fixture.ollama.then(ScriptedStep.fail(FailureKind.UNAVAILABLE));

        String request = fixture.chat("Hi").requestId();

        assertThat(fixture.ledger).hasSize(2);
        assertThat(fixture.ledger)
                .extracting(entry -> entry.origin().requestId())
                .containsOnly(request);
        assertThat(fixture.ledger.get(0).callId()).isEqualTo(request);
        assertThat(fixture.ledger.get(1).callId()).isNotEqualTo(request).matches("[0-9a-f]{32}");
    }

    @Test
    void idsAre128BitsAndDiffer() {
        fixture.chat("Hi");
        fixture.chat("Hi");

        assertThat(fixture.ledger)
                .extracting(LedgerEntry::callId)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[0-9a-f]{32}"));
        assertThat(fixture.ledger)
                .extracting(entry -> entry.origin().requestId())
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[0-9a-f]{32}"));
    }

    @Test
    void adapterThatThrowsSomethingElseCountsAsBrokenAnswer() {
        fixture.ollama.then((model, call, listener) -> {
            throw new IllegalStateException("secret prompt text");
        });
        fixture.openai.then((model, call, listener) -> nothing());

        assertThat(fixture.chat("Hi").text()).isEqualTo("dear");
        assertThat(fixture.ledger)
                .extracting(entry -> entry.failure().orElse(null))
                .containsExactly(FailureKind.PROTOCOL, FailureKind.PROTOCOL, null);
    }

    @Test
    void errorsPassAndAreBooked() {
        fixture.ollama.then((model, call, listener) -> {
            throw new StackOverflowError();
        });

        assertThatThrownBy(() -> fixture.chat("Hi")).isInstanceOf(StackOverflowError.class);
        assertThat(fixture.onlyEntry().failure()).contains(FailureKind.PROTOCOL);
        assertThat(fixture.chat("Hi").text()).as("the permit is back").isEqualTo("free");
    }

    @Test
    void ledgerThatFailsEndsTheRequestAndHoldsNothing() {
        RoutingContext full = new RoutingContext(
                RequestScope.create().withTimeout(Duration.ofSeconds(9)),
                Optional.empty(),
                Optional.empty(),
                entry -> {
                    throw new StoreException(StoreException.Kind.FULL, "no space", null);
                },
                event -> {});

        assertThatThrownBy(() -> fixture.router.chat(ChatRequest.of("Hi"), full))
                .isInstanceOf(StoreException.class);
        assertThat(fixture.openai.callCount()).isZero();
        assertThat(fixture.chat("Hi").text()).as("the permit is back").isEqualTo("free");
    }

    @Test
    void requestGoesOnWhenAnEventListenerFails() {
        assertGoesOn(event -> {
            throw new IllegalStateException("broken");
        });
    }

    @Test
    void requestGoesOnWhenAnEventListenerThrowsAnError() {
        assertGoesOn(event -> {
            throw new NoClassDefFoundError("absent/Metrics");
        });
    }

    private void assertGoesOn(EventListener broken) {
        RoutingContext context = new RoutingContext(
                RequestScope.create().withTimeout(Duration.ofSeconds(9)),
                Optional.empty(),
                Optional.empty(),
                fixture.ledger::add,
                broken);

        assertThat(fixture.router.chat(ChatRequest.of("Hi"), context).text()).isEqualTo("free");
        assertThat(fixture.ledger).hasSize(1);
    }

    @Test
    void closedRouterRefusesAndHasClosedItsProviders() {
        fixture.close();
        fixture.close();

        assertThat(fixture.ollama.isClosed() && fixture.openai.isClosed() && fixture.claude.isClosed())
                .isTrue();
        assertThatThrownBy(() -> fixture.chat("Hi")).isInstanceOf(IllegalStateException.class);
        assertThat(fixture.meters.find("architect.router.breaker").gauges()).isEmpty();
    }

    @Test
    void twoProvidersOfOneNameAreRefused() {
        assertThatThrownBy(() -> CostAwareRouter.with(RoutingPolicy.standard())
                        .create(List.of(fixture.claude, RouterFixture.answering("claude", "x")), fixture.time))
                .hasMessage("provider claude is given twice, expected once");
    }

    /** What a broken adapter may return. */
    @SuppressWarnings("NullAway")
    private static ProviderAnswer nothing() {
        return null;
    }
}
