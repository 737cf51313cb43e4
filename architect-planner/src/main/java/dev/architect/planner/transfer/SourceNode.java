package dev.architect.planner.transfer;

import dev.architect.json.JsonException;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.project.transfer.ImportException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A value in a JSON file with the pointer that leads to it (RFC 6901). A field that is null counts as absent. */
final class SourceNode {

    private final String place;
    private final @Nullable Object value;

    private SourceNode(String place, @Nullable Object value) {
        this.place = place;
        this.value = value;
    }

    /** Reads a file. */
    static SourceNode parse(byte[] content) {
        String text = SourceText.of("", content);
        try {
            return new SourceNode("", JsonText.read(text));
        } catch (JsonException wrong) {
            throw new ImportException("", "JSON", "broken (" + wrong.getMessage() + ")", "one JSON value");
        }
    }

    /** Wraps rows that are no JSON. */
    static SourceNode of(String place, @Nullable Object value) {
        return new SourceNode(place, value);
    }

    /** The pointer; empty for the file as a whole. */
    String place() {
        return place;
    }

    boolean isObject() {
        return value instanceof Map;
    }

    boolean isList() {
        return value instanceof List;
    }

    boolean isText() {
        return value instanceof String;
    }

    boolean isNumber() {
        return value instanceof Number;
    }

    ImportException wrong(String expected) {
        return new ImportException(place, "", seen(), expected);
    }

    private String seen() {
        return value instanceof String text ? "'" + text + "'" : JsonText.kindOf(value);
    }

    Map<String, @Nullable Object> map() {
        if (!(value instanceof Map<?, ?> object)) {
            throw wrong("an object");
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        object.forEach((name, field) -> fields.put(String.valueOf(name), field));
        return fields;
    }

    Set<String> names() {
        return map().keySet();
    }

    Optional<SourceNode> get(String name) {
        if (!(value instanceof Map<?, ?> object)) {
            throw wrong("an object");
        }
        return Optional.ofNullable(object.get(name))
                .map(field ->
                        new SourceNode(place + "/" + name.replace("~", "~0").replace("/", "~1"), field));
    }

    boolean has(String name) {
        return get(name).isPresent();
    }

    List<SourceNode> list() {
        if (!(value instanceof List<?> list)) {
            throw wrong("a list");
        }
        List<SourceNode> nodes = new ArrayList<>();
        for (Object each : list) {
            nodes.add(new SourceNode(place + "/" + nodes.size(), each));
        }
        return nodes;
    }

    /** The list of a field; empty when it is absent. */
    List<SourceNode> list(String name) {
        return get(name).map(SourceNode::list).orElse(List.of());
    }

    String text() {
        if (!(value instanceof String text)) {
            throw wrong("text");
        }
        return text;
    }

    /** The text of a field; empty when it is absent. */
    Optional<String> text(String name) {
        return get(name).map(SourceNode::text);
    }

    /** The text of a field that is not blank. */
    Optional<String> filled(String name) {
        return text(name).filter(text -> !text.isBlank());
    }

    String required(String name) {
        return filled(name).orElseThrow(() -> new ImportException(place, name, "missing", "text"));
    }

    SourceNode needed(String name) {
        return get(name).orElseThrow(() -> new ImportException(place, name, "missing", "a value"));
    }

    /** A whole number or the text of one. */
    long whole() {
        String digits = value instanceof String text ? text.strip() : value instanceof Number ? value.toString() : "";
        if (!digits.matches("[0-9]{1,12}")) {
            throw wrong("a whole number of at most 12 digits");
        }
        return Long.parseLong(digits);
    }

    BigDecimal number() {
        if (!(value instanceof BigDecimal number)) {
            throw wrong("a number");
        }
        return number;
    }

    Optional<BigDecimal> number(String name) {
        return get(name).map(SourceNode::number);
    }

    boolean flag(String name) {
        return get(name)
                .map(node -> {
                    if (!(node.value instanceof Boolean flag)) {
                        throw node.wrong("true or false");
                    }
                    return flag;
                })
                .orElse(false);
    }

    /** All fields but some, for what an item cannot hold. */
    Map<String, Object> except(Set<String> known) {
        Map<String, Object> rest = new LinkedHashMap<>();
        map().forEach((name, field) -> {
            if (field != null && !known.contains(name)) {
                rest.put(name, field);
            }
        });
        return rest;
    }

    @Override
    public String toString() {
        return JsonFields.shorten(seen());
    }
}
