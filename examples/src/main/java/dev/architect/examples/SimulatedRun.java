package dev.architect.examples;

import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.script.SimulatorScript;

/** Starts a simulator of the six providers and runs one example against it; {@code examples/run} calls it. */
public final class SimulatedRun {

    private SimulatedRun() {}

    /**
     * Runs the example whose class has the simple name {@code args[0]}.
     *
     * @throws Exception when there is no such example, or what it throws
     */
    public static void main(String[] args) throws Exception {
        Class<?> example = Class.forName(SimulatedRun.class.getPackageName() + "." + args[0]);
        try (ProviderSimulator simulator = ProviderSimulator.start(SimulatorScript.standard())) {
            String address = "http://127.0.0.1:" + simulator.port();
            example.getMethod("main", String[].class).invoke(null, (Object) new String[] {address});
        }
    }
}
