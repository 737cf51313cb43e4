package dev.architect.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The options of a command line, {@code --name value} each, with their defaults. Immutable. */
public final class Options {

    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads the options.
     *
     * @param defaults the value of each known option, whose name is without its dashes
     * @throws InvalidOptionException for an option that is unknown or has no value
     */
    public static Options parse(List<String> arguments, Map<String, String> defaults) {
        Map<String, String> values = new LinkedHashMap<>(defaults);
        String usage = usage(defaults);
        for (int i = 0; i < arguments.size(); i += 2) {
            String option = arguments.get(i);
            String name = option.startsWith("--") ? option.substring(2) : "";
            if (!defaults.containsKey(name)) {
                throw new InvalidOptionException(option + " is unknown; " + usage);
            }
            if (i + 1 == arguments.size()) {
                throw new InvalidOptionException(option + " has no value; " + usage);
            }
            values.put(name, arguments.get(i + 1));
        }
        return new Options(values);
    }

    private static String usage(Map<String, String> defaults) {
        StringBuilder usage = new StringBuilder("expected ");
        defaults.forEach((name, value) -> usage.append("--")
                .append(name)
                .append(" (default ")
                .append(value)
                .append("), "));
        return usage.append("--json FILE").toString();
    }

    /** Returns the value as it was given. */
    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("'" + name + "' has no default, expected one of " + values.keySet());
        }
        return value;
    }

    /** Returns a whole number of at least {@code least}. */
    public int number(String name, int least) {
        String value = text(name);
        try {
            int number = Integer.parseInt(value);
            if (number < least) {
                throw new InvalidOptionException("--" + name + " is " + number + ", expected at least " + least);
            }
            return number;
        } catch (NumberFormatException invalid) {
            throw new InvalidOptionException("--" + name + " is '" + value + "', expected a whole number");
        }
    }

    /** Returns the value, which is one of {@code allowed}. */
    public String oneOf(String name, String... allowed) {
        String value = text(name);
        if (!List.of(allowed).contains(value)) {
            throw new InvalidOptionException(
                    "--" + name + " is '" + value + "', expected " + String.join(" or ", allowed));
        }
        return value;
    }
}
