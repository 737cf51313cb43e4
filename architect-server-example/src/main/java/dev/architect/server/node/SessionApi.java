package dev.architect.server.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.node.NodeSession;
import dev.architect.node.PoolStatus;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The resources {@code /api/pools} and {@code /api/sessions}: the sessions of all nodes that share the store. */
public final class SessionApi {

    private static final String POOLS = "/api/pools";
    private static final String SESSIONS = "/api/sessions";
    private static final String KIND = "kind";
    private static final String NODE = "node";
    private static final String NAME = "name";

    private static final String AREA = "sessions";

    private static final Schema POOL = Schema.object()
            .required(KIND, Schema.text())
            .required(List.of("nodes", "sessionCount", "slots", "busy"), Schema.integer())
            .open()
            .named("Pool");

    private static final Schema SESSION = Schema.object()
            .required(List.of(NAME, KIND, NODE, "incarnation"), Schema.text())
            .required(List.of("slots", "busy"), Schema.integer())
            .open()
            .named("NodeSession");

    private final Architect architect;

    /** Creates the resource. */
    public SessionApi(Architect architect) {
        this.architect = architect;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("listPools", POOLS, Permission.read(AREA), this::pools)
                        .summary("Lists the session pools, each over all nodes.")
                        .answer(
                                200,
                                "The pools.",
                                Schema.object()
                                        .required("pools", Schema.list(POOL))
                                        .open()),
                Operation.get("getPool", POOLS + "/{kind}", Permission.read(AREA), this::pool)
                        .summary("Shows a session pool with its sessions.")
                        .answer(
                                200,
                                "The pool.",
                                Schema.object()
                                        .all(POOL)
                                        .required("sessions", Schema.list(SESSION))
                                        .open())
                        .refuses(404, "not-found"),
                Operation.get("listSessions", SESSIONS, Permission.read(AREA), this::sessions)
                        .summary("Lists the sessions of all nodes.")
                        .query(KIND, Schema.text(), "Only those of this kind.")
                        .query(NODE, Schema.text(), "Only those of the node of this name.")
                        .answer(
                                200,
                                "The sessions.",
                                Schema.object()
                                        .required("sessions", Schema.list(SESSION))
                                        .open()),
                Operation.get("getSession", SESSIONS + "/{incarnation}/{name}", Permission.read(AREA), this::session)
                        .summary("Shows a session.")
                        .answer(200, "The session.", SESSION)
                        .refuses(404, "not-found"));
    }

    private void pools(Context request) {
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode pools = answer.putArray("pools");
        architect.sessions().pools().forEach(pool -> pools.add(json(pool)));
        JsonResponseWriter.write(request, answer);
    }

    private void pool(Context request) {
        String kind = request.pathParam(KIND);
        ObjectNode answer = architect.sessions().pools().stream()
                .filter(pool -> pool.kind().equals(kind))
                .findFirst()
                .map(SessionApi::json)
                .orElseThrow(() -> ApiException.notFound("pool " + BodyFields.shorten(kind)
                        + " does not exist, expected a kind of session that a living node has"));
        answer.set("sessions", list(session -> session.session().kind().equals(kind)));
        JsonResponseWriter.write(request, answer);
    }

    private void sessions(Context request) {
        QueryParameters parameters = new QueryParameters(request, Set.of(KIND, NODE));
        Optional<String> kind = parameters.text(KIND);
        Optional<String> node = parameters.text(NODE);
        ObjectNode answer = JsonResponseWriter.object();
        answer.set(
                "sessions",
                list(each -> kind.map(each.session().kind()::equals).orElse(true)
                        && node.map(each.node()::equals).orElse(true)));
        JsonResponseWriter.write(request, answer);
    }

    private void session(Context request) {
        String incarnation = request.pathParam("incarnation");
        String name = request.pathParam(NAME);
        ArrayNode found = list(each -> Long.toString(each.incarnation()).equals(incarnation)
                && each.session().name().equals(name));
        if (found.isEmpty()) {
            throw ApiException.notFound("session " + BodyFields.shorten(name) + " of node "
                    + BodyFields.shorten(incarnation) + " does not exist, expected one of a living node");
        }
        JsonResponseWriter.write(request, found.get(0));
    }

    private ArrayNode list(Predicate<NodeSession> wanted) {
        ArrayNode sessions = JsonResponseWriter.array();
        architect.sessions().all().stream().filter(wanted).forEach(each -> sessions.add(json(each)));
        return sessions;
    }

    private static ObjectNode json(PoolStatus pool) {
        return JsonResponseWriter.object()
                .put(KIND, pool.kind())
                .put("nodes", pool.nodes())
                .put("sessionCount", pool.sessions())
                .put("slots", pool.slots())
                .put("busy", pool.busy());
    }

    private static ObjectNode json(NodeSession each) {
        return JsonResponseWriter.object()
                .put(NAME, each.session().name())
                .put(KIND, each.session().kind())
                .put(NODE, each.node())
                .put("incarnation", Long.toString(each.incarnation()))
                .put("slots", each.session().slots())
                .put("busy", each.session().busy());
    }
}
