package dev.architect.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The error that a request is responded to with. The message is for the client: it names the field, the value seen and the value
 * expected, never a secret or the text of a prompt. It has no stack trace.
 */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final @Nullable String field;
    private final Place place;
    private final @Nullable Duration retryAfter;
    private final transient SortedMap<String, JsonNode> members;

    /** Which part of a request a field stands in. */
    public enum Place {
        /** A field of the body, named as in {@code tasks[3].type}. */
        BODY,
        /** A parameter of the query or the path. */
        PARAMETER,
        /** A field of the header. */
        HEADER
    }

    /** Creates the exception; {@code code} is for programs, {@code field} the place in the body of the request. */
    public ApiException(
            int status, String code, String message, @Nullable String field, @Nullable Duration retryAfter) {
        this(status, code, message, field, Place.BODY, retryAfter);
    }

    /** Creates the exception; {@code field} stands in {@code place}. */
    public ApiException(
            int status,
            String code,
            String message,
            @Nullable String field,
            Place place,
            @Nullable Duration retryAfter) {
        this(status, code, message, field, place, retryAfter, new TreeMap<>());
    }

    private ApiException(
            int status,
            String code,
            @Nullable String message,
            @Nullable String field,
            Place place,
            @Nullable Duration retryAfter,
            SortedMap<String, JsonNode> members) {
        super(message, null, false, false);
        this.members = members;
        this.place = place;
        this.status = status;
        this.code = code;
        this.field = field;
        this.retryAfter = retryAfter;
    }

    /** Returns a copy that also tells {@code value}: what the client needs in order to go on, such as the thing as it is now. */
    public ApiException with(String member, JsonNode value) {
        SortedMap<String, JsonNode> more = new TreeMap<>(members);
        more.put(member, value);
        return new ApiException(status, code, getMessage(), field, place, retryAfter, more);
    }

    /** A field has a wrong value or type. */
    public static ApiException invalidValue(String field, String message) {
        return new ApiException(400, "invalid-value", message, field, null);
    }

    /** A field of the body is not known. */
    public static ApiException unknownField(String field, String message) {
        return new ApiException(400, "unknown-field", message, field, null);
    }

    /** A parameter of the query or the path has a wrong value. */
    public static ApiException invalidParameter(String name, String message) {
        return new ApiException(400, "invalid-value", message, name, Place.PARAMETER, null);
    }

    /** A field of the header has a wrong value. */
    public static ApiException invalidHeader(String name, String message) {
        return new ApiException(400, "invalid-value", message, name, Place.HEADER, null);
    }

    /** The body is not JSON within the limits. */
    public static ApiException invalidJson(String message) {
        return new ApiException(400, "invalid-json", message, null, null);
    }

    /** Neither a token nor a login. */
    public static ApiException unauthorized() {
        return new ApiException(
                401,
                "unauthorized",
                "the access token is missing or wrong, expected 'Authorization: Bearer <token>' or a login",
                null,
                null);
    }

    /** The request comes from a host or site that is not allowed. */
    public static ApiException forbidden(String message) {
        return new ApiException(403, "forbidden", message, null, null);
    }

    /** The resource does not exist. */
    public static ApiException notFound(String message) {
        return new ApiException(404, "not-found", message, null, null);
    }

    /** The body has more than {@code most} bytes. */
    public static ApiException tooLarge(int most) {
        return new ApiException(
                413, "body-too-large", "the body is too large, expected at most " + most + " bytes", null, null);
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The code for programs. */
    public String code() {
        return code;
    }

    /** The place in the request. */
    public Optional<String> field() {
        return Optional.ofNullable(field);
    }

    /** Which part of the request {@link #field} stands in. */
    public Place place() {
        return place;
    }

    /** When the same request may be sent again. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** What the client is told beside, by name. */
    public SortedMap<String, JsonNode> members() {
        return Collections.unmodifiableSortedMap(members);
    }
}
