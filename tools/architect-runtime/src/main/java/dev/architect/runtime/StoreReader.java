package dev.architect.runtime;

import dev.architect.factory.StoreFactory;
import dev.architect.factory.StoreSettings;
import dev.architect.router.yaml.YamlObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the section {@code store} of a configuration file and checks it against the adapters that are there, as far as that goes offline. */
final class StoreReader {

    private static final String URL = "url";
    private static final String USER = "user";
    private static final String PASSWORD_SECRET = "passwordSecret";
    private static final String PASSWORD_FILE = "passwordFile";
    private static final List<String> FIELDS = List.of(URL, USER, PASSWORD_SECRET, PASSWORD_FILE);

    private final Path file;
    private final StoreFactories factories = StoreFactories.load();

    /** Paths are relative to {@code file}. */
    StoreReader(Path file) {
        this.file = file;
    }

    Optional<StoreConfiguration> read(YamlObject store) {
        store.require(URL, "the address of a database");
        // Read even when the address turns out to be wrong, so that one run reports every mistake.
        Optional<String> url = store.text(URL);
        Optional<String> user = store.text(USER);
        Optional<String> secret = ConfigurationReader.secretName(store, PASSWORD_SECRET, "password");
        Optional<Path> passwordFile = ConfigurationReader.path(file, store, PASSWORD_FILE);
        if (secret.isPresent() && passwordFile.isPresent()) {
            store.problem(PASSWORD_FILE, "is given beside " + PASSWORD_SECRET + ", expected one of them");
            return Optional.empty();
        }
        Optional<StoreFactory> factory = url.flatMap(factories::of);
        allowOnly(store, factory);
        if (url.isEmpty() || factory.isEmpty()) {
            // Without the address itself, which may hold a password.
            url.ifPresent(unknown -> store.problem(URL, "is no address of a store, " + factories.expected()));
            return Optional.empty();
        }
        Map<String, String> options = new TreeMap<>();
        for (String option : factory.get().options()) {
            store.text(option).ifPresent(value -> options.put(option, value));
        }
        return new OptionCheck(store, all -> factory.get().check(new StoreSettings(url.get(), user, all)), URL)
                .accepted(options)
                .map(all -> new StoreConfiguration(new StoreSettings(url.get(), user, all), secret, passwordFile));
    }

    private void allowOnly(YamlObject store, Optional<StoreFactory> factory) {
        List<String> known = new ArrayList<>(FIELDS);
        factory.map(StoreFactory::options).orElseGet(factories::options).stream()
                .sorted()
                .forEach(known::add);
        store.allowOnly(known);
    }
}
