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

    SimulatedProvider provider;
    C client;

    private final String name;
    private final Function<SimulatedProvider, C> opener;
    private final Consumer<C> closer;

    VendorCases(String name, Function<SimulatedProvider, C> opener, Consumer<C> closer) {
        this.name = name;
        this.opener = opener;
        this.closer = closer;
    }

    @BeforeEach
    final void start() throws IOException {
        provider = SimulatedProvider.start(name);
        client = opener.apply(provider);
    }

    @AfterEach
    final void stop() {
        closer.accept(client);
        provider.close();
    }
}
