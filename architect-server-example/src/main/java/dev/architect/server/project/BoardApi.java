package dev.architect.server.project;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.json.JsonFields;
import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.ProjectId;
import dev.architect.project.board.Board;
import dev.architect.project.board.ColumnChange;
import dev.architect.project.board.CustomField;
import dev.architect.project.board.FieldDraft;
import dev.architect.project.board.FieldKind;
import dev.architect.project.board.Label;
import dev.architect.project.board.LabelDraft;
import dev.architect.project.board.SavedView;
import dev.architect.project.board.Stage;
import dev.architect.project.board.ViewDraft;
import dev.architect.project.rule.ItemFilter;
import dev.architect.project.store.ItemQuery;
import dev.architect.project.store.ProjectPartCodec;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Boards with their columns, labels, custom fields and saved views. */
public final class BoardApi {

    private static final String BOARD = "/api/projects/{key}/board";
    private static final String LABELS = "/api/projects/{key}/labels";
    private static final String LABEL = "/api/labels/{id}";
    private static final String FIELDS = "/api/projects/{key}/fields";
    private static final String FIELD = "/api/fields/{id}";
    private static final String VIEWS = "/api/views";
    private static final String VIEW = VIEWS + "/{id}";
    private static final int DEFAULT_CARDS = 100;
    private static final Set<String> LABEL_FIELDS = Set.of("name", "colour", "description");
    private static final Set<String> FIELD_FIELDS = Set.of("name", "kind", "choices");
    private static final Set<String> VIEW_FIELDS = Set.of("name", "query", "layout", "shared");

    private final Architect architect;

    /** Creates the resources. */
    public BoardApi(Architect architect) {
        this.architect = architect;
    }

    /** Their operations. */
    public List<Operation> operations() {
        List<Operation> all = new ArrayList<>();
        Permission read = Permission.read(ProjectRequest.AREA);
        Permission write = Permission.write(ProjectRequest.AREA);
        all.add(ProjectRequest.reading(Operation.get("getBoard", BOARD, read, ProjectRequest.handler(this::board)))
                .summary("Shows the columns of a board with their first cards. The ETag is the version of the project.")
                .query("cards", Schema.integer(0, ItemQuery.MAX_LIMIT), "The most cards of a column, 100 by default.")
                .query("q", Schema.text(), "A filter of the cards, such as 'label:ui -is:blocked'.")
                .answer(
                        200,
                        "The board.",
                        Schema.object()
                                .required("project", ProjectJson.PROJECT)
                                .required(
                                        "columns",
                                        Schema.list(Schema.object()
                                                .all(ProjectJson.COLUMN)
                                                .required("count", Schema.integer())
                                                .required("items", Schema.list(ProjectJson.ITEM))
                                                .open()))
                                .required("labels", Schema.list(ProjectJson.LABEL))
                                .required("fields", Schema.list(ProjectJson.FIELD))
                                .open()));
        all.add(ProjectRequest.writing(
                        Operation.patch("updateColumns", BOARD, write, ProjectRequest.handler(this::updateColumns)))
                .summary("Makes the columns of a board what a list says; cards of deleted ones go to a target.")
                .ifMatch()
                .body(Schema.object()
                        .required(
                                "columns",
                                Schema.list(
                                        Schema.object()
                                                .optional("id", Schema.text())
                                                .optional("version", Schema.integer())
                                                .required("title", Schema.text())
                                                .required("stage", Schema.words(Stage.class))
                                                .optional("hidden", Schema.truth())
                                                .optional("wipLimit", Schema.integer())
                                                .optional("colour", Schema.text())
                                                .open(),
                                        3,
                                        50))
                        .optional("targets", Schema.map(Schema.text()))
                        .closed())
                .answer(200, "The columns.", ProjectJson.all(ProjectJson.COLUMN)));
        labels(all, read, write);
        fields(all, read, write);
        views(all, read, write);
        return List.copyOf(all);
    }

    private void board(Context request) {
        QueryParameters query = new QueryParameters(request, Set.of("cards", "q"));
        ProjectId project = ProjectRequest.project(request);
        int cards = query.integer("cards", 0, ItemQuery.MAX_LIMIT, DEFAULT_CARDS);
        ItemQuery filter = ItemFilter.parse(
                architect.projects(), project, query.text("q").orElse(""), ProjectRequest.actor(request));
        Board board = architect.projects().boards().board(project, cards, filter.conditions(), filter.words());
        ObjectNode answer = JsonResponseWriter.object();
        answer.set("project", ProjectJson.of(board.project()));
        ArrayNode columns = answer.putArray("columns");
        for (Board.BoardLane lane : board.lanes()) {
            ObjectNode column = ProjectJson.of(lane.column());
            column.put("count", lane.count());
            ArrayNode items = column.putArray("items");
            lane.cards().forEach(card -> items.add(ProjectJson.of(card)));
            columns.add(column);
        }
        ArrayNode labels = answer.putArray("labels");
        board.labels().forEach(each -> labels.add(ProjectJson.of(each)));
        ArrayNode fields = answer.putArray("fields");
        board.fields().forEach(each -> fields.add(ProjectJson.of(each)));
        EntityTag.put(request, board.project().revision().version());
        JsonResponseWriter.write(request, answer);
    }

    private void updateColumns(Context request) {
        long version = EntityTag.required(request);
        ProjectId project = ProjectRequest.project(request);
        JsonFields body = ProjectRequest.body(request, Set.of("columns", "targets"));
        if (!body.has("columns")) {
            throw body.missing("columns", "a list of columns");
        }
        List<ColumnChange> changes = new ArrayList<>();
        for (JsonFields column : body.objects("columns")) {
            column.allowOnly(Set.of("id", "version", "title", "stage", "hidden", "wipLimit", "colour"));
            changes.add(new ColumnChange(
                    column.text("id").map(text -> part(column, "id", text)),
                    column.integer("version", 1, Integer.MAX_VALUE)
                            .map(OptionalLong::of)
                            .orElse(OptionalLong.empty()),
                    ProjectPartCodec.columnDraft(column)));
        }
        if (changes.size() < 3 || changes.size() > 50) {
            throw body.invalid("columns", "a list of " + changes.size(), "3..50 columns");
        }
        Map<PartId, PartId> targets = new LinkedHashMap<>();
        body.textsByName("targets")
                .forEach((from, to) ->
                        targets.put(part(body, "targets." + from, from), part(body, "targets." + from, to)));
        long now = architect
                .projects()
                .boards()
                .update(project, version, changes, targets, ProjectRequest.actor(request))
                .revision()
                .version();
        EntityTag.put(request, now);
        ProjectRequest.answer(request, architect.projects().boards().columns(project));
    }

    private static PartId part(JsonFields fields, String name, String text) {
        try {
            return PartId.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw fields.invalid(name, "'" + JsonFields.shorten(text) + "'", "the id of a column");
        }
    }

    private static Schema.Fields label() {
        return Schema.object().optional("colour", Schema.text()).optional("description", Schema.text());
    }

    private void labels(List<Operation> all, Permission read, Permission write) {
        all.add(ProjectRequest.reading(Operation.get(
                        "listLabels",
                        LABELS,
                        read,
                        ProjectRequest.handler(request -> ProjectRequest.answer(
                                request, architect.projects().parts().labels(ProjectRequest.project(request))))))
                .summary("Lists the labels of a project.")
                .answer(200, "Labels.", ProjectJson.all(ProjectJson.LABEL)));
        all.add(ProjectRequest.writing(Operation.post("createLabel", LABELS, write, ProjectRequest.handler(request -> {
                    ProjectId project = ProjectRequest.project(request);
                    LabelDraft draft = ProjectPartCodec.labelDraft(ProjectRequest.body(request, LABEL_FIELDS));
                    Actor actor = ProjectRequest.actor(request);
                    ProjectRequest.create(
                            request,
                            Label.class,
                            () -> architect.projects().parts().addLabel(project, draft, actor));
                })))
                .summary("Makes a label.")
                .body(label().required("name", Schema.text(1, 60)).closed())
                .creating()
                .answer(201, "The label.", ProjectJson.LABEL));
        all.add(ProjectRequest.writing(Operation.patch("updateLabel", LABEL, write, ProjectRequest.handler(request -> {
                    PartId id = ProjectRequest.id(request, PartId::parse);
                    long version = EntityTag.required(request);
                    ObjectNode body = JsonBodyReader.read(request);
                    Label before = architect.projects().parts().label(id);
                    ObjectNode merged =
                            ProjectRequest.patched(ProjectPartCodec.fields(before.draft()), body, LABEL_FIELDS);
                    ProjectRequest.answer(
                            request,
                            200,
                            architect
                                    .projects()
                                    .parts()
                                    .editLabel(
                                            id,
                                            version,
                                            ProjectPartCodec.labelDraft(JsonFields.parse(merged.toString())),
                                            ProjectRequest.actor(request)));
                })))
                .summary("Changes some fields of a label.")
                .ifMatch()
                .body(label().optional("name", Schema.text(1, 60)).closed())
                .answer(200, "The label.", ProjectJson.LABEL));
        all.add(ProjectRequest.writing(Operation.delete("deleteLabel", LABEL, write, ProjectRequest.handler(request -> {
                    architect
                            .projects()
                            .parts()
                            .deleteLabel(
                                    ProjectRequest.id(request, PartId::parse),
                                    EntityTag.required(request),
                                    ProjectRequest.actor(request));
                    request.status(204);
                })))
                .summary("Deletes a label, also from the items that have it.")
                .ifMatch()
                .answer(204, "It is gone."));
    }

    private static Schema.Fields field() {
        return Schema.object().optional("choices", Schema.list(Schema.text()));
    }

    private void fields(List<Operation> all, Permission read, Permission write) {
        all.add(ProjectRequest.reading(Operation.get(
                        "listFields",
                        FIELDS,
                        read,
                        ProjectRequest.handler(request -> ProjectRequest.answer(
                                request, architect.projects().parts().fields(ProjectRequest.project(request))))))
                .summary("Lists the custom fields of a project.")
                .answer(200, "Fields.", ProjectJson.all(ProjectJson.FIELD)));
        all.add(ProjectRequest.writing(Operation.post("createField", FIELDS, write, ProjectRequest.handler(request -> {
                    ProjectId project = ProjectRequest.project(request);
                    FieldDraft draft = ProjectPartCodec.fieldDraft(ProjectRequest.body(request, FIELD_FIELDS));
                    Actor actor = ProjectRequest.actor(request);
                    ProjectRequest.create(
                            request,
                            CustomField.class,
                            () -> architect.projects().parts().addField(project, draft, actor));
                })))
                .summary("Makes a custom field.")
                .body(field().required("name", Schema.text(1, 60))
                        .required("kind", Schema.words(FieldKind.class))
                        .closed())
                .creating()
                .answer(201, "The field.", ProjectJson.FIELD));
        all.add(ProjectRequest.writing(Operation.patch("updateField", FIELD, write, ProjectRequest.handler(request -> {
                    PartId id = ProjectRequest.id(request, PartId::parse);
                    long version = EntityTag.required(request);
                    ObjectNode body = JsonBodyReader.read(request);
                    CustomField before = architect.projects().parts().field(id);
                    ObjectNode merged =
                            ProjectRequest.patched(ProjectPartCodec.fields(before.draft()), body, FIELD_FIELDS);
                    ProjectRequest.answer(
                            request,
                            200,
                            architect
                                    .projects()
                                    .parts()
                                    .editField(
                                            id,
                                            version,
                                            ProjectPartCodec.fieldDraft(JsonFields.parse(merged.toString())),
                                            ProjectRequest.actor(request)));
                })))
                .summary("Changes name or choices of a custom field.")
                .ifMatch()
                .body(field().optional("name", Schema.text(1, 60))
                        .optional("kind", Schema.words(FieldKind.class))
                        .closed())
                .answer(200, "The field.", ProjectJson.FIELD));
        all.add(ProjectRequest.writing(Operation.delete("deleteField", FIELD, write, ProjectRequest.handler(request -> {
                    architect
                            .projects()
                            .parts()
                            .deleteField(
                                    ProjectRequest.id(request, PartId::parse),
                                    EntityTag.required(request),
                                    ProjectRequest.actor(request));
                    request.status(204);
                })))
                .summary("Deletes a custom field; its values are kept for 30 days.")
                .ifMatch()
                .answer(204, "It is gone."));
    }

    private static Schema.Fields view() {
        return Schema.object()
                .optional("query", Schema.text())
                .optional("layout", Schema.words(ViewDraft.Layout.class))
                .optional("shared", Schema.truth());
    }

    private void views(List<Operation> all, Permission read, Permission write) {
        all.add(ProjectRequest.reading(Operation.get("listViews", VIEWS, read, ProjectRequest.handler(request -> {
                    QueryParameters query = new QueryParameters(request, Set.of("project"));
                    ProjectId project = ProjectRequest.project(query.text("project")
                            .orElseThrow(() -> ApiException.invalidParameter(
                                    "project", "project is missing, expected the key of one")));
                    ProjectRequest.answer(
                            request, architect.projects().parts().views(project, ProjectRequest.actor(request)));
                })))
                .summary("Lists the saved views of a project: own and shared ones.")
                .query("project", Schema.text(), "The key of the project; it must be given.")
                .header(ProjectRequest.ACTOR, Schema.text(), "Whose views.")
                .refuses(400, "invalid-value")
                .answer(200, "Views.", ProjectJson.all(ProjectJson.VIEW)));
        all.add(ProjectRequest.writing(Operation.post("createView", VIEWS, write, ProjectRequest.handler(request -> {
                    ObjectNode body = JsonBodyReader.read(request);
                    JsonFields whole =
                            ProjectRequest.fields(body, Set.of("project", "name", "query", "layout", "shared"));
                    ProjectId project;
                    try {
                        project = new ProjectId(whole.requiredText("project"));
                    } catch (IllegalArgumentException wrong) {
                        throw ApiException.invalidValue("project", String.valueOf(wrong.getMessage()));
                    }
                    ViewDraft draft = ProjectPartCodec.viewDraft(whole);
                    Actor actor = ProjectRequest.actor(request);
                    ProjectRequest.create(
                            request,
                            SavedView.class,
                            () -> architect.projects().parts().addView(project, draft, actor));
                })))
                .summary("Saves a view.")
                .body(view().required("project", Schema.text())
                        .required("name", Schema.text(1, 60))
                        .closed())
                .creating()
                .answer(201, "The view.", ProjectJson.VIEW));
        all.add(ProjectRequest.writing(Operation.patch("updateView", VIEW, write, ProjectRequest.handler(request -> {
                    PartId id = ProjectRequest.id(request, PartId::parse);
                    long version = EntityTag.required(request);
                    ObjectNode body = JsonBodyReader.read(request);
                    SavedView before = architect.projects().parts().view(id, ProjectRequest.actor(request));
                    ObjectNode merged =
                            ProjectRequest.patched(ProjectPartCodec.fields(before.draft()), body, VIEW_FIELDS);
                    ProjectRequest.answer(
                            request,
                            200,
                            architect
                                    .projects()
                                    .parts()
                                    .editView(
                                            id,
                                            version,
                                            ProjectPartCodec.viewDraft(JsonFields.parse(merged.toString())),
                                            ProjectRequest.actor(request)));
                })))
                .summary("Changes some fields of a saved view.")
                .ifMatch()
                .body(view().optional("name", Schema.text(1, 60)).closed())
                .answer(200, "The view.", ProjectJson.VIEW));
        all.add(ProjectRequest.writing(Operation.delete("deleteView", VIEW, write, ProjectRequest.handler(request -> {
                    architect
                            .projects()
                            .parts()
                            .deleteView(
                                    ProjectRequest.id(request, PartId::parse),
                                    EntityTag.required(request),
                                    ProjectRequest.actor(request));
                    request.status(204);
                })))
                .summary("Deletes a saved view.")
                .ifMatch()
                .answer(204, "It is gone."));
    }
}
