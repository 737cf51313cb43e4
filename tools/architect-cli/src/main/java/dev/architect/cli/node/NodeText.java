package dev.architect.cli.node;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.node.NodeRecord;
import dev.architect.node.NodeRole;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Nodes as words and as JSON. */
final class NodeText {

    private NodeText() {}

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** How long ago something was, to a tenth of a second below a minute. */
    static String ago(Duration duration) {
        if (duration.toSeconds() < 60) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1_000.0);
        }
        return duration.toMinutes() < 60
                ? duration.toMinutes() + " min"
                : duration.toHours() + " h " + duration.toMinutesPart() + " min";
    }

    static List<String> roles(NodeRecord node, List<NodeRole> roles) {
        return roles.stream()
                .filter(role -> role.holder() == node.incarnation())
                .map(NodeRole::name)
                .toList();
    }

    /** As the server shows a node; the incarnation is text, for it may be larger than what JavaScript counts. */
    static ObjectNode json(ObjectMapper mapper, NodeRecord node, List<NodeRole> roles) {
        ObjectNode json = mapper.createObjectNode()
                .put("id", Long.toString(node.incarnation()))
                .put("name", node.info().name())
                .put("version", node.info().version())
                .put("state", word(node.state()))
                .put("order", word(node.order()))
                .put("running", node.load().running())
                .put("slots", node.load().slots())
                .put("sinceBeatMs", node.sinceBeat().toMillis())
                .put("joinedAt", node.joinedAt().toString())
                .put("endedAt", node.endedAt().map(Object::toString).orElse(null))
                .put("member", node.info().member())
                .put("address", node.info().address());
        new TreeSet<>(node.info().capabilities()).forEach(json.putArray("capabilities")::add);
        roles(node, roles).forEach(json.putArray("roles")::add);
        return json;
    }
}
