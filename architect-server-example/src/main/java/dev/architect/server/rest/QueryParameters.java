package dev.architect.server.rest;

import io.javalin.http.Context;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The query parameters, read with checks: known ones only, each at most once. */
public final class QueryParameters {

    private final Context request;

    /** Creates a reader that rejects parameters outside {@code known}, which is not empty. */
    public QueryParameters(Context request, Set<String> known) {
        this.request = request;
        String query = request.req().getQueryString();
        if (query != null && (query.matches(".*%(?![0-9A-Fa-f]{2}).*") || hasInvalidText(request))) {
            throw new ApiException(
                    400,
                    "invalid-value",
                    "the query is not percent-encoded UTF-8, expected such as 'a%20b'",
                    null,
                    null);
        }
        request.queryParamMap().forEach((name, values) -> {
            if (!known.contains(name)) {
                throw BodyFields.unknownParameter(name, known);
            }
            if (values.size() > 1) {
                throw ApiException.invalidParameter(
                        name, name + " is given " + values.size() + " times, expected once");
            }
        });
    }

    /** Bytes that are no UTF-8 become replacement characters, which no client sends on purpose. */
    private static boolean hasInvalidText(Context request) {
        return request.queryParamMap().entrySet().stream()
                .anyMatch(parameter -> parameter.getKey().indexOf('\uFFFD') >= 0
                        || parameter.getValue().stream().anyMatch(value -> value.indexOf('\uFFFD') >= 0));
    }

    /** Returns a parameter as text. */
    public Optional<String> text(String name) {
        List<String> values = request.queryParams(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }

    /** Returns a whole number in {@code min..max}, or {@code absent} when the parameter is not given. */
    public int integer(String name, int min, int max, int absent) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return absent;
        }
        if (text.get().matches("[0-9]{1,9}")) {
            int value = Integer.parseInt(text.get());
            if (value >= min && value <= max) {
                return value;
            }
        }
        throw invalid(name, text.get(), min + ".." + max);
    }

    /** Returns a point in time, in UTC such as {@code 2026-03-01T12:00:00Z}. */
    public Optional<Instant> instant(String name) {
        return text(name).map(text -> {
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException wrong) {
                throw invalid(name, text, "a time in UTC such as 2026-03-01T12:00:00Z");
            }
        });
    }

    /** Returns an error of a parameter. */
    public static ApiException invalid(String name, String seen, String expected) {
        return ApiException.invalidParameter(
                name, name + " is '" + BodyFields.shorten(seen) + "', expected " + expected);
    }
}
