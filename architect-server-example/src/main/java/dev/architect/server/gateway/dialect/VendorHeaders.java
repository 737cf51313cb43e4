package dev.architect.server.gateway.dialect;

import dev.architect.model.WireBody;
import dev.architect.server.rest.ApiException;
import io.javalin.http.Context;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What clients say to their own vendor in the header of a request, such as {@code anthropic-beta}. */
public final class VendorHeaders {

    private VendorHeaders() {}

    /**
     * Returns those of {@code names} that a request has, each as one value with commas between its lines.
     *
     * @throws ApiException 400 when a value is too long or not of printable ASCII
     */
    public static Map<String, String> read(Context request, Set<String> names) {
        Map<String, String> sent = new TreeMap<>();
        for (String name : names) {
            List<String> lines = Collections.list(request.req().getHeaders(name));
            String value = String.join(", ", lines).strip();
            if (value.length() > WireBody.MAX_HEADER_CHARACTERS || value.chars().anyMatch(c -> c < ' ' || c > '~')) {
                throw ApiException.invalidValue(
                        name,
                        name + " has " + value.length() + " characters, expected 1.." + WireBody.MAX_HEADER_CHARACTERS
                                + " of printable ASCII");
            }
            if (!value.isEmpty()) {
                sent.put(name, value);
            }
        }
        return sent;
    }
}
