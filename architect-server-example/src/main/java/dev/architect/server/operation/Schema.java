package dev.architect.server.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.server.rest.EnumWords;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The form of a JSON value, as in JSON Schema 2020-12, of which OpenAPI 3.1 is made. Immutable. */
public final class Schema {

    /** Where named schemas stand in the document. */
    static final String COMPONENTS = "#/components/schemas/";

    private static final String TYPE = "type";
    private static final String ENUM = "enum";
    private static final String NULL = "null";
    private static final String ANY_OF = "anyOf";

    private final ObjectNode json;
    private final Map<String, ObjectNode> named;

    private Schema(ObjectNode json, Map<String, ObjectNode> named) {
        this.json = json;
        this.named = named;
    }

    private static ObjectNode node() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static Schema type(String type) {
        return new Schema(node().put(TYPE, type), Map.of());
    }

    private Schema with(String keyword, JsonNode value) {
        ObjectNode copy = json.deepCopy();
        copy.set(keyword, value);
        return new Schema(copy, named);
    }

    /** Returns the form of any value. */
    public static Schema any() {
        return new Schema(node(), Map.of());
    }

    /** Returns the form of a text. */
    public static Schema text() {
        return type("string");
    }

    /** Returns the form of a text of {@code min..max} characters. */
    public static Schema text(int min, int max) {
        return new Schema(node().put(TYPE, "string").put("minLength", min).put("maxLength", max), Map.of());
    }

    /** Returns the form of a point in time, in UTC. */
    public static Schema instant() {
        return new Schema(node().put(TYPE, "string").put("format", "date-time"), Map.of());
    }

    /** Returns the form of one of these words. */
    public static Schema words(Collection<String> words) {
        Schema text = text();
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        words.forEach(list::add);
        return text.with(ENUM, list);
    }

    /** Returns the form of one of these words. */
    public static Schema words(String... words) {
        return words(List.of(words));
    }

    /** Returns the form of a constant, in lower case with dashes. */
    public static <E extends Enum<E>> Schema words(Class<E> constants) {
        return words(
                Arrays.stream(constants.getEnumConstants()).map(EnumWords::of).toList());
    }

    /** Returns the form of a whole number. */
    public static Schema integer() {
        return type("integer");
    }

    /** Returns the form of a whole number in {@code min..max}. */
    public static Schema integer(long min, long max) {
        return new Schema(node().put(TYPE, "integer").put("minimum", min).put("maximum", max), Map.of());
    }

    /** Returns the form of a number. */
    public static Schema number() {
        return type("number");
    }

    /** Returns the form of a truth value. */
    public static Schema truth() {
        return type("boolean");
    }

    /** Returns the form of a list. */
    public static Schema list(Schema items) {
        ObjectNode list = node().put(TYPE, "array");
        list.set("items", items.json);
        return new Schema(list, items.named);
    }

    /** Returns the form of a list of {@code min..max} items. */
    public static Schema list(Schema items, int min, int max) {
        Schema list = list(items);
        list.json.put("minItems", min).put("maxItems", max);
        return list;
    }

    /** Returns the form of an object with any names and values of one form. */
    public static Schema map(Schema values) {
        ObjectNode map = node().put(TYPE, "object");
        map.set("additionalProperties", values.json);
        return new Schema(map, values.named);
    }

    /** Returns the form of a value that has one of several forms. */
    public static Schema anyOf(Schema... forms) {
        ObjectNode any = node();
        ArrayNode list = any.putArray(ANY_OF);
        Map<String, ObjectNode> named = new TreeMap<>();
        for (Schema form : forms) {
            list.add(form.json);
            named.putAll(form.named);
        }
        return new Schema(any, named);
    }

    /** Returns a collector of the fields of an object. */
    public static Fields object() {
        return new Fields();
    }

    /** Returns the form of this value or null. */
    public Schema orNull() {
        if (!json.has(TYPE) || !json.get(TYPE).isTextual()) {
            return anyOf(this, type(NULL));
        }
        ObjectNode copy = json.deepCopy();
        copy.putArray(TYPE).add(json.get(TYPE)).add(NULL);
        if (copy.get(ENUM) instanceof ArrayNode words) {
            words.addNull();
        }
        return new Schema(copy, named);
    }

    /** Returns a copy that is described by a sentence. */
    public Schema described(String sentence) {
        return with("description", JsonNodeFactory.instance.textNode(sentence));
    }

    /** Returns a copy with an example. */
    public Schema example(String example) {
        ArrayNode examples = JsonNodeFactory.instance.arrayNode().add(example);
        return with("examples", examples);
    }

    /** Returns the same form under a name, by which others refer to it. */
    public Schema named(String name) {
        Map<String, ObjectNode> all = new TreeMap<>(named);
        all.put(name, json);
        return new Schema(node().put("$ref", COMPONENTS + name), all);
    }

    /** The form as JSON, with references to the named ones. A copy. */
    ObjectNode json() {
        return json.deepCopy();
    }

    /** The forms that have a name, by name. */
    Map<String, ObjectNode> named() {
        return Map.copyOf(named);
    }

    /** The fields of an object. Not safe for use by several threads. */
    public static final class Fields {

        private final ObjectNode properties = node();
        private final ArrayNode required = JsonNodeFactory.instance.arrayNode();
        private final Map<String, ObjectNode> named = new TreeMap<>();

        private Fields() {}

        /** Adds a field that is always there. */
        public Fields required(String name, Schema form) {
            required.add(name);
            return optional(name, form);
        }

        /** Adds fields of one form that are always there. */
        public Fields required(Collection<String> names, Schema form) {
            names.forEach(name -> required(name, form));
            return this;
        }

        /** Adds a field that may be absent. */
        public Fields optional(String name, Schema form) {
            if (properties.has(name)) {
                throw new IllegalArgumentException("field " + name + " is there twice, expected once");
            }
            properties.set(name, form.json);
            named.putAll(form.named);
            return this;
        }

        /** Gives a field another form. */
        public Fields replaced(String name, Schema form) {
            if (properties.remove(name) == null) {
                throw new IllegalArgumentException(
                        "field " + name + " is not there, expected it before it is replaced");
            }
            return optional(name, form);
        }

        /** Adds all fields of an object. */
        public Fields all(Schema other) {
            ObjectNode whole = Optional.ofNullable(other.json.get("$ref"))
                    .map(ref -> other.named.get(ref.textValue().substring(COMPONENTS.length())))
                    .orElse(other.json);
            properties.setAll((ObjectNode) whole.get("properties").deepCopy());
            whole.path("required").forEach(required::add);
            named.putAll(other.named);
            return this;
        }

        /** Returns the form of an answer, which may get further fields in later versions. */
        public Schema open() {
            ObjectNode object = node().put(TYPE, "object");
            object.set("properties", properties.deepCopy());
            if (!required.isEmpty()) {
                object.set("required", required.deepCopy());
            }
            return new Schema(object, Map.copyOf(named));
        }

        /** Returns the form of a request, in which every other field is an error. */
        public Schema closed() {
            Schema open = open();
            open.json.put("additionalProperties", false);
            return open;
        }
    }
}
