package dev.architect.server.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.Nodes;
import dev.architect.node.NodeNotFoundException;
import dev.architect.node.NodeRecord;
import dev.architect.node.NodeRole;
import dev.architect.node.NodeState;
import dev.architect.server.live.LiveTopics;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
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

    private static final String AREA = "nodes";

    private final Architect architect;

    /** Creates the resource. */
    public NodeApi(Architect architect) {
        this.architect = architect;
    }

    /** The nodes, to follow. */
    public LiveTopics topics() {
        return LiveTopics.named("nodes", new NodeTopic(architect));
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("listNodes", PATH, Permission.read(AREA), this::list)
                        .summary("Lists the nodes that share the store, those that ended in the last hours included.")
                        .query(STATE, Schema.text(), "Only those in one of these states, with commas between them.")
                        .answer(
                                200,
                                "The nodes.",
                                Schema.object()
                                        .required("nodes", Schema.list(NodeJson.NODE))
                                        .open()),
                ofOne(Operation.get("getNode", ONE, Permission.read(AREA), request -> write(request, record(request))))
                        .summary("Shows a node."),
                ordering("cordonNode", "/cordon", Nodes::cordon)
                        .summary("Lets a node claim nothing more; what runs on it goes on to its end."),
                ordering("drainNode", "/drain", Nodes::drain)
                        .summary("As cordonNode; what still runs after the stop timeout is handed back."),
                ordering("resumeNode", "/resume", Nodes::resume).summary("Lets a node claim tasks again."),
                ordering("uncordonNode", "/uncordon", Nodes::resume).summary("The same as resumeNode."),
                Operation.get("listRoles", "/api/roles", Permission.read(AREA), this::roles)
                        .summary("Lists what one node at a time does for all.")
                        .answer(
                                200,
                                "The roles.",
                                Schema.object()
                                        .required("roles", Schema.list(NodeJson.ROLE))
                                        .open()));
    }

    private static Operation ofOne(Operation operation) {
        return operation.answer(200, "The node.", NodeJson.NODE).refuses(404, "not-found");
    }

    private Operation ordering(String id, String action, ObjLongConsumer<Nodes> order) {
        return ofOne(Operation.post(id, ONE + action, Permission.act(AREA), request -> order(request, order)))
                .refuses(409, "wrong-state");
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
