package dev.architect.simulator.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Generates a JSON value that is valid for a schema; the same schema and text give the same value.
 *
 * <p>Objects get their required properties; strings take the next word of the text, or the property's name when no word remains;
 * numbers are 7, or the nearest that is allowed; booleans are true; enums take their first value.
 */
public final class SchemaInstanceGenerator {

    /** Ends the recursion of a schema that refers to itself. */
    private static final int MAX_DEPTH = 24;

    private static final long NUMBER = 7;
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+([-._:/@'][\\p{L}\\p{N}]+)*");

    private final JsonNode root;
    private final Matcher words;

    /** Takes the values of strings from the words of {@code text}, without punctuation. */
    public SchemaInstanceGenerator(JsonNode schema, String text) {
        this.root = schema;
        this.words = WORD.matcher(text);
    }

    public JsonNode generate() {
        return generate(root, "value", 0);
    }

    private JsonNode generate(JsonNode schema, String name, int depth) {
        if (depth > MAX_DEPTH) {
            return NullNode.instance;
        }
        if (schema.has("const")) {
            return schema.get("const").deepCopy();
        }
        if (!schema.path("enum").isEmpty()) {
            return schema.path("enum").get(0).deepCopy();
        }
        if (schema.path("$ref").isTextual()) {
            return generate(target(schema.path("$ref").textValue()), name, depth + 1);
        }
        for (String choice : new String[] {"anyOf", "oneOf", "allOf"}) {
            if (!schema.path(choice).isEmpty()) {
                return generate(schema.path(choice).get(0), name, depth + 1);
            }
        }
        return switch (type(schema)) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, name, depth);
            case "integer" -> LongNode.valueOf((long) number(schema, true));
            case "number" -> {
                double number = number(schema, false);
                yield number == Math.rint(number) ? LongNode.valueOf((long) number) : DoubleNode.valueOf(number);
            }
            case "boolean" -> SimulatorJson.object().put("v", true).get("v");
            case "null" -> NullNode.instance;
            default -> TextNode.valueOf(text(schema, name));
        };
    }

    /** The type in lower case, as Gemini writes it in capitals; of several the first that is not null. */
    private static String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        for (JsonNode one : type) {
            if (!one.asText().equals("null")) {
                type = one;
                break;
            }
        }
        return type.isTextual()
                ? type.textValue().toLowerCase(Locale.ROOT)
                : schema.has("properties") ? "object" : schema.has("items") ? "array" : "string";
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode object = SimulatorJson.object();
        for (JsonNode required : schema.path("required")) {
            String name = required.asText();
            object.set(name, generate(schema.path("properties").path(name), name, depth + 1));
        }
        return object;
    }

    private ArrayNode array(JsonNode schema, String name, int depth) {
        ArrayNode array = SimulatorJson.array();
        long size = Math.max(1, Math.min(16, schema.path("minItems").asLong(1)));
        for (long i = 0; i < size; i++) {
            array.add(generate(schema.path("items"), name, depth + 1));
        }
        return array;
    }

    private static double number(JsonNode schema, boolean whole) {
        double step = whole ? 1 : 0.5;
        double min = schema.has("exclusiveMinimum")
                ? schema.path("exclusiveMinimum").asDouble() + step
                : schema.path("minimum").asDouble(NUMBER);
        double max = schema.has("exclusiveMaximum")
                ? schema.path("exclusiveMaximum").asDouble() - step
                : schema.path("maximum").asDouble(NUMBER);
        return Math.min(Math.max(NUMBER, min), max < NUMBER ? max : Double.MAX_VALUE);
    }

    private String text(JsonNode schema, String name) {
        return switch (schema.path("format").asText("")) {
            case "date" -> "2026-01-15";
            case "time" -> "10:00:00Z";
            case "date-time" -> "2026-01-15T10:00:00Z";
            case "email" -> name + "@example.com";
            case "uri" -> "https://example.com/" + name;
            case "uuid" -> "00000000-0000-4000-8000-000000000007";
            default -> fit(words.find() ? words.group() : name, schema);
        };
    }

    private static String fit(String word, JsonNode schema) {
        long min = Math.min(schema.path("minLength").asLong(0), 1_000);
        String text = word + "x".repeat((int) Math.max(min - word.length(), 0));
        long max = schema.path("maxLength").asLong(Long.MAX_VALUE);
        return text.length() > max ? text.substring(0, (int) Math.max(max, 0)) : text;
    }

    private JsonNode target(String reference) {
        return reference.startsWith("#/") ? root.at(reference.substring(1)) : root;
    }
}
