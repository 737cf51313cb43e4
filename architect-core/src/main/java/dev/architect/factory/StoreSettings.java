package dev.architect.factory;

import dev.architect.check.Check;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which store a configuration names, and how it is used. Never the password, though the address may hold one: {@code toString} shows neither
 * address nor options. Immutable.
 *
 * @param url the address, for example {@code jdbc:postgresql://db:5432/architect}
 * @param user whom to connect as; empty when the address says it, or nobody needs to
 * @param options what the adapter knows beyond that; see {@link StoreFactory#options()}
 */
public record StoreSettings(String url, Optional<String> user, FactoryOptions options) {

    /** Checks that nothing is null and the address is not blank. */
    public StoreSettings {
        Check.notBlank("url", url);
        Check.notNull("user", user);
        Check.notNull("options", options);
    }

    /** The store at an address, with nothing else stated. */
    public static StoreSettings of(String url) {
        return new StoreSettings(url, Optional.empty(), FactoryOptions.NONE);
    }

    /** The same settings with an option added or replaced. */
    public StoreSettings withOption(String option, String value) {
        Map<String, String> changed = new TreeMap<>(options.values());
        changed.put(Check.notNull("option", option), Check.notNull("value", value));
        return new StoreSettings(url, user, new FactoryOptions(changed));
    }

    @Override
    public String toString() {
        return "StoreSettings";
    }
}
