package dev.architect.server.gateway.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatResponse;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One endpoint's language: how a client states a request, and how it reads answers and errors. Safe for use by several threads. */
public interface ClientDialect {

    /**
     * Reads a request.
     *
     * @throws dev.architect.server.rest.ApiException when a field is wrong or cannot be followed
     * @throws IllegalArgumentException when the parts of the request do not fit together
     */
    GatewayRequest read(ObjectNode body);

    /**
     * Returns the same request as one whose body is sent as it is; empty when it names no model, and so leaves the choice to the policy.
     *
     * @param headers what the client sends along to its vendor, some of {@link #vendorHeaders()}
     */
    Optional<GatewayRequest> readVendorBody(ObjectNode body, Map<String, String> headers);

    /** The names of the headers that a client may send along to its vendor. */
    Set<String> vendorHeaders();

    /** Returns a whole answer to {@code request}. */
    ObjectNode answer(GatewayRequest request, ChatResponse answer, Instant at);

    /** Returns what writes an answer to {@code sink} as it comes. */
    AnswerStream stream(GatewayRequest request, EventSink sink, Instant at);

    /** The errors of this dialect. */
    ErrorDialect errors();
}
