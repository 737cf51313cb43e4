package dev.architect.runtime;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.factory.StoreFactory;
import dev.architect.factory.StoreSettings;
import dev.architect.spi.SecretSource;
import dev.architect.spi.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The stores that a configuration may name: those of the adapters that are there. Immutable. */
final class StoreFactories {

    private static final int MAX_PASSWORD_BYTES = 4_096;

    private final List<StoreFactory> factories;
    private final Set<String> failures;

    private StoreFactories(List<StoreFactory> factories, Set<String> failures) {
        this.factories = List.copyOf(factories);
        this.failures = Set.copyOf(failures);
    }

    /** Returns those that {@link java.util.ServiceLoader} finds. */
    static StoreFactories load() {
        AdapterSearch<StoreFactory> search = AdapterSearch.of(StoreFactory.class);
        return new StoreFactories(search.found(), search.failures().keySet());
    }

    /** The factory that opens the store at {@code url}; empty when there is none. */
    Optional<StoreFactory> of(String url) {
        return factories.stream()
                .filter(factory -> url.startsWith(factory.urlPrefix()))
                .findFirst();
    }

    /** The names of all options of all adapters. */
    Set<String> options() {
        return factories.stream()
                .flatMap(factory -> factory.options().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What an address must look like, for messages. */
    String expected() {
        String prefixes =
                factories.stream().map(StoreFactory::urlPrefix).sorted().collect(Collectors.joining(" or "));
        String broken = failures.isEmpty() ? "" : "; not loaded: " + String.join(", ", new TreeSet<>(failures));
        return prefixes.isEmpty()
                ? "expected the jar of a store on the class path, such as architect-store-postgres" + broken
                : "expected one that begins with " + prefixes + ", or the jar of its adapter on the class path"
                        + broken;
    }

    /**
     * Opens the store.
     *
     * @throws StoreException when its password cannot be read, or it cannot be opened
     */
    Store open(StoreConfiguration store, SecretSource secrets) {
        StoreFactory factory = required(store.settings());
        return factory.open(store.settings(), password(store, secrets));
    }

    /** Opens the store as it is: without creating or changing a table, where the adapter can do so. */
    Store openExisting(StoreConfiguration store, SecretSource secrets) {
        StoreFactory factory = required(store.settings());
        StoreSettings settings = factory.migrationOption()
                .map(option -> store.settings().withOption(option, "false"))
                .orElse(store.settings());
        return factory.open(settings, password(store, secrets));
    }

    private StoreFactory required(StoreSettings settings) {
        return of(settings.url())
                .orElseThrow(() -> new IllegalArgumentException("url of the store is of no adapter, " + expected()));
    }

    private static Optional<String> password(StoreConfiguration store, SecretSource secrets) {
        if (store.passwordFile().isPresent()) {
            return Optional.of(read(store.passwordFile().get()));
        }
        String name = store.passwordSecret().orElse(StoreConfiguration.DEFAULT_PASSWORD_SECRET);
        Optional<String> password = secrets.secret(name);
        if (password.isEmpty() && store.passwordSecret().isPresent()) {
            throw new StoreException(
                    Kind.INACCESSIBLE, "password of the store: " + name + " is not set, expected the password", null);
        }
        return password;
    }

    /** Without the line break that editors and shells put at the end. */
    private static String read(Path file) {
        try {
            if (Files.size(file) > MAX_PASSWORD_BYTES) {
                throw new StoreException(
                        Kind.INACCESSIBLE,
                        "password file " + file + " has more than " + MAX_PASSWORD_BYTES
                                + " bytes, expected a password and nothing else",
                        null);
            }
            return Files.readString(file).replaceFirst("\\R$", "");
        } catch (IOException unreadable) {
            throw new StoreException(
                    Kind.INACCESSIBLE, "password file " + file + " cannot be read, expected a text file", unreadable);
        }
    }
}
