package dev.architect.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.Latency;
import dev.architect.simulator.script.Outage;
import dev.architect.simulator.script.SimulatorScript;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProviderSimulatorTest extends SimulatorCases {

    @Test
    void givesEachProviderItsBaseUrl() {
        String root = "http://127.0.0.1:" + simulator.port();
        assertThat(SimulatorScript.PROVIDERS)
                .extracting(simulator::baseUrl)
                .extracting(Object::toString)
                .containsExactly(
                        root + "/claude",
                        root + "/openai/v1",
                        root + "/gemini",
                        root + "/ollama",
                        root + "/anythingllm/api",
                        root + "/perplexity");
        assertThatThrownBy(() -> simulator.baseUrl("gpt"))
                .hasMessage("provider is gpt, expected one of " + SimulatorScript.PROVIDERS);
    }

    @Test
    void namesThePortThatIsInUse() {
        assertThatThrownBy(() -> ProviderSimulator.startAt(simulator.port(), SimulatorScript.standard()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("port " + simulator.port() + " of 127.0.0.1 cannot be opened");
        assertThatThrownBy(() -> ProviderSimulator.startAt(70_000, SimulatorScript.standard()))
                .hasMessage("port is 70000, expected 0 to 65535");
    }

    @Test
    void delaysAnswersAsScripted() throws Exception {
        simulator.update(script -> script.with(
                "claude",
                p -> p.withLatency(Latency.fixed(Duration.ofMillis(40))).withPerToken(Duration.ofMillis(1))));

        client.claude(false);
        client.claude(true);

        for (SimulatedCall call : simulator.log()) {
            assertThat(call.took()).isGreaterThanOrEqualTo(Duration.ofMillis(40 + call.outputTokens()));
            assertThat(call.took()).isLessThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void drawsLatencyAroundItsMedianUpToItsCap() {
        Latency latency = Latency.logNormal(Duration.ofMillis(100), 0.8, Duration.ofMillis(400));
        SplittableRandom random = new SplittableRandom(5);
        List<Duration> draws =
                Stream.generate(() -> latency.draw(random)).limit(2001).sorted().toList();
        assertThat(draws.get(1000)).isBetween(Duration.ofMillis(90), Duration.ofMillis(110));
        assertThat(draws.get(2000)).isEqualTo(Duration.ofMillis(400));
        assertThat(draws.get(0)).isPositive();
    }

    @Test
    void logsEveryCallInOrderOfArrival() throws Exception {
        client.claude(true);
        client.get("openai", "/models");
        client.call("ollama", false);

        assertThat(simulator.awaitCalls(3, Duration.ofSeconds(10))).isTrue();
        assertThat(simulator.awaitCalls(4, Duration.ofMillis(1))).isFalse();
        List<SimulatedCall> log = simulator.log();
        assertThat(log).extracting(SimulatedCall::number).containsExactly(1L, 2L, 3L);
        assertThat(log).extracting(SimulatedCall::provider).containsExactly("claude", "openai", "ollama");
        assertThat(log).extracting(SimulatedCall::model).containsExactly("claude-sonnet-4-6", "", "llama3.2");
        assertThat(log).extracting(SimulatedCall::path).containsExactly("/v1/messages", "/v1/models", "/api/chat");
        assertThat(log).extracting(SimulatedCall::stream).containsExactly(true, false, false);
        assertThat(log)
                .extracting(SimulatedCall::sinceStart)
                .isSorted()
                .allMatch(time -> !time.isNegative() && !time.isZero());
        assertThat(log).allSatisfy(call -> assertThat(call.status()).isEqualTo(200));
    }

    @Test
    void keepsAnUpdateThatFailsOut() {
        SimulatorScript before = simulator.script();
        assertThatThrownBy(() -> simulator.setOutage("unknown", Outage.CUT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(simulator.script()).isSameAs(before);
    }
}
