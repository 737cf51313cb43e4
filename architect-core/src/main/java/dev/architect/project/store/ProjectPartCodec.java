package dev.architect.project.store;

import dev.architect.check.Check;
import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.Position;
import dev.architect.project.board.BoardColumn;
import dev.architect.project.board.ColumnDraft;
import dev.architect.project.board.CustomField;
import dev.architect.project.board.FieldDraft;
import dev.architect.project.board.FieldKind;
import dev.architect.project.board.Label;
import dev.architect.project.board.LabelDraft;
import dev.architect.project.board.SavedView;
import dev.architect.project.board.Stage;
import dev.architect.project.board.ViewDraft;
import dev.architect.project.item.Attachment;
import dev.architect.project.item.Comment;
import dev.architect.project.item.ItemId;
import dev.architect.project.milestone.Baseline;
import dev.architect.project.milestone.Milestone;
import dev.architect.project.milestone.MilestoneDraft;
import dev.architect.project.milestone.MilestoneId;
import dev.architect.project.milestone.MilestoneSlip;
import dev.architect.project.milestone.MilestoneState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** The JSON form of the parts of projects, for stores and for the web. What is empty is left out. */
public final class ProjectPartCodec {

    private static final int MOST_CARDS = 1_000;

    private ProjectPartCodec() {}

    /** Returns the fields of a column. */
    public static Map<String, Object> fields(BoardColumn column) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", Check.notNull("column", column).id().toString());
        fields.putAll(fields(column.draft()));
        fields.put("position", column.position().text());
        PlanTexts.put(fields, column.revision());
        return fields;
    }

    /** Returns what people may change of a column. */
    public static Map<String, Object> fields(ColumnDraft draft) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("title", Check.notNull("draft", draft).title());
        fields.put("stage", JsonFields.wordOf(draft.stage()));
        fields.put("hidden", draft.isHidden());
        draft.wipLimit().ifPresent(limit -> fields.put("wipLimit", limit));
        draft.colour().ifPresent(each -> fields.put("colour", each));
        return fields;
    }

    /**
     * Reads what people may change of a column.
     *
     * @throws InvalidFieldException when a field has another form or is missing
     */
    public static ColumnDraft columnDraft(JsonFields fields) {
        Check.notNull("fields", fields);
        return PlanTexts.named(
                fields,
                () -> new ColumnDraft(
                        fields.requiredText("title"),
                        fields.constant("stage", Stage.class).orElseThrow(() -> fields.missing("stage", "a stage")),
                        fields.flag("hidden", false),
                        fields.integer("wipLimit", 1, MOST_CARDS)
                                .map(OptionalInt::of)
                                .orElse(OptionalInt.empty()),
                        fields.text("colour")));
    }

    /** Writes a column. */
    public static PartRow row(BoardColumn column) {
        Check.notNull("column", column);
        return new PartRow(
                SubjectKind.COLUMN,
                column.id().value(),
                column.project(),
                0,
                column.revision().version(),
                JsonText.write(fields(column)));
    }

    /** Reads a column. */
    public static BoardColumn column(PartRow row) {
        JsonFields fields = JsonFields.parse(Check.notNull("row", row).body());
        return new BoardColumn(
                new PartId(row.id()),
                row.project(),
                columnDraft(fields),
                new Position(fields.requiredText("position")),
                PlanTexts.revision(fields));
    }

    /** Returns the fields of a label. */
    public static Map<String, Object> fields(Label label) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", Check.notNull("label", label).id().toString());
        fields.putAll(fields(label.draft()));
        PlanTexts.put(fields, label.revision());
        return fields;
    }

    /** Returns what people may change of a label. */
    public static Map<String, Object> fields(LabelDraft draft) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", Check.notNull("draft", draft).name());
        fields.put("colour", draft.colour());
        fields.put("description", draft.description());
        return fields;
    }

    /**
     * Reads what people may change of a label.
     *
     * @throws InvalidFieldException when a field has another form or is missing
     */
    public static LabelDraft labelDraft(JsonFields fields) {
        Check.notNull("fields", fields);
        return PlanTexts.named(
                fields,
                () -> new LabelDraft(
                        fields.requiredText("name"),
                        fields.text("colour").orElse(LabelDraft.DEFAULT_COLOUR),
                        fields.text("description").orElse("")));
    }

    /** Writes a label. */
    public static PartRow row(Label label) {
        Check.notNull("label", label);
        return new PartRow(
                SubjectKind.LABEL,
                label.id().value(),
                label.project(),
                0,
                label.revision().version(),
                JsonText.write(fields(label)));
    }

    /** Reads a label. */
    public static Label label(PartRow row) {
        JsonFields fields = JsonFields.parse(Check.notNull("row", row).body());
        return new Label(new PartId(row.id()), row.project(), labelDraft(fields), PlanTexts.revision(fields));
    }

    /** Returns the fields of a custom field. */
    public static Map<String, Object> fields(CustomField field) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", Check.notNull("field", field).id().toString());
        fields.putAll(fields(field.draft()));
        field.deletedAt().ifPresent(at -> fields.put("deletedAt", at.toString()));
        PlanTexts.put(fields, field.revision());
        return fields;
    }

    /** Returns what people may change of a custom field. */
    public static Map<String, Object> fields(FieldDraft draft) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", Check.notNull("draft", draft).name());
        fields.put("kind", JsonFields.wordOf(draft.kind()));
        if (!draft.choices().isEmpty()) {
            fields.put("choices", draft.choices());
        }
        return fields;
    }

    /**
     * Reads what people may change of a custom field.
     *
     * @throws InvalidFieldException when a field has another form or is missing
     */
    public static FieldDraft fieldDraft(JsonFields fields) {
        Check.notNull("fields", fields);
        return PlanTexts.named(
                fields,
                () -> new FieldDraft(
                        fields.requiredText("name"),
                        fields.constant("kind", FieldKind.class)
                                .orElseThrow(() -> fields.missing("kind", "a kind of values")),
                        fields.texts("choices")));
    }

    /** Writes a custom field. */
    public static PartRow row(CustomField field) {
        Check.notNull("field", field);
        return new PartRow(
                SubjectKind.FIELD,
                field.id().value(),
                field.project(),
                0,
                field.revision().version(),
                JsonText.write(fields(field)));
    }

    /** Reads a custom field. */
    public static CustomField field(PartRow row) {
        JsonFields fields = JsonFields.parse(Check.notNull("row", row).body());
        return new CustomField(
                new PartId(row.id()),
                row.project(),
                fieldDraft(fields),
                PlanTexts.instant(fields, "deletedAt"),
                PlanTexts.revision(fields));
    }

    /** Returns the fields of a view. */
    public static Map<String, Object> fields(SavedView view) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", Check.notNull("view", view).id().toString());
        fields.put("project", view.project().name());
        fields.putAll(fields(view.draft()));
        PlanTexts.put(fields, view.revision());
        return fields;
    }

    /** Returns what people may change of a view. */
    public static Map<String, Object> fields(ViewDraft draft) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", Check.notNull("draft", draft).name());
        fields.put("query", draft.query());
        fields.put("layout", JsonFields.wordOf(draft.layout()));
        fields.put("shared", draft.isShared());
        return fields;
    }

    /**
     * Reads what people may change of a view.
     *
     * @throws InvalidFieldException when a field has another form or is missing
     */
    public static ViewDraft viewDraft(JsonFields fields) {
        Check.notNull("fields", fields);
        return PlanTexts.named(
                fields,
                () -> new ViewDraft(
                        fields.requiredText("name"),
                        fields.text("query").orElse(""),
                        fields.constant("layout", ViewDraft.Layout.class).orElse(ViewDraft.Layout.BOARD),
                        fields.flag("shared", false)));
    }

    /** Writes a view. */
    public static PartRow row(SavedView view) {
        Check.notNull("view", view);
        return new PartRow(
                SubjectKind.VIEW,
                view.id().value(),
                view.project(),
                0,
                view.revision().version(),
                JsonText.write(fields(view)));
    }

    /** Reads a view. */
    public static SavedView view(PartRow row) {
        JsonFields fields = JsonFields.parse(Check.notNull("row", row).body());
        return new SavedView(new PartId(row.id()), row.project(), viewDraft(fields), PlanTexts.revision(fields));
    }

    /** Returns the fields of a comment. */
    public static Map<String, Object> fields(Comment comment) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", Check.notNull("comment", comment).id().toString());
        fields.put("item", comment.item().toString());
        comment.parent().ifPresent(parent -> fields.put("parent", parent.toString()));
        fields.put("body", comment.body());
        comment.resolvedAt().ifPresent(at -> fields.put("resolvedAt", at.toString()));
        if (!comment.earlier().isEmpty()) {
            fields.put("earlier", comment.earlier());
        }
        PlanTexts.put(fields, comment.revision());
        return fields;
    }

    /** Writes a comment. */
    public static PartRow row(Comment comment) {
        Check.notNull("comment", comment);
        return new PartRow(
                SubjectKind.COMMENT,
                comment.id().value(),
                comment.project(),
                comment.item().value(),
                comment.revision().version(),
                JsonText.write(fields(comment)));
    }

    /** Reads a comment. */
    public static Comment comment(PartRow row) {
        JsonFields fields = JsonFields.parse(Check.notNull("row", row).body());
        return new Comment(
                new PartId(row.id()),
                row.project(),
                new ItemId(row.owner()),
                fields.text("parent").map(PartId::parse),
                fields.requiredText("body"),
                PlanTexts.instant(fields, "resolvedAt"),
                fields.texts("earlier"),
                PlanTexts.revision(fields));
    }

    /** Returns the fields of an attachment. */
    public static Map<String, Object> fields(Attachment attachment) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", Check.notNull("attachment", attachment).id().toString());
        fields.put("item", attachment.item().toString());
        fields.put("name", attachment.name());
        fields.put("type", attachment.type());
        fields.put("size", attachment.size());
        fields.put("sha256", attachment.sha256());
        PlanTexts.put(fields, attachment.revision());
        return fields;
    }

    /** Writes an attachment. */
    public static PartRow row(Attachment attachment) {
        Check.notNull("attachment", attachment);
        return new PartRow(
                SubjectKind.ATTACHMENT,
                attachment.id().value(),
                attachment.project(),
                attachment.item().value(),
                attachment.revision().version(),
                JsonText.write(fields(attachment)));
    }

    /** Reads an attachment. */
    public static Attachment attachment(PartRow row) {
        JsonFields fields = JsonFields.parse(Check.notNull("row", row).body());
        return new Attachment(
                new PartId(row.id()),
                row.project(),
                new ItemId(row.owner()),
                fields.requiredText("name"),
                fields.requiredText("type"),
                fields.integer("size", 1, Attachment.MAX_BYTES).orElseThrow(),
                fields.requiredText("sha256"),
                PlanTexts.revision(fields));
    }

    /** Returns the fields of a milestone. */
    public static Map<String, Object> fields(Milestone milestone) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", Check.notNull("milestone", milestone).id().toString());
        fields.put("project", milestone.project().name());
        fields.putAll(fields(milestone.draft()));
        fields.put("state", JsonFields.wordOf(milestone.state()));
        milestone.baseline().ifPresent(baseline -> {
            Map<String, Object> scope = new LinkedHashMap<>();
            scope.put("at", baseline.at().toString());
            Map<String, Object> minutes = new TreeMap<>(baseline.minutes());
            scope.put("minutes", minutes);
            fields.put("baseline", scope);
        });
        PlanTexts.put(fields, milestone.revision());
        return fields;
    }

    /** Returns what people may change of a milestone. */
    public static Map<String, Object> fields(MilestoneDraft draft) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("title", Check.notNull("draft", draft).title());
        fields.put("description", draft.description());
        draft.target().ifPresent(day -> fields.put("target", day.toString()));
        return fields;
    }

    /**
     * Reads what people may change of a milestone.
     *
     * @throws InvalidFieldException when a field has another form or is missing
     */
    public static MilestoneDraft milestoneDraft(JsonFields fields) {
        Check.notNull("fields", fields);
        return PlanTexts.named(
                fields,
                () -> new MilestoneDraft(
                        fields.requiredText("title"),
                        fields.text("description").orElse(""),
                        PlanTexts.day(fields, "target")));
    }

    /** Writes a milestone. */
    public static PartRow row(Milestone milestone) {
        Check.notNull("milestone", milestone);
        return new PartRow(
                SubjectKind.MILESTONE,
                milestone.id().value(),
                milestone.project(),
                0,
                milestone.revision().version(),
                JsonText.write(fields(milestone)));
    }

    /** Reads a milestone. */
    public static Milestone milestone(PartRow row) {
        JsonFields fields = JsonFields.parse(Check.notNull("row", row).body());
        return new Milestone(
                new MilestoneId(row.id()),
                row.project(),
                milestoneDraft(fields),
                fields.constant("state", MilestoneState.class).orElseThrow(),
                fields.object("baseline").map(ProjectPartCodec::baseline),
                PlanTexts.revision(fields));
    }

    private static Baseline baseline(JsonFields fields) {
        Map<String, Integer> minutes = new TreeMap<>();
        JsonText.readObject(fields.objectText("minutes").orElse("{}"))
                .forEach((key, value) -> minutes.put(key, ((Number) Check.notNull(key, value)).intValue()));
        return new Baseline(PlanTexts.instant(fields, "at").orElseThrow(), minutes);
    }

    /** Returns the fields of a moved date. */
    public static Map<String, Object> fields(MilestoneSlip slip) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("at", Check.notNull("slip", slip).at().toString());
        fields.put("by", slip.by().toString());
        slip.before().ifPresent(day -> fields.put("before", day.toString()));
        slip.after().ifPresent(day -> fields.put("after", day.toString()));
        fields.put("cause", slip.cause());
        return fields;
    }

    /** Writes a moved date. */
    public static PartRow row(long id, Milestone milestone, MilestoneSlip slip) {
        Check.notNull("milestone", milestone);
        Check.notNull("slip", slip);
        return new PartRow(
                SubjectKind.SLIP, id, milestone.project(), milestone.id().value(), 1, JsonText.write(fields(slip)));
    }

    /** Reads a moved date. */
    public static MilestoneSlip slip(PartRow row) {
        JsonFields fields = JsonFields.parse(Check.notNull("row", row).body());
        return new MilestoneSlip(
                PlanTexts.instant(fields, "at").orElseThrow(),
                Actor.parse(fields.requiredText("by")),
                PlanTexts.day(fields, "before"),
                PlanTexts.day(fields, "after"),
                fields.requiredText("cause"));
    }
}
