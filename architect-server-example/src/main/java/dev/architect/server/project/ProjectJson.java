package dev.architect.server.project;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.json.JsonFields;
import dev.architect.project.Project;
import dev.architect.project.ProjectState;
import dev.architect.project.Versioned;
import dev.architect.project.board.BoardColumn;
import dev.architect.project.board.CustomField;
import dev.architect.project.board.FieldKind;
import dev.architect.project.board.Label;
import dev.architect.project.board.ProjectTemplate;
import dev.architect.project.board.SavedView;
import dev.architect.project.board.Stage;
import dev.architect.project.board.ViewDraft;
import dev.architect.project.item.Attachment;
import dev.architect.project.item.Block;
import dev.architect.project.item.Comment;
import dev.architect.project.item.Estimate;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.ItemSize;
import dev.architect.project.item.Severity;
import dev.architect.project.milestone.Milestone;
import dev.architect.project.milestone.MilestoneState;
import dev.architect.project.store.ItemCodec;
import dev.architect.project.store.PlanEvent;
import dev.architect.project.store.ProjectCodec;
import dev.architect.project.store.ProjectPartCodec;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.JsonResponseWriter;
import java.util.List;

/** Projects and what belongs to them as JSON, and the form of that. */
final class ProjectJson {

    private static final Schema TEXT = Schema.text();
    private static final List<String> REVISION = List.of("createdAt", "createdBy", "updatedAt", "updatedBy");

    static final Schema PROJECT = versioned()
            .required(List.of("key", "prefix", "title", "description"), TEXT)
            .optional("lead", TEXT)
            .required(
                    "repositories",
                    Schema.list(Schema.object()
                            .required(List.of("location", "branch"), TEXT)
                            .open()))
            .optional("colour", TEXT)
            .required("reviewed", Schema.truth())
            .optional("defaultLabels", Schema.list(TEXT))
            .optional("template", TEXT)
            .required("state", Schema.words(ProjectState.class))
            .optional("deletedAt", Schema.instant())
            .open()
            .named("Project");

    static final Schema TEMPLATE = Schema.object()
            .required(List.of("name", "description"), TEXT)
            .required(List.of("columns", "labels", "fields", "views"), Schema.list(TEXT))
            .open()
            .named("ProjectTemplate");

    static final Schema COLUMN = versioned()
            .required(List.of("id", "title", "position"), TEXT)
            .required("stage", Schema.words(Stage.class))
            .required("hidden", Schema.truth())
            .optional("wipLimit", Schema.integer())
            .optional("colour", TEXT)
            .open()
            .named("BoardColumn");

    static final Schema ESTIMATE = Schema.object()
            .optional("optimistic", Schema.integer(0, 600_000))
            .required("likely", Schema.integer(0, 600_000))
            .optional("pessimistic", Schema.integer(0, 600_000))
            .optional("source", Schema.words(Estimate.Source.class))
            .closed();

    static final Schema BLOCK = Schema.object()
            .required("reason", Schema.words(Block.Reason.class))
            .optional("note", TEXT)
            .open();

    static final Schema ITEM = versioned()
            .required(List.of("id", "key", "project", "title", "column", "position"), TEXT)
            .required("kind", Schema.words(ItemKind.class))
            .optional("body", TEXT)
            .required("priority", Schema.integer())
            .optional("severity", Schema.words(Severity.class))
            .optional("size", Schema.words(ItemSize.class))
            .optional("estimate", ESTIMATE)
            .optional("parent", TEXT)
            .optional("milestone", TEXT)
            .optional("due", TEXT)
            .optional("assignees", Schema.list(TEXT))
            .optional("labels", Schema.list(TEXT))
            .optional("fields", Schema.map(TEXT))
            .optional("check", TEXT)
            .optional("worker", TEXT)
            .optional("blocked", BLOCK)
            .optional("startedAt", Schema.instant())
            .optional("doneAt", Schema.instant())
            .required("reopened", Schema.integer())
            .optional("origin", TEXT)
            .optional("originData", Schema.any())
            .open()
            .named("Item");

    static final Schema LABEL = versioned()
            .required(List.of("id", "name", "colour", "description"), TEXT)
            .open()
            .named("Label");

    static final Schema FIELD = versioned()
            .required(List.of("id", "name"), TEXT)
            .required("kind", Schema.words(FieldKind.class))
            .optional("choices", Schema.list(TEXT))
            .open()
            .named("CustomField");

    static final Schema VIEW = versioned()
            .required(List.of("id", "project", "name", "query"), TEXT)
            .required("layout", Schema.words(ViewDraft.Layout.class))
            .required("shared", Schema.truth())
            .open()
            .named("SavedView");

    static final Schema COMMENT = versioned()
            .required(List.of("id", "item", "body"), TEXT)
            .optional("parent", TEXT)
            .optional("resolvedAt", Schema.instant())
            .optional("earlier", Schema.list(TEXT))
            .open()
            .named("Comment");

    static final Schema ATTACHMENT = versioned()
            .required(List.of("id", "item", "name", "type", "sha256"), TEXT)
            .required("size", Schema.integer())
            .open()
            .named("Attachment");

    static final Schema MILESTONE = versioned()
            .required(List.of("id", "project", "title", "description"), TEXT)
            .optional("target", TEXT)
            .required("state", Schema.words(MilestoneState.class))
            .optional(
                    "baseline",
                    Schema.object()
                            .required("at", Schema.instant())
                            .required("minutes", Schema.map(Schema.integer()))
                            .open())
            .open()
            .named("Milestone");

    static final Schema EVENT = Schema.object()
            .required(List.of("sequence", "version"), Schema.integer())
            .required(List.of("kind", "field", "before", "after", "by"), TEXT)
            .required("at", Schema.instant())
            .open()
            .named("PlanEvent");

    private ProjectJson() {}

    private static Schema.Fields versioned() {
        return Schema.object().required("version", Schema.integer()).required(REVISION, TEXT);
    }

    /** The form of a list of all there are. */
    static Schema all(Schema of) {
        return Schema.object().required("items", Schema.list(of)).open();
    }

    /** The form of a page. */
    static Schema page(Schema of) {
        return Schema.object()
                .required("items", Schema.list(of))
                .required("next", TEXT.orNull())
                .open();
    }

    static ObjectNode of(Versioned thing) {
        if (thing instanceof Item item) {
            return ProjectRequest.tree(ItemCodec.fields(item));
        } else if (thing instanceof Project project) {
            return ProjectRequest.tree(ProjectCodec.fields(project));
        } else if (thing instanceof BoardColumn column) {
            return ProjectRequest.tree(ProjectPartCodec.fields(column));
        } else if (thing instanceof Label label) {
            return ProjectRequest.tree(ProjectPartCodec.fields(label));
        } else if (thing instanceof CustomField field) {
            return ProjectRequest.tree(ProjectPartCodec.fields(field));
        } else if (thing instanceof SavedView view) {
            return ProjectRequest.tree(ProjectPartCodec.fields(view));
        } else if (thing instanceof Comment comment) {
            return ProjectRequest.tree(ProjectPartCodec.fields(comment));
        } else if (thing instanceof Attachment attachment) {
            return ProjectRequest.tree(ProjectPartCodec.fields(attachment));
        } else if (thing instanceof Milestone milestone) {
            return ProjectRequest.tree(ProjectPartCodec.fields(milestone));
        }
        throw new IllegalArgumentException(
                "there is no JSON of " + thing.getClass().getSimpleName());
    }

    static ObjectNode of(ProjectTemplate template) {
        ObjectNode fields = JsonResponseWriter.object();
        fields.put("name", template.name());
        fields.put("description", template.description());
        ArrayNode columns = fields.putArray("columns");
        template.columns().forEach(each -> columns.add(each.title()));
        ArrayNode labels = fields.putArray("labels");
        template.labels().forEach(each -> labels.add(each.name()));
        ArrayNode own = fields.putArray("fields");
        template.fields().forEach(each -> own.add(each.name()));
        ArrayNode views = fields.putArray("views");
        template.views().forEach(each -> views.add(each.name()));
        return fields;
    }

    static ArrayNode of(List<PlanEvent> events) {
        ArrayNode list = JsonResponseWriter.array();
        for (PlanEvent event : events) {
            list.addObject()
                    .put("sequence", event.sequence())
                    .put("kind", JsonFields.wordOf(event.kind()))
                    .put("version", event.version())
                    .put("field", event.field())
                    .put("before", event.before())
                    .put("after", event.after())
                    .put("by", event.by().toString())
                    .put("at", event.at().toString());
        }
        return list;
    }
}
