package dev.architect.server.project;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.error.DidYouMean;
import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.PlanningException;
import dev.architect.project.ProjectId;
import dev.architect.project.StaleVersionException;
import dev.architect.project.Versioned;
import dev.architect.project.board.BoardColumn;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemKey;
import dev.architect.project.rule.Projects;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.access.Principal;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.Creations;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** What requests about projects have in common: names in paths, changes of some fields, and what refusals become. */
final class ProjectRequest {

    static final String AREA = "projects";

    /** Who acts; the local operator may speak for others. */
    static final String ACTOR = "Architect-Actor";

    private static final Actor OPERATOR = Actor.person("operator");
    private static final int CONFLICT = 409;
    private static final int UNPROCESSABLE = 422;

    private ProjectRequest() {}

    /** Describes an operation that changes something. */
    static Operation writing(Operation operation) {
        return reading(operation)
                .header(
                        ACTOR,
                        Schema.text(),
                        "Who acts, as person:ada or agent:coder; only the local operator may name others.")
                .refuses(400, "invalid-value")
                .refuses(CONFLICT, "name-taken", "not-possible", "project-closed", "too-many", "wip-limit")
                .refuses(UNPROCESSABLE, "cycle", "other-project", "too-deep");
    }

    /** Describes an operation about something that may not be there. */
    static Operation reading(Operation operation) {
        return operation.refuses(404, "not-found");
    }

    /** Returns a handler whose refusals are told to the client. */
    static Handler handler(Handler handler) {
        return request -> {
            try {
                handler.handle(request);
            } catch (PlanningException refused) {
                throw refusal(refused);
            } catch (StaleVersionException stale) {
                throw stale(stale, EntityTag.required(request));
            } catch (InvalidFieldException wrong) {
                throw wrong(wrong);
            }
        };
    }

    private static ApiException wrong(InvalidFieldException wrong) {
        String message = String.valueOf(wrong.getMessage());
        if (wrong.field().equals("q")) {
            return ApiException.invalidParameter("q", message);
        }
        return wrong.isUnknown()
                ? ApiException.unknownField(wrong.field(), message)
                : ApiException.invalidValue(wrong.field(), message);
    }

    static ApiException refusal(PlanningException refused) {
        String message = String.valueOf(refused.getMessage());
        String field = refused.field().isEmpty() ? null : refused.field();
        return switch (refused.kind()) {
            case NOT_FOUND ->
                field == null ? ApiException.notFound(message) : ApiException.invalidValue(field, message);
            case TAKEN -> new ApiException(CONFLICT, "name-taken", message, field, null);
            case WIP_LIMIT -> new ApiException(CONFLICT, "wip-limit", message, field, null);
            case PROJECT_CLOSED -> new ApiException(CONFLICT, "project-closed", message, field, null);
            case NOT_POSSIBLE -> new ApiException(CONFLICT, "not-possible", message, field, null);
            case TOO_MANY -> new ApiException(CONFLICT, "too-many", message, field, null);
            case CYCLE -> new ApiException(UNPROCESSABLE, "cycle", message, field, null);
            case TOO_DEEP -> new ApiException(UNPROCESSABLE, "too-deep", message, field, null);
            case OTHER_PROJECT -> new ApiException(UNPROCESSABLE, "other-project", message, field, null);
        };
    }

    static ApiException stale(StaleVersionException stale, long seen) {
        Versioned current = stale.current();
        return EntityTag.stale(seen, current.revision().version(), ProjectJson.of(current), stale.changed());
    }

    /** Who acts: a user and an agent for themselves, the local operator for whomever it names. */
    static Actor actor(Context request) {
        Principal principal = AccessFilter.principal(request);
        Actor own = principal
                .user()
                .map(user -> Actor.person(user.name()))
                .or(() -> principal.agent().map(agent -> Actor.agent(agent.name())))
                .orElse(OPERATOR);
        String stated = request.header(ACTOR);
        if (stated == null) {
            return own;
        }
        Actor wanted;
        try {
            wanted = Actor.parse(stated.strip());
        } catch (IllegalArgumentException wrong) {
            throw ApiException.invalidHeader(ACTOR, ACTOR + ": " + wrong.getMessage());
        }
        if (!wanted.equals(own) && !own.equals(OPERATOR)) {
            throw ApiException.forbidden(ACTOR + " is " + wanted + ", expected " + own + " or none");
        }
        return wanted;
    }

    /** The project that the path names. */
    static ProjectId project(Context request) {
        return project(request.pathParam("key"));
    }

    static ProjectId project(String name) {
        try {
            return new ProjectId(name);
        } catch (IllegalArgumentException nothing) {
            throw ApiException.notFound("there is no project of that name, expected the key of one");
        }
    }

    /** The id that the path names. */
    static <T> T id(Context request, Function<String, T> parser) {
        return id(request.pathParam("id"), parser);
    }

    static <T> T id(String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException nothing) {
            throw ApiException.notFound("there is nothing with that id, expected one of thirteen characters");
        }
    }

    /** The item that a text names by its id or its key. */
    static Item item(Architect architect, String text) {
        return ItemKey.isKey(text)
                ? architect.projects().items().get(ItemKey.parse(text))
                : architect.projects().items().get(id(text, ItemId::parse));
    }

    /** The body as fields, none of them unknown. */
    static JsonFields body(Context request, Set<String> known) {
        return fields(JsonBodyReader.read(request), known);
    }

    static JsonFields fields(ObjectNode body, Set<String> known) {
        JsonFields fields = JsonFields.parse(body.toString());
        fields.allowOnly(known);
        return fields;
    }

    /**
     * Returns a thing with the changes of a body (RFC 7396).
     *
     * @param current its fields now
     * @param known the fields that may be changed
     */
    static ObjectNode patched(Map<String, Object> current, ObjectNode body, Set<String> known) {
        fields(body, known);
        ObjectNode merged = tree(current);
        merge(merged, body);
        return merged;
    }

    private static void merge(ObjectNode target, ObjectNode patch) {
        patch.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                target.remove(entry.getKey());
            } else if (value instanceof ObjectNode inner && target.get(entry.getKey()) instanceof ObjectNode there) {
                merge(there, inner);
            } else {
                target.set(entry.getKey(), value);
            }
        });
    }

    static ObjectNode tree(Map<String, Object> fields) {
        return (ObjectNode) JsonResponseWriter.parsed(JsonText.write(fields)).orElseThrow();
    }

    /** Writes names of labels, custom fields, parents and columns as their ids. */
    static void resolve(Projects projects, ProjectId project, ObjectNode body) {
        if (body.get("labels") instanceof ArrayNode labels && !labels.isEmpty()) {
            Map<String, PartId> known = new LinkedHashMap<>();
            projects.parts()
                    .labels(project)
                    .forEach(label -> known.put(label.draft().name(), label.id()));
            for (int i = 0; i < labels.size(); i++) {
                if (labels.get(i).isTextual()) {
                    labels.set(i, named("labels[" + i + "]", labels.get(i).textValue(), known));
                }
            }
        }
        if (body.get("fields") instanceof ObjectNode fields && !fields.isEmpty()) {
            Map<String, PartId> known = new LinkedHashMap<>();
            projects.parts()
                    .fields(project)
                    .forEach(field -> known.put(field.draft().name(), field.id()));
            Map<String, JsonNode> values = new LinkedHashMap<>();
            fields.properties().forEach(each -> values.put(each.getKey(), each.getValue()));
            fields.removeAll();
            values.forEach((name, value) -> fields.set(named("fields." + name, name, known), value));
        }
        if (body.path("parent").isTextual() && ItemKey.isKey(body.get("parent").textValue())) {
            String key = body.get("parent").textValue();
            try {
                body.put("parent", projects.items().get(ItemKey.parse(key)).id().toString());
            } catch (PlanningException nothing) {
                throw ApiException.invalidValue("parent", "parent is " + key + ", expected an item that is there");
            }
        }
    }

    private static String named(String path, String text, Map<String, PartId> known) {
        for (Map.Entry<String, PartId> each : known.entrySet()) {
            if (each.getKey().equalsIgnoreCase(text)
                    || each.getValue().toString().equals(text)) {
                return each.getValue().toString();
            }
        }
        // A value that is there already may be of a field that was deleted.
        if (isId(text)) {
            return text;
        }
        throw ApiException.invalidValue(
                path,
                path + " is '" + JsonFields.shorten(text) + "', "
                        + DidYouMean.of(text, known.keySet())
                                .map(near -> "did you mean '" + near + "'?")
                                .orElse("expected one of " + known.keySet()));
    }

    private static boolean isId(String text) {
        try {
            PartId.parse(text);
            return true;
        } catch (IllegalArgumentException nameOnly) {
            return false;
        }
    }

    /** The column that a field names by its id or title. */
    static PartId column(Projects projects, ProjectId project, String field, String text) {
        List<BoardColumn> columns = projects.boards().columns(project);
        return columns.stream()
                .filter(each -> each.id().toString().equals(text)
                        || each.draft().title().toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> ApiException.invalidValue(
                        field,
                        field + " is '" + JsonFields.shorten(text) + "', expected one of "
                                + columns.stream()
                                        .map(each -> each.draft().title())
                                        .toList()))
                .id();
    }

    /** Responds with a thing and its version. */
    static void answer(Context request, int status, Versioned thing) {
        EntityTag.put(request, thing.revision().version());
        request.status(status);
        JsonResponseWriter.write(request, ProjectJson.of(thing));
    }

    /** Creates a thing, and responds with it and its version. */
    static <T extends Versioned> void create(Context request, Class<T> made, Supplier<T> creation) {
        Creations.respond(
                request,
                made,
                creation,
                thing -> Creations.answer(
                        201, Map.of("ETag", EntityTag.of(thing.revision().version())), ProjectJson.of(thing)));
    }

    /** Responds with a list of all there are. */
    static void answer(Context request, List<? extends Versioned> things) {
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode items = answer.putArray("items");
        things.forEach(each -> items.add(ProjectJson.of(each)));
        JsonResponseWriter.write(request, answer);
    }
}
