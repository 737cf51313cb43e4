package dev.architect.server.project;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonFields;
import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.PlanningException;
import dev.architect.project.ProjectId;
import dev.architect.project.StaleVersionException;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.ItemSize;
import dev.architect.project.item.Severity;
import dev.architect.project.rule.BulkEdit;
import dev.architect.project.rule.ItemCost;
import dev.architect.project.rule.ItemFilter;
import dev.architect.project.rule.ItemMove;
import dev.architect.project.store.ItemCodec;
import dev.architect.project.store.ItemOrder;
import dev.architect.project.store.ItemQuery;
import dev.architect.project.store.PlanEvent;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import dev.architect.spend.SpendTotals;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Items: features, bugs and chores. */
public final class ItemApi {

    private static final String LIST = "/api/projects/{key}/items";
    private static final String ONE = "/api/items/{id}";
    private static final int DEFAULT_LIMIT = 50;
    private static final Map<String, ItemOrder> ORDERS = Map.of(
            "position", ItemOrder.POSITION,
            "key", ItemOrder.NUMBER,
            "priority", ItemOrder.PRIORITY,
            "due", ItemOrder.DUE,
            "createdAt", ItemOrder.CREATED,
            "updatedAt", ItemOrder.UPDATED);

    private final Architect architect;

    /** Creates the resource. */
    public ItemApi(Architect architect) {
        this.architect = architect;
    }

    private static Schema.Fields draft() {
        return Schema.object()
                .optional("kind", Schema.words(ItemKind.class))
                .optional("body", Schema.text(0, ItemDraft.MAX_BODY_CHARACTERS))
                .optional("priority", Schema.integer(0, 9))
                .optional("severity", Schema.words(Severity.class))
                .optional("size", Schema.words(ItemSize.class))
                .optional("estimate", ProjectJson.ESTIMATE.orNull())
                .optional("parent", Schema.text())
                .optional("milestone", Schema.text())
                .optional("due", Schema.text())
                .optional("assignees", Schema.list(Schema.text()))
                .optional("labels", Schema.list(Schema.text()))
                .optional("fields", Schema.map(Schema.text()))
                .optional("check", Schema.text())
                .optional("worker", Schema.text())
                .optional("blocked", ProjectJson.BLOCK.orNull());
    }

    private static Schema.Fields place() {
        return Schema.object()
                .optional("before", Schema.text())
                .optional("after", Schema.text())
                .optional("confirm", Schema.truth());
    }

    /** Its operations. */
    public List<Operation> operations() {
        Permission read = Permission.read(ProjectRequest.AREA);
        Permission write = Permission.write(ProjectRequest.AREA);
        return List.of(
                listing(Operation.get("listItems", LIST, read, ProjectRequest.handler(this::list)))
                        .summary("Lists the items of a project that a filter is for, without their bodies."),
                listing(Operation.get(
                                "searchItems",
                                "/api/projects/{key}/search",
                                read,
                                ProjectRequest.handler(this::search)))
                        .summary("Searches titles, bodies, comments and labels of a project, the newest items first."),
                ProjectRequest.writing(Operation.post("createItem", LIST, write, ProjectRequest.handler(this::create)))
                        .summary("Makes an item at the end of a column.")
                        .body(draft().required("title", Schema.text(1, ItemDraft.MAX_TITLE_CHARACTERS))
                                .optional("column", Schema.text())
                                .optional("origin", Schema.text())
                                .closed())
                        .creating()
                        .answer(201, "The item.", ProjectJson.ITEM),
                ProjectRequest.reading(Operation.get(
                                "getItem",
                                ONE,
                                read,
                                ProjectRequest.handler(request -> ProjectRequest.answer(request, 200, item(request)))))
                        .summary("Shows an item; its key names it as well as its id.")
                        .answer(200, "The item.", ProjectJson.ITEM),
                ProjectRequest.writing(Operation.patch("updateItem", ONE, write, ProjectRequest.handler(this::update)))
                        .summary("Changes some fields of an item.")
                        .ifMatch()
                        .body(draft().optional("title", Schema.text(1, ItemDraft.MAX_TITLE_CHARACTERS))
                                .closed())
                        .answer(200, "The item.", ProjectJson.ITEM),
                ProjectRequest.writing(Operation.delete("deleteItem", ONE, write, ProjectRequest.handler(this::delete)))
                        .summary("Deletes an item; its key is never given again.")
                        .ifMatch()
                        .answer(204, "It is gone."),
                ProjectRequest.writing(
                                Operation.post("moveItem", ONE + "/move", write, ProjectRequest.handler(this::move)))
                        .summary(
                                "Moves a card to a column, and there to a place beside another card or to the end; or an item to another project.")
                        .body(place().optional("column", Schema.text())
                                .optional("project", Schema.text())
                                .closed())
                        .answer(200, "The item.", ProjectJson.ITEM),
                ProjectRequest.writing(
                                Operation.post("startItem", ONE + "/start", write, ProjectRequest.handler(this::start)))
                        .summary("Submits a task that works on an item.")
                        .optionalBody(Schema.object()
                                .optional("confirm", Schema.truth())
                                .closed())
                        .answer(
                                202,
                                "The task.",
                                Schema.object().required("task", Schema.text()).open())
                        .refuses(409, "queue-draining")
                        .refuses(429, "queue-full"),
                ProjectRequest.writing(Operation.post(
                                "bulkUpdateItems", "/api/items/bulk", write, ProjectRequest.handler(this::bulk)))
                        .summary("Makes one change to many items of a project, each from the version that was seen.")
                        .body(Schema.object()
                                .required("project", Schema.text())
                                .required(
                                        "items",
                                        Schema.list(
                                                Schema.object()
                                                        .required("id", Schema.text())
                                                        .required("version", Schema.integer())
                                                        .open(),
                                                1,
                                                BulkEdit.MOST))
                                .optional("change", draft().closed())
                                .optional("column", Schema.text())
                                .optional("confirm", Schema.truth())
                                .optional("atomic", Schema.truth())
                                .closed())
                        .refuses(412, "stale-version")
                        .answer(
                                200,
                                "What became of each.",
                                ProjectJson.all(Schema.object()
                                        .required("id", Schema.text())
                                        .required("version", Schema.integer())
                                        .optional("code", Schema.text())
                                        .optional("detail", Schema.text())
                                        .open())),
                ProjectRequest.reading(Operation.get(
                                "listItemEvents", ONE + "/events", read, ProjectRequest.handler(this::events)))
                        .summary("Lists what was changed of an item, newest first.")
                        .query("before", Schema.integer(), "Only events with a lower sequence.")
                        .query("limit", Schema.integer(1, 500), "The most events, 50 by default.")
                        .answer(200, "Events.", ProjectJson.all(ProjectJson.EVENT)),
                ProjectRequest.reading(Operation.get(
                                "listItemTasks", ONE + "/tasks", read, ProjectRequest.handler(this::tasks)))
                        .summary("Lists the tasks of an item, oldest first.")
                        .answer(
                                200,
                                "Tasks.",
                                ProjectJson.all(Schema.object()
                                        .required(List.of("id", "type", "state"), Schema.text())
                                        .required(List.of("attempt", "calls"), Schema.integer())
                                        .required("createdAt", Schema.instant())
                                        .required("costUsd", Schema.number())
                                        .open())),
                ProjectRequest.reading(
                                Operation.get("getItemCost", ONE + "/cost", read, ProjectRequest.handler(this::cost)))
                        .summary("Sums what the tasks of an item have taken.")
                        .answer(
                                200,
                                "The sums.",
                                Schema.object()
                                        .required(
                                                List.of(
                                                        "tasks",
                                                        "attempts",
                                                        "calls",
                                                        "unpricedCalls",
                                                        "inputTokens",
                                                        "outputTokens"),
                                                Schema.integer())
                                        .required("costUsd", Schema.number())
                                        .open()));
    }

    private static Operation listing(Operation operation) {
        return ProjectRequest.reading(operation)
                .query("q", Schema.text(), "A filter, such as 'kind:bug -label:ui words'.")
                .query("sort", Schema.text(), "position, key, priority, due, createdAt or updatedAt; with - downwards.")
                .query("limit", Schema.integer(1, ItemQuery.MAX_LIMIT), "The most items, 50 by default.")
                .query("cursor", Schema.text(), "Where the page before ended: its next.")
                .header(ProjectRequest.ACTOR, Schema.text(), "Whom 'me' stands for in a filter.")
                .answer(200, "Items.", ProjectJson.page(ProjectJson.ITEM));
    }

    private Item item(Context request) {
        return ProjectRequest.item(architect, request.pathParam("id"));
    }

    private void list(Context request) {
        list(request, "-updatedAt");
    }

    private void search(Context request) {
        list(request, "-key");
    }

    private void list(Context request, String usual) {
        QueryParameters parameters = new QueryParameters(request, Set.of("q", "sort", "limit", "cursor"));
        ProjectId project = ProjectRequest.project(request);
        String filter = parameters.text("q").orElse("");
        String sort = parameters.text("sort").orElse(usual);
        boolean isDescending = sort.startsWith("-");
        ItemOrder order = ORDERS.get(isDescending ? sort.substring(1) : sort);
        if (order == null) {
            throw QueryParameters.invalid(
                    "sort", sort, "one of " + ORDERS.keySet().stream().sorted().toList() + ", with - downwards");
        }
        int limit = parameters.integer("limit", 1, ItemQuery.MAX_LIMIT, DEFAULT_LIMIT);
        // A cursor is of one project, filter and order.
        String of = project + "|" + filter + "|" + sort;
        Optional<ItemQuery.After> after = parameters.text("cursor").map(text -> cursor(text, of, order));
        if (filter.length() > 1_000) {
            throw ApiException.invalidParameter("q", "q has " + filter.length() + " characters, expected at most 1000");
        }
        ItemQuery query = ItemFilter.parse(architect.projects(), project, filter, ProjectRequest.actor(request))
                .by(order, isDescending)
                .withLimit(limit);
        List<Item> items =
                architect.projects().items().list(after.map(query::after).orElse(query));
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode list = answer.putArray("items");
        items.forEach(each -> list.add(ProjectJson.of(each)));
        answer.put("next", items.size() < limit ? null : next(items.get(items.size() - 1), order, of));
        JsonResponseWriter.write(request, answer);
    }

    private static String next(Item last, ItemOrder order, String of) {
        String text = Integer.toHexString(of.hashCode()) + "|" + last.id() + "|" + ItemCodec.sortValue(last, order);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ItemQuery.After cursor(String text, String of, ItemOrder order) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split("\\|", 3);
            if (parts.length == 3 && parts[0].equals(Integer.toHexString(of.hashCode()))) {
                if (order != ItemOrder.POSITION) {
                    Long.parseLong(parts[2]);
                }
                return new ItemQuery.After(parts[2], ItemId.parse(parts[1]).value());
            }
        } catch (IllegalArgumentException broken) {
            // It is refused below, as one of another filter is.
        }
        throw QueryParameters.invalid("cursor", text, "the next of a page with the same filter and order");
    }

    private void create(Context request) {
        ProjectId project = ProjectRequest.project(request);
        ObjectNode body = JsonBodyReader.read(request);
        Set<String> known = new HashSet<>(ItemCodec.DRAFT_FIELDS);
        known.addAll(Set.of("column", "origin"));
        ProjectRequest.fields(body, known);
        ProjectRequest.resolve(architect.projects(), project, body);
        JsonFields fields = JsonFields.parse(body.toString());
        Optional<PartId> column =
                fields.text("column").map(text -> ProjectRequest.column(architect.projects(), project, "column", text));
        ItemDraft draft = ItemCodec.draft(fields);
        Actor actor = ProjectRequest.actor(request);
        ProjectRequest.create(
                request,
                Item.class,
                () -> architect.projects().items().create(project, draft, column, fields.text("origin"), actor));
    }

    private void update(Context request) {
        long version = EntityTag.required(request);
        ObjectNode body = JsonBodyReader.read(request);
        Item before = item(request);
        ItemDraft draft = patch(before.project(), body).apply(before.draft());
        ProjectRequest.answer(
                request,
                200,
                architect.projects().items().edit(before.id(), version, draft, ProjectRequest.actor(request)));
    }

    /** What the fields of a body make of an item. */
    private UnaryOperator<ItemDraft> patch(ProjectId project, ObjectNode body) {
        ProjectRequest.fields(body, ItemCodec.DRAFT_FIELDS);
        ProjectRequest.resolve(architect.projects(), project, body);
        return draft -> ItemCodec.draft(
                JsonFields.parse(ProjectRequest.patched(ItemCodec.fields(draft), body, ItemCodec.DRAFT_FIELDS)
                        .toString()));
    }

    private void delete(Context request) {
        long version = EntityTag.required(request);
        architect.projects().items().delete(item(request).id(), version, ProjectRequest.actor(request));
        request.status(204);
    }

    private void move(Context request) {
        Item item = item(request);
        JsonFields fields = ProjectRequest.body(request, Set.of("column", "before", "after", "confirm", "project"));
        if (fields.has("project")) {
            transfer(request, item, fields);
            return;
        }
        PartId column =
                ProjectRequest.column(architect.projects(), item.project(), "column", fields.requiredText("column"));
        if (fields.has("before") && fields.has("after")) {
            throw fields.invalid("before", "set beside after", "one of them");
        }
        OptionalLong version = seen(request);
        ItemMove move = new ItemMove(
                column,
                fields.text("before").map(text -> beside("before", text)),
                fields.text("after").map(text -> beside("after", text)),
                version,
                fields.flag("confirm", false));
        ProjectRequest.answer(
                request, 200, architect.projects().items().move(item.id(), move, ProjectRequest.actor(request)));
    }

    private static OptionalLong seen(Context request) {
        return request.header(EntityTag.IF_MATCH) == null
                ? OptionalLong.empty()
                : OptionalLong.of(EntityTag.required(request));
    }

    private void transfer(Context request, Item item, JsonFields fields) {
        for (String beside : List.of("before", "after")) {
            if (fields.has(beside)) {
                throw fields.invalid(beside, "set beside project", "a move to the end of a column");
            }
        }
        ProjectId project = target(fields);
        Optional<PartId> column =
                fields.text("column").map(text -> ProjectRequest.column(architect.projects(), project, "column", text));
        ProjectRequest.answer(
                request,
                200,
                architect
                        .projects()
                        .items()
                        .transfer(
                                item.id(),
                                seen(request),
                                project,
                                column,
                                fields.flag("confirm", false),
                                ProjectRequest.actor(request)));
    }

    private static ProjectId target(JsonFields fields) {
        try {
            return new ProjectId(fields.requiredText("project"));
        } catch (InvalidFieldException wrong) {
            throw wrong;
        } catch (IllegalArgumentException wrong) {
            throw ApiException.invalidValue("project", String.valueOf(wrong.getMessage()));
        }
    }

    private ItemId beside(String field, String text) {
        try {
            return ProjectRequest.item(architect, text).id();
        } catch (PlanningException | ApiException nothing) {
            throw ApiException.invalidValue(
                    field, field + " is '" + JsonFields.shorten(text) + "', expected an item that is there");
        }
    }

    private void start(Context request) {
        Item item = item(request);
        boolean isConfirmed = JsonBodyReader.readOptional(request)
                .map(body -> ProjectRequest.fields(body, Set.of("confirm")).flag("confirm", false))
                .orElse(false);
        TaskId task;
        try {
            task = architect
                    .projects()
                    .items()
                    .start(item.id(), Optional.empty(), isConfirmed, ProjectRequest.actor(request));
        } catch (PlanningException refused) {
            throw refused;
        } catch (IllegalArgumentException noWorker) {
            throw ApiException.invalidValue("worker", "worker: " + noWorker.getMessage());
        }
        request.status(202);
        JsonResponseWriter.write(request, JsonResponseWriter.object().put("task", task.toString()));
    }

    private void bulk(Context request) {
        ObjectNode body = JsonBodyReader.read(request);
        JsonFields fields =
                ProjectRequest.fields(body, Set.of("project", "items", "change", "column", "confirm", "atomic"));
        ProjectId project;
        try {
            project = new ProjectId(fields.requiredText("project"));
        } catch (IllegalArgumentException wrong) {
            throw ApiException.invalidValue("project", String.valueOf(wrong.getMessage()));
        }
        Map<ItemId, Long> items = new LinkedHashMap<>();
        for (JsonFields each : fields.objects("items")) {
            each.allowOnly(Set.of("id", "version"));
            items.put(
                    itemId(each, each.requiredText("id")),
                    each.integer("version", 1, Integer.MAX_VALUE)
                            .orElseThrow(() -> each.missing("version", "the version that was seen"))
                            .longValue());
        }
        if (items.isEmpty() || items.size() > BulkEdit.MOST) {
            throw fields.invalid("items", "a list of " + items.size(), "1.." + BulkEdit.MOST + " items");
        }
        JsonNode change = body.path("change");
        if (!change.isMissingNode() && !change.isObject()) {
            throw fields.invalid("change", "no object", "an object");
        }
        boolean isAtomic = fields.flag("atomic", false);
        boolean isConfirmed = fields.flag("confirm", false);
        Optional<ItemMove> move = fields.text("column")
                .map(text -> new ItemMove(
                        ProjectRequest.column(architect.projects(), project, "column", text),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        isConfirmed));
        UnaryOperator<ItemDraft> patch =
                change instanceof ObjectNode part ? within("change", project, part) : UnaryOperator.identity();
        Actor actor = ProjectRequest.actor(request);
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode list = answer.putArray("items");
        try {
            for (BulkEdit.Outcome outcome :
                    architect.projects().items().bulk(project, new BulkEdit(items, patch, move, isAtomic), actor)) {
                ObjectNode json =
                        list.addObject().put("id", outcome.item().toString()).put("version", outcome.version());
                outcome.refusal()
                        .ifPresent(refusal ->
                                json.put("code", code(refusal)).put("detail", String.valueOf(refusal.getMessage())));
            }
        } catch (StaleVersionException stale) {
            throw new ApiException(412, "stale-version", String.valueOf(stale.getMessage()), "items", null)
                    .with("current", ProjectJson.of(stale.current()));
        }
        JsonResponseWriter.write(request, answer);
    }

    /** Names the fields of a part of the body with its path. */
    private UnaryOperator<ItemDraft> within(String name, ProjectId project, ObjectNode part) {
        JsonFields whole =
                JsonFields.parse(JsonResponseWriter.object().set(name, part).toString());
        whole.object(name).ifPresent(fields -> {
            fields.allowOnly(ItemCodec.DRAFT_FIELDS);
            // Read once for all, with any title, so that a wrong value is told before anything is read.
            ItemCodec.draft(JsonFields.parse(JsonResponseWriter.object()
                            .set(name, part.deepCopy().put("title", "any"))
                            .toString())
                    .object(name)
                    .orElseThrow());
        });
        return patch(project, part);
    }

    private static String code(RuntimeException refusal) {
        return refusal instanceof StaleVersionException
                ? "stale-version"
                : refusal instanceof PlanningException rule
                        ? ProjectRequest.refusal(rule).code()
                        : "invalid-value";
    }

    private static ItemId itemId(JsonFields fields, String text) {
        try {
            return ItemId.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw fields.invalid("id", "'" + JsonFields.shorten(text) + "'", "the id of an item");
        }
    }

    private void events(Context request) {
        QueryParameters query = new QueryParameters(request, Set.of("before", "limit"));
        int limit = query.integer("limit", 1, 500, DEFAULT_LIMIT);
        long before = query.text("before")
                .map(text -> {
                    if (!text.matches("[0-9]{1,18}")) {
                        throw QueryParameters.invalid("before", text, "the sequence of an event");
                    }
                    return Long.parseLong(text);
                })
                .orElse(Long.MAX_VALUE);
        List<PlanEvent> events =
                architect.projects().items().events(item(request).id(), before, limit);
        JsonResponseWriter.write(request, JsonResponseWriter.object().set("items", ProjectJson.of(events)));
    }

    private void tasks(Context request) {
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode list = answer.putArray("items");
        for (Task task : architect.projects().items().tasks(item(request).id())) {
            SpendTotals totals = architect.ledger().spendOf(task.id()).totals();
            ObjectNode line = list.addObject()
                    .put("id", task.id().toString())
                    .put("type", task.request().type())
                    .put("state", JsonFields.wordOf(task.state()))
                    .put("attempt", task.attempt())
                    .put("createdAt", task.createdAt().toString())
                    .put("calls", totals.calls().all());
            JsonResponseWriter.putUsd(line, "costUsd", totals.cost().spent());
        }
        JsonResponseWriter.write(request, answer);
    }

    private void cost(Context request) {
        ItemCost cost = architect.projects().items().cost(item(request).id());
        ObjectNode answer = JsonResponseWriter.object()
                .put("tasks", cost.tasks())
                .put("attempts", cost.attempts())
                .put("calls", cost.totals().calls().all())
                .put("unpricedCalls", cost.totals().calls().unpriced())
                .put("inputTokens", cost.totals().tokens().input())
                .put("outputTokens", cost.totals().tokens().output());
        JsonResponseWriter.putUsd(answer, "costUsd", cost.totals().cost().spent());
        JsonResponseWriter.write(request, answer);
    }
}
