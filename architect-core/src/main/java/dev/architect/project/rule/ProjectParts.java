package dev.architect.project.rule;

import dev.architect.check.Check;
import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.PlanningException;
import dev.architect.project.PlanningException.Kind;
import dev.architect.project.Project;
import dev.architect.project.ProjectId;
import dev.architect.project.Revision;
import dev.architect.project.Versioned;
import dev.architect.project.board.CustomField;
import dev.architect.project.board.FieldDraft;
import dev.architect.project.board.Label;
import dev.architect.project.board.LabelDraft;
import dev.architect.project.board.SavedView;
import dev.architect.project.board.ViewDraft;
import dev.architect.project.store.ItemCodec;
import dev.architect.project.store.PartRow;
import dev.architect.project.store.ProjectCodec;
import dev.architect.project.store.ProjectPartCodec;
import dev.architect.project.store.ProjectReads;
import dev.architect.project.store.ProjectRows;
import dev.architect.project.store.SubjectKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Labels, custom fields and saved views of projects. Methods block for the store; safe for use by several threads. */
public final class ProjectParts {

    /** The most labels of a project. */
    public static final int MAX_LABELS = 500;

    /** The most custom fields of a project. */
    public static final int MAX_FIELDS = 50;

    /** The most saved views of a project. */
    public static final int MAX_VIEWS = 200;

    private final Planning planning;

    ProjectParts(Planning planning) {
        this.planning = planning;
    }

    /** Returns the labels of a project, oldest first. */
    public List<Label> labels(ProjectId project) {
        return all(SubjectKind.LABEL, project, ProjectPartCodec::label);
    }

    /** Returns the custom fields of a project that are not deleted, oldest first. */
    public List<CustomField> fields(ProjectId project) {
        return all(SubjectKind.FIELD, project, ProjectPartCodec::field).stream()
                .filter(field -> field.deletedAt().isEmpty())
                .toList();
    }

    /** Returns the saved views of a project that somebody may see: their own and shared ones, oldest first. */
    public List<SavedView> views(ProjectId project, Actor viewer) {
        Check.notNull("viewer", viewer);
        return all(SubjectKind.VIEW, project, ProjectPartCodec::view).stream()
                .filter(view ->
                        view.draft().isShared() || view.revision().createdBy().equals(viewer))
                .toList();
    }

    private <T> List<T> all(SubjectKind kind, ProjectId project, Function<PartRow, T> reader) {
        Check.notNull("project", project);
        return planning.read(reads -> {
            Planning.require(reads, project);
            return Planning.parts(reads, kind, project, 0, reader);
        });
    }

    /**
     * Returns a label.
     *
     * @throws PlanningException when there is none with that id
     */
    public Label label(PartId id) {
        return planning.read(reads -> ProjectPartCodec.label(row(reads, SubjectKind.LABEL, id)));
    }

    /**
     * Returns a custom field.
     *
     * @throws PlanningException when there is none with that id
     */
    public CustomField field(PartId id) {
        return planning.read(reads -> field(reads, id));
    }

    /**
     * Returns a saved view.
     *
     * @throws PlanningException when there is none with that id that the viewer may see
     */
    public SavedView view(PartId id, Actor viewer) {
        Check.notNull("viewer", viewer);
        return planning.read(reads -> visible(ProjectPartCodec.view(row(reads, SubjectKind.VIEW, id)), viewer));
    }

    private static SavedView visible(SavedView view, Actor viewer) {
        if (!view.draft().isShared() && !view.revision().createdBy().equals(viewer)) {
            throw PlanningException.notFound("there is no view " + view.id() + ", expected one");
        }
        return view;
    }

    private static PartRow row(ProjectReads reads, SubjectKind kind, PartId id) {
        return Planning.require(reads, kind, Check.notNull("id", id).value(), id.toString());
    }

    private static CustomField field(ProjectReads reads, PartId id) {
        CustomField field = ProjectPartCodec.field(row(reads, SubjectKind.FIELD, id));
        if (field.deletedAt().isPresent()) {
            throw PlanningException.notFound("there is no field " + id + ", expected one that is not deleted");
        }
        return field;
    }

    /** Makes a label. */
    public Label addLabel(ProjectId project, LabelDraft draft, Actor by) {
        Check.notNull("draft", draft);
        return add(project, SubjectKind.LABEL, MAX_LABELS, by, (rows, revision) -> {
            requireFree(rows, project, SubjectKind.LABEL, Optional.empty(), draft.name());
            Label label = new Label(new PartId(rows.nextId(project)), project, draft, revision);
            rows.save(ProjectPartCodec.row(label));
            created(rows, project, SubjectKind.LABEL, label.id(), draft.name(), revision);
            return label;
        });
    }

    /** Makes a custom field. */
    public CustomField addField(ProjectId project, FieldDraft draft, Actor by) {
        Check.notNull("draft", draft);
        return add(project, SubjectKind.FIELD, MAX_FIELDS, by, (rows, revision) -> {
            requireFree(rows, project, SubjectKind.FIELD, Optional.empty(), draft.name());
            CustomField field =
                    new CustomField(new PartId(rows.nextId(project)), project, draft, Optional.empty(), revision);
            rows.save(ProjectPartCodec.row(field));
            created(rows, project, SubjectKind.FIELD, field.id(), draft.name(), revision);
            return field;
        });
    }

    /** Saves a view. */
    public SavedView addView(ProjectId project, ViewDraft draft, Actor by) {
        Check.notNull("draft", draft);
        return add(project, SubjectKind.VIEW, MAX_VIEWS, by, (rows, revision) -> {
            SavedView view = new SavedView(new PartId(rows.nextId(project)), project, draft, revision);
            rows.save(ProjectPartCodec.row(view));
            created(rows, project, SubjectKind.VIEW, view.id(), draft.name(), revision);
            return view;
        });
    }

    private interface Adding<T> {
        T add(ProjectRows rows, Revision revision);
    }

    private <T> T add(ProjectId project, SubjectKind kind, int most, Actor by, Adding<T> adding) {
        Check.notNull("project", project);
        Check.notNull("by", by);
        return planning.change(project, rows -> {
            Planning.requireOpen(rows, project);
            Instant now = planning.now();
            if (kind == SubjectKind.FIELD) {
                forgetFields(rows, project, now);
            }
            Planning.requireRoom(rows.parts(kind, project, 0, 0, Planning.MOST_PARTS), kind, most);
            return adding.add(rows, Revision.first(now, by));
        });
    }

    private static void created(
            ProjectRows rows, ProjectId project, SubjectKind kind, PartId id, String name, Revision revision) {
        Planning.append(
                rows,
                project,
                kind,
                id.value(),
                revision.version(),
                Map.of("created", Map.entry("", name)),
                revision.updatedBy(),
                revision.updatedAt());
    }

    /** The values of deleted fields go when they were kept long enough. */
    private static void forgetFields(ProjectRows rows, ProjectId project, Instant now) {
        for (CustomField field : Planning.parts(rows, SubjectKind.FIELD, project, 0, ProjectPartCodec::field)) {
            if (field.deletedAt()
                    .filter(at -> at.plus(CustomField.VALUES_KEPT).isBefore(now))
                    .isPresent()) {
                rows.forget(SubjectKind.FIELD, field.id().value());
                rows.delete(SubjectKind.FIELD, field.id().value());
            }
        }
    }

    private static void requireFree(
            ProjectReads reads, ProjectId project, SubjectKind kind, Optional<PartId> own, String name) {
        boolean isTaken = kind == SubjectKind.LABEL
                ? Planning.parts(reads, kind, project, 0, ProjectPartCodec::label).stream()
                        .anyMatch(each -> own.filter(each.id()::equals).isEmpty()
                                && isSame(each.draft().name(), name))
                : Planning.parts(reads, kind, project, 0, ProjectPartCodec::field).stream()
                        .anyMatch(each -> each.deletedAt().isEmpty()
                                && own.filter(each.id()::equals).isEmpty()
                                && isSame(each.draft().name(), name));
        if (isTaken) {
            throw new PlanningException(
                    Kind.TAKEN,
                    "name",
                    "name is '" + name + "', which project '" + project + "' has already, expected another one");
        }
    }

    private static boolean isSame(String one, String other) {
        return one.toLowerCase(Locale.ROOT).equals(other.toLowerCase(Locale.ROOT));
    }

    private <T extends Versioned> T change(
            SubjectKind kind,
            PartId id,
            long version,
            Function<ProjectReads, T> reader,
            Function<T, ProjectId> project,
            Changing<T> changing) {
        return planning.change(planning.projectOf(kind, Check.notNull("id", id).value(), id.toString()), rows -> {
            T before = reader.apply(rows);
            Planning.requireOpen(rows, project.apply(before));
            Planning.requireVersion(rows, project.apply(before), kind, id.value(), before, version);
            return changing.change(rows, before);
        });
    }

    private interface Changing<T> {
        T change(ProjectRows rows, T before);
    }

    private void changed(
            ProjectRows rows,
            ProjectId project,
            SubjectKind kind,
            PartId id,
            Revision revision,
            Map<String, Map.Entry<String, String>> changes) {
        Planning.append(
                rows,
                project,
                kind,
                id.value(),
                revision.version(),
                changes,
                revision.updatedBy(),
                revision.updatedAt());
    }

    /** Changes a label. */
    public Label editLabel(PartId id, long version, LabelDraft draft, Actor by) {
        Check.notNull("draft", draft);
        Check.notNull("by", by);
        return change(
                SubjectKind.LABEL,
                id,
                version,
                reads -> ProjectPartCodec.label(row(reads, SubjectKind.LABEL, id)),
                Label::project,
                (rows, before) -> {
                    requireFree(rows, before.project(), SubjectKind.LABEL, Optional.of(id), draft.name());
                    Label after = new Label(
                            id, before.project(), draft, before.revision().next(planning.now(), by));
                    rows.save(ProjectPartCodec.row(after));
                    renamed(rows, before, Optional.of(draft.name()), after.revision());
                    changed(
                            rows,
                            before.project(),
                            SubjectKind.LABEL,
                            id,
                            after.revision(),
                            ItemCodec.changes(ProjectPartCodec.fields(before.draft()), ProjectPartCodec.fields(draft)));
                    return after;
                });
    }

    /** What a project gives to its items by default follows the name of a label, and goes with it. */
    private static void renamed(ProjectRows rows, Label before, Optional<String> name, Revision change) {
        Project project = Planning.require(rows, before.project());
        List<String> names = new ArrayList<>(project.draft().defaultLabels());
        int place = names.indexOf(before.draft().name());
        if (place < 0 || name.filter(before.draft().name()::equals).isPresent()) {
            return;
        }
        name.ifPresentOrElse(each -> names.set(place, each), () -> names.remove(place));
        Project after = project.with(
                project.draft().withDefaultLabels(names),
                project.revision().next(change.updatedAt(), change.updatedBy()));
        rows.save(after);
        Planning.append(
                rows,
                project.id(),
                SubjectKind.PROJECT,
                0,
                after.revision().version(),
                ItemCodec.changes(ProjectCodec.fields(project.draft()), ProjectCodec.fields(after.draft())),
                change.updatedBy(),
                change.updatedAt());
    }

    /** Deletes a label, also from the items that have it. */
    public void deleteLabel(PartId id, long version, Actor by) {
        Check.notNull("by", by);
        change(
                SubjectKind.LABEL,
                id,
                version,
                reads -> ProjectPartCodec.label(row(reads, SubjectKind.LABEL, id)),
                Label::project,
                (rows, before) -> {
                    rows.forget(SubjectKind.LABEL, id.value());
                    rows.delete(SubjectKind.LABEL, id.value());
                    renamed(rows, before, Optional.empty(), before.revision().next(planning.now(), by));
                    deleted(
                            rows,
                            before.project(),
                            SubjectKind.LABEL,
                            id,
                            before.draft().name(),
                            version,
                            by);
                    return before;
                });
    }

    private void deleted(
            ProjectRows rows, ProjectId project, SubjectKind kind, PartId id, String name, long version, Actor by) {
        Planning.append(
                rows,
                project,
                kind,
                id.value(),
                version + 1,
                Map.of("deleted", Map.entry(name, "")),
                by,
                planning.now());
    }

    /** Changes a custom field; its kind stays, and so do values that it would no longer take. */
    public CustomField editField(PartId id, long version, FieldDraft draft, Actor by) {
        Check.notNull("draft", draft);
        Check.notNull("by", by);
        return change(
                SubjectKind.FIELD, id, version, reads -> field(reads, id), CustomField::project, (rows, before) -> {
                    if (draft.kind() != before.draft().kind()) {
                        throw new PlanningException(
                                Kind.NOT_POSSIBLE,
                                "kind",
                                "kind is " + draft.kind() + ", expected "
                                        + before.draft().kind() + ", which a field keeps");
                    }
                    requireFree(rows, before.project(), SubjectKind.FIELD, Optional.of(id), draft.name());
                    CustomField after = new CustomField(
                            id,
                            before.project(),
                            draft,
                            Optional.empty(),
                            before.revision().next(planning.now(), by));
                    rows.save(ProjectPartCodec.row(after));
                    changed(
                            rows,
                            before.project(),
                            SubjectKind.FIELD,
                            id,
                            after.revision(),
                            ItemCodec.changes(ProjectPartCodec.fields(before.draft()), ProjectPartCodec.fields(draft)));
                    return after;
                });
    }

    /** Deletes a custom field; its values are kept for {@link CustomField#VALUES_KEPT}. */
    public void deleteField(PartId id, long version, Actor by) {
        Check.notNull("by", by);
        change(SubjectKind.FIELD, id, version, reads -> field(reads, id), CustomField::project, (rows, before) -> {
            Instant now = planning.now();
            CustomField after = new CustomField(
                    id,
                    before.project(),
                    before.draft(),
                    Optional.of(now),
                    before.revision().next(now, by));
            rows.save(ProjectPartCodec.row(after));
            deleted(
                    rows,
                    before.project(),
                    SubjectKind.FIELD,
                    id,
                    before.draft().name(),
                    version,
                    by);
            return after;
        });
    }

    /** Changes a saved view, which its owner alone may do. */
    public SavedView editView(PartId id, long version, ViewDraft draft, Actor by) {
        Check.notNull("draft", draft);
        Check.notNull("by", by);
        return change(
                SubjectKind.VIEW, id, version, reads -> own(reads, id, by), SavedView::project, (rows, before) -> {
                    SavedView after = new SavedView(
                            id, before.project(), draft, before.revision().next(planning.now(), by));
                    rows.save(ProjectPartCodec.row(after));
                    changed(
                            rows,
                            before.project(),
                            SubjectKind.VIEW,
                            id,
                            after.revision(),
                            ItemCodec.changes(ProjectPartCodec.fields(before.draft()), ProjectPartCodec.fields(draft)));
                    return after;
                });
    }

    private static SavedView own(ProjectReads reads, PartId id, Actor by) {
        SavedView view = visible(ProjectPartCodec.view(row(reads, SubjectKind.VIEW, id)), by);
        if (!view.revision().createdBy().equals(by)) {
            throw new PlanningException(
                    Kind.NOT_POSSIBLE,
                    "",
                    "view " + id + " is of " + view.revision().createdBy() + ", expected one of " + by);
        }
        return view;
    }

    /** Deletes a saved view, which its owner alone may do. */
    public void deleteView(PartId id, long version, Actor by) {
        Check.notNull("by", by);
        change(SubjectKind.VIEW, id, version, reads -> own(reads, id, by), SavedView::project, (rows, before) -> {
            rows.delete(SubjectKind.VIEW, id.value());
            deleted(rows, before.project(), SubjectKind.VIEW, id, before.draft().name(), version, by);
            return before;
        });
    }
}
