package dev.architect.spi;

import dev.architect.check.Check;
import dev.architect.error.DidYouMean;
import java.net.URI;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a configuration states about one provider. Never a secret: those come from {@link SecretSource}. Immutable.
 *
 * @param name the provider's name in model ids, prices and reports: 1 to 64 lower-case letters, digits and dashes, a letter first
 * @param baseUrl where the service is; empty for the adapter's usual address
 * @param options what the adapter knows beyond that, by name; see {@link ModelProviderFactory#options()}
 */
public record ProviderSettings(String name, Optional<URI> baseUrl, Map<String, String> options) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,10}");

    /** Checks every field and copies the options. */
    public ProviderSettings {
        Check.notNull("name", name);
        Check.notNull("baseUrl", baseUrl);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name of a provider is '" + name
                    + "', expected 1..64 lower-case letters, digits and dashes, a letter first");
        }
        options = Map.copyOf(Check.noNulls("options", options));
    }

    /** Returns the settings of a provider at its usual address, without options. */
    public static ProviderSettings of(String name) {
        return new ProviderSettings(name, Optional.empty(), Map.of());
    }

    /** Returns the same settings with that address. */
    public ProviderSettings withBaseUrl(URI url) {
        return new ProviderSettings(name, Optional.of(Check.notNull("baseUrl", url)), options);
    }

    /** Returns the same settings with that option added or replaced. */
    public ProviderSettings withOption(String option, String value) {
        Map<String, String> changed = new TreeMap<>(options);
        changed.put(Check.notNull("option", option), Check.notNull("option " + option, value));
        return new ProviderSettings(name, baseUrl, changed);
    }

    /** The value of an option; empty when it is not set. */
    public Optional<String> option(String option) {
        return Optional.ofNullable(options.get(option));
    }

    /**
     * The value of an option as a whole number; empty when it is not set.
     *
     * @throws IllegalArgumentException when it is something else than {@code min..max}
     */
    public OptionalInt integer(String option, int min, int max) {
        String value = options.get(option);
        if (value == null) {
            return OptionalInt.empty();
        }
        // At most ten digits, so that the parsed number cannot overflow before it is compared.
        long number = WHOLE.matcher(value).matches() ? Long.parseLong(value) : Long.MIN_VALUE;
        if (number >= min && number <= max) {
            return OptionalInt.of((int) number);
        }
        throw wrongValue(option, value, min + ".." + max);
    }

    /**
     * Whether an option is {@code true}; false when it is not set.
     *
     * @throws IllegalArgumentException when it is neither {@code true} nor {@code false}
     */
    public boolean flag(String option) {
        String value = options.getOrDefault(option, "false");
        if (!value.equals("true") && !value.equals("false")) {
            throw wrongValue(option, value, "true or false");
        }
        return value.equals("true");
    }

    /**
     * The value of an option as a constant of an enum, which is written in lower case with dashes: {@code chat-completions} is {@code
     * CHAT_COMPLETIONS}. Empty when it is not set.
     *
     * @throws IllegalArgumentException when no constant is written so
     */
    public <E extends Enum<E>> Optional<E> constant(String option, Class<E> type) {
        return option(option)
                .map(value -> Arrays.stream(type.getEnumConstants())
                        .filter(constant -> written(constant).equals(value))
                        .findFirst()
                        .orElseThrow(() -> wrongValue(
                                option,
                                value,
                                Arrays.stream(type.getEnumConstants())
                                        .map(ProviderSettings::written)
                                        .collect(Collectors.joining(", ", "one of ", "")))));
    }

    /**
     * Checks that every option is one of {@code known}; for factories.
     *
     * @throws IllegalArgumentException that names the first other one, and the known one that was probably meant
     */
    public void requireOptions(Collection<String> known) {
        new TreeSet<>(options.keySet())
                .stream().filter(option -> !known.contains(option)).findFirst().ifPresent(option -> {
                    throw new IllegalArgumentException(
                            "option " + option + " of provider " + name + " is unknown, " + expected(option, known));
                });
    }

    private static String expected(String option, Collection<String> known) {
        if (known.isEmpty()) {
            return "expected no options";
        }
        return DidYouMean.of(option, new TreeSet<>(known))
                .map(near -> "did you mean '" + near + "'?")
                .orElse("expected one of " + String.join(", ", new TreeSet<>(known)));
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private IllegalArgumentException wrongValue(String option, String value, String expected) {
        return new IllegalArgumentException(
                "option " + option + " of provider " + name + " is '" + value + "', expected " + expected);
    }
}
