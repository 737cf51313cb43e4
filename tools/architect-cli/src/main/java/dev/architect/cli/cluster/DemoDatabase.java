package dev.architect.cli.cluster;

import dev.architect.postgres.FaultProxy;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The PostgreSQL server of the demo, and a network of its own for each node. The only class here that names them. */
final class DemoDatabase implements AutoCloseable {

    private final PostgresServer server;
    private final PostgresDatabase database;
    private final List<FaultProxy> networks = new ArrayList<>();

    private DemoDatabase(PostgresServer server) {
        this.server = server;
        this.database = server.createDatabase();
    }

    /** Starts a server, which is durable as PostgreSQL is by default. */
    static DemoDatabase start() {
        PostgresServer server = PostgresServer.start(PostgresServer.Version.V18, Map.of());
        try {
            return new DemoDatabase(server);
        } catch (RuntimeException failure) {
            server.close();
            throw failure;
        }
    }

    /** The version, for people. */
    String version() {
        return "PostgreSQL " + server.version().number();
    }

    String user() {
        return database.user();
    }

    String password() {
        return database.password();
    }

    /** The address for connections that are never cut off. */
    String url() {
        return database.jdbcUrl();
    }

    /** Makes a network between a further node and the database, and returns the address through it. */
    String addNetwork() {
        FaultProxy network = FaultProxy.to(server);
        networks.add(network);
        return network.jdbcUrl(database);
    }

    /** Lets nothing pass any more in that network; connections stay open. */
    void stall(int network) {
        networks.get(network).stall();
    }

    /** Lets everything pass again, what was held back first. */
    void heal(int network) {
        networks.get(network).resume();
    }

    @Override
    public void close() {
        networks.forEach(FaultProxy::close);
        server.close();
    }
}
