package dev.architect.runtime;

import dev.architect.budget.Budget;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.task.PoolLimits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What to build, as a configuration file states it. Whatever is empty has its default. Immutable.
 *
 * @param nodeName the node's name for people
 * @param dataDirectory where the database is
 * @param policyFile the routing policy, as YAML; the standard policy by default
 * @param pool the limits of the session pool; {@link PoolLimits#DEFAULT} by default
 * @param pools the limits of pools of other kinds of session, by kind; none by default
 * @param providers the providers that take part, as far as they have a key; by default those of every adapter
 * @param server how a server is reached and how it stops
 * @param store where everything is kept; the embedded store in the data directory by default
 * @param cluster how the nodes on one store hear of each other
 * @param budgets limits on spending, which are set in the store when it is wired; others that the store has stay
 */
public record RuntimeConfiguration(
        Optional<String> nodeName,
        Optional<Path> dataDirectory,
        Optional<Path> policyFile,
        Optional<PoolLimits> pool,
        Map<String, PoolLimits> pools,
        Optional<List<ProviderConfiguration>> providers,
        Optional<ServerSettings> server,
        Optional<StoreConfiguration> store,
        Optional<ClusterConfiguration> cluster,
        List<Budget> budgets) {

    /** Copies pools, providers and budgets, and checks that the names of each differ. */
    public RuntimeConfiguration {
        pools = Map.copyOf(pools);
        providers = providers.map(List::copyOf);
        budgets = List.copyOf(budgets);
        Set<String> limited = new HashSet<>();
        for (Budget budget : budgets) {
            if (!limited.add(budget.name())) {
                throw new IllegalArgumentException(
                        "budget " + budget.name() + " is configured twice, expected different names");
            }
        }
        Set<String> names = new HashSet<>();
        for (ProviderConfiguration provider : providers.orElse(List.of())) {
            if (!names.add(provider.name())) {
                throw new IllegalArgumentException(
                        "provider " + provider.name() + " is configured twice, expected different names");
            }
        }
    }

    /**
     * Reads a YAML file, whose paths are relative to it, and checks it against the adapters that {@link java.util.ServiceLoader} finds.
     * Read only files that the user named: one from elsewhere could send the user's keys and prompts to an address of its choice.
     *
     * @throws ConfigurationException with everything that is wrong with the file
     * @throws IllegalStateException when two adapters have one name
     */
    public static RuntimeConfiguration load(Path file) {
        return ConfigurationReader.read(file, ProviderFactories.load());
    }

    /** Reads as {@link #load(Path)}, and checks against these adapters. */
    public static RuntimeConfiguration load(Path file, List<? extends ModelProviderFactory> factories) {
        return ConfigurationReader.read(file, ProviderFactories.of(factories));
    }

    /** Returns a configuration that states nothing. */
    public static RuntimeConfiguration empty() {
        return new RuntimeConfiguration(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    /**
     * The node's name: the one that is stated; in a cluster else the name of this machine, since names of members differ; else {@code
     * usual}.
     */
    public String nodeNameOr(String usual) {
        return nodeName.orElseGet(() -> cluster.isPresent() ? hostName().orElse(usual) : usual);
    }

    private static Optional<String> hostName() {
        try {
            return Optional.of(InetAddress.getLocalHost().getHostName()).filter(name -> !name.isBlank());
        } catch (UnknownHostException unknown) {
            return Optional.empty();
        }
    }

    /** Returns the same configuration with the standard policy. */
    public RuntimeConfiguration withoutPolicy() {
        return new RuntimeConfiguration(
                nodeName, dataDirectory, Optional.empty(), pool, pools, providers, server, store, cluster, budgets);
    }

    /** Returns the same configuration with these providers and no others. */
    public RuntimeConfiguration withProviders(List<ProviderConfiguration> all) {
        return new RuntimeConfiguration(
                nodeName, dataDirectory, policyFile, pool, pools, Optional.of(all), server, store, cluster, budgets);
    }

    /** Returns a copy with other limits of the session pool. */
    public RuntimeConfiguration withPool(PoolLimits limits) {
        return new RuntimeConfiguration(
                nodeName,
                dataDirectory,
                policyFile,
                Optional.of(limits),
                pools,
                providers,
                server,
                store,
                cluster,
                budgets);
    }

    /** Returns the same configuration with this store. */
    public RuntimeConfiguration withStore(StoreConfiguration named) {
        return new RuntimeConfiguration(
                nodeName,
                dataDirectory,
                policyFile,
                pool,
                pools,
                providers,
                server,
                Optional.of(named),
                cluster,
                budgets);
    }
}
