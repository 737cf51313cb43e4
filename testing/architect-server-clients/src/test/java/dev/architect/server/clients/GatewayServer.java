package dev.architect.server.clients;

import dev.architect.Architect;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.cost.LedgerEntry;
import dev.architect.runtime.AccessToken;
import dev.architect.runtime.ArchitectSetup;
import dev.architect.runtime.ProviderConfiguration;
import dev.architect.runtime.RuntimeConfiguration;
import dev.architect.server.ArchitectServer;
import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.script.Outage;
import dev.architect.simulator.script.SimulatorScript;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/** A server on loopback over two simulated providers, behind a proxy that counts what clients send. */
final class GatewayServer implements AutoCloseable {

    static final String KEY = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static final List<String> PROVIDERS = List.of("claude", "openai");

    final ProviderSimulator simulator;
    final Architect architect;
    final CountingProxy proxy;
    private final ArchitectServer server;

    GatewayServer() {
        this(Optional.empty());
    }

    /** The same under the routing policy of that file. */
    GatewayServer(Optional<Path> policy) {
        RuntimeConfiguration configuration = RuntimeConfiguration.empty()
                .withProviders(PROVIDERS.stream().map(ProviderConfiguration::of).toList());
        try {
            simulator = ProviderSimulator.start(SimulatorScript.standard());
            ArchitectSetup.Builder setup = ArchitectSetup.builder(configuration)
                    .factories(ServiceLoader.load(ModelProviderFactory.class).stream()
                            .map(ServiceLoader.Provider::get)
                            .filter(factory -> PROVIDERS.contains(factory.name()))
                            .toList())
                    .secrets(name -> Optional.of("simulated"))
                    .settings(name -> Optional.empty());
            PROVIDERS.forEach(provider -> setup.baseUrl(provider, simulator.baseUrl(provider)));
            policy.ifPresent(setup::policy);
            architect =
                    setup.build().wire(new InMemoryStore(TimeSource.system())).build();
            // Without a user the server would wait for its set-up, whatever key a client has.
            Instant now = TimeSource.system().wallTime();
            architect.access().orElseThrow().addFirst(User.create("ada", Set.of(UserRole.ADMIN), "$none", now));
            server = ArchitectServer.builder(architect, AccessToken.of(KEY))
                    .port(0)
                    .start();
            proxy = new CountingProxy(server.port());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Where clients are pointed to. */
    String url() {
        return "http://127.0.0.1:" + proxy.port();
    }

    void outage(Outage outage) {
        PROVIDERS.forEach(provider -> simulator.setOutage(provider, outage));
    }

    /** The newest calls in the ledger. */
    List<LedgerEntry> ledger() {
        return architect.ledger().newest(50);
    }

    @Override
    public void close() {
        proxy.close();
        server.close();
        architect.close();
        simulator.close();
    }
}
