package dev.architect.server.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.node.NodeRecord;
import dev.architect.node.NodeRole;
import dev.architect.node.NodeState;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonResponseWriter;
import java.util.List;
import java.util.TreeSet;

/** Nodes and roles as JSON. Numbers of incarnations are text, for they may be larger than what JavaScript counts. */
public final class NodeJson {

    /** A node. */
    static final Schema NODE = Schema.object()
            .required(List.of("id", "name", "version", "member", "address"), Schema.text())
            .required("state", Schema.words(NodeState.class))
            .required("order", Schema.words("work", "cordon", "drain"))
            .required(List.of("running", "slots"), Schema.integer())
            .required("sinceBeatMs", Schema.number())
            .required("joinedAt", Schema.instant())
            .required("endedAt", Schema.instant().orNull())
            .required(List.of("capabilities", "roles"), Schema.list(Schema.text()))
            .open()
            .named("Node");

    /** A role. */
    static final Schema ROLE = Schema.object()
            .required("name", Schema.text())
            .required("epoch", Schema.integer())
            .required("holder", Schema.text().orNull())
            .open()
            .named("Role");

    private NodeJson() {}

    /** Returns a node. */
    public static ObjectNode of(NodeRecord node, List<NodeRole> roles) {
        ObjectNode json = JsonResponseWriter.object()
                .put("id", Long.toString(node.incarnation()))
                .put("name", node.info().name())
                .put("version", node.info().version())
                .put("state", EnumWords.of(node.state()))
                .put("order", EnumWords.of(node.order()))
                .put("running", node.load().running())
                .put("slots", node.load().slots());
        JsonResponseWriter.putMillis(json, "sinceBeatMs", node.sinceBeat());
        json.put("joinedAt", node.joinedAt().toString())
                .put("endedAt", node.endedAt().map(Object::toString).orElse(null))
                .put("member", node.info().member())
                .put("address", node.info().address());
        ArrayNode capabilities = json.putArray("capabilities");
        new TreeSet<>(node.info().capabilities()).forEach(capabilities::add);
        ArrayNode held = json.putArray("roles");
        roles.stream()
                .filter(role -> role.holder() == node.incarnation())
                .map(NodeRole::name)
                .forEach(held::add);
        return json;
    }

    /** Returns a role; its holder is null when it is free. */
    static ObjectNode of(NodeRole role) {
        return JsonResponseWriter.object()
                .put("name", role.name())
                .put("epoch", role.epoch())
                .put("holder", role.isFree() ? null : Long.toString(role.holder()));
    }
}
