package dev.architect.store.postgres.cluster;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.error.StoreException;
import dev.architect.postgres.FaultProxy;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.route.ProviderStatus;
import dev.architect.route.Route;
import dev.architect.spi.Router;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.store.postgres.PostgresStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** One node of a {@link Cluster}: the engine of production on a store of its own, reached by a network of its own. */
final class ClusterNode implements AutoCloseable {

    private final FaultProxy network;
    private final Architect architect;
    private final Clock clock = new Clock();

    private ClusterNode(ClusterHistory history, PostgresDatabase database, String name, FaultProxy network) {
        this.network = network;
        this.architect = Architect.builder()
                .store(PostgresStore.builder(network.jdbcUrl(database))
                        .user(database.user())
                        .password(database.password())
                        .busyTimeout(Duration.ofSeconds(5))
                        .open())
                .router((providers, time) -> new NoRouter())
                .worker(new ScriptedWorker(history, name))
                .listener(history::event)
                .nodeName(name)
                .stopTimeout(Duration.ofSeconds(5))
                .time(clock)
                .build();
    }

    static ClusterNode start(ClusterHistory history, PostgresDatabase database, String name) {
        FaultProxy network = FaultProxy.to(database.server());
        try {
            return new ClusterNode(history, database, name, network);
        } catch (RuntimeException failed) {
            network.close();
            throw failed;
        }
    }

    Architect architect() {
        return architect;
    }

    FaultProxy network() {
        return network;
    }

    /** Sets its wall clock apart from the others'. */
    void setClock(Duration offset) {
        clock.offset = offset;
    }

    /** Stops it in order. */
    @Override
    public void close() {
        try (network) {
            architect.close();
        }
    }

    /** Its tasks make no requests. */
    static final class NoRouter implements Router {

        @Override
        public ChatResponse chat(ChatRequest request, RoutingContext context) {
            throw new UnsupportedOperationException("no task of this test makes a request");
        }

        @Override
        public Route route(ChatRequest request) {
            throw new UnsupportedOperationException("no task of this test makes a request");
        }

        @Override
        public List<ProviderStatus> providers() {
            return List.of();
        }

        @Override
        public void close() {}
    }

    /** Stops it although it may not be able to tell the store. */
    void closeWithoutStore() {
        try {
            close();
        } catch (StoreException unreachable) {
            // Its lease runs out.
        }
    }

    private static final class Clock implements TimeSource {

        private final TimeSource system = TimeSource.system();
        private volatile Duration offset = Duration.ZERO;

        @Override
        public Instant wallTime() {
            return system.wallTime().plus(offset);
        }

        @Override
        public long nanoTime() {
            return system.nanoTime();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            system.sleep(duration);
        }

        @Override
        public WakeUp newWakeUp() {
            return system.newWakeUp();
        }

        @Override
        public long random(long bound) {
            return system.random(bound);
        }
    }
}
