package dev.architect.testkit.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.script.SeededRandom;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Mutates bodies of replies: their JSON, their lines, their characters and their bytes. */
final class ReplyMutator {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final byte[][] NOT_UTF8 = {
        {(byte) 0xC3, '('}, {(byte) 0xFF, (byte) 0xFE}, {(byte) 0xED, (byte) 0xA0}, {0}
    };
    private static final int MAX_CHARACTERS = 1 << 20;

    private final SeededRandom random;

    ReplyMutator(SeededRandom random) {
        this.random = random;
    }

    /** Returns {@code body} with one to four faults; {@code other} is another body to splice with. */
    byte[] mutate(String body, String other) {
        String text = body;
        // The limit keeps faults that repeat text from growing one body without end.
        for (int faults = random.between(1, 4); faults > 0 && text.length() < MAX_CHARACTERS; faults--) {
            text = mutateText(text, other);
        }
        byte[] bytes = text.getBytes(
                random.onceIn(50)
                        ? random.oneOf(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16, StandardCharsets.ISO_8859_1)
                        : StandardCharsets.UTF_8);
        return random.onceIn(4) ? mutateBytes(bytes) : bytes;
    }

    private String mutateText(String text, String other) {
        int from = random.between(0, text.length());
        int to = Math.min(text.length(), from + random.between(0, random.oneOf(1, 10, 200, 5000)));
        return switch (random.between(0, 12)) {
            case 0 -> text.substring(0, from);
            case 1 -> text.substring(0, from) + text.substring(to);
            case 2 -> text.substring(0, to) + text.substring(from);
            case 3 -> text.substring(0, from) + other.substring(Math.min(from, other.length()));
            case 4 -> text.substring(0, from) + randomText() + text.substring(from);
            case 5 -> number(text, from);
            case 6, 7 -> lines(text, other);
            default -> json(text);
        };
    }

    private String randomText() {
        return random.oneOf(
                "\n",
                "\r",
                "\n\n",
                "\u0000",
                "\"",
                "{",
                "}",
                "]",
                "\\",
                "\\u12",
                "data: ",
                "data: [DONE]\n\n",
                "event: error\n",
                "[".repeat(5000),
                "{\"a\":".repeat(5000),
                "x".repeat(200_000),
                "9".repeat(5000),
                "\uFEFF",
                "😀");
    }

    /** Replaces the next number by an unusual one. */
    private String number(String text, int from) {
        int start = from;
        while (start < text.length() && !Character.isDigit(text.charAt(start))) {
            start++;
        }
        int end = start;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        String unusual = random.oneOf(
                "-1",
                "0.5",
                "1e400",
                "1e999999999",
                "-1e-999999999",
                "00",
                "NaN",
                "99999999999999999999",
                "9223372036854775807",
                "1".repeat(150),
                "7".repeat(3000));
        return start == end ? text : text.substring(0, start) + unusual + text.substring(end);
    }

    private String lines(String text, String other) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        int at = random.between(0, lines.size() - 1);
        switch (random.between(0, 3)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(random.between(0, lines.size()), lines.get(at));
            case 2 -> lines.add(at, random.oneOf(other.split("\n", -1)));
            default -> lines.add(random.between(0, lines.size() - 1), lines.remove(at));
        }
        return String.join("\n", lines);
    }

    /** Mutates the JSON of the whole text or of one line, so that it stays valid JSON with another meaning. */
    private String json(String text) {
        JsonNode whole = parse(text);
        if (whole.isContainerNode()) {
            return mutated(whole);
        }
        String[] lines = text.split("\n", -1);
        int first = random.between(0, lines.length - 1);
        for (int tried = 0; tried < lines.length; tried++) {
            int at = (first + tried) % lines.length;
            int start = lines[at].indexOf('{');
            JsonNode value = start < 0 ? MissingNode.getInstance() : parse(lines[at].substring(start));
            if (value.isContainerNode()) {
                lines[at] = lines[at].substring(0, start) + mutated(value);
                break;
            }
        }
        return String.join("\n", lines);
    }

    private String mutated(JsonNode value) {
        List<JsonNode> containers = new ArrayList<>();
        collect(value, containers);
        JsonNode container = containers.get(random.between(0, containers.size() - 1));
        if (container instanceof ObjectNode object && !object.isEmpty()) {
            mutate(object, name(object));
        } else if (container instanceof ArrayNode array) {
            mutate(array);
        }
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("JSON was read and cannot be written", impossible);
        }
    }

    private void mutate(ObjectNode object, String name) {
        switch (random.between(0, 3)) {
            case 0 -> object.remove(name);
            case 1 -> object.set(name + "x", object.remove(name));
            case 2 -> object.set(name, JSON.arrayNode().add(object.get(name)).add(object.get(name)));
            default -> object.set(name, unusualValue());
        }
    }

    private void mutate(ArrayNode array) {
        int at = random.between(0, array.size());
        switch (random.between(0, 2)) {
            case 0 -> array.remove(at);
            case 1 -> array.insert(at, unusualValue());
            default ->
                array.insert(at, array.isEmpty() ? unusualValue() : array.get(random.between(0, array.size() - 1)));
        }
    }

    private JsonNode unusualValue() {
        return switch (random.between(0, 12)) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.booleanNode(random.onceIn(2));
            case 2 ->
                JSON.textNode(
                        random.oneOf("", " ", "null", "\u0000", "-1", "😀", "error", "tool_use", "x".repeat(50_000)));
            case 3 -> JSON.arrayNode();
            case 4 -> JSON.objectNode();
            case 5 -> JSON.numberNode(-1);
            case 6 -> JSON.numberNode(Long.MAX_VALUE);
            case 7 -> JSON.numberNode(new BigInteger("9".repeat(100)));
            case 8 -> JSON.numberNode(new BigDecimal("1e999999999"));
            case 9 -> JSON.numberNode(new BigDecimal("-1e-999999999"));
            case 10 -> JSON.numberNode(0);
            case 11 -> JSON.arrayNode().addNull().add(1).add("a").add(JSON.objectNode());
            default -> JSON.numberNode(0.1);
        };
    }

    private byte[] mutateBytes(byte[] bytes) {
        if (bytes.length == 0 || random.onceIn(3)) {
            return insert(bytes, NOT_UTF8[random.between(0, NOT_UTF8.length - 1)]);
        }
        byte[] flipped = bytes.clone();
        for (int flips = random.between(1, 8); flips > 0; flips--) {
            flipped[random.between(0, flipped.length - 1)] ^= (byte) (1 << random.between(0, 7));
        }
        return flipped;
    }

    private byte[] insert(byte[] bytes, byte[] more) {
        int at = random.between(0, bytes.length);
        byte[] longer = new byte[bytes.length + more.length];
        System.arraycopy(bytes, 0, longer, 0, at);
        System.arraycopy(more, 0, longer, at, more.length);
        System.arraycopy(bytes, at, longer, at + more.length, bytes.length - at);
        return longer;
    }

    private String name(ObjectNode object) {
        Iterator<String> names = object.fieldNames();
        for (int skip = random.between(0, object.size() - 1); skip > 0; skip--) {
            names.next();
        }
        return names.next();
    }

    private static void collect(JsonNode value, List<JsonNode> containers) {
        if (value.isContainerNode()) {
            containers.add(value);
            value.forEach(child -> collect(child, containers));
        }
    }

    private static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException notJson) {
            return MissingNode.getInstance();
        }
    }
}
