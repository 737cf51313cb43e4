package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Part;
import dev.architect.model.Capability;
import dev.architect.model.ProviderHealth;
import dev.architect.model.StopReason;
import dev.architect.request.RequestScope;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.TimeSource;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What a request allocates that its first candidate answers, beside what its provider does. The limits hold whatever the compiler of the
 * JVM leaves out; one that optimizes fully leaves out about a quarter.
 */
class RequestMemoryTest {

    private static final ChatRequest REQUEST = ChatRequest.of("Write a hello world function in Java.");
    private static final int FEW = 6;
    private static final int MANY = 50;
    private static final int REQUESTS = 4_000;
    private static final long MOST = 2_700;
    private static final double MOST_FOR_A_CANDIDATE = 8;

    private final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void aRequestTakesLittleMemoryHoweverManyModelsMayAnswer() {
        try (CostAwareRouter few = router(FEW);
                CostAwareRouter many = router(MANY)) {
            // What is made once, and what the compiler moves from one round to the next.
            bytes(few);
            bytes(many);

            double ofFew = bytes(few);
            double ofMany = bytes(many);

            assertThat(ofFew).isLessThan(MOST);
            assertThat((ofMany - ofFew) / (MANY - FEW)).isLessThan(MOST_FOR_A_CANDIDATE);
        }
    }

    private double bytes(CostAwareRouter router) {
        RoutingContext context =
                new RoutingContext(RequestScope.create(), Optional.empty(), Optional.empty(), entry -> {}, event -> {});
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < REQUESTS; i++) {
            router.chat(REQUEST, context);
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / (double) REQUESTS;
    }

    private static CostAwareRouter router(int models) {
        StringBuilder policy = new StringBuilder("baseline: p/m0\nmodels:\n");
        StringBuilder prices = new StringBuilder("version: test\nbase: none\nprices:\n");
        for (int i = 0; i < models; i++) {
            policy.append("  - {model: p/m" + i + ", quality: 70, contextTokens: 100000, maxConcurrent: 8}\n");
            prices.append("  - {provider: p, model: m" + i + ", usdPerMillionTokens: {input: " + (1 + i * 7 % 13)
                    + ", output: " + (2 + i * 5 % 11) + "}, source: test, checked: 2026-11-01}\n");
        }
        return CostAwareRouter.with(RoutingPolicy.parse(policy.toString()))
                .prices(Prices.parse(prices.toString()))
                .metrics(new SimpleMeterRegistry())
                .create(List.of(new InstantProvider()), TimeSource.system());
    }

    private static final class InstantProvider implements ModelProvider {
        private static final Set<Capability> ALL = EnumSet.allOf(Capability.class);

        private final ProviderAnswer answer = ProviderAnswer.builder(
                        "m0", List.of(new Part.Text("Hello, world!")), StopReason.COMPLETE)
                .usage(TokenUsage.of(12, 4), UsageSource.REPORTED)
                .build();

        @Override
        public String name() {
            return "p";
        }

        @Override
        public Set<Capability> capabilities(String model) {
            return ALL;
        }

        @Override
        public ProviderAnswer chat(ProviderCall call) {
            return answer;
        }

        @Override
        public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
            throw new UnsupportedOperationException("the provider is asked for a stream, expected a whole answer");
        }

        @Override
        public ProviderHealth probe() {
            return ProviderHealth.up();
        }

        @Override
        public void close() {}
    }
}
