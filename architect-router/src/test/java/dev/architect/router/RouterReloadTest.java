package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.route.BreakerState;
import dev.architect.route.Candidate;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RetrySettings;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.spi.ModelProvider;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A policy is exchanged while requests run: none fails, and each runs under exactly one. */
class RouterReloadTest {

    private static final int RELOADS = 1_000;
    private static final int CALLERS = 8;

    private final RouterFixture fixture = new RouterFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private static RoutingPolicy policy(int concurrent, String... models) {
        List<ModelPolicy> all = new ArrayList<>();
        for (String model : models) {
            all.add(ModelPolicy.builder(model, 90, 100_000)
                    .maxConcurrent(concurrent)
                    .build());
        }
        return RoutingPolicy.builder(ModelId.parse("claude/claude-sonnet-4-6"), all)
                .retry(RetrySettings.NONE)
                .build();
    }

    @Test
    void aThousandReloadsUnderLoadFailNoRequest() throws Exception {
        List<RoutingPolicy> policies = List.of(
                policy(3, "openai/gpt-4o-mini", "claude/claude-haiku-4-5"),
                policy(1, "claude/claude-haiku-4-5", "ollama/one", "ollama/two"),
                policy(16, "openai/gpt-4o-mini", "ollama/two"));
        Set<Set<ModelId>> expected = new HashSet<>();
        policies.forEach(policy -> expected.add(
                new HashSet<>(policy.models().stream().map(ModelPolicy::id).toList())));
        fixture.router.reload(policies.get(0));
        AtomicBoolean done = new AtomicBoolean();
        Set<Set<ModelId>> seen = ConcurrentHashMap.newKeySet();
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        List<Future<Integer>> running = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            running.add(callers.submit(() -> {
                int answered = 0;
                while (!done.get()) {
                    ChatResponse response = fixture.chat("Hello");
                    Set<ModelId> candidates = new HashSet<>();
                    response.route().candidates().stream().map(Candidate::model).forEach(candidates::add);
                    // Every model of one policy, and none of another.
                    seen.add(candidates);
                    assertThat(candidates).contains(response.model());
                    answered++;
                }
                return answered;
            }));
        }
        for (int reload = 0; reload < RELOADS; reload++) {
            fixture.router.reload(policies.get(reload % policies.size()));
        }
        done.set(true);
        int answered = 0;
        for (Future<Integer> caller : running) {
            answered += caller.get();
        }
        callers.shutdown();

        assertThat(answered).isPositive();
        assertThat(expected).containsAll(seen);
        assertThat(fixture.ledger).hasSize(answered);
        fixture.router.reload(policies.get(2));
        assertThat(fixture.router.freeCalls()).as("permits of both models").isEqualTo(32);
    }

    @Test
    void whatIsKnownOfAModelOutlivesThePolicy() {
        fixture.openai.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));
        for (int call = 0; call < 5; call++) {
            assertThatThrownBy(() -> fixture.chat(ChatRequest.builder("Hi")
                            .model(ModelId.parse("openai/gpt-4o-mini"))
                            .build()))
                    .isNotNull();
        }
        assertThat(state("openai")).isEqualTo(BreakerState.OPEN);

        fixture.router.reload(fixture.router.policy().withoutModel(ModelId.parse("ollama/llama3.2")));

        assertThat(state("openai")).isEqualTo(BreakerState.OPEN);
        assertThat(fixture.meters
                        .get("architect.router.breaker")
                        .tag("provider", "openai")
                        .gauge()
                        .value())
                .isEqualTo(2);
        assertThat(fixture.meters
                        .find("architect.router.breaker")
                        .tag("provider", "ollama")
                        .gauge())
                .isNull();
    }

    private BreakerState state(String provider) {
        return fixture.router.providers().stream()
                .filter(status -> status.name().equals(provider))
                .findFirst()
                .orElseThrow()
                .breaker();
    }

    @Test
    void aCallThatIsOnItsWayKeepsItsPermitWhenTheirNumberIsLowered() throws Exception {
        fixture.router.reload(policy(2, "openai/gpt-4o-mini"));
        CountDownLatch started = new CountDownLatch(2);
        CountDownLatch released = new CountDownLatch(1);
        fixture.openai.always(
                ScriptedStep.blockUntil(started, released, ScriptedStep.answer("ok", TokenUsage.of(1, 1))));
        ExecutorService callers = Executors.newFixedThreadPool(2);
        Future<ChatResponse> first = callers.submit(() -> fixture.chat("one"));
        Future<ChatResponse> second = callers.submit(() -> fixture.chat("two"));
        started.await();

        fixture.router.reload(policy(1, "openai/gpt-4o-mini"));

        assertThat(fixture.router.freeCalls()).isZero();
        released.countDown();
        assertThat(first.get().text()).isEqualTo("ok");
        assertThat(second.get().text()).isEqualTo("ok");
        callers.shutdown();
        assertThat(fixture.router.freeCalls()).isEqualTo(1);
    }

    @Test
    void aLimitThatAdaptedIsFixedForCallsOnTheirWayToo() throws Exception {
        fixture.router.reload(adaptive("openai/gpt-4o-mini"));
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        fixture.openai.always(
                ScriptedStep.blockUntil(started, released, ScriptedStep.answer("ok", TokenUsage.of(1, 1))));
        ExecutorService callers = Executors.newFixedThreadPool(1);
        Future<ChatResponse> running = callers.submit(() -> fixture.chat("one"));
        started.await();

        fixture.router.reload(policy(1, "openai/gpt-4o-mini"));
        released.countDown();
        running.get();
        callers.shutdown();

        assertThat(fixture.router.freeCalls()).isEqualTo(1);
    }

    private static RoutingPolicy adaptive(String model) {
        return RoutingPolicy.builder(
                        ModelId.parse(model),
                        List.of(ModelPolicy.builder(model, 90, 100_000)
                                .maxConcurrent(64)
                                .concurrency(ModelPolicy.Concurrency.ADAPTIVE)
                                .build()))
                .retry(RetrySettings.NONE)
                .build();
    }

    @Test
    void aReloadThatFailsChangesNothing() {
        boolean[] broken = new boolean[1];
        ModelProvider answering = RouterFixture.answering("openai", "ok");
        ModelProvider provider = (ModelProvider) Proxy.newProxyInstance(
                ModelProvider.class.getClassLoader(),
                new Class<?>[] {ModelProvider.class},
                (proxy, method, arguments) -> {
                    if (broken[0] && method.getName().equals("capabilities")) {
                        throw new NoClassDefFoundError("absent/Capabilities");
                    }
                    return method.invoke(answering, arguments);
                });
        RoutingPolicy before = policy(3, "openai/one");
        try (CostAwareRouter router = CostAwareRouter.with(before).create(List.of(provider), fixture.time)) {
            broken[0] = true;

            assertThatThrownBy(() -> router.reload(policy(7, "openai/one", "openai/two")))
                    .isInstanceOf(NoClassDefFoundError.class);

            broken[0] = false;
            assertThat(router.policy()).isEqualTo(before);
            assertThat(router.freeCalls()).isEqualTo(3);
        }
    }

    @Test
    void aReloadWhileTheRouterClosesLeavesNoMeters() throws Exception {
        ExecutorService reloader = Executors.newFixedThreadPool(1);
        CountDownLatch reloaded = new CountDownLatch(20);
        Future<?> reloads = reloader.submit(() -> {
            for (int reload = 0; ; reload++) {
                fixture.router.reload(policy(1 + reload % 3, "openai/m" + reload % 5));
                reloaded.countDown();
            }
        });
        reloaded.await();

        fixture.router.close();

        assertThatThrownBy(reloads::get).hasRootCauseMessage("router is closed, expected open");
        reloader.shutdown();
        assertThat(fixture.meters.getMeters())
                .extracting(meter -> meter.getId().getName())
                .noneMatch(name -> name.startsWith("architect.router."));
    }

    @Test
    void newPricesCountForTheNextCall() {
        fixture.router.reload(policy(2, "openai/gpt-4o-mini"));
        ChatResponse before = fixture.chat("Hi");
        fixture.router.reload(Prices.parse("""
                version: dear
                base: none
                currency: USD
                prices:
                  - provider: openai
                    model: gpt-4o-mini
                    usdPerMillionTokens: {input: 1000, output: 1000}
                    source: a test
                    checked: 2026-11-01
                """));

        ChatResponse after = fixture.chat("Hi");

        assertThat(after.cost().answer().amount())
                .isPresent()
                .isNotEqualTo(before.cost().answer().amount());
        assertThat(fixture.ledger.get(1).charge().catalogueVersion()).isEqualTo("dear");
    }

    @Test
    void aClosedRouterFollowsNoOtherPolicy() {
        fixture.router.close();

        assertThatThrownBy(() -> fixture.router.reload(RoutingPolicy.standard()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("router is closed, expected open");
    }
}
