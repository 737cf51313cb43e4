package dev.architect.cli.launch;

import dev.architect.cli.terminal.CommandFailure;
import dev.architect.runtime.ArchitectSetup;
import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.script.SimulatorScript;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sets an Architect up as the command line and the environment say. */
public final class SetupFactory {

    /** The data directory unless the command line names another one, below the current directory. */
    public static final Path DATA = Path.of(".architect");

    private static final String OLLAMA = "ollama";

    private SetupFactory() {}

    /** Returns a setup with all six providers at the addresses of a simulator. A null policy is the standard one. */
    public static ArchitectSetup simulated(Path data, @Nullable Path policy, ProviderSimulator simulator) {
        ArchitectSetup.Builder builder =
                builder(data, policy).secrets(name -> Optional.of("simulated")).settings(name -> Optional.empty());
        for (String provider : SimulatorScript.PROVIDERS) {
            builder.baseUrl(provider, simulator.baseUrl(provider));
        }
        return builder.build();
    }

    /** Returns a setup with the providers that have a key in the environment, and Ollama. A null policy is the standard one. */
    public static ArchitectSetup ofEnvironment(Path data, @Nullable Path policy) {
        return builder(data, policy).build();
    }

    /** Returns {@code setup}, or fails with advice when there is nobody to ask. */
    public static ArchitectSetup orAdvice(ArchitectSetup setup) {
        boolean isOllamaAlone = setup.providers().equals(List.of(OLLAMA));
        if (setup.providers().isEmpty()
                || (isOllamaAlone && !setup.probe(OLLAMA).reachable())) {
            String missing = setup.leftOut().entrySet().stream()
                    .filter(entry -> !entry.getKey().equals(OLLAMA))
                    .map(entry -> entry.getValue())
                    .collect(Collectors.joining(", "));
            throw new CommandFailure("there is nobody to ask: " + missing
                    + ", and no Ollama answers. Set a key, start Ollama, or try it with --simulate");
        }
        return setup;
    }

    private static ArchitectSetup.Builder builder(Path data, @Nullable Path policy) {
        ArchitectSetup.Builder builder = ArchitectSetup.builder(data).nodeName("gaia");
        return policy == null ? builder : builder.policy(policy);
    }
}
