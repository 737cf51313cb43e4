package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.project.ProjectId;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import dev.architect.spi.TaskStore;
import dev.architect.task.KeyLimit;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The resource {@code /api/limits}: how many tasks with a limit key may be ready or run at once. Keys have any characters, and stand in no path. */
public final class LimitApi {

    private static final String PATH = "/api/limits";
    private static final String PROJECT = "project";
    private static final String KEY = "key";
    private static final String MAX_RUNNING = "maxRunning";
    private static final String AFTER_PROJECT = "afterProject";
    private static final String AFTER_KEY = "afterKey";
    private static final String LIMIT = "limit";
    private static final int DEFAULT_PAGE = 50;

    private static final String AREA = "queues";

    private static final Schema ONE = Schema.object()
            .required(List.of(PROJECT, KEY), Schema.text())
            .required(MAX_RUNNING, Schema.integer())
            .open()
            .named("KeyLimit");

    private final Architect architect;

    /** Creates the resource. */
    public LimitApi(Architect architect) {
        this.architect = architect;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("listLimits", PATH, Permission.read(AREA), this::list)
                        .summary("Lists the limit keys that have a limit of their own, by project and key.")
                        .query(AFTER_PROJECT, Schema.text(), "The project of the last one of the page before.")
                        .query(AFTER_KEY, Schema.text(), "The key of the last one of the page before.")
                        .query(LIMIT, Schema.integer(1, TaskStore.MAX_BATCH), "How many at most.")
                        .answer(
                                200,
                                "A page of limits.",
                                Schema.object()
                                        .required("limits", Schema.list(ONE))
                                        .open()),
                Operation.put("saveLimit", PATH, Permission.write(AREA), this::set)
                        .summary("Sets how many tasks with a limit key may be ready or run at once.")
                        .body(Schema.object()
                                .optional(PROJECT, Schema.text())
                                .required(KEY, Schema.text())
                                .required(MAX_RUNNING, Schema.integer())
                                .closed())
                        .answer(200, "The limit.", ONE),
                Operation.delete("deleteLimit", PATH, Permission.write(AREA), this::remove)
                        .summary("Gives a limit key the usual limit again.")
                        .query(PROJECT, Schema.text(), "The project of the key.")
                        .query(KEY, Schema.text(), "The key; required.")
                        .answer(200, "The limit that it has now.", ONE)
                        .refuses(404, "not-found"));
    }

    private void list(Context request) {
        QueryParameters parameters = new QueryParameters(request, Set.of(AFTER_PROJECT, AFTER_KEY, LIMIT));
        int page = parameters.integer(LIMIT, 1, TaskStore.MAX_BATCH, DEFAULT_PAGE);
        Optional<KeyLimit> after = parameters
                .text(AFTER_KEY)
                .map(key -> limit(AFTER_KEY, project(AFTER_PROJECT, parameters.text(AFTER_PROJECT)), key, 1));
        if (after.isEmpty() && parameters.text(AFTER_PROJECT).isPresent()) {
            throw ApiException.invalidParameter(
                    AFTER_PROJECT, AFTER_PROJECT + " is given without " + AFTER_KEY + ", expected both or neither");
        }
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode limits = answer.putArray("limits");
        architect.limits().list(after, page).forEach(limit -> limits.add(json(limit)));
        JsonResponseWriter.write(request, answer);
    }

    private void set(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(PROJECT, KEY, MAX_RUNNING));
        ProjectId project = fields.checked(
                PROJECT,
                () -> fields.text(PROJECT)
                        .map(text -> new ProjectId(BodyFields.shorten(text)))
                        .orElse(ProjectId.DEFAULT));
        String key = fields.requiredText(KEY);
        KeyLimit named = fields.checked(KEY, () -> new KeyLimit(project, key, 1));
        int most = fields.integer(MAX_RUNNING)
                .orElseThrow(() ->
                        fields.invalid(MAX_RUNNING, MAX_RUNNING + " is missing, expected a whole number, 1 or more"));
        KeyLimit limit = fields.checked(MAX_RUNNING, () -> new KeyLimit(project, named.key(), most));
        architect.limits().set(limit);
        JsonResponseWriter.write(request, json(limit));
    }

    private void remove(Context request) {
        QueryParameters parameters = new QueryParameters(request, Set.of(PROJECT, KEY));
        ProjectId project = project(PROJECT, parameters.text(PROJECT));
        String key = parameters
                .text(KEY)
                .orElseThrow(() -> ApiException.invalidParameter(KEY, KEY + " is missing, expected a limit key"));
        KeyLimit standard = limit(KEY, project, key, KeyLimit.DEFAULT);
        if (!architect.limits().remove(project, key)) {
            throw ApiException.notFound("key '" + BodyFields.shorten(key) + "' of project " + project.name()
                    + " has no limit of its own, expected one that has");
        }
        JsonResponseWriter.write(request, json(standard));
    }

    private static ProjectId project(String field, Optional<String> name) {
        return checked(
                field,
                () -> name.map(text -> new ProjectId(BodyFields.shorten(text))).orElse(ProjectId.DEFAULT));
    }

    private static KeyLimit limit(String field, ProjectId project, String key, int most) {
        return checked(field, () -> new KeyLimit(project, key, most));
    }

    private static <T> T checked(String field, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException wrong) {
            throw ApiException.invalidParameter(field, String.valueOf(wrong.getMessage()));
        }
    }

    /** Returns a limit as the list shows it. */
    public static ObjectNode json(KeyLimit limit) {
        return JsonResponseWriter.object()
                .put(PROJECT, limit.project().name())
                .put(KEY, limit.key())
                .put(MAX_RUNNING, limit.maxRunning());
    }
}
