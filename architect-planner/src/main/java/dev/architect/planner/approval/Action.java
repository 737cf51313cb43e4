package dev.architect.planner.approval;

import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.planner.check.ArgumentCheck;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Something that an agent wants to do. Any text is taken, however long or strange: it is for {@link Approvals} to judge it.
 * Immutable.
 */
public sealed interface Action {

    /** Returns the action as JSON, equal for equal actions. */
    default String json() {
        return JsonText.write(fields());
    }

    /**
     * Reads what {@link #json} has written; further fields are ignored, so a {@link CanonicalAction} can be read as well.
     *
     * @throws dev.architect.json.JsonException when it is no JSON object
     * @throws dev.architect.json.InvalidFieldException when a field is missing or wrong
     */
    static Action parse(String json) {
        JsonFields fields = JsonFields.parse(ArgumentCheck.notNull("json", json));
        String kind = fields.requiredText("action");
        return switch (kind) {
            case "shell" -> new Shell(fields.requiredText("text"));
            case "exec" -> {
                if (fields.texts("argv").isEmpty()) {
                    throw fields.missing("argv", "a program and its arguments");
                }
                yield new Exec(fields.texts("argv"));
            }
            case "edit" -> new Edit(fields.requiredText("path"));
            case "read" -> new Read(fields.requiredText("path"));
            case "fetch" ->
                new Fetch(fields.requiredText("url"), fields.text("method").orElse("GET"));
            case "tool" -> new Tool(fields.requiredText("name"), fields.textsByName("arguments"));
            default ->
                throw fields.invalid(
                        "action", "'" + JsonFields.shorten(kind) + "'", "one of edit, exec, fetch, read, shell, tool");
        };
    }

    /** Returns the fields of {@link #json}, of which {@code action} is the kind. */
    Map<String, @Nullable Object> fields();

    /**
     * A text for a shell.
     *
     * @param text the text as the shell would get it
     */
    record Shell(String text) implements Action {
        /** Checks that it is there. */
        public Shell {
            ArgumentCheck.notNull("text", text);
        }

        @Override
        public Map<String, @Nullable Object> fields() {
            return of("shell", "text", text);
        }
    }

    /**
     * A program with its arguments, without a shell.
     *
     * @param argv the program and its arguments
     */
    record Exec(List<String> argv) implements Action {
        /** Copies the list. */
        public Exec {
            argv = List.copyOf(ArgumentCheck.noNulls("argv", argv));
        }

        @Override
        public Map<String, @Nullable Object> fields() {
            return of("exec", "argv", argv);
        }
    }

    /**
     * The change of a file.
     *
     * @param path absolute, or relative to the folder of the context
     */
    record Edit(String path) implements Action {
        /** Checks that it is there. */
        public Edit {
            ArgumentCheck.notNull("path", path);
        }

        @Override
        public Map<String, @Nullable Object> fields() {
            return of("edit", "path", path);
        }
    }

    /**
     * The reading of a file.
     *
     * @param path absolute, or relative to the folder of the context
     */
    record Read(String path) implements Action {
        /** Checks that it is there. */
        public Read {
            ArgumentCheck.notNull("path", path);
        }

        @Override
        public Map<String, @Nullable Object> fields() {
            return of("read", "path", path);
        }
    }

    /**
     * A request over HTTP. A redirect is another action.
     *
     * @param url the address
     * @param method the method, such as {@code GET}
     */
    record Fetch(String url, String method) implements Action {
        /** Checks that both are there. */
        public Fetch {
            ArgumentCheck.notNull("url", url);
            ArgumentCheck.notNull("method", method);
        }

        @Override
        public Map<String, @Nullable Object> fields() {
            Map<String, @Nullable Object> fields = of("fetch", "url", url);
            fields.put("method", method);
            return fields;
        }
    }

    /**
     * The call of a tool.
     *
     * @param name the tool, with its server where it has one
     * @param arguments the arguments by name; JSON values as text
     */
    record Tool(String name, Map<String, String> arguments) implements Action {
        /** Copies the map. */
        public Tool {
            ArgumentCheck.notNull("name", name);
            arguments = Map.copyOf(ArgumentCheck.noNulls("arguments", arguments));
        }

        @Override
        public Map<String, @Nullable Object> fields() {
            Map<String, @Nullable Object> fields = of("tool", "name", name);
            fields.put("arguments", new TreeMap<>(arguments));
            return fields;
        }
    }

    private static Map<String, @Nullable Object> of(String kind, String name, Object value) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("action", kind);
        fields.put(name, value);
        return fields;
    }
}
