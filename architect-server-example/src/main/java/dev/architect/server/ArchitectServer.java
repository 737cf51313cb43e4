package dev.architect.server;

import dev.architect.Architect;
import dev.architect.runtime.AccessToken;
import dev.architect.runtime.ArchitectMeters;
import dev.architect.server.access.HostCheck;
import dev.architect.server.rest.Endpoint;
import dev.architect.spi.TimeSource;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server over one {@link Architect}: REST under {@code /api}, Prometheus metrics, and live pages. Everything but
 * {@code /health} and the login needs the access token. Safe for use by several threads.
 */
public final class ArchitectServer implements AutoCloseable {

    /** The port unless the caller says otherwise. */
    public static final int DEFAULT_PORT = 8080;

    private final RunningServer running;

    private ArchitectServer(RunningServer running) {
        this.running = running;
    }

    /** Returns a builder of a server over {@code architect}, which stays its owner's to close, after the server. */
    public static Builder builder(Architect architect, AccessToken token) {
        return new Builder(architect, token);
    }

    /** Where the server answers, for example {@code http://127.0.0.1:8080}. */
    public String url() {
        return running.url();
    }

    /** The port that it listens on. */
    public int port() {
        return running.port();
    }

    /** What it answers, for tests that go through all of it. */
    List<Endpoint> endpoints() {
        return running.endpoints();
    }

    /** Stops listening, ends open requests and pages, and frees the port. Calling it twice does nothing more. */
    @Override
    public void close() {
        running.close();
    }

    /** Whether the pages are served. */
    public enum Pages {
        /** They are. */
        SERVED,
        /** Only REST and metrics are. */
        LEFT_OUT
    }

    /** Collects what a server needs. Not safe for use by several threads. */
    public static final class Builder {

        private static final int MOST_PORT = 65_535;

        private final Architect architect;
        private final AccessToken token;
        private String host = "127.0.0.1";
        private int port = DEFAULT_PORT;
        private boolean isRemoteAllowed;
        private Set<String> names = Set.of();
        private Pages pages = Pages.SERVED;
        private TimeSource time = TimeSource.system();
        private PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        private @Nullable ArchitectMeters meters;

        private Builder(Architect architect, AccessToken token) {
            this.architect = architect;
            this.token = token;
        }

        /** The port, 0 to 65535; 0 takes any free one. {@link #DEFAULT_PORT} by default. */
        public Builder port(int number) {
            if (number < 0 || number > MOST_PORT) {
                throw new IllegalArgumentException("port is " + number + ", expected 0.." + MOST_PORT);
            }
            this.port = number;
            return this;
        }

        /** The address to listen on; {@code 127.0.0.1} by default, which only this machine reaches. */
        public Builder host(String address) {
            this.host = address;
            return this;
        }

        /**
         * Allows an address that other machines reach, and names under which they do. The server speaks plain HTTP: put a
         * proxy with TLS before it.
         */
        public Builder allowRemoteAccess(String... hostNames) {
            this.isRemoteAllowed = true;
            this.names = Set.copyOf(Arrays.asList(hostNames));
            return this;
        }

        /** Whether pages are served; they are by default. */
        public Builder pages(Pages choice) {
            this.pages = choice;
            return this;
        }

        /** Clocks and dice; the system's by default. */
        public Builder time(TimeSource chosen) {
            this.time = chosen;
            return this;
        }

        /**
         * The meters that listen to the {@code Architect}, and the registry that they count in, which {@code /metrics} shows. By
         * default both are new and only show how things stand.
         */
        public Builder meters(ArchitectMeters listening, PrometheusMeterRegistry scraped) {
            this.meters = listening;
            this.registry = scraped;
            return this;
        }

        /**
         * Starts listening and returns when requests are answered.
         *
         * @throws ServerStartException when the port is busy or not allowed, or the address is not one of this machine
         * @throws IllegalArgumentException when other machines would reach the address and that was not allowed
         */
        public ArchitectServer start() {
            if (!isRemoteAllowed && !isLoopback()) {
                throw new IllegalArgumentException(
                        "host is " + host + ", expected a loopback address, or remote access allowed on purpose");
            }
            return new ArchitectServer(new RunningServer(this));
        }

        private boolean isLoopback() {
            return HostCheck.LOOPBACK.contains(host.contains(":") ? "[" + host + "]" : host);
        }

        Architect architect() {
            return architect;
        }

        AccessToken token() {
            return token;
        }

        String host() {
            return host;
        }

        int port() {
            return port;
        }

        List<String> names() {
            return List.copyOf(names);
        }

        boolean servesPages() {
            return pages == Pages.SERVED;
        }

        TimeSource time() {
            return time;
        }

        ArchitectMeters meters() {
            return meters == null ? new ArchitectMeters(registry) : meters;
        }

        PrometheusMeterRegistry registry() {
            return registry;
        }
    }
}
