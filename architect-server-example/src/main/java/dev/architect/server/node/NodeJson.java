package dev.architect.server.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.node.NodeRecord;
import dev.architect.node.NodeRole;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonResponseWriter;
import java.util.List;
import java.util.TreeSet;

/** Nodes and roles as JSON. Numbers of incarnations are text, for they may be larger than what JavaScript counts. */
public final class NodeJson {

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
