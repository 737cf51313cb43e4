package dev.architect.provider.http.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.architect.provider.http.message.HttpLimits;
import dev.architect.provider.http.reading.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes JSON within limits; fractions are exact decimals. Jackson's own failures quote what they read, so they are
 * never passed on; that of a number whose exponent has ten digits is a NumberFormatException. Safe for use by several
 * threads.
 */
public final class BoundedJsonCodec {

    private final HttpLimits limits;
    private final JsonFactory factory;
    private final ObjectMapper mapper;

    public BoundedJsonCodec(HttpLimits limits) {
        this.limits = limits;
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxNestingDepth(limits.maxJsonDepth())
                .maxNumberLength(limits.maxNumberLength())
                .maxStringLength(limits.maxStringLength())
                .maxNameLength(limits.maxNameLength())
                .maxTokenCount(limits.maxJsonTokens())
                .build();
        factory = JsonFactory.builder()
                .streamReadConstraints(constraints)
                // Names come from outside: kept for ever, they would fill a table of the whole process.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
        mapper = new ObjectMapper(factory)
                // Stated costs are read from such numbers, and no floating point may reach a ledger.
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    public byte[] write(JsonNode value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JsonProcessingException failure) {
            // Without the cause: its message quotes the value, which may be part of a prompt.
            throw new IllegalArgumentException("body is a JSON value that cannot be written, expected a plain one");
        }
    }

    /** Reads an object; empty when the text is none. One that breaks a limit fails the exchange. */
    public Optional<JsonNode> objectIfJson(String text, Exchange exchange) {
        try (JsonParser parser = factory.createParser(text)) {
            return Optional.ofNullable(FastTreeReader.object(parser));
        } catch (StreamConstraintsException limit) {
            throw notJson(limit, exchange);
        } catch (IOException | NumberFormatException notJson) {
            return Optional.empty();
        }
    }

    /**
     * Reads an object, or fails the exchange.
     *
     * @throws IOException when {@code in} cannot be read
     */
    public JsonNode object(InputStream in, Exchange exchange) throws IOException {
        try (JsonParser parser = factory.createParser(in)) {
            return object(FastTreeReader.object(parser), exchange);
        } catch (JsonProcessingException | NumberFormatException notJson) {
            throw notJson(notJson, exchange);
        }
    }

    /** Reads an object of our own side; empty when it is not one. */
    public Optional<JsonNode> object(String text) {
        try {
            return Optional.ofNullable(mapper.readTree(text)).filter(JsonNode::isObject);
        } catch (IOException | NumberFormatException notJson) {
            return Optional.empty();
        }
    }

    /** Reads any value; what is not JSON is a missing value. */
    public JsonNode lenient(byte[] bytes) {
        try {
            return mapper.readTree(bytes);
        } catch (IOException | NumberFormatException notJson) {
            return MissingNode.getInstance();
        }
    }

    private static JsonNode object(@Nullable JsonNode value, Exchange exchange) {
        if (value == null) {
            throw exchange.protocolFailure("answer is not a JSON object");
        }
        return value;
    }

    private RuntimeException notJson(Exception failure, Exchange exchange) {
        return exchange.protocolFailure(
                failure instanceof StreamConstraintsException ? brokenLimit(failure) : "answer is not a JSON object");
    }

    /** Only the message of Jackson's exception names the limit that was broken: it begins with what was too large. */
    private String brokenLimit(Exception failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.startsWith("Document nesting depth")) {
            return "JSON is deeper than " + limits.maxJsonDepth() + " (maxJsonDepth)";
        }
        if (message.startsWith("Number value length")) {
            return "JSON has a number of more than " + limits.maxNumberLength() + " characters (maxNumberLength)";
        }
        if (message.startsWith("Name length")) {
            return "JSON has a name of more than " + limits.maxNameLength() + " characters (maxNameLength)";
        }
        return message.startsWith("Token count")
                ? "JSON has more than " + limits.maxJsonTokens() + " tokens (maxJsonTokens)"
                : "JSON has a text of more than " + limits.maxStringLength() + " characters (maxStringLength)";
    }
}
