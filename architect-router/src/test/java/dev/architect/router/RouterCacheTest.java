package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.answer.SemanticCache;
import dev.architect.chat.AcceptedAnswers;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Message;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Part;
import dev.architect.chat.Quality;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolChoice;
import dev.architect.cost.Cost;
import dev.architect.cost.MoneyTotal;
import dev.architect.event.Event;
import dev.architect.model.Capability;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.project.ProjectId;
import dev.architect.request.RequestScope;
import dev.architect.route.NoRouteException;
import dev.architect.router.policy.CacheSettings;
import dev.architect.router.policy.PolicyException;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.RoutingContext;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RouterCacheTest {

    private static final String CACHED = RouterFixture.POLICY + "cache: {ttl: 10m}\n";

    @Test
    void anEqualRequestIsAnsweredWithoutACallAndAtNoCost() {
        try (RouterFixture fixture = fixture(CACHED)) {
            ChatResponse first = fixture.chat("Hi");
            ChatResponse second = fixture.chat("Hi");

            assertThat(first.isCached()).isFalse();
            assertThat(second.isCached()).isTrue();
            assertThat(second.content()).isEqualTo(first.content());
            assertThat(second.cost().avoided()).contains(first.cost().answer());
            assertThat(second.cost().answer()).isEqualTo(Cost.NOT_BILLED);
            assertThat(second.cost().baseline()).isEqualTo(Cost.NOT_BILLED);
            assertThat(second.cost().spent()).isEqualTo(MoneyTotal.ZERO);
            assertThat(second.requestId()).isNotEqualTo(first.requestId()).isNotEmpty();
            assertThat(fixture.ledger).hasSize(1);
            assertThat(fixture.ollama.callCount()).isEqualTo(1);
            assertThat(fixture.events(Event.AnswerReused.class)).singleElement().satisfies(event -> {
                assertThat(event.requestId()).isEqualTo(second.requestId());
                assertThat(event.avoided()).isEqualTo(first.cost().answer());
            });
            assertThat(meter(fixture, "hit")).isEqualTo(1);
            assertThat(meter(fixture, "miss")).isEqualTo(1);
        }
    }

    @Test
    void nothingIsKeptUnlessThePolicySaysSo() {
        try (RouterFixture fixture = fixture(RouterFixture.POLICY)) {
            fixture.chat("Hi");
            fixture.chat("Hi");

            assertThat(fixture.ollama.callCount()).isEqualTo(2);
            assertThat(fixture.meters.find("architect.router.cache.requests").meters())
                    .isEmpty();
        }
    }

    @Test
    void everythingThatMattersIsPartOfTheKey() {
        ChatRequest.Builder[] different = {
            ChatRequest.builder("Ho"),
            ChatRequest.builder("Hi").system("Be short."),
            ChatRequest.builder("Hi").maxOutputTokens(7),
            ChatRequest.builder("Hi").temperature(0.0),
            ChatRequest.builder("Hi").stopSequences(List.of("END")),
            ChatRequest.builder("Hi").effort(ReasoningEffort.LOW),
            ChatRequest.builder("Hi").outputSchema(new OutputSchema("a", "{}")),
            ChatRequest.builder("Hi").outputSchema(new OutputSchema("a", "{ }")),
            ChatRequest.builder("Hi").outputSchema(new OutputSchema("b", "{}")),
            ChatRequest.builder("Hi").tools(new Tool("t", "d", "{}")),
            ChatRequest.builder("Hi").tools(new Tool("t", "e", "{}")),
            ChatRequest.builder("Hi").tools(new Tool("t", "d", "{}")).toolChoice(ToolChoice.REQUIRED),
            ChatRequest.builder("Hi").quality(Quality.BASIC),
            ChatRequest.builder("Hi").needs(Set.of(Capability.STREAMING)),
            ChatRequest.builder("Hi").model(ModelId.parse("ollama/llama3.2")),
            ChatRequest.builder("Hi").option("openai.store", "false"),
            ChatRequest.builder("Hi").accepted(AcceptedAnswers.ANY),
            ChatRequest.builder("Hi").earlier(List.of(Message.user("a"), Message.assistant("b"))),
            ChatRequest.builder("Hi").earlier(List.of(Message.user("a"), Message.assistant("c"))),
        };
        try (RouterFixture fixture = fixture(CACHED)) {
            Set<Capability> all = EnumSet.allOf(Capability.class);
            fixture.ollama.withCapabilities("llama3.2", all);
            fixture.openai.withCapabilities("gpt-4o-mini", all);
            fixture.claude.withCapabilities("claude-sonnet-4-6", all);
            fixture.chat("Hi");
            for (ChatRequest.Builder request : different) {
                assertThat(fixture.chat(request.build()).isCached()).isFalse();
            }
            for (ChatRequest.Builder request : different) {
                assertThat(fixture.chat(request.build()).isCached()).isTrue();
            }
        }
    }

    @Test
    void answersStayWithinTheProjectUnlessThePolicySaysOtherwise() {
        RequestScope mine = RequestScope.of(new ProjectId("mine"));
        RequestScope yours = RequestScope.of(new ProjectId("yours"));
        RequestScope myUser = mine.withUser("ann");
        record Case(String scope, boolean other, boolean user) {}
        for (Case expected : List.of(
                new Case("project", false, true), new Case("user", false, false), new Case("none", true, true))) {
            try (RouterFixture fixture = fixture(CACHED.replace("ttl: 10m", "scope: " + expected.scope))) {
                ask(fixture, mine, null);

                assertThat(ask(fixture, mine, null).isCached()).isTrue();
                assertThat(ask(fixture, yours, null).isCached())
                        .as(expected.scope)
                        .isEqualTo(expected.other);
                assertThat(ask(fixture, myUser, null).isCached())
                        .as(expected.scope)
                        .isEqualTo(expected.user);
            }
        }
    }

    @Test
    void aRequestWhoseTextIsNotKeptNeitherGetsAnAnswerOfTheCacheNorGivesOne() {
        RequestScope scope = RequestScope.of(new ProjectId("mine"));
        try (RouterFixture fixture = fixture(CACHED)) {
            ask(fixture, scope.withoutKeptText(), null);

            assertThat(ask(fixture, scope, null).isCached()).isFalse();
            assertThat(ask(fixture, scope, null).isCached()).isTrue();
            assertThat(ask(fixture, scope.withoutKeptText().withUser("ann"), null)
                            .isCached())
                    .isFalse();
            assertThat(fixture.ollama.callCount()).isEqualTo(3);
        }
    }

    @Test
    void onlyCompleteAnswersOfTextAreKept() {
        for (ProviderAnswer answer : List.of(
                answer("cut", StopReason.LENGTH),
                answer("", StopReason.COMPLETE),
                answer("no", StopReason.REFUSED),
                answer("wait", StopReason.PAUSED),
                answer("odd", StopReason.OTHER),
                ProviderAnswer.builder("llama3.2", List.of(Part.ToolCall.of("1", "t", "{}")), StopReason.TOOL_CALLS)
                        .build(),
                ProviderAnswer.builder(
                                "llama3.2",
                                List.of(new Part.Text("x"), Part.ToolCall.of("1", "t", "{}")),
                                StopReason.COMPLETE)
                        .build())) {
            try (RouterFixture fixture = fixture(CACHED)) {
                fixture.ollama.always(ScriptedStep.answer(answer));
                fixture.chat("Hi");

                assertThat(fixture.chat("Hi").isCached())
                        .as("%s", answer.stopReason())
                        .isFalse();
            }
        }
        try (RouterFixture fixture = fixture(CACHED)) {
            fixture.ollama.always(ScriptedStep.fail(FailureKind.CONTENT_REFUSED));
            assertThatThrownBy(() -> fixture.chat("Hi")).isInstanceOf(ProviderException.class);
            assertThatThrownBy(() -> fixture.chat("Hi")).isInstanceOf(ProviderException.class);
            assertThat(fixture.ollama.callCount()).isEqualTo(2);
        }
    }

    @Test
    void aRejectedAnswerIsNotKept() {
        try (RouterFixture fixture = new RouterFixture(
                CACHED + "verification: {checks: [{checker: judge}]}\n",
                setup -> setup.checker("judge", (request, answer) -> AnswerVerdict.rejected("never")))) {
            fixture.chat("Hi");

            assertThat(fixture.chat("Hi").isCached()).isFalse();
        }
    }

    @Test
    void aRequestThatWantsAnswersToDifferGetsNoKeptOne() {
        try (RouterFixture fixture = fixture(CACHED)) {
            ChatRequest request = ChatRequest.builder("Hi").temperature(0.7).build();
            fixture.chat(request);

            assertThat(fixture.chat(request).isCached()).isFalse();
        }
    }

    @Test
    void anAnswerIsForgottenAfterItsTime() {
        try (RouterFixture fixture = fixture(CACHED)) {
            fixture.chat("Hi");
            fixture.time.advance(Duration.ofMinutes(10).minusNanos(1));
            assertThat(fixture.chat("Hi").isCached()).isTrue();
            fixture.time.advance(Duration.ofNanos(1));
            assertThat(fixture.chat("Hi").isCached()).isFalse();
        }
    }

    @Test
    void entriesAndBytesAreBounded() {
        try (RouterFixture fixture = fixture(CACHED.replace("ttl: 10m", "maxEntries: 10"))) {
            for (int i = 0; i < 200; i++) {
                fixture.chat("Hi " + i);
            }
            assertThat(gauge(fixture, "entries")).isBetween(1.0, 10.0);
        }
        try (RouterFixture fixture = fixture(CACHED.replace("ttl: 10m", "maxBytes: 100000"))) {
            fixture.ollama.always(ScriptedStep.answer("x".repeat(20_000), TokenUsage.of(1, 1)));
            for (int i = 0; i < 50; i++) {
                fixture.chat("Hi " + i);
            }
            assertThat(gauge(fixture, "bytes")).isBetween(1.0, 100_000.0);
            assertThat(gauge(fixture, "entries")).isBetween(1.0, 2.0);

            fixture.ollama.always(ScriptedStep.answer("x".repeat(60_000), TokenUsage.of(1, 1)));
            fixture.chat("larger than all");
            assertThat(fixture.chat("larger than all").isCached()).isFalse();
        }
    }

    @Test
    void aKeptAnswerIsReplayedToAListener() {
        try (RouterFixture fixture = fixture(CACHED)) {
            fixture.chat("Hi");
            List<String> seen = new ArrayList<>();

            ask(fixture, RequestScope.create(), new ChatListener() {
                @Override
                public void onText(String delta) {
                    seen.add(delta);
                }

                @Override
                public void onUsage(TokenUsage soFar) {
                    seen.add("usage");
                }

                @Override
                public void onStop(StopReason reason) {
                    seen.add("stop " + reason);
                }
            });

            assertThat(seen).containsExactly("free", "usage", "stop COMPLETE");
            assertThat(fixture.ollama.callCount()).isEqualTo(1);
        }
    }

    @Test
    void equalRequestsAtTheSameTimeShareOneCall() throws Exception {
        try (RouterFixture fixture = fixture(CACHED)) {
            CountDownLatch called = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            fixture.ollama.always(slow(called, release, ScriptedStep.answer("free", TokenUsage.of(1, 1))));

            CompletableFuture<ChatResponse> leader = start(fixture);
            await(called);
            List<CompletableFuture<ChatResponse>> others = List.of(start(fixture), start(fixture), start(fixture));
            awaitWaiting(fixture, 3);
            release.countDown();

            assertThat(leader.get(60, TimeUnit.SECONDS).isCached()).isFalse();
            for (CompletableFuture<ChatResponse> other : others) {
                assertThat(other.get(60, TimeUnit.SECONDS).isCached()).isTrue();
            }
            assertThat(fixture.ollama.callCount()).isEqualTo(1);
        }
    }

    @Test
    void whenTheCallFailsAnotherOfThemMakesIt() throws Exception {
        try (RouterFixture fixture = fixture(CACHED)) {
            CountDownLatch called = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            fixture.ollama
                    .then(slow(called, release, ScriptedStep.fail(FailureKind.INVALID_REQUEST)))
                    .always(ScriptedStep.answer("free", TokenUsage.of(1, 1)));

            CompletableFuture<ChatResponse> leader = start(fixture);
            await(called);
            List<CompletableFuture<ChatResponse>> others = List.of(start(fixture), start(fixture), start(fixture));
            awaitWaiting(fixture, 3);
            release.countDown();

            assertThatThrownBy(() -> leader.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(ProviderException.class);
            int cached = 0;
            for (CompletableFuture<ChatResponse> other : others) {
                cached += other.get(60, TimeUnit.SECONDS).isCached() ? 1 : 0;
            }
            assertThat(cached).isEqualTo(2);
            assertThat(fixture.ollama.callCount()).isEqualTo(2);
        }
    }

    @Test
    void aTruncatedAnswerIsNotSharedAndTheOthersCallForThemselves() throws Exception {
        try (RouterFixture fixture =
                fixture(CACHED.replace("quality: 45, maxConcurrent: 1", "quality: 45, maxConcurrent: 4"))) {
            CountDownLatch called = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            fixture.ollama.always(slow(called, release, ScriptedStep.answer(answer("cut", StopReason.LENGTH))));

            CompletableFuture<ChatResponse> leader = start(fixture);
            await(called);
            CompletableFuture<ChatResponse> other = start(fixture);
            awaitWaiting(fixture, 1);
            release.countDown();

            assertThat(leader.get(60, TimeUnit.SECONDS).stopReason()).isEqualTo(StopReason.LENGTH);
            assertThat(other.get(60, TimeUnit.SECONDS).isCached()).isFalse();
            assertThat(fixture.ollama.callCount()).isEqualTo(2);
        }
    }

    @Test
    void eachWaitsWithinItsOwnDeadlineAndIsCancelledForItself() throws Exception {
        try (RouterFixture fixture = fixture(CACHED)) {
            CountDownLatch called = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            fixture.ollama.always(slow(called, release, ScriptedStep.answer("free", TokenUsage.of(1, 1))));
            CompletableFuture<ChatResponse> leader = start(fixture);
            await(called);

            CompletableFuture<ChatResponse> hasty = start(fixture, Duration.ofSeconds(5), null);
            Thread[] waiter = new Thread[1];
            CompletableFuture<ChatResponse> cancelled = start(fixture, Duration.ofSeconds(90), waiter);
            awaitWaiting(fixture, 2);
            fixture.time.advance(Duration.ofSeconds(6));
            assertThatThrownBy(() -> hasty.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(NoRouteException.class);
            waiter[0].interrupt();
            assertThatThrownBy(() -> cancelled.get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(ProviderException.class)
                    .hasMessageContaining("CANCELLED");
            release.countDown();

            assertThat(leader.get(60, TimeUnit.SECONDS).text()).isEqualTo("free");
            assertThat(fixture.ollama.callCount()).isEqualTo(1);
        }
    }

    @Test
    void aSemanticCacheIsAskedForWhatTheExactOneLacks() {
        List<String> stored = new ArrayList<>();
        ChatResponse[] known = new ChatResponse[1];
        SemanticCache semantic = new SemanticCache() {
            @Override
            public Optional<ChatResponse> lookup(ChatRequest request, String scope) {
                return request.prompt().equals("Hello") ? Optional.ofNullable(known[0]) : Optional.empty();
            }

            @Override
            public void store(ChatRequest request, String scope, ChatResponse answer) {
                stored.add(request.prompt() + " " + scope.substring(scope.indexOf('/')));
            }
        };
        try (RouterFixture fixture = new RouterFixture(CACHED, setup -> setup.semanticCache(semantic))) {
            known[0] = fixture.chat("Hi");
            ChatResponse similar = fixture.chat("Hello");

            assertThat(similar.isCached()).isTrue();
            assertThat(similar.cost().avoided()).contains(known[0].cost().answer());
            assertThat(stored).containsExactly("Hi /project/default");
        }
    }

    @Test
    void aSemanticCacheThatThrowsChangesNothing() {
        SemanticCache broken = new SemanticCache() {
            @Override
            public Optional<ChatResponse> lookup(ChatRequest request, String scope) {
                throw new NoClassDefFoundError("absent");
            }

            @Override
            public void store(ChatRequest request, String scope, ChatResponse answer) {
                throw new IllegalStateException("full");
            }
        };
        try (RouterFixture fixture = new RouterFixture(CACHED, setup -> setup.semanticCache(broken))) {
            assertThat(fixture.chat("Hi").text()).isEqualTo("free");
            assertThat(fixture.chat("Hi").isCached()).isTrue();
        }
    }

    @Test
    void settingsAreReadAndChecked() {
        assertThat(RoutingPolicy.parse(
                                RouterFixture.POLICY + "cache: {maxEntries: 5, maxBytes: 2048, ttl: 1m, scope: user}\n")
                        .cache())
                .isEqualTo(new CacheSettings(true, 5, 2048, Duration.ofMinutes(1), CacheSettings.Scope.USER));
        assertThat(RoutingPolicy.parse(RouterFixture.POLICY).cache()).isEqualTo(CacheSettings.OFF);
        assertThat(RoutingPolicy.parse(RouterFixture.POLICY + "cache: {enabled: false}\n")
                        .cache()
                        .enabled())
                .isFalse();
        assertThatThrownBy(() -> RoutingPolicy.parse(
                        RouterFixture.POLICY + "cache: {maxEntries: 0, maxBytes: 5, ttl: 0s, scope: all, size: 1}\n"))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("maxEntries")
                .hasMessageContaining("maxBytes")
                .hasMessageContaining("ttl")
                .hasMessageContaining("project, user or none")
                .hasMessageContaining("size");
    }

    private static RouterFixture fixture(String policy) {
        return new RouterFixture(policy, setup -> setup);
    }

    private static ProviderAnswer answer(String text, StopReason reason) {
        return ProviderAnswer.builder("llama3.2", text, reason)
                .usage(TokenUsage.of(1, 1), UsageSource.REPORTED)
                .build();
    }

    private static ChatResponse ask(RouterFixture fixture, RequestScope scope, @Nullable ChatListener listener) {
        return fixture.router.chat(ChatRequest.of("Hi"), context(fixture, scope, listener));
    }

    private static RoutingContext context(RouterFixture fixture, RequestScope scope, @Nullable ChatListener listener) {
        return new RoutingContext(
                scope.withTimeout(Duration.ofSeconds(90)),
                Optional.empty(),
                Optional.ofNullable(listener),
                fixture.ledger::add,
                fixture.events::add);
    }

    private static CompletableFuture<ChatResponse> start(RouterFixture fixture) {
        return start(fixture, Duration.ofSeconds(90), null);
    }

    private static CompletableFuture<ChatResponse> start(
            RouterFixture fixture, Duration timeout, Thread @Nullable [] runner) {
        CompletableFuture<ChatResponse> answer = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                answer.complete(fixture.router.chat(ChatRequest.of("Hi"), fixture.scope(null, timeout)));
            } catch (Throwable failure) {
                answer.completeExceptionally(failure);
            }
        });
        if (runner != null) {
            runner[0] = thread;
        }
        thread.start();
        return answer;
    }

    private static ScriptedStep slow(CountDownLatch called, CountDownLatch release, ScriptedStep step) {
        return (model, call, listener) -> {
            called.countDown();
            await(release);
            return step.perform(model, call, listener);
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static void awaitWaiting(RouterFixture fixture, int waiters) throws InterruptedException {
        fixture.time.awaitWaiting(waiters);
    }

    private static double meter(RouterFixture fixture, String result) {
        return fixture.meters
                .get("architect.router.cache.requests")
                .tag("result", result)
                .functionCounter()
                .count();
    }

    private static double gauge(RouterFixture fixture, String name) {
        return fixture.meters.get("architect.router.cache." + name).gauge().value();
    }
}
