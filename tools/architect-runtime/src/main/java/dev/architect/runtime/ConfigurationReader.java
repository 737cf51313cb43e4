package dev.architect.runtime;

import dev.architect.node.NodeInfo;
import dev.architect.router.yaml.YamlFile;
import dev.architect.router.yaml.YamlObject;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.ProviderSettings;
import dev.architect.task.PoolLimits;
import dev.architect.task.TaskOptions;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads a configuration file; every mistake in it becomes one line, none of which repeats what may be a secret. */
final class ConfigurationReader {

    private static final List<String> FIELDS = List.of(
            "nodeName", "data", "store", "cluster", "policy", "pool", "pools", "providers", "server", "budgets");
    /** A terminal or a browser does one thing at a time. */
    private static final PoolLimits OTHER_POOL = new PoolLimits(2, 10, 1);

    private static final Pattern SESSION_KIND = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private static final List<String> POOL_FIELDS = List.of("minSessions", "maxSessions", "slotsPerSession");
    private static final List<String> SERVER_FIELDS =
            List.of("address", "origins", "trustedProxies", "plainHttp", "stopTimeout", "approvals");
    private static final List<String> PROVIDER_FIELDS = List.of("adapter", "baseUrl", "keySecret", "options");
    private static final int MAX_SESSIONS = 100;
    private static final int MAX_SLOTS = 128;

    private final Path path;
    private final ProviderFactories factories;
    private final YamlFile file;

    private ConfigurationReader(Path path, ProviderFactories factories) {
        this.path = path;
        this.factories = factories;
        this.file = new YamlFile(path.toString());
    }

    static RuntimeConfiguration read(Path path, ProviderFactories factories) {
        return new ConfigurationReader(path, factories).read();
    }

    private RuntimeConfiguration read() {
        RuntimeConfiguration configuration =
                file.read(path).flatMap(file::parse).map(this::configuration).orElseGet(RuntimeConfiguration::empty);
        if (!file.isValid()) {
            throw new ConfigurationException(file.problems());
        }
        return configuration;
    }

    private RuntimeConfiguration configuration(YamlObject root) {
        root.allowOnly(FIELDS);
        return new RuntimeConfiguration(
                root.text(
                        "nodeName",
                        "1.." + NodeInfo.MAX_LENGTH + " characters",
                        text -> text.isBlank() || text.length() > NodeInfo.MAX_LENGTH ? null : text),
                path(path, root, "data"),
                path(path, root, "policy"),
                root.object("pool").flatMap(pool -> pool(pool, PoolLimits.DEFAULT)),
                root.object("pools").map(this::pools).orElse(Map.of()),
                root.object("providers").map(this::providers),
                root.object("server").map(server -> server(path, server)),
                root.object("store").flatMap(store -> new StoreReader(path).read(store)),
                root.object("cluster").flatMap(cluster -> ClusterReader.read(path, cluster)),
                root.object("budgets").map(BudgetReader::read).orElse(List.of()));
    }

    private static ServerSettings server(Path path, YamlObject server) {
        server.allowOnly(SERVER_FIELDS);
        return new ServerSettings(
                server.text(
                        "address",
                        "an IP address of this machine",
                        text -> AddressRange.networkOf(text, 32, 128)
                                .map(same -> text)
                                .orElse(null)),
                server.list("origins", "an origin such as https://gaia.example.com", PublicOrigin::parse),
                server.list("trustedProxies", "an IP address or a range such as 10.0.0.0/8", AddressRange::parse),
                server.bool("plainHttp").orElse(false),
                server.duration("stopTimeout", Duration.ZERO, ServerSettings.MAX_STOP_TIMEOUT),
                path(path, server, "approvals"));
    }

    /** Paths are relative to the file, so that it means the same wherever it is used from. */
    static Optional<Path> path(Path file, YamlObject object, String field) {
        return object.text(field, "a path", text -> {
            try {
                return text.isBlank() ? null : file.toAbsolutePath().resolveSibling(text);
            } catch (InvalidPathException wrong) {
                return null;
            }
        });
    }

    private Map<String, PoolLimits> pools(YamlObject entries) {
        Map<String, PoolLimits> pools = new TreeMap<>();
        for (String kind : entries.names()) {
            if (!SESSION_KIND.matcher(kind).matches()) {
                entries.problem(
                        kind,
                        "is not a kind of session, expected 1 to 64 lower-case letters, digits, dots, dashes and underscores");
            } else if (kind.equals(TaskOptions.DEFAULT_SESSION_KIND)) {
                entries.problem(kind, "is the pool that 'pool' is about, expected another kind of session");
            } else {
                entries.object(kind)
                        .flatMap(pool -> pool(pool, OTHER_POOL))
                        .ifPresent(limits -> pools.put(kind, limits));
            }
        }
        return pools;
    }

    private static Optional<PoolLimits> pool(YamlObject pool, PoolLimits usual) {
        pool.allowOnly(POOL_FIELDS);
        int most = pool.integer("maxSessions", 1, MAX_SESSIONS).orElse(usual.maxSessions());
        // The usual minimum must not contradict a smaller maximum that the file states.
        int least = pool.integer("minSessions", 1, MAX_SESSIONS).orElse(Math.min(usual.minSessions(), most));
        int slots = pool.integer("slotsPerSession", 1, MAX_SLOTS).orElse(usual.slotsPerSession());
        if (least > most) {
            pool.problem("minSessions", "is " + least + ", expected 1.." + most);
            return Optional.empty();
        }
        return Optional.of(new PoolLimits(least, most, slots));
    }

    private List<ProviderConfiguration> providers(YamlObject entries) {
        List<ProviderConfiguration> providers = new ArrayList<>();
        for (String name : entries.names()) {
            if (isName(name)) {
                entries.object(name)
                        .flatMap(entry -> provider(entries, name, entry))
                        .ifPresent(providers::add);
            } else {
                entries.problem(
                        name, "is not a name, expected 1..64 lower-case letters, digits and dashes, a letter first");
            }
        }
        return providers;
    }

    private static boolean isName(String name) {
        try {
            return ProviderSettings.of(name).name().equals(name);
        } catch (IllegalArgumentException wrong) {
            return false;
        }
    }

    private Optional<ProviderConfiguration> provider(YamlObject entries, String name, YamlObject entry) {
        entry.allowOnly(PROVIDER_FIELDS);
        String adapter = entry.text("adapter").orElse(name);
        // Read even when the adapter turns out to be unknown, so that one run reports every mistake.
        Optional<String> keySecret = secretName(entry, "keySecret", "key");
        Optional<URI> baseUrl = entry.text(
                "baseUrl", "an address such as http://localhost:1234", text -> HttpAddress.parse("baseUrl", text));
        if (!factories.has(adapter)) {
            if (entry.has("adapter")) {
                entry.problem("adapter", "is '" + adapter + "', " + factories.expected(adapter));
            } else {
                entries.problem(name, "is no adapter, " + factories.expected(name));
            }
            return Optional.empty();
        }
        ModelProviderFactory factory = factories.of(adapter);
        entry.object("options").ifPresent(options -> options.allowOnly(List.copyOf(new TreeSet<>(factory.options()))));
        Map<String, String> options = entry.texts("options");
        ProviderConfiguration provider = new ProviderConfiguration(name, adapter, baseUrl, keySecret, options);
        if (factory.options().containsAll(options.keySet())) {
            // Unknown options are reported above; the adapter would only reject them once more.
            reasonAgainst(factory, provider.settings())
                    .ifPresent(reason -> entries.problem(name, "is refused: " + reason));
        }
        return Optional.of(provider);
    }

    /** A value that is not the name of a secret may be the secret itself, so no message repeats it. */
    static Optional<String> secretName(YamlObject entry, String field, String secret) {
        Optional<String> name = entry.text(field);
        if (name.isPresent() && !ProviderConfiguration.isSecretName(name.get())) {
            entry.problem(
                    field,
                    "is not the name of a secret, expected 1..64 upper-case letters, digits and underscores, never a "
                            + secret);
            return Optional.empty();
        }
        return name;
    }

    /** The adapter alone knows the values that its options take; making a provider neither connects nor reads a secret. */
    private static Optional<String> reasonAgainst(ModelProviderFactory factory, ProviderSettings settings) {
        try {
            factory.create(settings, secret -> Optional.empty()).close();
            return Optional.empty();
        } catch (IllegalArgumentException wrong) {
            return Optional.of(String.valueOf(wrong.getMessage()));
        }
    }
}
