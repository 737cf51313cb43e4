package dev.architect.server;

import dev.architect.server.live.LiveApi;
import dev.architect.server.network.ConnectionGuard;
import dev.architect.server.rest.ErrorResponses;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.ProblemDetails;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.util.JavalinException;
import io.javalin.util.JavalinLogger;
import java.net.BindException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Configures Jetty and Javalin: no banners, bounded resources, errors as JSON. */
final class JettySetup {

    private static final Logger LOG = LoggerFactory.getLogger(JettySetup.class);

    /** Open connections, those that are being closed included; more wait until one ends. */
    private static final int MAX_CONNECTIONS = 1_200;

    private static final int MAX_THREADS = 128;
    private static final int MIN_THREADS = 4;
    private static final int MIN_UNPRIVILEGED_PORT = 1024;

    /** How long a stop waits for requests that are being answered. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

    /** How long a stop waits for connections without an open request. */
    private static final Duration STOP_IDLE = Duration.ofMillis(50);

    private static final Duration IDLE = Duration.ofSeconds(60);

    private JettySetup() {}

    static void configure(JavalinConfig config, ConnectionGuard guard) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.router.ignoreTrailingSlashes = false;
        config.http.prefer405over404 = true;
        config.http.generateEtags = false;
        config.http.maxRequestSize = JsonBodyReader.MAX_BYTES + 1L;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
        threads.setName("architect-http");
        threads.setDaemon(true);
        // What still waits for a provider after half of that is interrupted.
        threads.setStopTimeout(STOP_TIMEOUT.toMillis());
        config.jetty.threadPool = threads;
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setSendXPoweredBy(false);
            http.setIdleTimeout(IDLE.toMillis());
        });
        config.jetty.modifyServer(server -> {
            server.setErrorHandler(JettySetup::writeError);
            server.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, server));
            server.setHandler(guard);
            server.setStopTimeout(STOP_TIMEOUT.toMillis());
        });
        // Logins are this server's own; Javalin would open a session, with a cookie, for every WebSocket.
        config.jetty.modifyServletContextHandler(context -> {
            context.getSessionHandler().setUsingCookies(false);
            context.getSessionHandler().setMaxInactiveInterval((int) IDLE.toSeconds());
        });
        config.jetty.modifyWebSocketServletFactory(sockets -> {
            sockets.setIdleTimeout(IDLE);
            sockets.setMaxTextMessageSize(LiveApi.MAX_MESSAGE_CHARACTERS);
            sockets.setMaxBinaryMessageSize(LiveApi.MAX_MESSAGE_CHARACTERS);
        });
    }

    /** Starts, or throws one exception that states the reason. */
    static void start(Javalin javalin, ConnectionGuard guard, String host, int port) {
        JavalinLogger.enabled = false;
        try {
            javalin.start(host, port);
            for (Connector connector : javalin.jettyServer().server().getConnectors()) {
                connector.addEventListener(guard);
                guard.start(connector.getScheduler());
                if (connector instanceof AbstractConnector listening) {
                    listening.setShutdownIdleTimeout(STOP_IDLE.toMillis());
                }
            }
        } catch (JavalinException failure) {
            stop(javalin);
            throw new ServerStartException(host, port, reason(failure, host, port), failure);
        }
    }

    /** Stops; connections that are still busy when patience ends are cut, which the library reports as a failure. */
    static void stop(Javalin javalin) {
        try {
            javalin.stop();
        } catch (JavalinException cut) {
            LOG.debug("the server stopped with open connections: {}", cut.getMessage());
        }
    }

    private static String reason(Throwable failure, String host, int port) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (cause instanceof UnknownHostException
                    || cause instanceof UnresolvedAddressException
                    || message.contains("cannot assign requested address")) {
                return "host is " + host + ", expected an address of this machine";
            }
            if (cause instanceof SocketException && message.contains("permission denied")) {
                return "port " + port + " needs more rights than this process has, expected " + MIN_UNPRIVILEGED_PORT
                        + " or more";
            }
            if (cause instanceof BindException) {
                return "port " + port + " is busy on " + host + ", expected a free port";
            }
        }
        return "the server could not listen on " + host + " port " + port
                + ", expected an address and a port that are free";
    }

    /** Answers what never reached an endpoint, such as a request that is not HTTP. */
    private static boolean writeError(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, ProblemDetails.TYPE);
        response.write(true, ByteBuffer.wrap(ErrorResponses.body(response.getStatus())), callback);
        return true;
    }
}
