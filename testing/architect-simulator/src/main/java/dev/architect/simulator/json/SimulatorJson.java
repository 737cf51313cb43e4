package dev.architect.simulator.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reading and writing JSON the way the simulated services do. */
public final class SimulatorJson {

    public static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    /** As {@link #MAPPER}, but a duplicate field is an error: for files that people write by hand. */
    public static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private SimulatorJson() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    public static ArrayNode array(JsonNode... items) {
        ArrayNode array = array();
        for (JsonNode item : items) {
            array.add(item);
        }
        return array;
    }

    /** A vector as an array of numbers. */
    public static ArrayNode array(float[] vector) {
        ArrayNode array = array();
        for (float value : vector) {
            array.add(value);
        }
        return array;
    }

    public static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree could not be written", e);
        }
    }

    public static byte[] pretty(JsonNode node) {
        return utf8(node.toPrettyString());
    }

    /** One server-sent event; without a name when it is empty. */
    public static byte[] event(String name, JsonNode data, String padding, String lineEnd) {
        String head = name.isEmpty() ? "" : "event: " + name + lineEnd;
        return utf8(head + "data: " + text(data) + padding + lineEnd + lineEnd);
    }

    public static String text(JsonNode node) {
        return new String(bytes(node), StandardCharsets.UTF_8);
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Concatenates several parts. */
    public static byte[] join(byte[]... parts) {
        int size = 0;
        for (byte[] part : parts) {
            size += part.length;
        }
        byte[] joined = new byte[size];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }

    /** Describes a node for a message: its kind, or the value of a number or boolean; never the value of a text, which may be secret. */
    public static String describe(JsonNode node) {
        return switch (node.getNodeType()) {
            case MISSING -> "missing";
            case STRING -> "a text";
            case NUMBER, BOOLEAN, NULL -> node.asText();
            default -> "an " + node.getNodeType().name().toLowerCase(Locale.ROOT);
        };
    }
}
