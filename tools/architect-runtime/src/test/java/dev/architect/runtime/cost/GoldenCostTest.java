package dev.architect.runtime.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.architect.Architect;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.cost.PriceCatalogue;
import dev.architect.ledger.Rerating;
import dev.architect.request.RequestScope;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.HedgingSettings;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.ProviderSettings;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.testkit.replay.ReplyServer;
import dev.architect.usage.UsageBucket;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the ledger says of calls whose cost is known to the last pico-dollar: each dialect over HTTP, through adapter, router and pricing.
 */
final class GoldenCostTest {

    /** Enough calls to know how long one takes, and to be allowed a second one. */
    private static final int WARM_UPS = 60;

    /** None before the calls that warm up are made. */
    private static final HedgingSettings HEDGING = new HedgingSettings(true, 100, 100, 99, WARM_UPS);

    private static final int NEWEST = 200;

    private static final PriceCatalogue PRICES = Prices.parse(resource("golden-prices.yaml"));

    private static final Map<String, ModelProviderFactory> FACTORIES =
            ServiceLoader.load(ModelProviderFactory.class).stream()
                    .map(ServiceLoader.Provider::get)
                    .collect(
                            Collectors.toMap(ModelProviderFactory::name, Function.identity(), (first, other) -> first));

    static Stream<GoldenCall> calls() {
        return resource("golden-calls.jsonl").lines().map(GoldenCall::parse);
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(GoldenCostTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void costsExactlyWhatTheProviderBills(GoldenCall golden) throws Exception {
        check(golden, PricingMutant.NONE);
    }

    /** Makes the request of a case, and compares what the ledger has of it. */
    static void check(GoldenCall golden, PricingMutant mutant) throws Exception {
        Queue<GoldenCall.Reply> replies = new ConcurrentLinkedQueue<>();
        if (golden.isHedged()) {
            replies.addAll(Collections.nCopies(
                    WARM_UPS, golden.replies().get(golden.replies().size() - 1)));
        }
        replies.addAll(golden.replies());
        try (ReplyServer server = ReplyServer.start(connection -> send(replies.poll(), connection));
                Architect architect = open(golden, server, mutant)) {
            for (int i = 0; golden.isHedged() && i < WARM_UPS; i++) {
                architect.chat(ChatRequest.of("Count to three."), RequestScope.create(), delta -> {});
            }
            if (golden.isStreamed()) {
                stream(golden, architect);
            } else {
                Throwable failure =
                        catchThrowable(() -> architect.chat(ChatRequest.of("Count to three."), scope(golden)));
                assertThat(failure != null)
                        .as("%s: %s", golden.source(), failure)
                        .isEqualTo(golden.fails());
            }
            List<LedgerEntry> entries = golden.isHedged()
                    ? lastRequest(architect, WARM_UPS + golden.calls().size())
                    : entries(architect, golden.calls().size());
            Rerating again = Rerating.by(mutant.prices(PRICES));
            assertThat(entries)
                    .allSatisfy(entry -> assertThat(again.rate(entry))
                            .isEqualTo(entry.charge().cost()));
            // Calls that failed alike come before the one that did not.
            check(entries.get(0), golden.calls().get(0), golden);
            check(
                    entries.get(entries.size() - 1),
                    golden.calls().get(golden.calls().size() - 1),
                    golden);
        }
    }

    private static RequestScope scope(GoldenCall golden) {
        RequestScope scope = RequestScope.create();
        return golden.timeoutMillis()
                .map(millis -> scope.withTimeout(Duration.ofMillis(millis)))
                .orElse(scope);
    }

    /** Calls beyond those that a case knows fail. */
    private static void send(GoldenCall.@Nullable Reply reply, ReplyServer.Connection connection) throws IOException {
        if (reply == null) {
            connection.reply(500, Map.of(), "");
            return;
        }
        connection.begin(reply.status(), Map.of("content-type", reply.type()));
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        connection.sendChunk(body, 0, body.length);
        if (reply.hangs()) {
            connection.awaitHangUp();
        } else if (reply.isCut()) {
            connection.close();
        } else {
            connection.end();
        }
    }

    /** The first calls last: those of a request that failed are written a moment after it. */
    private static List<LedgerEntry> entries(Architect architect, int count) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        List<LedgerEntry> entries = architect.ledger().newest(NEWEST);
        while (entries.size() < count && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(1);
            entries = architect.ledger().newest(NEWEST);
        }
        assertThat(entries).hasSizeGreaterThanOrEqualTo(count);
        List<LedgerEntry> oldestFirst = new ArrayList<>(entries);
        Collections.reverse(oldestFirst);
        return oldestFirst;
    }

    /** The calls of the last request, the one that was sent first first. */
    private static List<LedgerEntry> lastRequest(Architect architect, int count) throws InterruptedException {
        List<LedgerEntry> all = entries(architect, count);
        String last = all.get(all.size() - 1).origin().requestId();
        return all.stream()
                .filter(entry -> entry.origin().requestId().equals(last))
                .sorted(Comparator.comparing(LedgerEntry::outcome).reversed())
                .toList();
    }

    private static void stream(GoldenCall golden, Architect architect) throws Exception {
        AtomicInteger texts = new AtomicInteger();
        CountDownLatch enough = new CountDownLatch(1);
        CompletableFuture<ChatResponse> answer =
                architect.chatAsync(ChatRequest.of("Count to three."), scope(golden), new ChatListener() {
                    @Override
                    public void onText(String delta) {
                        if (texts.incrementAndGet() == golden.stopAfterTexts().orElse(-1)) {
                            enough.countDown();
                        }
                    }
                });
        if (golden.stopAfterTexts().isPresent()) {
            assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
            answer.cancel(true);
        }
        Throwable failure = catchThrowable(() -> answer.get(60, TimeUnit.SECONDS));
        assertThat(failure != null).as("%s: %s", golden.source(), failure).isEqualTo(golden.fails());
    }

    private static void check(LedgerEntry entry, GoldenCall.Expected expected, GoldenCall golden) {
        GoldenCall.Expected seen = new GoldenCall.Expected(
                entry.charge().cost().status(),
                entry.outcome(),
                expected.usage().map(usage -> used(entry)),
                expected.picoUsd()
                        .flatMap(amount -> entry.charge().cost().amount())
                        .map(Money::picoUsd),
                expected.answered().map(model -> entry.route().answered().model()));

        assertThat(seen).as("%s (%s)", golden, golden.source()).isEqualTo(expected);
    }

    /** Without what the provider says it was none of. */
    private static Map<UsageBucket, Long> used(LedgerEntry entry) {
        Map<UsageBucket, Long> used = new EnumMap<>(UsageBucket.class);
        used.putAll(entry.metering().usage().counts());
        used.values().removeIf(count -> count == 0);
        return used;
    }

    private static Architect open(GoldenCall golden, ReplyServer server, PricingMutant mutant) {
        boolean isListed = FACTORIES.containsKey(golden.adapter());
        ProviderSettings settings = ProviderSettings.of(golden.adapter())
                .withBaseUrl(server.url().resolve(golden.adapter().equals("openai") || !isListed ? "/v1" : "/"));
        for (var option : golden.options().entrySet()) {
            settings = settings.withOption(option.getKey(), option.getValue());
        }
        ModelProvider provider = Objects.requireNonNull(FACTORIES.get(isListed ? golden.adapter() : "openai"))
                .create(settings, name -> Optional.of("key"));
        List<ModelPolicy> models = new ArrayList<>();
        for (String model : golden.models()) {
            models.add(ModelPolicy.builder(golden.adapter() + "/" + model, 90 - models.size(), 1_000_000)
                    .build());
        }
        RoutingPolicy policy = RoutingPolicy.builder(models.get(0).id(), models)
                .hedging(golden.isHedged() ? HEDGING : HedgingSettings.OFF)
                .build();
        TimeSource time = new FixedWallTime(golden.at());
        return Architect.builder()
                .store(new InMemoryStore(time))
                .time(time)
                .provider(mutant.provider(provider))
                .router(CostAwareRouter.with(policy).prices(mutant.prices(PRICES)))
                .withoutTaskExecution()
                .build();
    }

    /** Its wall clock stands still, so that every call starts at the instant of its case. */
    private record FixedWallTime(Instant at) implements TimeSource {

        @Override
        public Instant wallTime() {
            return at;
        }

        @Override
        public long nanoTime() {
            return TimeSource.system().nanoTime();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            TimeSource.system().sleep(duration);
        }

        @Override
        public WakeUp newWakeUp() {
            return TimeSource.system().newWakeUp();
        }

        @Override
        public long random(long bound) {
            return TimeSource.system().random(bound);
        }
    }
}
