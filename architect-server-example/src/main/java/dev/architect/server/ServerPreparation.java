package dev.architect.server;

import dev.architect.server.network.BodyLoader;
import dev.architect.server.network.ConnectionGuard;
import dev.architect.server.network.ConnectionLimits;
import dev.architect.server.network.ProxyTrust;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spi.TimeSource;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LocalConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a server that is reached within this process alone, asks it once and stops it: what a start loads and runs for the first time is there
 * afterwards.
 */
final class ServerPreparation {

    private static final Logger LOG = LoggerFactory.getLogger(ServerPreparation.class);
    private static final String PATH = "/prepared";
    private static final String REQUEST = "GET " + PATH + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    private static final long PATIENCE_SECONDS = 5;

    private ServerPreparation() {}

    static void run() {
        try {
            TimeSource time = TimeSource.system();
            ConnectionLimits limits = ConnectionLimits.DEFAULT;
            ConnectionGuard guard = new ConnectionGuard(
                    limits, new ProxyTrust(List.of()), time, new BodyLoader(request -> 0, limits, time));
            Javalin javalin = Javalin.create(config -> configure(config, guard));
            try {
                JettySetup.start(javalin, guard, "127.0.0.1", 0);
                LocalConnector connector = javalin.jettyServer().server().getBean(LocalConnector.class);
                connector.getResponse(REQUEST, PATIENCE_SECONDS, TimeUnit.SECONDS);
            } finally {
                JettySetup.stop(javalin);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (Exception | LinkageError failure) {
            // The start itself reports it, if it is of any consequence.
            LOG.debug("the preparation of a server ended early", failure);
        }
    }

    private static void configure(JavalinConfig config, ConnectionGuard guard) {
        JettySetup.configure(config, guard);
        // No request is answered any more when it stops.
        config.jetty.modifyServer(server -> server.setStopTimeout(0));
        config.jetty.addConnector((server, http) -> new LocalConnector(server, new HttpConnectionFactory(http)));
        config.routes.get(
                PATH,
                request -> JsonResponseWriter.write(
                        request, JsonResponseWriter.object().put("status", "up")));
        config.routes.ws(PATH, socket -> {});
    }
}
