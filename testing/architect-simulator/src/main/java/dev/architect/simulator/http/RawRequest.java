package dev.architect.simulator.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request as it was received.
 *
 * @param method the method in capitals
 * @param path the decoded path without the query
 * @param query the decoded query; of a repeated name the first value
 * @param headers the headers with names in lower case; of a repeated name the first value
 * @param body the body after chunk decoding, empty when there was none
 */
public record RawRequest(
        String method, String path, Map<String, String> query, Map<String, String> headers, byte[] body) {

    /** A request from the target of a request line, such as {@code /v1/models?limit=1}. */
    public static RawRequest of(String method, String target, Map<String, String> headers, byte[] body) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        Map<String, String> query = new LinkedHashMap<>();
        if (mark >= 0) {
            for (String pair : target.substring(mark + 1).split("&")) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                query.putIfAbsent(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        // URLDecoder turns a plus into a blank, which is right for queries only.
        return new RawRequest(method, decode(path.replace("+", "%2B")), query, headers, body);
    }

    /** The value of a header whose name is given in lower case, or null. */
    @Nullable
    public String header(String name) {
        return headers.get(name);
    }

    /** The token of an {@code Authorization: Bearer} header, or null. */
    @Nullable
    public String bearer() {
        String value = headers.get("authorization");
        return value != null && value.regionMatches(true, 0, "Bearer ", 0, 7)
                ? value.substring(7).strip()
                : null;
    }

    /** The same request with {@code base} removed from the start of its path. */
    public RawRequest withoutPrefix(String base) {
        String rest = path.substring(base.length());
        return new RawRequest(method, rest.isEmpty() ? "/" : rest, query, headers, body);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
