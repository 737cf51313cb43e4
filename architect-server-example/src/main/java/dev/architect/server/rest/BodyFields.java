package dev.architect.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.error.DidYouMean;
import dev.architect.server.rest.ApiException.Place;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The fields of one JSON object, read with checks. A failure names the field with its whole path, what was seen and what was
 * expected. Text is not repeated, except by {@link #checked} for fields that hold no prompt text or secret. A field that is
 * {@code null} counts as absent.
 */
public final class BodyFields {

    private static final int MAX_SHOWN_CHARACTERS = 64;

    private final ObjectNode object;
    private final String path;

    /** Creates a reader; {@code path} is what precedes the names, for example {@code tasks[3].}. */
    public BodyFields(ObjectNode object, String path) {
        this.object = object;
        this.path = path;
    }

    /** Rejects fields that are not in {@code known}, and names the one that was probably meant. */
    public void rejectUnknown(Set<String> known) {
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw unknown("field", path, name, known, Place.BODY);
            }
        });
    }

    private static ApiException unknown(String what, String path, String name, Set<String> known, Place place) {
        String shown = path + shorten(name);
        TreeSet<String> sorted = new TreeSet<>(known);
        return new ApiException(
                400,
                "unknown-field",
                what + " '" + shown + "' is unknown, "
                        + DidYouMean.of(name, sorted)
                                .map(near -> "did you mean '" + path + near + "'?")
                                .orElse("expected one of " + sorted),
                shown,
                place,
                null);
    }

    static ApiException unknownParameter(String name, Set<String> known) {
        return unknown("parameter", "", name, known, Place.PARAMETER);
    }

    /** Whether the field is there. */
    public boolean has(String name) {
        return object.hasNonNull(name);
    }

    /** Whether the field is {@code null}: in a change of some fields (RFC 7396), it is to be removed. */
    public boolean isRemoved(String name) {
        return object.path(name).isNull();
    }

    /** The names of the fields that are there, {@code null} ones included. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Returns a text that must be there. */
    public String requiredText(String name) {
        return text(name).orElseThrow(() -> missing(name, "text"));
    }

    /** Returns a text. */
    public Optional<String> text(String name) {
        return value(name).map(value -> {
            if (!value.isTextual()) {
                throw wrongType(name, value, "text");
            }
            return value.textValue();
        });
    }

    /** Returns a truth value; empty when the field is not there. */
    public Optional<Boolean> truth(String name) {
        return value(name).map(value -> {
            if (!value.isBoolean()) {
                throw wrongType(name, value, "true or false");
            }
            return value.booleanValue();
        });
    }

    /** Returns a whole number. */
    public Optional<Integer> integer(String name) {
        return number(name, "a whole number").map(value -> {
            if (!value.canConvertToExactIntegral() || !value.canConvertToInt()) {
                throw wrongType(name, value, "a whole number of at most " + Integer.MAX_VALUE);
            }
            return value.intValue();
        });
    }

    /** Returns a number. */
    public Optional<BigDecimal> decimal(String name) {
        return number(name, "a number").map(JsonNode::decimalValue);
    }

    /** Returns a text or a whole number, as text. */
    public Optional<String> textOrInteger(String name) {
        return value(name).map(value -> {
            if (!value.isTextual() && !value.isIntegralNumber()) {
                throw wrongType(name, value, "text or a whole number");
            }
            return value.asText();
        });
    }

    /** Returns a list of texts; empty when the field is absent. */
    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        value(name).ifPresent(value -> {
            if (!value.isArray()) {
                throw wrongType(name, value, "a list of texts");
            }
            for (JsonNode element : value) {
                texts.add(textOf(name + "[" + texts.size() + "]", element));
            }
        });
        return texts;
    }

    /** Returns an object whose values are texts; empty when the field is absent. */
    public Map<String, String> textsByName(String name) {
        Map<String, String> texts = new TreeMap<>();
        value(name).ifPresent(value -> {
            if (!value.isObject()) {
                throw wrongType(name, value, "an object with texts");
            }
            value.properties()
                    .forEach(entry ->
                            texts.put(entry.getKey(), textOf(name + "." + shorten(entry.getKey()), entry.getValue())));
        });
        return texts;
    }

    /** Returns the readers of a list of {@code min..max} objects that must be there. */
    public List<BodyFields> objects(String name, int min, int max) {
        JsonNode value = value(name).orElseThrow(() -> missing(name, "a list of objects"));
        if (!value.isArray()) {
            throw wrongType(name, value, "a list of objects");
        }
        if (value.size() < min || value.size() > max) {
            throw invalid(name, path + name + " has " + value.size() + " elements, expected " + min + ".." + max);
        }
        List<BodyFields> objects = new ArrayList<>();
        for (JsonNode element : value) {
            String place = name + "[" + objects.size() + "]";
            if (!(element instanceof ObjectNode)) {
                throw wrongType(place, element, "an object");
            }
            objects.add(new BodyFields((ObjectNode) element, path + place + "."));
        }
        return objects;
    }

    /** Returns the reader of an object that must be there. */
    public BodyFields object(String name) {
        JsonNode value = value(name).orElseThrow(() -> missing(name, "an object"));
        if (!(value instanceof ObjectNode)) {
            throw wrongType(name, value, "an object");
        }
        return new BodyFields((ObjectNode) value, path + name + ".");
    }

    /** Returns an object of those fields that are in {@code names}, as JSON. */
    public String json(Set<String> names) {
        ObjectNode part = object.deepCopy();
        part.retain(names);
        return part.toString();
    }

    /** Returns {@code text}, which begins with the name of a field, with the path of this object before it. */
    public String path(String text) {
        return path + text;
    }

    /** Returns the value of {@code made}, and reports its {@link IllegalArgumentException} as an error of the field, with the message as it is. */
    public <T> T checked(String name, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException wrong) {
            throw invalid(name, path + wrong.getMessage());
        }
    }

    /** Returns an error of the field. */
    public ApiException invalid(String name, String message) {
        return ApiException.invalidValue(path + name, message);
    }

    /** Returns {@code text}, or its beginning when it is long. */
    public static String shorten(String text) {
        return text.length() <= MAX_SHOWN_CHARACTERS ? text : text.substring(0, MAX_SHOWN_CHARACTERS) + "…";
    }

    private Optional<JsonNode> value(String name) {
        return Optional.ofNullable(object.get(name)).filter(value -> !value.isNull());
    }

    private Optional<JsonNode> number(String name, String expected) {
        return value(name).map(value -> {
            if (!value.isNumber()) {
                throw wrongType(name, value, expected);
            }
            return value;
        });
    }

    private String textOf(String name, JsonNode value) {
        if (!value.isTextual()) {
            throw wrongType(name, value, "text");
        }
        return value.textValue();
    }

    private ApiException missing(String name, String expected) {
        return invalid(name, path + name + " is missing, expected " + expected);
    }

    private ApiException wrongType(String name, JsonNode value, String expected) {
        return invalid(name, path + name + " is " + typeOf(value) + ", expected " + expected);
    }

    static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case STRING -> "text";
            case NUMBER -> "the number " + shorten(value.asText());
            case BOOLEAN -> value.asText();
            case NULL -> "null";
            case MISSING -> "empty";
            case BINARY, POJO -> "something else";
        };
    }
}
