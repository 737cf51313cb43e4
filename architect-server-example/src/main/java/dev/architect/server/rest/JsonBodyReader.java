package dev.architect.server.rest;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the body of a request: one JSON object of at most {@value #MAX_BYTES} bytes. Errors never repeat its content. */
public final class JsonBodyReader {

    /** The most bytes of a body. */
    public static final int MAX_BYTES = 2 * 1024 * 1024;

    private static final String JSON = "application/json";

    private JsonBodyReader() {}

    /** Returns the body, or throws the error to respond with. */
    public static ObjectNode read(Context request) {
        if (request.req().getContentLengthLong() > MAX_BYTES) {
            throw ApiException.tooLarge();
        }
        String type = request.contentType();
        if (type == null
                || !type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip().equals(JSON)) {
            throw new ApiException(
                    415, "unsupported-media-type", seen(type) + ", expected " + JSON, "Content-Type", null);
        }
        JsonNode tree = parse(bytes(request));
        if (tree instanceof ObjectNode read) {
            return read;
        }
        throw ApiException.invalidJson("the body is " + BodyFields.typeOf(tree) + ", expected an object");
    }

    private static byte[] bytes(Context request) {
        try (InputStream body = request.req().getInputStream()) {
            byte[] bytes = body.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw ApiException.tooLarge();
            }
            return bytes;
        } catch (IOException cut) {
            throw ApiException.invalidJson("the body ended early, expected a whole JSON object");
        }
    }

    private static String seen(@Nullable String type) {
        return type == null ? "Content-Type is missing" : "Content-Type is " + type.replaceAll("[^\\w/.+;= -]", "?");
    }

    private static JsonNode parse(byte[] bytes) {
        try {
            return RestJsonMapper.MAPPER.readTree(bytes);
        } catch (JsonProcessingException failure) {
            JsonLocation place = failure.getLocation();
            String where = place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr();
            boolean twice = failure.getOriginalMessage().startsWith("Duplicate field");
            throw ApiException.invalidJson(
                    twice
                            ? "a field appears twice" + where + ", expected every field once"
                            : "the body is not valid JSON" + where + ", expected one object");
        } catch (IOException impossible) {
            throw ApiException.invalidJson("the body could not be read");
        }
    }
}
