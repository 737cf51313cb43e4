package dev.architect.server.rest;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the body of a request: one JSON object of at most {@value #MAX_BYTES} bytes. Errors never repeat its content. */
public final class JsonBodyReader {

    /** The most bytes of a body. */
    public static final int MAX_BYTES = 2 * 1024 * 1024;

    /** The most bytes of a body for the model gateway and of an import, which may hold images and documents. */
    public static final int MAX_GATEWAY_BYTES = 32 * 1024 * 1024;

    /** The media type of a body that names only what changes (RFC 7396). */
    public static final String MERGE_PATCH = "application/merge-patch+json";

    private static final String JSON = "application/json";

    private JsonBodyReader() {}

    /** Returns the body, or throws the error to respond with. */
    public static ObjectNode read(Context request) {
        byte[] bytes = bytes(request);
        checkEncoding(request);
        checkType(request);
        JsonNode tree = parse(bytes);
        if (tree instanceof ObjectNode read) {
            return read;
        }
        throw ApiException.invalidJson("the body is " + BodyFields.typeOf(tree) + ", expected an object");
    }

    /** As {@link #read}; empty when the request has no body. */
    public static Optional<ObjectNode> readOptional(Context request) {
        return bytes(request).length == 0 ? Optional.empty() : Optional.of(read(request));
    }

    /** Returns the body as it was sent; empty when there is none. */
    static byte[] bytes(Context request) {
        RequestBody body = request.req().getAttribute(RequestBody.ATTRIBUTE) instanceof RequestBody loaded
                ? loaded
                : new RequestBody(new byte[0], MAX_BYTES);
        return body.whole().orElseThrow(() -> ApiException.tooLarge(body.limit()));
    }

    private static void checkEncoding(Context request) {
        String encoding = request.header("Content-Encoding");
        if (encoding != null && !encoding.strip().equalsIgnoreCase("identity")) {
            request.header("Accept-Encoding", "identity");
            throw new ApiException(
                    415,
                    "unsupported-media-type",
                    "Content-Encoding is " + BodyFields.shorten(encoding.replaceAll("[^\\w/.+;= -]", "?"))
                            + ", expected none",
                    "Content-Encoding",
                    ApiException.Place.HEADER,
                    null);
        }
    }

    /** JSON is UTF-8 (RFC 8259, section 8.1). */
    private static void checkType(Context request) {
        String type = request.contentType();
        String[] parts =
                type == null ? new String[] {""} : type.toLowerCase(Locale.ROOT).split(";", -1);
        boolean isUtf8 = Arrays.stream(parts)
                .skip(1)
                .map(parameter -> parameter.strip().replace("\"", ""))
                .allMatch(parameter -> !parameter.startsWith("charset=") || parameter.equals("charset=utf-8"));
        String name = parts[0].strip();
        boolean isJson = name.equals(JSON)
                || (name.equals(MERGE_PATCH) && request.method().equals(HandlerType.PATCH));
        if (!isJson || !isUtf8) {
            throw new ApiException(
                    415,
                    "unsupported-media-type",
                    seen(type) + ", expected " + JSON + (isUtf8 ? "" : " in UTF-8"),
                    "Content-Type",
                    ApiException.Place.HEADER,
                    null);
        }
    }

    private static String seen(@Nullable String type) {
        return type == null
                ? "Content-Type is missing"
                : "Content-Type is " + BodyFields.shorten(type.replaceAll("[^\\w/.+;= -]", "?"));
    }

    private static JsonNode parse(byte[] bytes) {
        try {
            JsonNode tree = RestJsonMapper.MAPPER.readTree(text(bytes));
            BodyValueCheck.check(tree);
            return tree;
        } catch (CharacterCodingException notUtf8) {
            throw ApiException.invalidJson("the body is not UTF-8, expected JSON in UTF-8");
        } catch (JsonProcessingException failure) {
            JsonLocation place = failure.getLocation();
            String where = place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr();
            boolean twice = failure.getOriginalMessage().startsWith("Duplicate field");
            throw ApiException.invalidJson(
                    twice
                            ? "a field appears twice" + where + ", expected every field once"
                            : "the body is not valid JSON" + where + ", expected one object");
        } catch (NumberFormatException tooLong) {
            // The library gives no place: it fails when it converts an exponent of more than nine digits.
            throw ApiException.invalidJson("the body has a number whose exponent is too long, expected one from -"
                    + BodyValueCheck.MAX_EXPONENT + " to " + BodyValueCheck.MAX_EXPONENT);
        }
    }

    /** The byte order mark, which some editors write first, is no part of the text. */
    private static String text(byte[] bytes) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
}
