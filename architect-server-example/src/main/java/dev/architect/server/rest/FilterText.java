package dev.architect.server.rest;

import dev.architect.filter.InvalidFilterException;
import dev.architect.server.rest.ApiException.Place;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Supplier;

/** A filter in a request: its zone, and the response to one that is wrong. */
public final class FilterText {

    /** The parameter with the filter of a list. */
    public static final String Q = "q";

    /** The parameter with the zone of its days. */
    public static final String ZONE = "zone";

    private FilterText() {}

    /** Returns what is read from a filter that stands in {@code field}, or throws the error to respond with. */
    public static <T> T read(String field, Place place, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (InvalidFilterException wrong) {
            String code = switch (wrong.kind()) {
                case UNKNOWN_FIELD, NO_INDEX -> "unknown-filter";
                case SYNTAX, INVALID_VALUE -> "invalid-value";
            };
            throw new ApiException(400, code, String.valueOf(wrong.getMessage()), field, place, null);
        }
    }

    /** Returns the zone with this name; UTC when there is none. */
    public static ZoneId zone(Optional<String> name, Place place) {
        try {
            return name.map(ZoneId::of).orElse(ZoneOffset.UTC);
        } catch (DateTimeException wrong) {
            throw new ApiException(
                    400,
                    "invalid-value",
                    ZONE + " is '" + BodyFields.shorten(name.orElse("")) + "', expected such as Europe/Berlin",
                    ZONE,
                    place,
                    null);
        }
    }
}
