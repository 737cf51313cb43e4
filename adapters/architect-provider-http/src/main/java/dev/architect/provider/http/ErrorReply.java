package dev.architect.provider.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.provider.http.reading.Exchange;
import java.util.Optional;

/**
 * A reply whose status is not one of success. {@code toString} shows the status only.
 *
 * @param status the HTTP status
 * @param json the body; a missing value when it is not JSON
 * @param exchange the call this is the reply to
 */
public record ErrorReply(int status, JsonNode json, Exchange exchange) {

    /** Returns the value of a header. */
    public Optional<String> header(String name) {
        return exchange.header(name);
    }

    @Override
    public String toString() {
        return "ErrorReply[" + status + "]";
    }
}
