package dev.architect.server.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.Sessions;
import dev.architect.node.NodeSession;
import dev.architect.node.PoolStatus;
import dev.architect.node.SessionNotFoundException;
import dev.architect.node.SessionState;
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
    private static final String INCARNATION = "incarnation";
    private static final String SESSION_PATH = SESSIONS + "/{incarnation}/{name}";

    private static final String AREA = "sessions";

    private static final Schema POOL = Schema.object()
            .required(KIND, Schema.text())
            .required(List.of("nodes", "sessionCount", "slots", "busy"), Schema.integer())
            .open()
            .named("Pool");

    private static final Schema SESSION = Schema.object()
            .required(List.of(NAME, KIND, NODE, INCARNATION, "state"), Schema.text())
            .required(List.of("slots", "busy"), Schema.integer())
            .open()
            .named("NodeSession");

    private final Architect architect;

    /** Creates the resource. */
    public SessionApi(Architect architect) {
        this.architect = architect;
    }

    /** The sessions, to follow. */
    public LiveTopics topics() {
        return LiveTopics.named("sessions", new SessionTopic(architect));
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
                ofOne(Operation.get("getSession", SESSION_PATH, Permission.read(AREA), this::session))
                        .summary("Shows a session."),
                ending("drainSession", "/drain", Sessions::drain)
                        .summary("Lets a session take nothing more, and end when it runs nothing any more."),
                ending("restartSession", "/restart", Sessions::restart)
                        .summary("As drainSession; another session is opened in its place then."));
    }

    private static Operation ofOne(Operation operation) {
        return operation.answer(200, "The session.", SESSION).refuses(404, "not-found");
    }

    private Operation ending(String id, String action, Ending ending) {
        return ofOne(Operation.post(id, SESSION_PATH + action, Permission.act(AREA), request -> end(request, ending)));
    }

    /** What a session is asked to do. */
    private interface Ending {
        boolean ask(Sessions sessions, long incarnation, String name);
    }

    private void end(Context request, Ending ending) {
        NodeSession session = find(request);
        try {
            ending.ask(
                    architect.sessions(),
                    session.incarnation(),
                    session.session().name());
        } catch (SessionNotFoundException ended) {
            throw notFound(request);
        }
        // As it was, but for what was asked: it may have ended by now.
        JsonResponseWriter.write(
                request,
                json(new NodeSession(session.incarnation(), session.node(), session.session(), SessionState.DRAINING)));
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
        JsonResponseWriter.write(request, json(find(request)));
    }

    private NodeSession find(Context request) {
        String incarnation = request.pathParam(INCARNATION);
        String name = request.pathParam(NAME);
        return architect.sessions().all().stream()
                .filter(each -> Long.toString(each.incarnation()).equals(incarnation)
                        && each.session().name().equals(name))
                .findFirst()
                .orElseThrow(() -> notFound(request));
    }

    private static ApiException notFound(Context request) {
        return ApiException.notFound("session " + BodyFields.shorten(request.pathParam(NAME)) + " of node "
                + BodyFields.shorten(request.pathParam(INCARNATION))
                + " does not exist, expected one of a living node");
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

    static ObjectNode json(NodeSession each) {
        return JsonResponseWriter.object()
                .put(NAME, each.session().name())
                .put(KIND, each.session().kind())
                .put(NODE, each.node())
                .put(INCARNATION, Long.toString(each.incarnation()))
                .put("slots", each.session().slots())
                .put("busy", each.session().busy())
                .put("state", EnumWords.of(each.state()));
    }
}
