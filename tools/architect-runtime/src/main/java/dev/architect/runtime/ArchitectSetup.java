package dev.architect.runtime;

import dev.architect.Architect;
import dev.architect.ArchitectBuilder;
import dev.architect.error.StoreException;
import dev.architect.event.EventListener;
import dev.architect.model.ProviderHealth;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.SecretSource;
import dev.architect.spi.Store;
import dev.architect.store.sqlite.SqliteStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From settings to a running {@link Architect}: the SQLite store of a data directory, the router, and those of the six
 * providers that are configured. Whoever wants other parts wires them with {@link Architect#builder()}. Immutable.
 *
 * <p>A provider takes part when its key is there. Ollama needs none: it takes part when its address was set, or when it
 * answers at its usual one. Addresses are set by {@link Builder#baseUrl}, or by settings such as {@code CLAUDE_BASE_URL}.
 */
public final class ArchitectSetup {

    private final DataDirectory data;
    private final SecretSource secrets;
    private final RoutingPolicy policy;
    private final String nodeName;
    private final Map<Vendor, URI> urls;
    private final Set<Vendor> chosen = EnumSet.noneOf(Vendor.class);
    private final Map<String, String> leftOut = new TreeMap<>();

    private ArchitectSetup(Builder parts) {
        this.data = new DataDirectory(parts.directory);
        this.secrets = parts.secrets;
        this.policy = parts.policyFile == null ? RoutingPolicy.standard() : RoutingPolicy.load(parts.policyFile);
        this.nodeName = parts.nodeName;
        this.urls = parts.allUrls();
        for (Vendor vendor : Vendor.values()) {
            reasonAgainst(vendor)
                    .ifPresentOrElse(reason -> leftOut.put(vendor.provider(), reason), () -> chosen.add(vendor));
        }
    }

    /** Returns a builder for a server that keeps its data in {@code directory}, which is created when it is missing. */
    public static Builder builder(Path directory) {
        return new Builder(directory);
    }

    /** The names of the providers that take part; none when nothing is configured. */
    public List<String> providers() {
        return chosen.stream().map(Vendor::provider).toList();
    }

    /** Why each of the other providers does not take part, by name, in words without secrets. */
    public Map<String, String> leftOut() {
        return Collections.unmodifiableMap(leftOut);
    }

    /** The data directory as an absolute path, whether it is there or not. */
    public Path dataDirectory() {
        return data.path();
    }

    /** The database file in it, whether it is there or not. */
    public Path database() {
        return data.path().resolve(DataDirectory.DATABASE);
    }

    /**
     * Opens the store, makes the providers and starts. Events go to {@code listeners}. When it fails, nothing is left
     * open.
     *
     * @throws StoreException when the directory or the database cannot be used
     */
    public Architect open(EventListener... listeners) {
        Store store = openStore();
        try {
            ArchitectBuilder builder = wire(store);
            List.of(listeners).forEach(builder::listener);
            return builder.build();
        } catch (RuntimeException failure) {
            store.close();
            throw failure;
        }
    }

    /**
     * Opens the store alone; directory and database are created when they are missing.
     *
     * @throws StoreException when the directory or the database cannot be used
     */
    public Store openStore() {
        return SqliteStore.at(data.prepared().resolve(DataDirectory.DATABASE));
    }

    /** Makes the providers and wires them with the router to {@code store}, for a host that adds parts of its own. */
    public ArchitectBuilder wire(Store store) {
        ArchitectBuilder builder = Architect.builder()
                .store(store)
                .router(CostAwareRouter.with(policy))
                .nodeName(nodeName);
        List<ModelProvider> made = new ArrayList<>();
        try {
            for (Vendor vendor : chosen) {
                ModelProvider provider = vendor.make(secrets, urls.get(vendor));
                made.add(provider);
                builder.provider(provider);
            }
            return builder;
        } catch (RuntimeException failure) {
            made.forEach(ModelProvider::close);
            throw failure;
        }
    }

    /** Asks a provider that takes part whether it would serve calls; blocks until it answers or its time is over. */
    public ProviderHealth probe(String provider) {
        Vendor vendor = Vendor.of(provider);
        try (ModelProvider made = vendor.make(secrets, urls.get(vendor))) {
            return made.probe();
        }
    }

    private Optional<String> reasonAgainst(Vendor vendor) {
        if (secrets.secret(vendor.key()).isPresent()) {
            return Optional.empty();
        }
        if (!vendor.isOpen()) {
            return Optional.of(vendor.key() + " is not set");
        }
        if (urls.containsKey(vendor)) {
            return Optional.empty();
        }
        try (ModelProvider provider = vendor.make(secrets, null)) {
            return provider.probe().reachable() ? Optional.empty() : Optional.of("it does not answer");
        }
    }

    /** Collects settings. Not safe for use by several threads. */
    public static final class Builder {

        private final Path directory;
        private SecretSource secrets = SecretSource.environment();
        private Function<String, Optional<String>> settings =
                name -> Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
        private final Map<Vendor, URI> urls = new EnumMap<>(Vendor.class);
        private @Nullable Path policyFile;
        private String nodeName = "server";

        private Builder(Path directory) {
            this.directory = directory;
        }

        /** Where provider keys come from, under names such as {@code ANTHROPIC_API_KEY}; the environment by default. */
        public Builder secrets(SecretSource source) {
            this.secrets = source;
            return this;
        }

        /** Where settings such as {@code OLLAMA_BASE_URL} come from; the environment by default. */
        public Builder settings(Function<String, Optional<String>> source) {
            this.settings = source;
            return this;
        }

        /**
         * Where a provider is, before what the settings say; its usual address when neither says anything.
         *
         * @throws IllegalArgumentException when there is no such provider, or the address is not one of HTTP
         */
        public Builder baseUrl(String provider, URI url) {
            urls.put(Vendor.of(provider), checked("base URL of " + provider, url.toString()));
            return this;
        }

        /** The routing policy as a YAML file; the standard policy by default. */
        public Builder policy(Path file) {
            this.policyFile = file;
            return this;
        }

        /** This node's name for people; {@code server} by default. */
        public Builder nodeName(String name) {
            this.nodeName = name;
            return this;
        }

        /**
         * Reads and checks everything but the data directory, and asks Ollama whether it is there when nothing else tells.
         *
         * @throws dev.architect.router.policy.PolicyException with everything that is wrong with the policy file
         * @throws IllegalArgumentException when a setting is not an address
         */
        public ArchitectSetup build() {
            return new ArchitectSetup(this);
        }

        private Map<Vendor, URI> allUrls() {
            Map<Vendor, URI> all = new EnumMap<>(Vendor.class);
            for (Vendor vendor : Vendor.values()) {
                settings.apply(vendor.urlSetting())
                        .ifPresent(text -> all.put(vendor, checked(vendor.urlSetting(), text.strip())));
            }
            all.putAll(urls);
            return all;
        }

        private static URI checked(String name, String text) {
            try {
                URI url = URI.create(text);
                if (url.getHost() != null
                        && url.getScheme() != null
                        && url.getScheme().matches("https?")) {
                    return url;
                }
            } catch (IllegalArgumentException notAnAddress) {
                throw new IllegalArgumentException(complaint(name, text), notAnAddress);
            }
            throw new IllegalArgumentException(complaint(name, text));
        }

        private static String complaint(String name, String text) {
            return name + " is '" + text + "', expected an address such as http://localhost:1234";
        }
    }
}
