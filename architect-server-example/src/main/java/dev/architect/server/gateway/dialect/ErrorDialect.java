package dev.architect.server.gateway.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** How a vendor's clients read errors. Safe for use by several threads. */
public interface ErrorDialect {

    /** The header of an answer that names its request. */
    String requestIdHeader();

    /** The status of the answer to a failed request. */
    int status(FailureClass kind);

    /** The body of the answer to a failed request. */
    ObjectNode body(GatewayFailure failure, String requestId);
}
