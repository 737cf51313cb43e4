package dev.architect.cli.launch;

import dev.architect.Architect;
import dev.architect.ArchitectBuilder;
import dev.architect.access.PasswordRules;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cluster.Cluster;
import dev.architect.event.EventListener;
import dev.architect.micrometer.ArchitectMeters;
import dev.architect.planner.approval.ApprovalPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.runtime.AccessToken;
import dev.architect.runtime.ArchitectSetup;
import dev.architect.runtime.ServerSettings;
import dev.architect.server.ArchitectServer;
import dev.architect.spi.Store;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An Architect with its server. Closing it stops the server first, then the work, then the store. */
public final class LocalServer implements AutoCloseable {

    /** The port unless the command line names another one. */
    public static final int DEFAULT_PORT = ArchitectServer.DEFAULT_PORT;

    /** The checkpoints of the audit in the data directory. */
    public static final String CHECKPOINTS = "audit-checkpoints.jsonl";

    /** The environment variable that names the file with the password of the first user, {@code admin}. */
    public static final String ADMIN_PASSWORD_FILE = "ARCHITECT_ADMIN_PASSWORD_FILE";

    private final Architect architect;
    private final ArchitectServer server;
    private final String token;
    private final long unfinishedTasks;

    private LocalServer(Architect architect, ArchitectServer server, String token, long unfinishedTasks) {
        this.architect = architect;
        this.server = server;
        this.token = token;
        this.unfinishedTasks = unfinishedTasks;
    }

    /** Starts both as {@code options} state it, and otherwise the configuration, or neither. */
    public static LocalServer start(
            ArchitectSetup setup, int port, TokenSource tokens, ServerSettings options, EventListener... listeners)
            throws IOException {
        ServerSettings settings = setup.serverSettings().overriddenBy(options);
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ArchitectMeters meters = new ArchitectMeters(registry);
        Optional<String> adminPassword = adminPassword(System.getenv(ADMIN_PASSWORD_FILE));
        // Before anything is opened: a policy with a mistake starts nothing.
        Optional<ApprovalPolicy> approvals = settings.approvals().map(ApprovalPolicy::load);
        StartPreparation.begin(LocalServer::prepare);
        Store store = setup.openStore();
        String token;
        long unfinishedTasks;
        try {
            if (tokens.file(setup.dataDirectory()).isPresent()) {
                setup.createDataDirectory();
            }
            token = tokens.read(setup.dataDirectory());
            // Counted before the engine starts, which begins to work them off.
            unfinishedTasks = unfinishedTasks(store);
        } catch (Throwable failure) {
            // Until the Architect is built, nothing else closes the store.
            store.close();
            throw failure;
        }
        Optional<Cluster> cluster = setup.joinCluster(store);
        ArchitectBuilder builder =
                cluster.map(setup::wire).orElseGet(() -> setup.wire(store)).listener(meters);
        for (EventListener listener : listeners) {
            builder.listener(listener);
        }
        settings.stopTimeout().ifPresent(builder::stopTimeout);
        Architect architect = builder.build();
        ArchitectServer.Builder parts = ArchitectServer.builder(architect, AccessToken.of(token))
                .port(port)
                .origins(settings.origins())
                .trustedProxies(settings.trustedProxies())
                .meters(meters, registry);
        cluster.ifPresent(parts::cluster);
        approvals.ifPresent(parts::approvals);
        if (Files.isDirectory(setup.dataDirectory())) {
            parts.auditCheckpoints(setup.dataDirectory().resolve(CHECKPOINTS));
        }
        adminPassword.ifPresent(parts::adminPassword);
        settings.address().ifPresent(parts::host);
        if (settings.plainHttp()) {
            parts.allowRemoteAccess(hostNames());
        }
        ArchitectServer server = closingOnFailure(architect, () -> {
            StartPreparation.await();
            return parts.start();
        });
        return new LocalServer(architect, server, token, unfinishedTasks);
    }

    /** Reads the prices, and runs through the start of a server that no port leads to. */
    static void prepare() {
        Prices.standard();
        ArchitectServer.prepare();
    }

    static Optional<String> adminPassword(@Nullable String file) throws IOException {
        if (file == null || file.isBlank()) {
            return Optional.empty();
        }
        Path from = Path.of(file);
        if (!Files.isRegularFile(from)) {
            throw new CommandFailure(ADMIN_PASSWORD_FILE + " is " + from + ", expected a file that exists");
        }
        String password = Files.readString(from).lines().findFirst().orElse("");
        PasswordRules.refusal(password, "admin").ifPresent(reason -> {
            throw new CommandFailure("the password in the file of " + ADMIN_PASSWORD_FILE + " " + reason);
        });
        return Optional.of(password);
    }

    /** Whether nobody can log in yet, so that the server waits for its set-up. */
    public boolean needsSetUp() {
        return architect.access().filter(users -> !users.hasUsers()).isPresent();
    }

    private static <T> T closingOnFailure(AutoCloseable part, Supplier<T> work) {
        try {
            return work.get();
        } catch (Throwable failure) {
            try {
                part.close();
            } catch (Exception another) {
                failure.addSuppressed(another);
            }
            throw failure;
        }
    }

    /** The names and addresses of this machine, under which others reach it over plain HTTP. */
    private static String[] hostNames() {
        Set<String> names = new TreeSet<>();
        try {
            names.add(InetAddress.getLocalHost().getHostName());
            for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InetAddress address : Collections.list(device.getInetAddresses())) {
                    String text = address.getHostAddress().split("%", -1)[0];
                    names.add(text.contains(":") ? "[" + text + "]" : text);
                }
            }
        } catch (IOException unknown) {
            // Then it is reached under the names of the loopback interface alone.
            return names.toArray(String[]::new);
        }
        return names.toArray(String[]::new);
    }

    private static long unfinishedTasks(Store store) {
        return store.tasks().counts().entrySet().stream()
                .filter(entry -> !entry.getKey().isTerminal())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** What does the work. */
    public Architect architect() {
        return architect;
    }

    /** Where the server answers. */
    public String url() {
        return server.url();
    }

    /** What opens the server. */
    public String token() {
        return token;
    }

    /** Returns a link that logs a browser in, once and within ten minutes, and does not hold the token. */
    public String newLoginLink() {
        return server.newLoginLink();
    }

    /** How many tasks an earlier run had left behind; they go on. */
    public long unfinishedTasks() {
        return unfinishedTasks;
    }

    /** How many tasks run at the moment. */
    public int runningTasks() {
        return architect.sessions().runningAttempts();
    }

    /** Makes a stop give running tasks back at once. */
    public void handBack() {
        architect.handBack();
    }

    @Override
    public void close() {
        try {
            server.close();
        } finally {
            architect.close();
        }
    }
}
