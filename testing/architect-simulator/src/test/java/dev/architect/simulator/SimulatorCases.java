package dev.architect.simulator;

import dev.architect.simulator.script.SimulatorScript;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Cases that have a simulator of their own each, and a client of it. */
abstract class SimulatorCases {

    ProviderSimulator simulator;
    SimulatorClient client;

    @BeforeEach
    final void start() throws IOException {
        simulator = ProviderSimulator.start(script());
        client = new SimulatorClient(simulator);
    }

    @AfterEach
    final void stop() {
        simulator.close();
    }

    /** What the simulator starts with; the standard script unless a subclass needs another one. */
    SimulatorScript script() {
        return SimulatorScript.standard();
    }
}
