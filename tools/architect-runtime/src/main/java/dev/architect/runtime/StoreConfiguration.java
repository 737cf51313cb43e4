package dev.architect.runtime;

import dev.architect.factory.StoreSettings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The store that a configuration names in place of the embedded one. Immutable.
 *
 * @param settings which store, and how it is used
 * @param passwordSecret the name of the secret that holds the password, never the password; {@link #DEFAULT_PASSWORD_SECRET} by default,
 *     which need not be set
 * @param passwordFile the file that holds the password and nothing else, in place of the secret
 */
public record StoreConfiguration(StoreSettings settings, Optional<String> passwordSecret, Optional<Path> passwordFile) {

    /** The name of the secret that holds the password unless a configuration names another one. */
    public static final String DEFAULT_PASSWORD_SECRET = "ARCHITECT_STORE_PASSWORD";

    /** Checks that the password comes from one place. */
    public StoreConfiguration {
        if (passwordSecret.isPresent() && passwordFile.isPresent()) {
            throw new IllegalArgumentException("passwordFile is given beside passwordSecret, expected one of them");
        }
        if (passwordSecret.isPresent() && !ProviderConfiguration.isSecretName(passwordSecret.get())) {
            // The value is not repeated: what looks unlike a name may well be the password.
            throw new IllegalArgumentException("passwordSecret is not the name of a secret, "
                    + "expected 1..64 upper-case letters, digits and underscores");
        }
    }

    /** Returns the store with these settings, whose password is where it usually is. */
    public static StoreConfiguration of(StoreSettings settings) {
        return new StoreConfiguration(settings, Optional.empty(), Optional.empty());
    }
}
