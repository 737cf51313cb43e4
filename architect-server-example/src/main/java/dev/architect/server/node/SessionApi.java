package dev.architect.server.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.Sessions;
import dev.architect.node.NodeSession;
import dev.architect.node.PoolSettings;
import dev.architect.node.PoolStatus;
import dev.architect.node.SessionNotFoundException;
import dev.architect.node.SessionState;
import dev.architect.node.StaleDocumentException;
import dev.architect.server.live.LiveTopics;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import dev.architect.task.PoolLimits;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
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

    private static final String MIN = "minSessions";
    private static final String MAX = "maxSessions";
    private static final String SLOTS = "slotsPerSession";

    private static final String AREA = "sessions";

    private static final Set<String> MOVES = Set.of("session-opened", "session-draining", "session-closed");

    /** How many steps of all pools are looked through. */
    private static final int MOST_MOVES = 500;

    private static final Schema POOL = Schema.object()
            .required(KIND, Schema.text())
            .required(List.of("nodes", "sessionCount", "slots", "busy"), Schema.integer())
            .required(List.of(MIN, MAX, SLOTS), Schema.integer().orNull())
            .required("changed", Schema.list(Schema.words(MIN, MAX, SLOTS)))
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
                Operation.patch("updatePool", POOLS + "/{kind}", Permission.write(AREA), this::update)
                        .summary("Sets limits of a session pool on all nodes, or with null leaves them to each node.")
                        .ifMatch()
                        .body(Schema.object()
                                .optional(
                                        MIN,
                                        Schema.integer(1, PoolLimits.MOST_SESSIONS)
                                                .orNull())
                                .optional(
                                        MAX,
                                        Schema.integer(1, PoolLimits.MOST_SESSIONS)
                                                .orNull())
                                .optional(
                                        SLOTS,
                                        Schema.integer(1, PoolLimits.MOST_SLOTS).orNull())
                                .closed())
                        .answer(200, "The pool.", POOL)
                        .refuses(404, "not-found"),
                Operation.get("listPoolMoves", POOLS + "/{kind}/moves", Permission.read(AREA), this::moves)
                        .summary("Lists how a session pool has changed its size lately, the newest first.")
                        .answer(
                                200,
                                "The steps, each with its cause.",
                                Schema.object()
                                        .required(
                                                "moves",
                                                Schema.list(Schema.object()
                                                        .required("at", Schema.instant())
                                                        .required(List.of(KIND, "text"), Schema.text())
                                                        .open()))
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
        Map<String, PoolSettings> settings = architect.sessions().poolSettings();
        architect
                .sessions()
                .pools()
                .forEach(pool ->
                        pools.add(json(pool, settings.getOrDefault(pool.kind(), PoolSettings.none(pool.kind())))));
        JsonResponseWriter.write(request, answer);
    }

    private PoolStatus find(String kind) {
        return architect.sessions().pools().stream()
                .filter(pool -> pool.kind().equals(kind))
                .findFirst()
                .orElseThrow(() -> ApiException.notFound("pool " + BodyFields.shorten(kind)
                        + " does not exist, expected a kind of session that a living node has"));
    }

    /** What is absent stays, and what is null is left to the configuration of each node. */
    private void update(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(MIN, MAX, SLOTS));
        long seen = EntityTag.required(request);
        PoolStatus pool = find(request.pathParam(KIND));
        PoolSettings before = architect.sessions().poolSettings(pool.kind());
        PoolSettings wanted = merged(fields, before);
        requireFitting(fields, wanted);
        try {
            if (before.version() != seen) {
                throw new StaleDocumentException(pool.kind(), seen, before.version());
            }
            write(request, pool, architect.sessions().setPool(wanted));
        } catch (StaleDocumentException changed) {
            PoolSettings now = architect.sessions().poolSettings(pool.kind());
            throw EntityTag.stale(seen, now.version(), json(pool, now), List.of());
        }
    }

    private static PoolSettings merged(BodyFields fields, PoolSettings before) {
        // One after the other, so that each error names its own field; the minimum last, which the maximum limits.
        PoolSettings wanted = set(fields, SLOTS, before, before.slotsPerSession(), PoolSettings::withSlotsPerSession);
        Optional<Integer> min = fields.names().contains(MIN) ? fields.integer(MIN) : wanted.minSessions();
        wanted = set(
                fields,
                MAX,
                wanted.withMinSessions(Optional.empty()),
                wanted.maxSessions(),
                PoolSettings::withMaxSessions);
        PoolSettings free = wanted;
        String blamed = fields.has(MIN) || !fields.has(MAX) ? MIN : MAX;
        return fields.checked(blamed, () -> free.withMinSessions(min));
    }

    /** A minimum by itself must not be above the maximum of this node's configuration. */
    private void requireFitting(BodyFields fields, PoolSettings wanted) {
        Optional<Integer> most =
                architect.sessions().configuredLimits(wanted.kind()).map(PoolLimits::maxSessions);
        if (wanted.maxSessions().isEmpty()
                && most.isPresent()
                && wanted.minSessions().filter(least -> least > most.get()).isPresent()) {
            throw fields.invalid(
                    MIN,
                    MIN + " is " + wanted.minSessions().get() + ", expected at most " + MAX + ", which is "
                            + most.get());
        }
    }

    private static PoolSettings set(
            BodyFields fields,
            String name,
            PoolSettings before,
            Optional<Integer> known,
            BiFunction<PoolSettings, Optional<Integer>, PoolSettings> change) {
        Optional<Integer> value = fields.names().contains(name) ? fields.integer(name) : known;
        return fields.checked(name, () -> change.apply(before, value));
    }

    private void write(Context request, PoolStatus pool, PoolSettings settings) {
        EntityTag.put(request, settings.version());
        JsonResponseWriter.write(request, json(pool, settings));
    }

    private void pool(Context request) {
        String kind = request.pathParam(KIND);
        PoolStatus found = find(kind);
        PoolSettings settings = architect.sessions().poolSettings(kind);
        EntityTag.put(request, settings.version());
        ObjectNode answer = json(found, settings);
        answer.set("sessions", list(session -> session.session().kind().equals(kind)));
        JsonResponseWriter.write(request, answer);
    }

    private void moves(Context request) {
        String beginning = "Session " + find(request.pathParam(KIND)).kind() + "-";
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode moves = answer.putArray("moves");
        architect.activity().ofKinds(MOVES, Long.MAX_VALUE, MOST_MOVES).stream()
                .filter(entry -> entry.text().startsWith(beginning))
                .forEach(entry -> moves.addObject()
                        .put("at", entry.at().toString())
                        .put(KIND, entry.kind())
                        .put("text", entry.text()));
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

    /** The limits are those of this node as they are with the settings; where it has no such pool, what is set. */
    private ObjectNode json(PoolStatus pool, PoolSettings settings) {
        Optional<PoolLimits> own =
                architect.sessions().configuredLimits(pool.kind()).map(settings::applyTo);
        ObjectNode json = JsonResponseWriter.object()
                .put(KIND, pool.kind())
                .put("nodes", pool.nodes())
                .put("sessionCount", pool.sessions())
                .put("slots", pool.slots())
                .put("busy", pool.busy());
        json.put(MIN, own.map(PoolLimits::minSessions).or(settings::minSessions).orElse(null));
        json.put(MAX, own.map(PoolLimits::maxSessions).or(settings::maxSessions).orElse(null));
        json.put(
                SLOTS,
                own.map(PoolLimits::slotsPerSession)
                        .or(settings::slotsPerSession)
                        .orElse(null));
        ArrayNode changed = json.putArray("changed");
        settings.minSessions().ifPresent(set -> changed.add(MIN));
        settings.maxSessions().ifPresent(set -> changed.add(MAX));
        settings.slotsPerSession().ifPresent(set -> changed.add(SLOTS));
        return json;
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
