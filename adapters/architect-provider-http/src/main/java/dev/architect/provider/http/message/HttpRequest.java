package dev.architect.provider.http.message;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One request to a provider. Immutable; {@code toString} shows method and path only. The key is not here: the shared transport
 * adds it at each call.
 *
 * @param path what follows the base URL, from a slash on, encoded, with its query if any
 * @param headers headers beyond those of the shared transport
 * @param body what is sent; empty makes it a GET
 */
public record HttpRequest(String path, Map<String, String> headers, Optional<JsonNode> body) {

    /** Copies the headers and checks that the path starts with a slash. */
    public HttpRequest {
        headers = Map.copyOf(headers);
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path is '" + path + "', expected one that starts with /");
        }
    }

    /** Returns a GET of {@code path}. */
    public static HttpRequest get(String path) {
        return new HttpRequest(path, Map.of(), Optional.empty());
    }

    /** Returns a POST of {@code body} to {@code path}. */
    public static HttpRequest post(String path, JsonNode body) {
        return new HttpRequest(path, Map.of(), Optional.of(body));
    }

    /** Returns this request with one more header, or with another value of it. */
    public HttpRequest header(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new HttpRequest(path, more, body);
    }

    /** Returns {@code text} as one segment of a path, with everything encoded that could end it. */
    public static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return (body.isEmpty() ? "GET " : "POST ") + path;
    }
}
