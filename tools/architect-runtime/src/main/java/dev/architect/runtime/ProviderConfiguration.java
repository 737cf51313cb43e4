package dev.architect.runtime;

import dev.architect.spi.ProviderSettings;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a configuration states about one provider. Immutable.
 *
 * @param name the provider's name in model ids, prices and reports, as {@link ProviderSettings#name()}
 * @param adapter the name of the adapter that calls it, for example {@code openai} for a compatible server
 * @param baseUrl where it is; empty for the adapter's usual address
 * @param keySecret the name of the secret that holds its key, never the key; empty for the adapter's usual one, or for that of its
 *     own name, such as {@code OPENAI_EU_API_KEY}, when both its name and its address are its own
 * @param options what the adapter knows beyond that, by name
 */
public record ProviderConfiguration(
        String name, String adapter, Optional<URI> baseUrl, Optional<String> keySecret, Map<String, String> options) {

    private static final Pattern SECRET_NAME = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

    /** Checks both names, and copies the options. */
    public ProviderConfiguration {
        ProviderSettings.of(name);
        if (keySecret.isPresent() && !isSecretName(keySecret.get())) {
            // The value is not repeated: what looks unlike a name may well be a key.
            throw new IllegalArgumentException("keySecret of provider " + name + " is not the name of a secret, "
                    + "expected 1..64 upper-case letters, digits and underscores");
        }
        options = Map.copyOf(options);
    }

    /** Returns the provider of an adapter as it is by default: with the adapter's name, address and key. */
    public static ProviderConfiguration of(String adapter) {
        return new ProviderConfiguration(adapter, adapter, Optional.empty(), Optional.empty(), Map.of());
    }

    static boolean isSecretName(String text) {
        return SECRET_NAME.matcher(text).matches();
    }

    ProviderSettings settings() {
        return new ProviderSettings(name, baseUrl, options);
    }
}
