package dev.architect.chat;

import dev.architect.check.Check;
import java.util.regex.Pattern;

/**
 * A function that the model may call. The caller of Architect performs it and sends a {@link Part.ToolResult} back.
 *
 * @param name 1 to 64 letters, digits, underscores and hyphens
 * @param description when and how to use it, for the model to read
 * @param inputSchema the JSON Schema of its arguments, an object, as text
 */
public record Tool(String name, String description, String inputSchema) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** Checks every field. */
    public Tool {
        Check.notNull("description", description);
        checkName("tool name", name);
        Check.notBlank("inputSchema", inputSchema);
    }

    static void checkName(String field, String name) {
        if (!NAME.matcher(Check.notNull(field, name)).matches()) {
            throw new IllegalArgumentException(
                    field + " is '" + name + "', expected 1 to 64 letters, digits, underscores and hyphens");
        }
    }
}
