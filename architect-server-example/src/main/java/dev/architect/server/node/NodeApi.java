package dev.architect.server.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.Nodes;
import dev.architect.node.NodeNotFoundException;
import dev.architect.node.NodeRecord;
import dev.architect.node.NodeRole;
import dev.architect.node.NodeState;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.Endpoint;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import io.javalin.http.Context;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ObjLongConsumer;

/** The nodes that share the store: what they are and run, and what an operator asks of them. */
public final class NodeApi {

    private static final String PATH = "/api/nodes";
    private static final String ONE = PATH + "/{id}";
    private static final String STATE = "state";

    private final Architect architect;

    /** Creates the resource. */
    public NodeApi(Architect architect) {
        this.architect = architect;
    }

    /** Its endpoints. */
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(PATH, this::list),
                Endpoint.get(ONE, request -> write(request, record(request))),
                Endpoint.post(ONE + "/cordon", request -> order(request, Nodes::cordon)),
                Endpoint.post(ONE + "/drain", request -> order(request, Nodes::drain)),
                Endpoint.post(ONE + "/resume", request -> order(request, Nodes::resume)),
                Endpoint.get("/api/roles", this::roles));
    }

    private void list(Context request) {
        Set<NodeState> wanted = states(new QueryParameters(request, Set.of(STATE)));
        List<NodeRole> roles = architect.nodes().roles();
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode nodes = answer.putArray("nodes");
        architect.nodes().list().stream()
                .filter(node -> wanted.contains(node.state()))
                .forEach(node -> nodes.add(NodeJson.of(node, roles)));
        JsonResponseWriter.write(request, answer);
    }

    private static Set<NodeState> states(QueryParameters query) {
        Optional<String> text = query.text(STATE);
        if (text.isEmpty()) {
            return EnumSet.allOf(NodeState.class);
        }
        Set<NodeState> states = EnumSet.noneOf(NodeState.class);
        for (String word : text.get().split(",", -1)) {
            states.add(EnumWords.parse(NodeState.class, word)
                    .orElseThrow(
                            () -> QueryParameters.invalid(STATE, word, "one of " + EnumWords.list(NodeState.class))));
        }
        return states;
    }

    private void order(Context request, ObjLongConsumer<Nodes> order) {
        NodeRecord before = record(request);
        try {
            order.accept(architect.nodes(), before.incarnation());
        } catch (NodeNotFoundException ended) {
            throw new ApiException(
                    409,
                    "wrong-state",
                    "node " + before.incarnation() + " has ended, expected one that is alive",
                    null,
                    null);
        }
        write(request, record(request));
    }

    private NodeRecord record(Context request) {
        String text = request.pathParam("id");
        return architect.nodes().list().stream()
                .filter(node -> Long.toString(node.incarnation()).equals(text))
                .findFirst()
                .orElseThrow(() -> ApiException.notFound(
                        "node " + BodyFields.shorten(text) + " does not exist, expected the number of an incarnation"));
    }

    private void write(Context request, NodeRecord node) {
        JsonResponseWriter.write(request, NodeJson.of(node, architect.nodes().roles()));
    }

    private void roles(Context request) {
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode roles = answer.putArray("roles");
        architect.nodes().roles().forEach(role -> roles.add(NodeJson.of(role)));
        JsonResponseWriter.write(request, answer);
    }
}
