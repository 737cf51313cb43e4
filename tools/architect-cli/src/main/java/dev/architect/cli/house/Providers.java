package dev.architect.cli.house;

import dev.architect.cli.terminal.CommandFailure;
import dev.architect.model.ProviderHealth;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.SecretSource;
import dev.architect.testkit.simulator.ProviderSimulator;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The providers that take part.
 *
 * @param usable who may be asked
 * @param leftOut why each of the others is not there, in words
 */
public record Providers(List<ModelProvider> usable, List<String> leftOut) {

    private static final SecretSource SIMULATED_KEYS = name -> Optional.of("simulated");

    /** Returns all six, at the addresses of a simulator. */
    public static Providers simulated(ProviderSimulator simulator) {
        return new Providers(
                Backing.ALL.stream()
                        .map(backing -> backing.maker().apply(simulator.baseUrl(backing.provider()), SIMULATED_KEYS))
                        .toList(),
                List.of());
    }

    /** Returns those that have a key in the environment, and Ollama when it answers. */
    public static Providers ofEnvironment() {
        List<ModelProvider> usable = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        for (Backing backing : Backing.ALL) {
            String reason = missing(backing);
            if (reason != null) {
                leftOut.add(backing.provider() + " (" + reason + ")");
                continue;
            }
            ModelProvider provider = real(backing);
            if (!backing.needsKey() && !provider.probe().reachable()) {
                provider.close();
                leftOut.add(backing.provider() + " (does not answer)");
            } else {
                usable.add(provider);
            }
        }
        return new Providers(List.copyOf(usable), List.copyOf(leftOut));
    }

    /** Returns the same, or fails with advice when there is nobody to ask. */
    public Providers orAdvice() {
        if (usable.isEmpty()) {
            String keys = Backing.ALL.stream()
                    .filter(Backing::needsKey)
                    .map(Backing::key)
                    .collect(Collectors.joining(", "));
            throw new CommandFailure("there is nobody to ask: no provider has a key and no Ollama answers. Set one of "
                    + keys + ", start Ollama, or try it with --simulate");
        }
        return this;
    }

    /** Returns why a provider cannot be asked at all, null when it can. */
    public static @Nullable String missing(Backing backing) {
        return backing.needsKey()
                        && SecretSource.environment().secret(backing.key()).isEmpty()
                ? "no " + backing.key()
                : null;
    }

    /** Asks a provider whether it would serve calls. */
    public static ProviderHealth probe(Backing backing) {
        try (ModelProvider provider = real(backing)) {
            return provider.probe();
        }
    }

    private static ModelProvider real(Backing backing) {
        return backing.maker().apply(url(backing), SecretSource.environment());
    }

    private static @Nullable URI url(Backing backing) {
        String text = System.getenv(backing.urlVariable());
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            URI url = URI.create(text);
            if (url.getScheme() != null && url.getScheme().matches("https?") && url.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException notAnAddress) {
            throw new CommandFailure(
                    backing.urlVariable() + " is '" + text + "', expected an address such as http://localhost:1234",
                    notAnAddress);
        }
        throw new CommandFailure(
                backing.urlVariable() + " is '" + text + "', expected an address such as http://localhost:1234");
    }
}
