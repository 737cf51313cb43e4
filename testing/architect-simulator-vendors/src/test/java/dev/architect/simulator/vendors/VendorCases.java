package dev.architect.simulator.vendors;

import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Cases that have a simulator of their own each, and a vendor's client of it.
 *
 * @param <C> the vendor's client
 */
abstract class VendorCases<C> {

    SimulatedProvider simulated;
    C client;

    private final String provider;
    private final Function<SimulatedProvider, C> opening;
    private final Consumer<C> closing;

    VendorCases(String provider, Function<SimulatedProvider, C> opening, Consumer<C> closing) {
        this.provider = provider;
        this.opening = opening;
        this.closing = closing;
    }

    @BeforeEach
    final void start() throws IOException {
        simulated = SimulatedProvider.start(provider);
        client = opening.apply(simulated);
    }

    @AfterEach
    final void stop() {
        closing.accept(client);
        simulated.close();
    }
}
