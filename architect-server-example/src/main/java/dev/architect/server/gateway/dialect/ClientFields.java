package dev.architect.server.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.error.DidYouMean;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object that a client sent, read with checks. A failure names the field with its whole path, what was seen and
 * what was expected; text is never repeated. A field that is {@code null} counts as absent.
 */
public final class ClientFields {

    /** The code of what no route could follow, as opposed to what is wrong in whatever way it is answered. */
    public static final String NOT_MAPPED = "not-mapped";

    private final ObjectNode object;
    private final String path;

    private ClientFields(ObjectNode object, String path) {
        this.object = object;
        this.path = path;
    }

    /** Returns the fields of a whole body. */
    public static ClientFields of(ObjectNode body) {
        return new ClientFields(body, "");
    }

    /** Returns the fields of {@code value}, which stands at {@code place} of a body. */
    public static ClientFields of(JsonNode value, String place) {
        if (value instanceof ObjectNode object) {
            return new ClientFields(object, place + ".");
        }
        throw ApiException.invalidValue(place, place + " is " + typeOf(value) + ", expected an object");
    }

    /** The object itself. */
    public ObjectNode json() {
        return object;
    }

    /** Where {@code name} stands in the body. */
    public String path(String name) {
        return path + name;
    }

    /** Returns the value, null when it is absent. */
    public @Nullable JsonNode get(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    /** Whether the field is there. */
    public boolean has(String name) {
        return get(name) != null;
    }

    /** Returns a text, null when it is absent. */
    public @Nullable String text(String name) {
        JsonNode value = get(name);
        if (value != null && !value.isTextual()) {
            throw wrongType(name, value, "text");
        }
        return value == null ? null : value.textValue();
    }

    /** Returns a text that must be there. */
    public String requiredText(String name) {
        String text = text(name);
        if (text == null) {
            throw missing(name, "text");
        }
        return text;
    }

    /** Returns a truth value, {@code absent} when it is not there. */
    public boolean truth(String name, boolean absent) {
        JsonNode value = get(name);
        if (value != null && !value.isBoolean()) {
            throw wrongType(name, value, "true or false");
        }
        return value == null ? absent : value.booleanValue();
    }

    /** Returns a whole number, null when it is absent. */
    public @Nullable Integer integer(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!value.isNumber() || !value.canConvertToExactIntegral() || !value.canConvertToInt()) {
            throw wrongType(name, value, "a whole number of at most " + Integer.MAX_VALUE);
        }
        return value.intValue();
    }

    /** Returns a number, null when it is absent. */
    public @Nullable Double number(String name) {
        JsonNode value = get(name);
        if (value != null && !value.isNumber()) {
            throw wrongType(name, value, "a number");
        }
        return value == null ? null : value.doubleValue();
    }

    /** Returns the fields of an object, null when it is absent. */
    public @Nullable ClientFields object(String name) {
        JsonNode value = get(name);
        return value == null ? null : of(value, path + name);
    }

    /** Returns the fields of an object that must be there. */
    public ClientFields requiredObject(String name) {
        ClientFields value = object(name);
        if (value == null) {
            throw missing(name, "an object");
        }
        return value;
    }

    /** Returns a list, empty when it is absent. */
    public List<JsonNode> list(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw wrongType(name, value, "a list");
        }
        List<JsonNode> elements = new ArrayList<>(value.size());
        value.forEach(elements::add);
        return elements;
    }

    /** Returns the fields of each object of a list, empty when it is absent. */
    public List<ClientFields> objects(String name) {
        List<JsonNode> elements = list(name);
        List<ClientFields> objects = new ArrayList<>(elements.size());
        for (JsonNode element : elements) {
            objects.add(of(element, path + name + "[" + objects.size() + "]"));
        }
        return objects;
    }

    /** Returns a list of texts, or a text as the only one; empty when it is absent. */
    public List<String> texts(String name) {
        JsonNode value = get(name);
        if (value != null && value.isTextual()) {
            return List.of(value.textValue());
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : list(name)) {
            if (!element.isTextual()) {
                throw wrongType(name + "[" + texts.size() + "]", element, "text");
            }
            texts.add(element.textValue());
        }
        return texts;
    }

    /** Returns the value of {@code made}, and reports its {@link IllegalArgumentException} as an error of the field. */
    public <T> T checked(String name, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException wrong) {
            throw invalid(name, path + name + ": " + wrong.getMessage());
        }
    }

    /** Rejects fields that are neither in {@code known} nor in {@code ignorable}; those of the latter are added to {@code ignored}. */
    public void check(Set<String> known, Set<String> ignorable, List<String> ignored) {
        object.fieldNames().forEachRemaining(name -> {
            if (known.contains(name) || !has(name)) {
                return;
            }
            String shown = path + BodyFields.shorten(name);
            if (!ignorable.contains(name)) {
                TreeSet<String> sorted = new TreeSet<>(known);
                throw unmapped(
                        shown,
                        "field '" + shown + "' is not supported, "
                                + DidYouMean.of(name, sorted)
                                        .map(near -> "did you mean '" + path + near + "'?")
                                        .orElse("expected one of " + sorted));
            }
            ignored.add(shown);
        });
    }

    /** Rejects a field that has another value than the one that changes nothing. */
    public void rejectUnless(boolean isNeutral, String name, String expected) {
        JsonNode value = get(name);
        if (value != null && !isNeutral) {
            throw unmapped(
                    path + name,
                    path + name + " is " + typeOf(value) + ", which no route can follow, expected " + expected);
        }
    }

    /** Returns an error of the field. */
    public ApiException invalid(String name, String message) {
        return ApiException.invalidValue(path + name, message);
    }

    /** Returns the error of a value that is none of {@code expected}. */
    public ApiException notOneOf(String name, String value, String expected) {
        return unmapped(
                path + name, path + name + " is '" + BodyFields.shorten(value) + "', expected one of " + expected);
    }

    /** Returns the error of a field that a vendor may follow, and no route. */
    public ApiException notMapped(String name, String message) {
        return unmapped(path + name, message);
    }

    private static ApiException unmapped(String place, String message) {
        return new ApiException(400, NOT_MAPPED, message, place, null);
    }

    private ApiException missing(String name, String expected) {
        return invalid(name, path + name + " is missing, expected " + expected);
    }

    /** Returns the error of a value of another type. */
    public ApiException wrongType(String name, JsonNode value, String expected) {
        return invalid(name, path + name + " is " + typeOf(value) + ", expected " + expected);
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case STRING -> "text";
            case NUMBER -> "the number " + BodyFields.shorten(value.asText());
            case BOOLEAN -> value.asText();
            case NULL -> "null";
            case MISSING -> "empty";
            case BINARY, POJO -> "something else";
        };
    }
}
