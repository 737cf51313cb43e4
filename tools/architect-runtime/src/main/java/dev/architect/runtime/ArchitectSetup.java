package dev.architect.runtime;

import dev.architect.Architect;
import dev.architect.ArchitectBuilder;
import dev.architect.budget.Budget;
import dev.architect.budget.BudgetState;
import dev.architect.budget.BudgetStore;
import dev.architect.cluster.Cluster;
import dev.architect.cluster.ClusterBuilder;
import dev.architect.cost.LedgerEntry;
import dev.architect.error.StoreException;
import dev.architect.event.EventListener;
import dev.architect.model.ProviderHealth;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.Router;
import dev.architect.spi.SecretSource;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.store.sqlite.SqliteStore;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * From a configuration to a running {@link Architect}: the store that it names or else the SQLite store of a data directory, the router, and the providers of the
 * adapters on the class path. Whoever wants other parts wires them with {@link Architect#builder()}. Immutable.
 *
 * <p>A provider takes part when its key is there. One that needs none takes part when the configuration names it, when its address was
 * set, or when it answers at its usual one. Addresses are set by {@link Builder#baseUrl}, by settings such as {@code CLAUDE_BASE_URL},
 * or by the configuration; the first of these wins.
 */
public final class ArchitectSetup {

    /** The data directory unless a configuration or a program names another one, below the current directory. */
    public static final Path DEFAULT_DATA = Path.of(".architect");

    private final DataDirectory data;
    private final CostAwareRouter.Builder router;
    private final RuntimeConfiguration configuration;
    private final String nodeName;
    private final ProviderSelection providers;
    private final SecretSource secrets;
    private final StoreFactories stores = StoreFactories.load();

    private ArchitectSetup(Builder parts) {
        this.configuration = parts.configuration;
        this.data = new DataDirectory(parts.directory);
        // Read now, so that a wrong one is refused before anything is opened.
        this.router = parts.policyFile == null
                ? CostAwareRouter.with(RoutingPolicy.standard())
                : CostAwareRouter.following(parts.policyFile);
        this.nodeName = parts.nodeName;
        this.secrets = parts.secrets;
        this.providers = new ProviderSelection(
                configuration,
                parts.factories == null ? ProviderFactories.load() : ProviderFactories.of(parts.factories),
                parts.secrets,
                parts.settings,
                parts.urls);
    }

    /** Returns a builder of what keeps its data in {@code directory}, which is created when it is missing. */
    public static Builder builder(Path directory) {
        return new Builder(RuntimeConfiguration.empty()).dataDirectory(directory);
    }

    /** Returns a builder of what {@code configuration} states; the builder's methods win over it. */
    public static Builder builder(RuntimeConfiguration configuration) {
        return new Builder(configuration);
    }

    /** The names of the providers that take part; none when nothing is configured. */
    public List<String> providers() {
        return providers.selected().stream()
                .map(provider -> provider.settings().name())
                .toList();
    }

    /** Why each of the other providers does not take part, by name, as text without secrets. */
    public Map<String, String> skipped() {
        return providers.skipped();
    }

    /** How a server of this setup is reached and how it stops, as the configuration states it. */
    public ServerSettings serverSettings() {
        return configuration.server().orElse(ServerSettings.DEFAULT);
    }

    /** This node's name for people. */
    public String nodeName() {
        return nodeName;
    }

    /** The data directory as an absolute path, whether it is there or not. */
    public Path dataDirectory() {
        return data.path();
    }

    /** Makes the data directory unless it is there; only this user may read what it makes. */
    public void createDataDirectory() {
        data.create();
    }

    /** The database file in it, whether it is there or not; empty when the configuration names another store. */
    public Optional<Path> database() {
        return configuration.store().isPresent()
                ? Optional.empty()
                : Optional.of(data.path().resolve(DataDirectory.DATABASE));
    }

    /**
     * Opens the store, makes the providers and starts. Events go to {@code listeners}. When it fails, nothing is left
     * open.
     *
     * @throws StoreException when the directory or the database cannot be used
     */
    public Architect open(EventListener... listeners) {
        List<EventListener> observers = List.of(listeners);
        Store store = openStore();
        ArchitectBuilder builder = joinCluster(store).map(this::wire).orElseGet(() -> wire(store));
        observers.forEach(builder::listener);
        return builder.build();
    }

    /**
     * Opens the store alone. Directory, database file and tables are created when they are missing; a database of a server is there already.
     *
     * @throws StoreException when the store cannot be used, or its password cannot be read
     */
    public Store openStore() {
        return configuration
                .store()
                .map(store -> stores.open(store, secrets))
                .orElseGet(() -> SqliteStore.at(data.create().resolve(DataDirectory.DATABASE)));
    }

    /**
     * Opens the store alone, as another process has made it; a database of a server is not changed by that.
     *
     * @throws StoreException when it is not there or cannot be used, or its password cannot be read
     */
    public Store openExistingStore() {
        if (configuration.store().isPresent()) {
            return stores.openExisting(configuration.store().get(), secrets);
        }
        Path file = data.path().resolve(DataDirectory.DATABASE);
        if (!Files.exists(file)) {
            throw new StoreException(
                    StoreException.Kind.INACCESSIBLE,
                    file + " is not there, expected the database of a server or a demo",
                    null);
        }
        return SqliteStore.at(file);
    }

    /**
     * Starts this process's part of the cluster that the configuration states, over {@code store}; empty when it states none. The store and
     * the transport belong to the cluster from then on, and are closed with it, also when this fails.
     *
     * @throws StoreException when the store fails
     * @throws dev.architect.error.ArchitectException when the transport cannot start, for example because its port is taken
     */
    public Optional<Cluster> joinCluster(Store store) {
        return configuration.cluster().map(stated -> {
            ClusterBuilder cluster;
            try {
                cluster = Cluster.builder(store).nodeName(nodeName);
                TransportFactories.load().create(stated, store, secrets).ifPresent(cluster::transport);
            } catch (Throwable failure) {
                closeBecauseOf(failure, List.of(store));
                throw failure;
            }
            return cluster.build();
        });
    }

    /**
     * As {@link #wire(Store)}, for a node of {@code cluster}, whose routers share what they know of the health of models. When it fails,
     * the cluster is closed.
     */
    public ArchitectBuilder wire(Cluster cluster) {
        return wire(cluster.store(), new SharedHealthRouter(router, cluster));
    }

    /**
     * Sets the configured budgets in {@code store}, makes the providers and wires them with the router to it, for a host that adds parts of
     * its own. When it fails, the providers that were made and the store are closed.
     *
     * @throws StoreException when the store fails
     */
    public ArchitectBuilder wire(Store store) {
        return wire(store, router);
    }

    /**
     * Makes routers that start with the lengths of the last answers in the ledger.
     *
     * @param factory makes them
     * @param store has the ledger
     */
    private record Remembering(Router.Factory factory, Store store) implements Router.Factory {

        /** Enough for some thirty of each kind of prompt on a few models. */
        private static final int CALLS = 2_000;

        @Override
        public Router create(List<ModelProvider> providers, TimeSource time) {
            return remembering(factory.create(providers, time));
        }

        @Override
        public Router create(Router.Parts parts) {
            return remembering(factory.create(parts));
        }

        private Router remembering(Router made) {
            if (made instanceof CostAwareRouter router) {
                try {
                    List<LedgerEntry> newestFirst = store.ledger().newest(CALLS);
                    for (int i = newestFirst.size() - 1; i >= 0; i--) {
                        router.outputs().add(newestFirst.get(i));
                    }
                } catch (StoreException unreadable) {
                    // Forecasts begin without them, as those of a new store do; whatever else reads the store reports
                    // it.
                    return made;
                }
            }
            return made;
        }
    }

    private ArchitectBuilder wire(Store store, Router.Factory routers) {
        List<AutoCloseable> open = new ArrayList<>(List.of(store));
        List<ModelProvider> made = new ArrayList<>();
        try {
            setBudgets(store);
            for (SelectedProvider selected : providers.selected()) {
                made.add(selected.create());
                open.add(made.get(made.size() - 1));
            }
        } catch (Throwable failure) {
            // An Error as well: an adapter may lack a class.
            closeBecauseOf(failure, open);
            throw failure;
        }
        // From here on the builder closes them when one of its calls fails.
        ArchitectBuilder builder = Architect.builder().store(store);
        made.forEach(builder::provider);
        configuration.pool().ifPresent(builder::pool);
        configuration.pools().forEach(builder::pool);
        return builder.router(new Remembering(routers, store)).nodeName(nodeName);
    }

    /** Sets the configured budgets that the store does not have as they are. Others stay: another node, or an operator, may have set them. */
    private void setBudgets(Store store) {
        if (configuration.budgets().isEmpty()) {
            return;
        }
        BudgetStore budgets = store.budgets()
                .orElseThrow(() -> new IllegalStateException("store has no budgets, expected one of memory, SQLite and"
                        + " PostgreSQL, or no budgets in the configuration"));
        Set<Budget> present = budgets.states().stream().map(BudgetState::budget).collect(Collectors.toSet());
        configuration.budgets().stream()
                .filter(budget -> !present.contains(budget))
                .forEach(budgets::set);
    }

    private static void closeBecauseOf(Throwable failure, List<AutoCloseable> open) {
        for (AutoCloseable part : open) {
            try {
                part.close();
            } catch (Exception another) {
                failure.addSuppressed(another);
            }
        }
    }

    /**
     * Checks whether a provider that takes part would serve calls; blocks until it answers or its time is over.
     *
     * @throws IllegalArgumentException when no such provider takes part
     */
    public ProviderHealth probe(String provider) {
        SelectedProvider selected = providers.selected().stream()
                .filter(one -> one.settings().name().equals(provider))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "provider is '" + provider + "', expected one of " + String.join(", ", providers())));
        try (ModelProvider made = selected.create()) {
            return made.probe();
        }
    }

    /**
     * Whether a provider takes part that has its key, or that answers; whether it takes the key shows with the first call. Blocks while
     * it probes those that need no key, as long as no other one is there.
     */
    public boolean isAnyUsable() {
        return providers.selected().stream().anyMatch(SelectedProvider::hasKey)
                || providers.selected().stream().anyMatch(SelectedProvider::isReachable);
    }

    /** Collects settings. Not safe for use by several threads. */
    public static final class Builder {

        private final RuntimeConfiguration configuration;
        private Path directory;
        private SecretSource secrets = SecretSource.environment();
        private Function<String, Optional<String>> settings =
                name -> Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
        private final Map<String, URI> urls = new TreeMap<>();
        private @Nullable List<ModelProviderFactory> factories;
        private @Nullable Path policyFile;
        private String nodeName;

        private Builder(RuntimeConfiguration configuration) {
            this.configuration = configuration;
            this.directory = configuration.dataDirectory().orElse(DEFAULT_DATA);
            this.policyFile = configuration.policyFile().orElse(null);
            this.nodeName = configuration.nodeNameOr("server");
        }

        /** Where the database is; created when it is missing. {@link #DEFAULT_DATA} by default. */
        public Builder dataDirectory(Path value) {
            this.directory = value;
            return this;
        }

        /** The adapters that there are; by default those that {@link java.util.ServiceLoader} finds. */
        public Builder factories(List<? extends ModelProviderFactory> all) {
            this.factories = List.copyOf(all);
            return this;
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
         * Where a provider is, whatever settings and configuration state; its usual address when none of them states any. {@link
         * #build} refuses a provider that is not there.
         *
         * @throws IllegalArgumentException when the address is not one of HTTP
         */
        public Builder baseUrl(String provider, URI url) {
            urls.put(provider, HttpAddress.parse("base URL of " + provider, url.toString()));
            return this;
        }

        /** The routing policy as a YAML file; the standard policy by default. */
        public Builder policy(Path file) {
            this.policyFile = file;
            return this;
        }

        /** This node's name for people; {@code server} by default, and in a cluster the name of this machine. */
        public Builder nodeName(String name) {
            this.nodeName = name;
            return this;
        }

        /**
         * Reads and checks everything but the data directory, and probes providers without a key when nothing
         * else decides.
         *
         * @throws dev.architect.router.policy.PolicyException with everything that is wrong with the policy file
         * @throws IllegalArgumentException when a setting is not an address, or an adapter or provider is not there
         * @throws IllegalStateException when two adapters have one name
         */
        public ArchitectSetup build() {
            return new ArchitectSetup(this);
        }
    }
}
