package dev.architect.cli.launch;

import dev.architect.simulator.script.ErrorRate;
import dev.architect.simulator.script.Latency;
import dev.architect.simulator.script.SimulatorScript;
import java.time.Duration;
import java.util.Map;

/** Simulated providers that are about as slow as real ones, only several times faster. */
public final class SimulatedProviders {

    private static final double SPREAD = 0.35;
    private static final int SLOWEST = 6;

    /** The median time to the first byte in milliseconds. */
    private static final Map<String, Integer> MEDIAN_MILLIS =
            Map.of("claude", 160, "openai", 110, "gemini", 90, "ollama", 40, "anythingllm", 60, "perplexity", 200);

    private SimulatedProviders() {}

    /** Returns six healthy providers. */
    public static SimulatorScript healthy() {
        SimulatorScript script = SimulatorScript.standard();
        for (Map.Entry<String, Integer> entry : MEDIAN_MILLIS.entrySet()) {
            Duration median = Duration.ofMillis(entry.getValue());
            Latency latency = Latency.logNormal(median, SPREAD, median.multipliedBy(SLOWEST));
            script = script.with(entry.getKey(), provider -> provider.withLatency(latency));
        }
        return script;
    }

    /** Returns the same providers on an ordinary day: some calls fail. */
    public static SimulatorScript withRareErrors() {
        return healthy().withEach(provider -> provider.withErrors(ErrorRate.of(500, 0.003)));
    }
}
