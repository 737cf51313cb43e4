package dev.architect.server.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import io.javalin.http.Context;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Writes all JSON of the server: exact decimals, words in lower case with dashes, instants as ISO text. */
public final class JsonResponseWriter {

    private JsonResponseWriter() {}

    /** Returns an empty object. */
    public static ObjectNode object() {
        return RestJsonMapper.MAPPER.createObjectNode();
    }

    /** Returns an empty array. */
    public static ArrayNode array() {
        return RestJsonMapper.MAPPER.createArrayNode();
    }

    /** Returns {@code text} as a tree; empty when it is not JSON. */
    public static Optional<JsonNode> parsed(String text) {
        try {
            return Optional.ofNullable(RestJsonMapper.MAPPER.readTree(text));
        } catch (JsonProcessingException broken) {
            return Optional.empty();
        }
    }

    /** Returns {@code value} as UTF-8. */
    public static byte[] bytes(JsonNode value) {
        try {
            return RestJsonMapper.MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree could not be written", impossible);
        }
    }

    /** Responds with {@code value}. */
    public static void write(Context answer, JsonNode value) {
        answer.contentType("application/json").result(bytes(value));
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

    /** Returns the same number without trailing zeros and never with an exponent. */
    public static BigDecimal plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
