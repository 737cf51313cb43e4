package dev.architect.runtime;

import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.ProviderSettings;
import dev.architect.spi.SecretSource;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Decides which providers take part: those that are configured, or else those of every adapter, as far as they have what they need. */
final class ProviderSelection {

    private final ProviderFactories factories;
    private final SecretSource secrets;
    private final Function<String, Optional<String>> environment;
    private final Map<String, URI> urls;
    private final List<SelectedProvider> selected = new ArrayList<>();
    private final Map<String, String> skipped = new TreeMap<>();

    /**
     * Decides at once; probes a provider only when nothing else decides.
     *
     * @param environment settings such as {@code CLAUDE_BASE_URL}, which win over the configuration
     * @param urls addresses by provider, which win over both
     * @throws IllegalArgumentException when an adapter or provider is not there, or an address is not one of HTTP
     */
    ProviderSelection(
            RuntimeConfiguration configuration,
            ProviderFactories factories,
            SecretSource secrets,
            Function<String, Optional<String>> environment,
            Map<String, URI> urls) {
        this.factories = factories;
        this.secrets = secrets;
        this.environment = environment;
        this.urls = urls;
        List<ProviderConfiguration> candidates = configuration
                .providers()
                .orElseGet(() -> factories.names().stream()
                        .map(ProviderConfiguration::of)
                        .toList());
        requireKnown(candidates);
        skipped.putAll(factories.failures());
        boolean isListed = configuration.providers().isPresent();
        for (ProviderConfiguration candidate : candidates) {
            SelectedProvider provider = provider(candidate);
            reasonToSkip(provider, isListed)
                    .ifPresentOrElse(reason -> skipped.put(candidate.name(), reason), () -> selected.add(provider));
        }
    }

    /** Those that take part, in the order of the configuration. */
    List<SelectedProvider> selected() {
        return Collections.unmodifiableList(selected);
    }

    /** Why each of the others does not, by name. */
    Map<String, String> skipped() {
        return Collections.unmodifiableMap(skipped);
    }

    private void requireKnown(List<ProviderConfiguration> candidates) {
        List<String> names =
                candidates.stream().map(ProviderConfiguration::name).sorted().toList();
        for (String name : urls.keySet()) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException(
                        "provider is '" + name + "', expected one of " + String.join(", ", names));
            }
        }
    }

    private SelectedProvider provider(ProviderConfiguration candidate) {
        ModelProviderFactory factory = factories.of(candidate.adapter());
        ProviderSettings settings = candidate.settings();
        Optional<URI> url =
                Optional.ofNullable(urls.get(candidate.name())).or(() -> urlOfEnvironment(candidate.name()));
        ProviderSettings located = url.map(settings::withBaseUrl).orElse(settings);
        return new SelectedProvider(
                factory, located, secrets, candidate.keySecret().orElseGet(() -> usualKeyName(factory, located)));
    }

    /** A service at an address of its own under a name of its own must not get the key of the adapter's vendor. */
    private static String usualKeyName(ModelProviderFactory factory, ProviderSettings settings) {
        return settings.name().equals(factory.name()) || settings.baseUrl().isEmpty()
                ? factory.keyName()
                : prefix(settings.name()) + "_API_KEY";
    }

    private static String prefix(String provider) {
        return provider.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private Optional<URI> urlOfEnvironment(String provider) {
        String setting = prefix(provider) + "_BASE_URL";
        return environment.apply(setting).map(text -> HttpAddress.parse(setting, text.strip()));
    }

    /** A provider that works without a key takes part when it or its address was named, or when it answers. */
    private static Optional<String> reasonToSkip(SelectedProvider provider, boolean isListed) {
        if (provider.hasKey()) {
            return Optional.empty();
        }
        if (provider.needsKey()) {
            return Optional.of(provider.keyName() + " is not set");
        }
        // Reachability comes last, because it takes a call to the provider.
        if (isListed || provider.settings().baseUrl().isPresent() || provider.isReachable()) {
            return Optional.empty();
        }
        return Optional.of("it does not answer");
    }
}
