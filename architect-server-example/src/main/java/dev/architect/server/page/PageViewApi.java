package dev.architect.server.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.creation.CreatedAnswer;
import dev.architect.node.SharedDocument;
import dev.architect.project.Actor;
import dev.architect.project.PlanningException;
import dev.architect.project.StaleVersionException;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.access.Principal;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.Creations;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import dev.architect.view.PageView;
import dev.architect.view.PageViewDraft;
import dev.architect.view.PageViews;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The resource {@code /api/page-views}: what people have saved of pages with a list. Each changes their own ones and sees those that are shared. */
public final class PageViewApi {

    private static final String PATH = "/api/page-views";
    private static final String ONE = PATH + "/{id}";
    private static final String AREA = "self";
    private static final String PAGE = "page";
    private static final String NAME = "name";
    private static final String QUERY = "query";
    private static final String SHARED = "shared";
    private static final int CONFLICT = 409;

    /** The pages whose addresses say what they show. */
    private static final List<String> PAGES = List.of("activity", "llm-metrics", "tasks");

    /** Whom the server takes for the caller that names nobody. */
    private static final Actor OPERATOR = Actor.person("operator");

    private static final Schema VIEW = Schema.object()
            .required(List.of("id", NAME, QUERY, "createdBy"), Schema.text())
            .required(PAGE, Schema.words(PAGES))
            .required(SHARED, Schema.truth())
            .required("own", Schema.truth().described("Whether the caller saved it, and may change it."))
            .required("version", Schema.integer())
            .required(List.of("createdAt", "updatedAt"), Schema.instant())
            .open()
            .named("PageView");

    private final PageViews views;

    /** Creates the resource. */
    public PageViewApi(PageViews views) {
        this.views = views;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("listPageViews", PATH, Permission.read(AREA), this::list)
                        .summary("Lists the saved views of a page: own and shared ones.")
                        .query(PAGE, Schema.words(PAGES), "The page; it must be given.")
                        .refuses(400, "invalid-value")
                        .answer(
                                200,
                                "Views, by name.",
                                Schema.object()
                                        .required("items", Schema.list(VIEW))
                                        .open()),
                Operation.post("createPageView", PATH, Permission.act(AREA), this::create)
                        .summary("Saves what a page shows, under a name.")
                        .body(Schema.object()
                                .required(PAGE, Schema.words(PAGES))
                                .required(NAME, Schema.text(1, 60))
                                .optional(
                                        QUERY,
                                        Schema.text().described("What the address of the page says after its '?'."))
                                .optional(SHARED, Schema.truth())
                                .closed())
                        .creating()
                        .answer(201, "The view.", VIEW)
                        .refuses(CONFLICT, "name-taken", "too-many"),
                Operation.patch("updatePageView", ONE, Permission.act(AREA), this::update)
                        .summary("Changes some fields of a saved view of one's own.")
                        .ifMatch()
                        .body(Schema.object()
                                .optional(NAME, Schema.text(1, 60))
                                .optional(QUERY, Schema.text())
                                .optional(SHARED, Schema.truth())
                                .closed())
                        .answer(200, "The view.", VIEW)
                        .refuses(404, "not-found")
                        .refuses(CONFLICT, "name-taken", "not-possible"),
                Operation.delete("deletePageView", ONE, Permission.act(AREA), this::delete)
                        .summary("Deletes a saved view of one's own.")
                        .ifMatch()
                        .answer(204, "It is gone.")
                        .refuses(404, "not-found")
                        .refuses(CONFLICT, "not-possible"));
    }

    private static Actor actor(Context request) {
        Principal principal = AccessFilter.principal(request);
        return principal.user().map(user -> Actor.person(user.name())).orElse(OPERATOR);
    }

    private void list(Context request) {
        String page = new QueryParameters(request, Set.of(PAGE))
                .text(PAGE)
                .orElseThrow(() -> QueryParameters.invalid(PAGE, "missing", "one of " + PAGES));
        if (!PAGES.contains(page)) {
            throw QueryParameters.invalid(PAGE, page, "one of " + PAGES);
        }
        Actor actor = actor(request);
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode items = answer.putArray("items");
        views.list(page, actor).forEach(view -> items.add(json(view, actor)));
        JsonResponseWriter.write(request, answer);
    }

    private void create(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(PAGE, NAME, QUERY, SHARED));
        String page = fields.requiredText(PAGE);
        if (!PAGES.contains(page)) {
            throw fields.invalid(
                    PAGE, PAGE + " is '" + BodyFields.shorten(page) + "', expected one of " + String.join(", ", PAGES));
        }
        PageViewDraft draft = draft(fields, fields.requiredText(NAME), Optional.empty());
        Actor actor = actor(request);
        PageView view = views.prepare(page, draft, actor);
        CreatedAnswer answer = Creations.answer(
                201,
                Map.of(
                        "Location",
                        PATH + "/" + view.id(),
                        "ETag",
                        EntityTag.of(view.revision().version())),
                json(view, actor));
        Creations.respond(
                request,
                made -> made instanceof SharedDocument document && PageViews.holds(document, view)
                        ? Optional.of(answer)
                        : Optional.empty(),
                () -> {
                    told(request, () -> views.add(view));
                    return answer;
                },
                first -> {});
    }

    /** What is not stated stays as it was. */
    private static PageViewDraft draft(BodyFields fields, String name, Optional<PageViewDraft> before) {
        String query = fields.text(QUERY)
                .orElseGet(() -> before.map(PageViewDraft::query).orElse(""));
        boolean isShared = fields.truth(SHARED)
                .orElseGet(() -> before.map(PageViewDraft::isShared).orElse(false));
        // In this order, so that each refusal names its own field.
        fields.checked(NAME, () -> new PageViewDraft(name, "", isShared));
        return fields.checked(QUERY, () -> new PageViewDraft(name, query, isShared));
    }

    private void update(Context request) {
        String id = request.pathParam("id");
        long version = EntityTag.required(request);
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(NAME, QUERY, SHARED));
        Actor actor = actor(request);
        PageViewDraft before = told(request, () -> views.get(id, actor)).draft();
        PageViewDraft draft = draft(fields, fields.text(NAME).orElse(before.name()), Optional.of(before));
        PageView after = told(request, () -> views.edit(id, version, draft, actor));
        EntityTag.put(request, after.revision().version());
        JsonResponseWriter.write(request, json(after, actor));
    }

    private void delete(Context request) {
        long version = EntityTag.required(request);
        told(request, () -> {
            views.delete(request.pathParam("id"), version, actor(request));
            return true;
        });
        request.status(204);
    }

    /** Returns what {@code work} does, or tells the caller why it is refused. */
    private static <T> T told(Context request, Supplier<T> work) {
        try {
            return work.get();
        } catch (StaleVersionException stale) {
            long now = stale.current().revision().version();
            throw EntityTag.stale(
                    EntityTag.required(request),
                    now,
                    json((PageView) stale.current(), actor(request)),
                    stale.changed());
        } catch (PlanningException refused) {
            String message = String.valueOf(refused.getMessage());
            String field = refused.field().isEmpty() ? null : refused.field();
            throw switch (refused.kind()) {
                case NOT_FOUND -> ApiException.notFound(message);
                case TAKEN -> new ApiException(CONFLICT, "name-taken", message, field, null);
                case TOO_MANY -> new ApiException(CONFLICT, "too-many", message, field, null);
                case NOT_POSSIBLE, CYCLE, TOO_DEEP, OTHER_PROJECT, WIP_LIMIT, PROJECT_CLOSED ->
                    new ApiException(CONFLICT, "not-possible", message, field, null);
            };
        }
    }

    private static ObjectNode json(PageView view, Actor caller) {
        return JsonResponseWriter.object()
                .put("id", view.id())
                .put(PAGE, view.page())
                .put(NAME, view.draft().name())
                .put(QUERY, view.draft().query())
                .put(SHARED, view.draft().isShared())
                .put("own", view.revision().createdBy().equals(caller))
                .put("version", view.revision().version())
                .put("createdBy", view.revision().createdBy().toString())
                .put("createdAt", view.revision().createdAt().toString())
                .put("updatedAt", view.revision().updatedAt().toString());
    }
}
