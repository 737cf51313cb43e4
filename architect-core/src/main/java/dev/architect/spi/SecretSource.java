package dev.architect.spi;

import java.util.Optional;

/** Provider keys and other secrets. Queried at each use, so a changed secret is used from then on. May block briefly. */
@FunctionalInterface
public interface SecretSource {

    /** Returns the secret of that name, for example {@code ANTHROPIC_API_KEY}; empty when there is none. */
    Optional<String> secret(String name);

    /** Returns the environment variables of the process; blank ones count as absent. */
    static SecretSource environment() {
        return name -> Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }
}
