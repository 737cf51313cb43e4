package dev.architect.server.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cluster.Availability;
import dev.architect.cluster.Cluster;
import dev.architect.cluster.ClusterView;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonResponseWriter;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Whether what is deployed outlives the loss of a machine, and how the nodes see each other. */
public final class ClusterApi {

    private final Optional<Cluster> cluster;

    /** Creates the resource; the cluster is empty for a server that takes part in none. */
    public ClusterApi(Optional<Cluster> cluster) {
        this.cluster = cluster;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(Operation.get("getCluster", "/api/cluster", Permission.read("nodes"), this::show)
                .summary("Says whether what is deployed outlives the loss of a machine, and who sees whom.")
                .answer(
                        200,
                        "The cluster.",
                        Schema.object()
                                .required(List.of("highlyAvailable", "split"), Schema.truth())
                                .required("views", Schema.text())
                                .required(
                                        "reasons",
                                        Schema.list(Schema.object()
                                                .required(List.of("cause", "text"), Schema.text())
                                                .open()))
                                .required(
                                        "isolated",
                                        Schema.list(Schema.object()
                                                .required(List.of("member", "reason"), Schema.text())
                                                .open()))
                                .open()));
    }

    private void show(Context request) {
        JsonResponseWriter.write(request, cluster.map(ClusterApi::json).orElseGet(ClusterApi::without));
    }

    private static ObjectNode json(Cluster cluster) {
        Availability availability = cluster.availability();
        ClusterView view = cluster.view();
        ObjectNode json = JsonResponseWriter.object().put("highlyAvailable", availability.isHighlyAvailable());
        ArrayNode reasons = json.putArray("reasons");
        availability
                .reasons()
                .forEach(reason -> reasons.addObject()
                        .put("cause", EnumWords.of(reason.cause()))
                        .put("text", reason.text()));
        json.put("split", view.isSplit()).put("views", view.describeViews());
        ArrayNode isolated = json.putArray("isolated");
        new TreeMap<>(view.isolated())
                .forEach((member, reason) ->
                        isolated.addObject().put("member", member).put("reason", reason));
        return json;
    }

    private static ObjectNode without() {
        ObjectNode json = JsonResponseWriter.object().put("highlyAvailable", false);
        json.putArray("reasons")
                .addObject()
                .put("cause", "no-cluster")
                .put("text", "this server takes part in no cluster, its configuration has no section cluster");
        json.put("split", false).put("views", "").putArray("isolated");
        return json;
    }
}
