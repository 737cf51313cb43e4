package dev.architect.factory;

import dev.architect.spi.Store;
import java.util.Optional;
import java.util.Set;

/**
 * Opens the stores of one adapter. Hosts that read a configuration find factories through {@link java.util.ServiceLoader}: an adapter lists
 * its own in {@code META-INF/services} and in its module descriptor. A factory is a public class with a public constructor without
 * arguments, has no state, and is safe for use by several threads.
 */
public interface StoreFactory {

    /** What the addresses of its stores begin with, for example {@code jdbc:postgresql:}; no two adapters have the same. */
    String urlPrefix();

    /** The names of the options that {@link StoreSettings#options()} may have; none by default. */
    default Set<String> options() {
        return Set.of();
    }

    /** The option that keeps {@link #open} from creating and changing tables when it is {@code false}; empty, as by default, without one. */
    default Optional<String> migrationOption() {
        return Optional.empty();
    }

    /**
     * Checks the settings as far as that goes without a connection.
     *
     * @throws IllegalArgumentException when they have an option that the adapter lacks, or a value that it does not take. The message begins
     *     with {@code url}, {@code user} or the name of the option, and repeats no address, for it may hold a password
     */
    void check(StoreSettings settings);

    /**
     * Opens a store, which the caller closes. Blocks until it can be used.
     *
     * @param password of the user; empty when the address has it, or none is needed. It is in no message and no log
     * @throws IllegalArgumentException as {@link #check}
     * @throws dev.architect.error.StoreException when it cannot be opened; nothing stays open
     */
    Store open(StoreSettings settings, Optional<String> password);
}
