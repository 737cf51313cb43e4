package dev.architect.cli.house;

import dev.architect.cli.terminal.CommandFailure;
import dev.architect.model.ProviderHealth;
import dev.architect.server.Vendor;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.SecretSource;
import dev.architect.testkit.simulator.ProviderSimulator;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
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
                Arrays.stream(Vendor.values())
                        .map(vendor -> vendor.make(SIMULATED_KEYS, simulator.baseUrl(vendor.provider())))
                        .toList(),
                List.of());
    }

    /** Returns those that have a key in the environment, and Ollama when it answers. */
    public static Providers ofEnvironment() {
        List<ModelProvider> usable = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        for (Vendor vendor : Vendor.values()) {
            String reason = missing(vendor);
            if (reason != null) {
                leftOut.add(vendor.provider() + " (" + reason + ")");
                continue;
            }
            ModelProvider provider = real(vendor);
            if (vendor.isOpen() && !provider.probe().reachable()) {
                provider.close();
                leftOut.add(vendor.provider() + " (does not answer)");
            } else {
                usable.add(provider);
            }
        }
        return new Providers(List.copyOf(usable), List.copyOf(leftOut));
    }

    /** Returns the same, or fails with advice when there is nobody to ask. */
    public Providers orAdvice() {
        if (usable.isEmpty()) {
            String keys = Arrays.stream(Vendor.values())
                    .filter(vendor -> !vendor.isOpen())
                    .map(Vendor::key)
                    .collect(Collectors.joining(", "));
            throw new CommandFailure("there is nobody to ask: no provider has a key and no Ollama answers. Set one of "
                    + keys + ", start Ollama, or try it with --simulate");
        }
        return this;
    }

    /** Returns why a provider cannot be asked at all, null when it can. */
    public static @Nullable String missing(Vendor vendor) {
        return !vendor.isOpen()
                        && SecretSource.environment().secret(vendor.key()).isEmpty()
                ? "no " + vendor.key()
                : null;
    }

    /** Asks a provider whether it would serve calls. */
    public static ProviderHealth probe(Vendor vendor) {
        try (ModelProvider provider = real(vendor)) {
            return provider.probe();
        }
    }

    private static ModelProvider real(Vendor vendor) {
        return vendor.make(SecretSource.environment(), url(vendor));
    }

    private static @Nullable URI url(Vendor vendor) {
        String text = System.getenv(vendor.urlSetting());
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
                    vendor.urlSetting() + " is '" + text + "', expected an address such as http://localhost:1234",
                    notAnAddress);
        }
        throw new CommandFailure(
                vendor.urlSetting() + " is '" + text + "', expected an address such as http://localhost:1234");
    }
}
