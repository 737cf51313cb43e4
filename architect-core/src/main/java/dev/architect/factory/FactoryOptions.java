package dev.architect.factory;

import dev.architect.check.Check;
import dev.architect.error.DidYouMean;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a configuration states for one adapter beyond what all have in common: texts by name. Every failure here is an {@link
 * IllegalArgumentException} whose message begins with the name of the option, so that whoever read a file can name its line. Immutable.
 *
 * @param values the options that are stated, by name; never a secret
 */
public record FactoryOptions(Map<String, String> values) {

    /** Nothing stated. */
    public static final FactoryOptions NONE = new FactoryOptions(Map.of());

    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,10}");

    /** Copies the map. */
    public FactoryOptions {
        values = Map.copyOf(Check.noNulls("values", values));
    }

    /** The option as it is written; empty when it is not stated. */
    public Optional<String> text(String option) {
        return Optional.ofNullable(values.get(Check.notNull("option", option)));
    }

    /**
     * The option as a whole number; empty when it is not stated.
     *
     * @throws IllegalArgumentException when it is something else than {@code min..max}
     */
    public OptionalInt integer(String option, int min, int max) {
        Optional<String> text = text(option);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        // At most ten digits, so that the parsed number cannot overflow before it is compared.
        long number = WHOLE.matcher(text.get()).matches() ? Long.parseLong(text.get()) : Long.MIN_VALUE;
        if (number >= min && number <= max) {
            return OptionalInt.of((int) number);
        }
        throw wrong(option, text.get(), min + ".." + max);
    }

    /**
     * The option as {@code true} or {@code false}; empty when it is not stated.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public Optional<Boolean> flag(String option) {
        return text(option).map(value -> switch (value) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> throw wrong(option, value, "true or false");
        });
    }

    /**
     * Checks that every option is one of {@code known}.
     *
     * @throws IllegalArgumentException that names the first other one, and the known one that was probably meant
     */
    public void requireOnly(Collection<String> known) {
        Collection<String> sorted = new TreeSet<>(Check.noNulls("known", known));
        new TreeSet<>(values.keySet())
                .stream().filter(option -> !sorted.contains(option)).findFirst().ifPresent(option -> {
                    String hint = DidYouMean.of(option, sorted)
                            .map(near -> "did you mean '" + near + "'?")
                            .orElse(
                                    sorted.isEmpty()
                                            ? "expected none"
                                            : "expected one of " + String.join(", ", sorted));
                    throw new IllegalArgumentException(option + " is not a known option, " + hint);
                });
    }

    private static IllegalArgumentException wrong(String option, String seen, String expected) {
        return new IllegalArgumentException(option + " is '" + seen + "', expected " + expected);
    }
}
