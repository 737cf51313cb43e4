package dev.architect.server.routing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.control.RouterControl;
import dev.architect.error.FileProblem;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.JsonResponseWriter;
import java.util.List;

/** Refusals of changes of routing. */
final class RoutingErrors {

    private static final int MOST = 20;

    private RoutingErrors() {}

    /** Returns the router that changes are for. */
    static RouterControl router(Architect architect) {
        if (!architect.routing().isFollowed()) {
            throw wrongState("the router of this server stays as it was made, expected one with a control");
        }
        return architect.routing().router();
    }

    static ApiException wrongState(String message) {
        return new ApiException(409, "wrong-state", message, null, null);
    }

    /** Returns the refusal of a text, with the places in it. */
    static ApiException invalid(String field, List<FileProblem> problems) {
        ArrayNode errors = JsonResponseWriter.array();
        problems.stream().limit(MOST).forEach(problem -> {
            ObjectNode error = errors.addObject()
                    .put("pointer", "/" + field)
                    .put("code", "invalid-value")
                    .put("detail", problem.toString());
            if (problem.line() > 0) {
                error.put("line", problem.line()).put("column", problem.column());
            }
        });
        return ApiException.invalidValue(field, problems.get(0).toString()).with("errors", errors);
    }
}
