package dev.architect.simulator.vendors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.ErrorRate;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.simulator.script.SimulatorScript;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** One provider of the simulator, which accepts one key, and the calls that it logged. */
final class SimulatedProvider implements AutoCloseable {

    static final String KEY = "key-of-the-tests";

    private final String name;
    private final ProviderSimulator simulator;

    private SimulatedProvider(String name, ProviderSimulator simulator) {
        this.name = name;
        this.simulator = simulator;
    }

    static SimulatedProvider start(String name) throws IOException {
        SimulatorScript script = SimulatorScript.standard().with(name, one -> one.withApiKey(KEY));
        return new SimulatedProvider(name, ProviderSimulator.start(script));
    }

    String baseUrl() {
        return simulator.baseUrl(name).toString();
    }

    /** Changes how the provider behaves. */
    void update(UnaryOperator<ProviderScript> change) {
        simulator.update(script -> script.with(name, change));
    }

    /** From here on every call fails with this status. */
    void failWith(int status) {
        update(script -> script.withErrors(new ErrorRate(status, 1, Duration.ofSeconds(2), false)));
    }

    /** The models that the provider hosts. */
    List<String> models() {
        return simulator.script().provider(name).models().keySet().stream()
                .sorted()
                .toList();
    }

    /** The call that came last, which must have been answered in full. */
    SimulatedCall answered() {
        SimulatedCall call = last();
        assertThat(call.isAnswered()).as("%s", call).isTrue();
        return call;
    }

    /** The call that came last. */
    SimulatedCall last() {
        List<SimulatedCall> log = simulator.log();
        assertThat(log).as("calls seen by the simulator").isNotEmpty();
        return log.get(log.size() - 1);
    }

    /** How many calls came. */
    int calls() {
        return simulator.log().size();
    }

    @Override
    public void close() {
        simulator.close();
    }
}
