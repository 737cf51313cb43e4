package dev.architect.planner.approval;

import dev.architect.json.JsonFields;
import dev.architect.planner.check.ArgumentCheck;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An option that an allow rule lists.
 *
 * @param name the option as it must be written, such as {@code --stat}
 * @param value what its value may be; empty when it takes none
 */
public record OptionPattern(String name, Optional<OperandKind> value) {

    private static final Pattern NAME = Pattern.compile("--?[A-Za-z0-9][A-Za-z0-9-]*");

    private static final Map<String, OperandKind> VALUES = Map.of(
            "N", OperandKind.NUMBER,
            "TEXT", OperandKind.TEXT,
            "PATH-READ", OperandKind.PATH_READ,
            "PATH-WRITE", OperandKind.PATH_WRITE);

    /** Checks the name. */
    public OptionPattern {
        ArgumentCheck.notNull("name", name);
        ArgumentCheck.notNull("value", value);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("option is '" + JsonFields.shorten(name)
                    + "', expected one or two dashes, then letters, digits and dashes");
        }
    }

    /**
     * Reads an option such as {@code --stat}, {@code -n N}, {@code -e TEXT} or {@code -newer PATH-READ}.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static OptionPattern parse(String text) {
        int blank = ArgumentCheck.notNull("option", text).indexOf(' ');
        if (blank < 0) {
            return new OptionPattern(text, Optional.empty());
        }
        OperandKind value = VALUES.get(text.substring(blank + 1));
        if (value == null) {
            throw new IllegalArgumentException("option is '" + JsonFields.shorten(text)
                    + "', expected a name, or a name and one of N, TEXT, PATH-READ, PATH-WRITE");
        }
        return new OptionPattern(text.substring(0, blank), Optional.of(value));
    }

    /** Returns the option as {@link #parse} reads it. */
    public String text() {
        return value.map(kind -> name + " "
                        + (kind == OperandKind.NUMBER
                                ? "N"
                                : JsonFields.wordOf(kind).toUpperCase(java.util.Locale.ROOT)))
                .orElse(name);
    }

    /** Whether it is one letter behind one dash, so that it may stand in a cluster. */
    boolean isLetter() {
        return name.length() == 2;
    }
}
