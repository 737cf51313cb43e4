package dev.architect.cli.launch;

import dev.architect.cli.terminal.CommandFailure;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.runtime.ArchitectSetup;
import dev.architect.runtime.ProviderConfiguration;
import dev.architect.runtime.RuntimeConfiguration;
import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.script.SimulatorScript;
import dev.architect.task.PoolLimits;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Sets an Architect up from the command line and the environment. */
public final class SetupFactory {

    /** The data directory unless the command line names another one, below the current directory. */
    public static final Path DEFAULT_DATA = ArchitectSetup.DEFAULT_DATA;

    /** The environment variable that names the configuration file when the command line does not. */
    private static final String CONFIGURATION = "ARCHITECT_CONFIG";

    private static final int MIN_SLOTS = 8;

    /** How many calls of a model with an adaptive limit the pool is made for. */
    private static final int USUAL_ADAPTIVE_CALLS = 16;

    private SetupFactory() {}

    /**
     * Returns what {@code file} states, or the file that the environment names when {@code file} is null; nothing when there is neither. A
     * file is never read because it is there: one that came with a checkout could send keys and prompts anywhere.
     *
     * @throws dev.architect.runtime.ConfigurationException with everything that is wrong with the file
     */
    public static RuntimeConfiguration configuration(@Nullable Path file) {
        String named = System.getenv(CONFIGURATION);
        if (file != null) {
            return RuntimeConfiguration.load(file);
        }
        return named == null || named.isBlank()
                ? RuntimeConfiguration.empty()
                : RuntimeConfiguration.load(Path.of(named));
    }

    /**
     * Returns a setup with all six providers at the addresses of a simulator, whatever the environment holds. Null means the usual data
     * directory, and the standard policy.
     */
    public static ArchitectSetup simulated(@Nullable Path data, @Nullable Path policy, ProviderSimulator simulator) {
        RuntimeConfiguration configuration = RuntimeConfiguration.empty()
                .withProviders(SimulatorScript.PROVIDERS.stream()
                        .map(ProviderConfiguration::of)
                        .toList());
        ArchitectSetup.Builder builder = builder(configuration, data, policy)
                .secrets(name -> Optional.of("simulated"))
                .settings(name -> Optional.empty());
        for (String provider : SimulatorScript.PROVIDERS) {
            builder.baseUrl(provider, simulator.baseUrl(provider));
        }
        return builder.build();
    }

    /**
     * Returns a setup of what {@code configuration} states, with the providers that have a key in the environment or need none. A data
     * directory or policy that is not null wins over the configuration.
     */
    public static ArchitectSetup fromEnvironment(
            RuntimeConfiguration configuration, @Nullable Path data, @Nullable Path policy) {
        return builder(configuration, data, policy).build();
    }

    /** Returns {@code setup}, or fails with advice when none of its providers is usable. */
    public static ArchitectSetup requireUsableProvider(ArchitectSetup setup) {
        if (setup.isAnyUsable()) {
            return setup;
        }
        String reasons = Stream.concat(
                        setup.skipped().entrySet().stream()
                                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")"),
                        setup.providers().stream().map(provider -> provider + " (it does not answer)"))
                .collect(Collectors.joining(", "));
        throw new CommandFailure("no provider is usable: " + reasons
                + ". Set a key, start a local provider such as Ollama, or try it with --simulate");
    }

    private static ArchitectSetup.Builder builder(
            RuntimeConfiguration configuration, @Nullable Path data, @Nullable Path policy) {
        Path rules = policy == null ? configuration.policyFile().orElse(null) : policy;
        RuntimeConfiguration sized = configuration.pool().isPresent()
                ? configuration
                : configuration.withPool(poolFor(rules == null ? RoutingPolicy.standard() : RoutingPolicy.load(rules)));
        ArchitectSetup.Builder builder = ArchitectSetup.builder(sized).nodeName(configuration.nodeNameOr("gaia"));
        if (data != null) {
            builder.dataDirectory(data);
        }
        return policy == null ? builder : builder.policy(policy);
    }

    static int usualCalls(ModelPolicy model) {
        return model.concurrency() == ModelPolicy.Concurrency.ADAPTIVE
                ? Math.min(USUAL_ADAPTIVE_CALLS, model.maxConcurrent())
                : model.maxConcurrent();
    }

    /**
     * Returns a pool for the calls that the models of {@code policy} take at a time, and a quarter more tasks that wait for one. Every task
     * of this program is a prompt: more of them at once would hold threads and nothing else. A model whose limit is adaptive counts for
     * sixteen: what it may grow to is more than the memory of this program is meant for.
     */
    static PoolLimits poolFor(RoutingPolicy policy) {
        long calls = policy.models().stream()
                .filter(ModelPolicy::isEnabled)
                .mapToLong(SetupFactory::usualCalls)
                .sum();
        int sessions = PoolLimits.DEFAULT.maxSessions();
        long slots = Math.max(MIN_SLOTS, (calls + calls / 4 + sessions - 1) / sessions);
        return new PoolLimits(PoolLimits.DEFAULT.minSessions(), sessions, (int)
                Math.min(slots, PoolLimits.DEFAULT.slotsPerSession()));
    }
}
