package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.RequestScope;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.LedgerEntry;
import dev.architect.error.StoreException;
import dev.architect.event.Event;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.project.ProjectId;
import dev.architect.route.NoRouteException;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.RoutingContext;
import dev.architect.task.FencingToken;
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

    private final RouterFixture house = new RouterFixture();

    @Test
    void cheapestAnswersAndIsBooked() {
        ChatResponse response = house.ask("Hi");

        assertThat(response.text()).isEqualTo("free");
        assertThat(response.position()).isZero();
        assertThat(response.model()).isEqualTo(ModelId.parse("ollama/llama3.2"));
        assertThat(house.onlyEntry().outcome()).isEqualTo(CallOutcome.ANSWERED);
        assertThat(house.claude.callCount() + house.openai.callCount()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            names = {"CONTENT_REFUSED", "INVALID_REQUEST", "CANCELLED", "CONTEXT_TOO_LONG"},
            mode = EnumSource.Mode.EXCLUDE)
    void failsOverToTheNextCandidate(FailureKind kind) {
        house.ollama.then(ScriptedStep.fail(kind));

        ChatResponse response = house.ask("Hi");

        assertThat(response.text()).isEqualTo("cheap");
        assertThat(response.position()).isEqualTo(1);
        assertThat(house.ledger).extracting(entry -> entry.route().position()).containsExactly(0, 1);
        assertThat(house.ledger.get(0).failure()).contains(kind);
        assertThat(house.events(Event.FailedOver.class))
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
        house.ollama.then(ScriptedStep.fail(kind, failure -> failure.status(400)));

        ProviderException failure = catchThrowableOfType(ProviderException.class, () -> house.ask("Hi"));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(house.openai.callCount() + house.claude.callCount()).isZero();
        assertThat(house.onlyEntry().failure()).contains(kind);
        assertThat(house.events(Event.FailedOver.class)).isEmpty();
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

        assertThat(mixed.ask("Hi").text()).isEqualTo("dear");
        assertThat(mixed.openai.callCount()).isZero();
    }

    @Test
    void tooLongForEveryWindowIsNotWorthRetrying() {
        house.ollama.always(ScriptedStep.fail(FailureKind.CONTEXT_TOO_LONG));
        house.openai.always(ScriptedStep.fail(FailureKind.CONTEXT_TOO_LONG));
        house.claude.always(ScriptedStep.fail(FailureKind.CONTEXT_TOO_LONG));

        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> house.ask("Hi"));

        assertThat(failure.isTransient()).isFalse();
        assertThat(failure.failures()).hasSize(3);
    }

    @Test
    void everyFailureIsInTheFinalOne() {
        house.ollama.then(ScriptedStep.fail(FailureKind.UNAVAILABLE));
        house.openai.then(ScriptedStep.fail(
                FailureKind.RATE_LIMITED, failure -> failure.status(429).retryAfter(Duration.ofSeconds(7))));
        house.claude.then(ScriptedStep.fail(FailureKind.AUTHENTICATION));

        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> house.ask("Hi"));

        assertThat(failure.failures())
                .extracting(ProviderException::kind)
                .containsExactly(FailureKind.UNAVAILABLE, FailureKind.RATE_LIMITED, FailureKind.AUTHENTICATION);
        assertThat(failure.isTransient()).isTrue();
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7));
        assertThat(house.ledger).hasSize(3);
    }

    @Test
    void refusedKeysEverywhereAreNotWorthRetrying() {
        house.ollama.then(ScriptedStep.fail(FailureKind.AUTHENTICATION));
        house.openai.then(ScriptedStep.fail(FailureKind.QUOTA_EXHAUSTED));
        house.claude.then(ScriptedStep.fail(FailureKind.AUTHENTICATION));

        assertThat(catchThrowableOfType(NoRouteException.class, () -> house.ask("Hi"))
                        .isTransient())
                .isFalse();
    }

    @Test
    void nobodyToAskIsNotWorthRetrying() {
        ChatRequest unknown =
                ChatRequest.builder("Hi").model(ModelId.parse("openai/none")).build();

        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> house.ask(unknown));

        assertThat(failure.isTransient()).isFalse();
        assertThat(failure).hasMessageContaining("openai/none is not in the policy");
        assertThat(house.ledger).isEmpty();
    }

    @Test
    void nothingIsTriedAfterTheDeadline() {
        house.ollama.then(
                ScriptedStep.after(house.time, Duration.ofSeconds(90), ScriptedStep.fail(FailureKind.TIMEOUT)));

        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> house.ask("Hi"));

        assertThat(failure.isTransient()).isTrue();
        assertThat(house.openai.callCount()).isZero();
        assertThat(house.onlyEntry().timing().duration()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void callsGetTheSmallerOfTheirOwnTimeAndWhatIsLeft() {
        house.ollama.then(
                ScriptedStep.after(house.time, Duration.ofSeconds(40), ScriptedStep.fail(FailureKind.TIMEOUT)));
        house.openai.then(
                ScriptedStep.after(house.time, Duration.ofSeconds(39), ScriptedStep.fail(FailureKind.TIMEOUT)));

        house.ask("Hi");

        assertThat(house.ollama.calls().get(0).timeout()).isEqualTo(Duration.ofSeconds(40));
        assertThat(house.openai.calls().get(0).timeout()).isEqualTo(Duration.ofSeconds(40));
        assertThat(house.claude.calls().get(0).timeout()).isEqualTo(Duration.ofSeconds(11));
    }

    @Test
    void policyBoundsTheRequestToo() {
        house.ollama.then(
                ScriptedStep.after(house.time, Duration.ofSeconds(100), ScriptedStep.fail(FailureKind.TIMEOUT)));

        assertThatThrownBy(() -> house.router.chat(ChatRequest.of("Hi"), house.scope(null, Duration.ofHours(1))))
                .isInstanceOf(NoRouteException.class);
        assertThat(house.openai.callCount()).isZero();
    }

    @Test
    void entryIsBookedBeforeTheNextCall() {
        List<String> order = new ArrayList<>();
        house.ollama.then(ScriptedStep.fail(FailureKind.UNAVAILABLE));
        house.openai.then((model, call, listener) -> {
            order.add("second call");
            return ScriptedStep.answer("ok", TokenUsage.of(1, 1)).perform(model, call, listener);
        });

        house.router.chat(
                ChatRequest.of("Hi"),
                new RoutingContext(
                        RequestScope.create().withTimeout(Duration.ofSeconds(9)),
                        Optional.empty(),
                        Optional.empty(),
                        entry -> order.add("booked " + entry.route().asked()),
                        event -> {}));

        assertThat(order).containsExactly("booked ollama/llama3.2", "second call", "booked openai/gpt-4o-mini");
    }

    @Test
    void eventsComeInTheDocumentedOrder() {
        FencingToken fencingToken = new FencingToken(new TaskId(17), 3, 1);
        house.ollama.then(ScriptedStep.fail(FailureKind.UNAVAILABLE));

        house.router.chat(
                ChatRequest.of("Hi"),
                new RoutingContext(
                        RequestScope.of(new ProjectId("alpha")).withTimeout(Duration.ofSeconds(9)),
                        Optional.ofNullable(fencingToken),
                        Optional.empty(),
                        house.ledger::add,
                        house.events::add));

        assertThat(house.events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("RouteChosen", "CallEnded", "FailedOver", "CallEnded");
        assertThat(house.events).allSatisfy(event -> assertThat(event.about()).contains(fencingToken.id()));
        assertThat(house.ledger).allSatisfy(entry -> {
            assertThat(entry.origin().task()).contains(fencingToken.id());
            assertThat(entry.origin().epoch()).isEqualTo(3);
            assertThat(entry.origin().attribution().project()).isEqualTo(new ProjectId("alpha"));
            assertThat(entry.origin().requestId())
                    .isEqualTo(house.ledger.get(0).origin().requestId());
        });
    }

    @Test
    void idsAre128BitsAndDiffer() {
        house.ask("Hi");
        house.ask("Hi");

        assertThat(house.ledger)
                .extracting(LedgerEntry::callId)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[0-9a-f]{32}"));
        assertThat(house.ledger)
                .extracting(entry -> entry.origin().requestId())
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[0-9a-f]{32}"));
    }

    @Test
    void adapterThatThrowsSomethingElseCountsAsBrokenAnswer() {
        house.ollama.then((model, call, listener) -> {
            throw new IllegalStateException("secret prompt text");
        });
        house.openai.then((model, call, listener) -> nothing());

        assertThat(house.ask("Hi").text()).isEqualTo("dear");
        assertThat(house.ledger)
                .extracting(entry -> entry.failure().orElse(null))
                .containsExactly(FailureKind.PROTOCOL, FailureKind.PROTOCOL, null);
    }

    @Test
    void errorsPassAndAreBooked() {
        house.ollama.then((model, call, listener) -> {
            throw new StackOverflowError();
        });

        assertThatThrownBy(() -> house.ask("Hi")).isInstanceOf(StackOverflowError.class);
        assertThat(house.onlyEntry().failure()).contains(FailureKind.PROTOCOL);
        assertThat(house.ask("Hi").text()).as("the permit is back").isEqualTo("free");
    }

    @Test
    void ledgerThatFailsEndsTheRequestAndHoldsNothing() {
        RoutingContext full = new RoutingContext(
                RequestScope.create().withTimeout(Duration.ofSeconds(9)),
                Optional.empty(),
                Optional.empty(),
                entry -> {
                    throw new StoreException(StoreException.Kind.FULL, "no room", null);
                },
                event -> {});

        assertThatThrownBy(() -> house.router.chat(ChatRequest.of("Hi"), full)).isInstanceOf(StoreException.class);
        assertThat(house.openai.callCount()).isZero();
        assertThat(house.ask("Hi").text()).as("the permit is back").isEqualTo("free");
    }

    @Test
    void eventListenerThatFailsDoesNoHarm() {
        RoutingContext deaf = new RoutingContext(
                RequestScope.create().withTimeout(Duration.ofSeconds(9)),
                Optional.empty(),
                Optional.empty(),
                house.ledger::add,
                event -> {
                    throw new IllegalStateException("deaf");
                });

        assertThat(house.router.chat(ChatRequest.of("Hi"), deaf).text()).isEqualTo("free");
    }

    @Test
    void closedRouterRefusesAndHasClosedItsProviders() {
        house.close();
        house.close();

        assertThat(house.ollama.isClosed() && house.openai.isClosed() && house.claude.isClosed())
                .isTrue();
        assertThatThrownBy(() -> house.ask("Hi")).isInstanceOf(IllegalStateException.class);
        assertThat(house.meters.find("architect.router.breaker").gauges()).isEmpty();
    }

    @Test
    void twoProvidersOfOneNameAreRefused() {
        assertThatThrownBy(() -> CostAwareRouter.with(RoutingPolicy.standard())
                        .create(List.of(house.claude, RouterFixture.answering("claude", "x")), house.time))
                .hasMessage("provider claude is given twice, expected once");
    }

    /** What a broken adapter may return. */
    @SuppressWarnings("NullAway")
    private static ProviderAnswer nothing() {
        return null;
    }
}
