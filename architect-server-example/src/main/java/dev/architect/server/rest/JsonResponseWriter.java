package dev.architect.server.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import io.javalin.http.Context;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The one way JSON is written: exact decimals, words in lower case with dashes, instants as ISO text. */
public final class JsonResponseWriter {

    /** How deep a body may be nested: as deep as the JSON of a chat request, whose schemas are the caller's own. */
    private static final int MOST_DEPTH = 64;

    private static final int MOST_DIGITS = 64;

    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_DEPTH)
                            .maxNumberLength(MOST_DIGITS)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private JsonResponseWriter() {}

    /** Returns an empty object. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Returns an empty array. */
    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** Returns {@code value} as UTF-8. */
    public static byte[] bytes(JsonNode value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree could not be written", impossible);
        }
    }

    /** Answers with {@code value}. */
    public static void answer(Context answer, JsonNode value) {
        answer.contentType("application/json").result(bytes(value));
    }

    /**
     * Returns {@code json} as a tree.
     *
     * @throws IllegalArgumentException when it is not JSON within the limits of bodies
     */
    public static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException notJson) {
            throw new IllegalArgumentException("text is not JSON, expected a value", notJson);
        }
    }

    /** Puts an object of texts, by name. */
    public static void putTexts(ObjectNode object, String name, Map<String, String> texts) {
        ObjectNode json = object.putObject(name);
        new TreeMap<>(texts).forEach(json::put);
    }

    /** Puts an exact amount in dollars, without trailing zeros. */
    public static void putUsd(ObjectNode object, String name, MoneyTotal amount) {
        object.put(name, plain(amount.usd()));
    }

    /** Puts an exact amount in dollars, or null when there is none. */
    public static void putUsd(ObjectNode object, String name, Optional<Money> amount) {
        object.put(name, amount.map(Money::usd).map(JsonResponseWriter::plain).orElse(null));
    }

    /** Puts a duration in milliseconds, with three decimal places at most. */
    public static void putMillis(ObjectNode object, String name, Duration duration) {
        object.put(name, plain(BigDecimal.valueOf(duration.toNanos() / 1_000, 3)));
    }

    /** Returns a duration in seconds, with three decimal places at most. */
    public static BigDecimal seconds(Duration duration) {
        return plain(BigDecimal.valueOf(duration.toMillis(), 3));
    }

    /** Returns the constant in lower case with dashes. */
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the same number without trailing zeros and never with an exponent. */
    public static BigDecimal plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
