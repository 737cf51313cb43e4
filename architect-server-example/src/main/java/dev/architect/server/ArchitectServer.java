package dev.architect.server;

import dev.architect.Architect;
import dev.architect.access.PasswordHasher;
import dev.architect.access.Pbkdf2PasswordHasher;
import dev.architect.cluster.Cluster;
import dev.architect.micrometer.ArchitectMeters;
import dev.architect.planner.approval.ApprovalPolicy;
import dev.architect.runtime.AccessToken;
import dev.architect.runtime.AddressRange;
import dev.architect.runtime.PublicOrigin;
import dev.architect.runtime.audit.CheckpointFile;
import dev.architect.server.live.LiveApi;
import dev.architect.server.network.SiteOrigins;
import dev.architect.server.operation.Operation;
import dev.architect.spi.TimeSource;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server over one {@link Architect}: REST under {@code /api}, Prometheus metrics, and live pages. Everything but
 * {@code /health} and the login needs the access token. Safe for use by several threads.
 */
public final class ArchitectServer implements AutoCloseable {

    /** The port that is used when the caller sets none. */
    public static final int DEFAULT_PORT = 8080;

    private final RunningServer running;

    private ArchitectServer(RunningServer running) {
        this.running = running;
    }

    /** Returns a builder of a server over {@code architect}, which the caller closes, after the server. */
    public static Builder builder(Architect architect, AccessToken token) {
        return new Builder(architect, token);
    }

    /**
     * Runs through the start of a server that nobody can reach, so that the first one of this process listens sooner: for a thread of its own, while other
     * parts are opened. Opens no port, takes some tenths of a second of a processor and never fails.
     */
    public static void prepare() {
        ServerPreparation.run();
    }

    /** The base URL, for example {@code http://127.0.0.1:8080}. */
    public String url() {
        return running.url();
    }

    /**
     * Returns a link that logs a browser in, once and within ten minutes. It holds a code and not the token, so it may be printed. The
     * browser keeps the code to itself: it stands behind the {@code #}.
     */
    public String newLoginLink() {
        return running.newLoginLink();
    }

    /** The port that it listens on. */
    public int port() {
        return running.port();
    }

    /** All operations, for tests that cover each of them. */
    List<Operation> operations() {
        return running.operations().all();
    }

    /** Stops listening, ends open requests and WebSockets, and frees the port. Further calls have no effect. */
    @Override
    public void close() {
        running.close();
    }

    /** Whether the pages are served. */
    public enum Pages {
        /** The pages and the login are served, beside REST and metrics. */
        ENABLED,
        /** Only REST and metrics are served. */
        DISABLED
    }

    /** Collects what a server needs. Not safe for use by several threads. */
    public static final class Builder {

        private static final int MAX_PORT = 65_535;
        private static final int MOST_LIVE_PAGES = 1_000;

        private final Architect architect;
        private final AccessToken token;
        private String host = "127.0.0.1";
        private int port = DEFAULT_PORT;
        private boolean isRemoteAllowed;
        private Set<String> hostNames = Set.of();
        private List<PublicOrigin> origins = List.of();
        private List<AddressRange> trustedProxies = List.of();
        private Pages pages = Pages.ENABLED;
        private TimeSource time = TimeSource.system();
        private PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        private @Nullable ArchitectMeters meters;
        private @Nullable PasswordHasher passwords;
        private Optional<CheckpointFile> checkpoints = Optional.empty();
        private Optional<String> adminPassword = Optional.empty();
        private Optional<Cluster> cluster = Optional.empty();
        private int maxLivePages = LiveApi.MAX_PAGES;
        private ApprovalPolicy approvals = ApprovalPolicy.standard("/srv/app", "/home/agent");

        private Builder(Architect architect, AccessToken token) {
            this.architect = architect;
            this.token = token;
        }

        /** The port, 0 to 65535; 0 takes any free one. {@link #DEFAULT_PORT} by default. */
        public Builder port(int number) {
            if (number < 0 || number > MAX_PORT) {
                throw new IllegalArgumentException("port is " + number + ", expected 0.." + MAX_PORT);
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
         * The addresses under which browsers reach the server through a proxy, usually with {@code https}; none by default. With one of TLS the
         * server may listen on an address that other machines reach, and what belongs to a login is for TLS alone.
         */
        public Builder origins(List<PublicOrigin> all) {
            this.origins = List.copyOf(all);
            return this;
        }

        /**
         * The proxies that are believed what they state about a client in {@code Forwarded} (RFC 7239), {@code X-Forwarded-For},
         * {@code X-Forwarded-Proto} and {@code X-Forwarded-Host}; none by default. The limit of failed logins then counts for each client and
         * not for the proxy. A proxy has to replace what a client sent, or add to its end.
         */
        public Builder trustedProxies(List<AddressRange> all) {
            this.trustedProxies = List.copyOf(all);
            return this;
        }

        /**
         * Allows other machines to reach the server over plain HTTP, and names under which they do: for a network that no one else can listen to,
         * because the token and all data are readable there. Behind a proxy with TLS use {@link #origins} instead.
         */
        public Builder allowRemoteAccess(String... hostNames) {
            this.isRemoteAllowed = true;
            this.hostNames = Set.copyOf(Arrays.asList(hostNames));
            return this;
        }

        /** Whether the pages are served; {@link Pages#ENABLED} by default. */
        public Builder pages(Pages choice) {
            this.pages = choice;
            return this;
        }

        /** Source of time and randomness; the system's by default. */
        public Builder time(TimeSource chosen) {
            this.time = chosen;
            return this;
        }

        /**
         * The meters that listen to the {@code Architect}, and the registry that they count in, which {@code /metrics} shows. By
         * default both are new and hold gauges alone.
         */
        public Builder meters(ArchitectMeters listening, PrometheusMeterRegistry scraped) {
            this.meters = listening;
            this.registry = scraped;
            return this;
        }

        /** How passwords are kept; PBKDF2 with {@value Pbkdf2PasswordHasher#DEFAULT_ITERATIONS} iterations by default. */
        public Builder passwords(PasswordHasher hasher) {
            this.passwords = hasher;
            return this;
        }

        /**
         * The password of a first user named {@code admin}, who is created at the start when the store has no user; none by default. For
         * servers that nobody sets up in a browser.
         */
        public Builder adminPassword(String password) {
            this.adminPassword = Optional.of(password);
            return this;
        }

        /**
         * The file outside of the store to which checkpoints of the audit are added, so that a chain that was cut or written anew is found; none by
         * default. Its key is kept beside it, in a file with the same name and {@code .key} behind it.
         */
        public Builder auditCheckpoints(Path file) {
            this.checkpoints = Optional.of(new CheckpointFile(file));
            return this;
        }

        /**
         * The rules of the installation about what may be done without a person, to which people add others. {@link ApprovalPolicy#standard} of
         * the folder {@code /srv/app} by default: whatever is asked, a person is.
         */
        public Builder approvals(ApprovalPolicy policy) {
            this.approvals = policy;
            return this;
        }

        /** The cluster that the {@code Architect} is a node of, whose availability the server shows; none by default. */
        public Builder cluster(Cluster joined) {
            this.cluster = Optional.of(joined);
            return this;
        }

        /**
         * How many clients may follow what changes at a time, 1 to 1,000; {@link LiveApi#MAX_PAGES} by default. More read it from time to
         * time.
         */
        public Builder maxLivePages(int most) {
            if (most < 1 || most > MOST_LIVE_PAGES) {
                throw new IllegalArgumentException("maxLivePages is " + most + ", expected 1.." + MOST_LIVE_PAGES);
            }
            this.maxLivePages = most;
            return this;
        }

        /**
         * Starts listening and returns when requests are answered.
         *
         * @throws ServerStartException when the port is busy or not allowed, or the address is not one of this machine
         * @throws IllegalArgumentException when {@link #adminPassword} is needed and too easy to guess, or other machines would reach the address, none of the {@link #origins} is one of TLS, and remote
         *     access was not allowed
         */
        public ArchitectServer start() {
            boolean isBehindTls = origins.stream().anyMatch(PublicOrigin::isSecure);
            if (!isRemoteAllowed && !isBehindTls && !isLoopback()) {
                throw new IllegalArgumentException(
                        "host is " + host
                                + ", expected a loopback address, a public origin with https, or remote access allowed on purpose");
            }
            return new ArchitectServer(new RunningServer(this));
        }

        private boolean isLoopback() {
            return SiteOrigins.LOOPBACK.contains(host.contains(":") ? "[" + host + "]" : host);
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

        List<String> hostNames() {
            return List.copyOf(hostNames);
        }

        List<PublicOrigin> origins() {
            return origins;
        }

        List<AddressRange> trustedProxies() {
            return trustedProxies;
        }

        PasswordHasher passwords() {
            return passwords == null ? new Pbkdf2PasswordHasher(time::random) : passwords;
        }

        Optional<CheckpointFile> checkpoints() {
            return checkpoints;
        }

        Optional<String> adminPassword() {
            return adminPassword;
        }

        boolean servesPages() {
            return pages == Pages.ENABLED;
        }

        ApprovalPolicy approvals() {
            return approvals;
        }

        Optional<Cluster> cluster() {
            return cluster;
        }

        int maxLivePages() {
            return maxLivePages;
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
