package dev.architect.server.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.util.Collection;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of a thing as a strong entity tag (RFC 9110, section 8.8.3): whoever changes it states which version was seen, so that nobody's
 * change is lost.
 */
public final class EntityTag {

    /** The field of the header that states the version that a change was made from. */
    public static final String IF_MATCH = "If-Match";

    private static final Pattern TAG = Pattern.compile("\"([0-9]{1,18})\"");

    private EntityTag() {}

    /** States the version of the thing that the answer holds. */
    public static void put(Context answer, long version) {
        answer.header("ETag", of(version));
    }

    /** Returns a version as a tag, such as {@code "7"} with its quotes. */
    public static String of(long version) {
        return "\"" + version + "\"";
    }

    /**
     * Returns the version that a change was made from.
     *
     * @throws ApiException 428 when none is stated, 400 when it is not one version
     */
    public static long required(Context request) {
        String stated = request.header(IF_MATCH);
        if (stated == null) {
            throw new ApiException(
                    428,
                    "precondition-needed",
                    IF_MATCH + " is missing, expected the ETag of the thing as it was read, such as " + of(7),
                    IF_MATCH,
                    ApiException.Place.HEADER,
                    null);
        }
        Matcher tag = TAG.matcher(stated.strip());
        if (!tag.matches()) {
            throw ApiException.invalidHeader(
                    IF_MATCH,
                    IF_MATCH + " is '" + BodyFields.shorten(stated.replaceAll("[^!-~ ]", "?"))
                            + "', expected one ETag as it was read, such as " + of(7));
        }
        return Long.parseLong(tag.group(1));
    }

    /**
     * Returns the refusal of a change that was made from an older version.
     *
     * @param seen the version that it was made from
     * @param version the version now
     * @param current the thing as it is now, as a reader gets it
     * @param changed the fields that have changed since, so that a change of others may be repeated; empty when they are not known
     */
    public static ApiException stale(long seen, long version, ObjectNode current, Collection<String> changed) {
        ArrayNode names = JsonResponseWriter.array();
        new TreeSet<>(changed).forEach(names::add);
        return new ApiException(
                        412,
                        "stale-version",
                        IF_MATCH + " is " + of(seen) + ", expected " + of(version) + ": it was changed in between"
                                + (changed.isEmpty() ? "" : " (" + String.join(", ", new TreeSet<>(changed)) + ")"),
                        IF_MATCH,
                        ApiException.Place.HEADER,
                        null)
                .with("current", current)
                .with("changed", names);
    }
}
