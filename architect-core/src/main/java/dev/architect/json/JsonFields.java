package dev.architect.json;

import dev.architect.check.Check;
import dev.architect.error.DidYouMean;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Typed access to the fields of one JSON object; every failure is an {@link InvalidFieldException} with the field's path. A
 * field that is null counts as absent. Immutable.
 */
public final class JsonFields {

    private static final int MAX_SHOWN_CHARACTERS = 64;

    private final String path;
    private final Map<String, @Nullable Object> fields;

    private JsonFields(String path, Map<String, @Nullable Object> fields) {
        this.path = path;
        this.fields = fields;
    }

    /**
     * Reads an object from text.
     *
     * @throws JsonException when the text is not a JSON object
     */
    public static JsonFields parse(String json) {
        return new JsonFields("", JsonText.readObject(json));
    }

    /** Returns the path of a field of this object. */
    public String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** Rejects fields that are not in {@code known}, and names the one that was probably meant. */
    public void allowOnly(Set<String> known) {
        for (String name : fields.keySet()) {
            if (!known.contains(name)) {
                String shown = path(shorten(name));
                TreeSet<String> sorted = new TreeSet<>(known);
                throw InvalidFieldException.unknown(
                        shown,
                        "field '" + shown + "' is unknown, "
                                + DidYouMean.of(name, sorted)
                                        .map(near -> "did you mean '" + path(near) + "'?")
                                        .orElse("expected one of " + sorted));
            }
        }
    }

    /** Whether the field is there. */
    public boolean has(String name) {
        return fields.get(name) != null;
    }

    /** Whether the field is there and is text. */
    public boolean isText(String name) {
        return fields.get(name) instanceof String;
    }

    /** Returns a text, empty when absent. */
    public Optional<String> text(String name) {
        return value(name, String.class, "text");
    }

    /** Returns a text that must be there. */
    public String requiredText(String name) {
        return text(name).orElseThrow(() -> missing(name, "text"));
    }

    /** Returns a whole number from {@code min} to {@code max}, empty when absent. */
    public Optional<Integer> integer(String name, int min, int max) {
        return value(name, BigDecimal.class, "a number").map(number -> {
            // Compared before it is converted: 1e9999 is never expanded.
            boolean inRange =
                    number.compareTo(BigDecimal.valueOf(min)) >= 0 && number.compareTo(BigDecimal.valueOf(max)) <= 0;
            boolean isWhole =
                    number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
            if (!inRange || !isWhole) {
                String range = max == Integer.MAX_VALUE && number.compareTo(BigDecimal.valueOf(max)) <= 0
                        ? min + " or more"
                        : min + ".." + max;
                throw invalid(name, shorten(number.toString()), inRange ? "a whole number, " + range : range);
            }
            return number.intValue();
        });
    }

    /** Returns a number from {@code min} to {@code max}, empty when absent. */
    public Optional<Double> decimal(String name, double min, double max) {
        return exactDecimal(name, min, max).map(BigDecimal::doubleValue);
    }

    /** Returns a number from {@code min} to {@code max} with all its digits, empty when absent. */
    public Optional<BigDecimal> exactDecimal(String name, double min, double max) {
        return value(name, BigDecimal.class, "a number").map(number -> {
            if (number.compareTo(BigDecimal.valueOf(min)) < 0 || number.compareTo(BigDecimal.valueOf(max)) > 0) {
                throw invalid(name, shorten(number.toString()), min + ".." + max);
            }
            return number;
        });
    }

    /** Returns a boolean, {@code absent} when absent. */
    public boolean flag(String name, boolean absent) {
        return value(name, Boolean.class, "true or false").orElse(absent);
    }

    /** Returns the constant whose name, in lower case with dashes, the field holds; empty when absent. */
    public <E extends Enum<E>> Optional<E> constant(String name, Class<E> type) {
        return text(name).map(word -> constant(name, word, type));
    }

    /** Returns the constants of a list of such names, empty when absent. */
    public <E extends Enum<E>> List<E> constants(String name, Class<E> type) {
        return texts(name).stream().map(word -> constant(name, word, type)).toList();
    }

    private <E extends Enum<E>> E constant(String name, String word, Class<E> type) {
        return Arrays.stream(type.getEnumConstants())
                .filter(candidate -> wordOf(candidate).equals(word))
                .findFirst()
                .orElseThrow(() -> invalid(
                        name,
                        "'" + shorten(word) + "'",
                        "one of "
                                + Arrays.stream(type.getEnumConstants())
                                        .map(JsonFields::wordOf)
                                        .collect(Collectors.joining(", "))));
    }

    /** Returns how a constant is written: its name in lower case with dashes. */
    public static String wordOf(Enum<?> constant) {
        return Check.notNull("constant", constant)
                .name()
                .toLowerCase(Locale.ROOT)
                .replace('_', '-');
    }

    /** Returns a list of texts, empty when absent. */
    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Object item : list(name, "a list of texts")) {
            if (!(item instanceof String text)) {
                throw wrongKind(name + "[" + texts.size() + "]", item, "text");
            }
            texts.add(text);
        }
        return texts;
    }

    /** Returns a list of objects, empty when absent. */
    public List<JsonFields> objects(String name) {
        List<JsonFields> objects = new ArrayList<>();
        for (Object item : list(name, "a list of objects")) {
            objects.add(object(name + "[" + objects.size() + "]", item));
        }
        return objects;
    }

    /** Returns an object, empty when absent. */
    public Optional<JsonFields> object(String name) {
        Object value = fields.get(name);
        return value == null ? Optional.empty() : Optional.of(object(name, value));
    }

    /** Returns an object of texts, empty when absent. */
    public Map<String, String> textsByName(String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        object(name)
                .ifPresent(object -> object.fields.keySet().forEach(key -> texts.put(key, object.requiredText(key))));
        return texts;
    }

    /** Returns an object as JSON text, empty when absent. */
    public Optional<String> objectText(String name) {
        return object(name).map(object -> JsonText.write(object.fields));
    }

    /** Returns the failure of a field that must be there. */
    public InvalidFieldException missing(String name, String expected) {
        return InvalidFieldException.value(path(name), path(name) + " is missing, expected " + expected);
    }

    /** Returns the failure of a field; {@code seen} is shown as it is. */
    public InvalidFieldException invalid(String name, String seen, String expected) {
        return InvalidFieldException.value(path(name), path(name) + " is " + seen + ", expected " + expected);
    }

    /** Returns {@code text} cut to a length that fits a message. */
    public static String shorten(String text) {
        return Check.notNull("text", text).length() <= MAX_SHOWN_CHARACTERS
                ? text
                : text.substring(0, MAX_SHOWN_CHARACTERS) + "…";
    }

    private List<?> list(String name, String expected) {
        Object value = fields.get(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> items)) {
            throw wrongKind(name, value, expected);
        }
        return items;
    }

    @SuppressWarnings("unchecked")
    private JsonFields object(String name, @Nullable Object value) {
        if (!(value instanceof Map)) {
            throw wrongKind(name, value, "an object");
        }
        return new JsonFields(path(name), (Map<String, @Nullable Object>) value);
    }

    private <T> Optional<T> value(String name, Class<T> type, String expected) {
        Object value = fields.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            throw wrongKind(name, value, expected);
        }
        return Optional.of(type.cast(value));
    }

    private InvalidFieldException wrongKind(String name, @Nullable Object value, String expected) {
        return invalid(name, JsonText.kindOf(value), expected);
    }
}
