package dev.architect.server.gateway.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** How clients have the tokens of a prompt counted. Safe for use by several threads. */
public interface CountingDialect {

    /** As {@link ClientDialect#read}, for a request whose prompt is counted and not answered. */
    GatewayRequest readPrompt(ObjectNode body);

    /** Returns the answer to a request for the tokens of a prompt. */
    ObjectNode count(long tokens);

    /** The errors of this dialect. */
    ErrorDialect errors();
}
