package dev.architect.router.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatRequest;
import dev.architect.request.RequestScope;
import dev.architect.spi.TimeSource;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A decision allocates nothing, whatever strategies and rules a policy has. */
class DecisionAllocationTest {

    private static final int MODELS = 50;
    private static final int DECISIONS = 5_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "strategies: cost",
                "strategies: [{cost: {within: 50%, cacheAware: true}}, {latency: {within: 20%}}, leastBusy]",
                "strategies: [sticky, {priority: {reserve: 30%}}, {headroom: {within: 5%}}, weighted]",
                "strategies: [firstToken, qualityPerCost, {contextSize: {within: 10%}}]",
                "strategies: {order: [p/m7, p/m3]}",
                "rules: [{when: {user: nobody}, floor: 90}, {when: {tags: {kind: [mail, 'summ*']}}, "
                        + "firstTokenGoal: 1s, order: [p/m7, p/m3], candidates: all}]\ntiers: {all: 0}\n"
                        + "experiments: [{name: e, key: user, share: 50%, arms: [{name: a}, {name: b, strategies: weighted}]}]",
            })
    void decisionsAllocateNothing(String rules) {
        StringBuilder policy = new StringBuilder("baseline: p/a\n" + rules + "\nmodels:\n");
        for (int i = 0; i < MODELS; i++) {
            policy.append("  - {model: p/m" + i + ", quality: 70, contextTokens: " + (100_000 + i * 7 % 13 * 1_000)
                    + ", maxConcurrent: 8}\n");
        }
        DecisionFixture fixture = new DecisionFixture(policy.toString());
        for (int i = 0; i < MODELS; i++) {
            fixture.call("m" + i, Duration.ofMillis(100 + i * 37 % 50), Duration.ofMillis(200));
        }
        ChatRequest request = ChatRequest.of("Hi ".repeat(3_000));
        RequestScope scope = RequestScope.create().withUser("alice").withTag("kind", "summary");
        fixture.plan(request, scope, true).recordAnswered(fixture.deployment("m9"), fixture.time.nanoTime());
        RequestProfile profile = fixture.profile(request, scope);
        DecisionBuffer decision = new DecisionBuffer(MODELS);
        Instant at = fixture.time.wallTime();
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

        decide(fixture, profile, at, decision);
        assertThat(decision.candidates()).isEqualTo(MODELS);
        long before = threads.getCurrentThreadAllocatedBytes();
        decide(fixture, profile, at, decision);

        // The reading itself may take some bytes.
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(DECISIONS);
    }

    @Test
    void drawingDoesNotAskForASecureRandomNumber() {
        DecisionFixture fixture = DecisionFixture.with("leastBusy", TimeSource.system());
        RequestProfile profile = fixture.profile(ChatRequest.of("Hi"), RequestScope.create());
        DecisionBuffer decision = new DecisionBuffer(fixture.snapshot.size());
        Instant at = Instant.now();
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

        decide(fixture, profile, at, decision);
        long before = threads.getCurrentThreadAllocatedBytes();
        decide(fixture, profile, at, decision);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(DECISIONS);
    }

    private static void decide(DecisionFixture fixture, RequestProfile profile, Instant at, DecisionBuffer decision) {
        for (int i = 0; i < DECISIONS; i++) {
            fixture.snapshot.decide(profile, at, decision);
        }
    }
}
