package dev.architect.project.rule;

import dev.architect.error.DidYouMean;
import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.PlanningException;
import dev.architect.project.PlanningException.Kind;
import dev.architect.project.Position;
import dev.architect.project.Project;
import dev.architect.project.ProjectId;
import dev.architect.project.ProjectState;
import dev.architect.project.Revision;
import dev.architect.project.board.BoardColumn;
import dev.architect.project.board.ColumnDraft;
import dev.architect.project.board.CustomField;
import dev.architect.project.board.FieldDraft;
import dev.architect.project.board.Label;
import dev.architect.project.board.LabelDraft;
import dev.architect.project.board.ProjectTemplate;
import dev.architect.project.board.SavedView;
import dev.architect.project.board.ViewDraft;
import dev.architect.project.milestone.Milestone;
import dev.architect.project.milestone.MilestoneDraft;
import dev.architect.project.milestone.MilestoneId;
import dev.architect.project.milestone.MilestoneState;
import dev.architect.project.store.PartRow;
import dev.architect.project.store.ProjectPartCodec;
import dev.architect.project.store.ProjectReads;
import dev.architect.project.store.ProjectRows;
import dev.architect.project.store.SubjectKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fills a new project with what a template or another project has: columns, labels, custom fields, shared views and open milestones. */
final class ProjectCopy {

    private final ProjectRows rows;
    private final Project project;
    private final Revision revision;

    ProjectCopy(ProjectRows rows, Project project) {
        this.rows = rows;
        this.project = project;
        this.revision = project.revision();
    }

    /** The project that a template names; empty when it names a built-in one. */
    static Optional<ProjectId> source(String template) {
        return ProjectTemplate.projectOf(template).map(name -> {
            try {
                return new ProjectId(name);
            } catch (IllegalArgumentException noName) {
                throw unknown(template);
            }
        });
    }

    /** A project that others are made from, which is in any state but deleted. */
    static Project require(ProjectReads reads, ProjectId id) {
        return reads.project(id)
                .filter(each -> each.state() != ProjectState.DELETED)
                .orElseThrow(() -> unknown(ProjectTemplate.of(id)));
    }

    static ProjectTemplate builtIn(String name) {
        return ProjectTemplate.named(name).orElseThrow(() -> unknown(name));
    }

    private static PlanningException unknown(String template) {
        List<String> names =
                ProjectTemplate.builtIn().stream().map(ProjectTemplate::name).toList();
        return new PlanningException(
                Kind.NOT_FOUND,
                "template",
                "template is '" + template + "', "
                        + DidYouMean.of(template, names)
                                .map(near -> "did you mean '" + near + "'?")
                                .orElse("expected one of " + names + " or project: and the name of a project"));
    }

    void fill(ProjectTemplate template) {
        columns(template.columns());
        template.labels().forEach(this::label);
        template.fields().forEach(this::field);
        template.views().forEach(this::view);
    }

    void fill(Project source) {
        ProjectId from = source.id();
        columns(Planning.columns(rows, from).stream().map(BoardColumn::draft).toList());
        parts(SubjectKind.LABEL, from)
                .forEach(row -> label(ProjectPartCodec.label(row).draft()));
        parts(SubjectKind.FIELD, from).stream()
                .map(ProjectPartCodec::field)
                .filter(field -> field.deletedAt().isEmpty())
                .forEach(field -> field(field.draft()));
        parts(SubjectKind.VIEW, from).stream()
                .map(row -> ProjectPartCodec.view(row).draft())
                .filter(ViewDraft::isShared)
                .forEach(this::view);
        long days = Duration.between(source.revision().createdAt(), revision.createdAt())
                .toDays();
        parts(SubjectKind.MILESTONE, from).stream()
                .map(ProjectPartCodec::milestone)
                .filter(milestone -> milestone.state() != MilestoneState.DROPPED)
                .forEach(milestone -> milestone(milestone.draft(), days));
    }

    private List<PartRow> parts(SubjectKind kind, ProjectId from) {
        return rows.parts(kind, from, 0, 0, Planning.MOST_PARTS);
    }

    private void columns(List<ColumnDraft> drafts) {
        for (int i = 0; i < drafts.size(); i++) {
            rows.save(ProjectPartCodec.row(new BoardColumn(
                    nextId(), project.id(), drafts.get(i), Position.spread(i, drafts.size()), revision)));
        }
    }

    private void label(LabelDraft draft) {
        Label label = new Label(nextId(), project.id(), draft, revision);
        rows.save(ProjectPartCodec.row(label));
        created(SubjectKind.LABEL, label.id().value(), draft.name());
    }

    private void field(FieldDraft draft) {
        CustomField field = new CustomField(nextId(), project.id(), draft, Optional.empty(), revision);
        rows.save(ProjectPartCodec.row(field));
        created(SubjectKind.FIELD, field.id().value(), draft.name());
    }

    private void view(ViewDraft draft) {
        SavedView view = new SavedView(nextId(), project.id(), draft, revision);
        rows.save(ProjectPartCodec.row(view));
        created(SubjectKind.VIEW, view.id().value(), draft.name());
    }

    /** Dates keep their distance from the begin of the project. */
    private void milestone(MilestoneDraft draft, long days) {
        Milestone milestone = new Milestone(
                new MilestoneId(rows.nextId(project.id())),
                project.id(),
                new MilestoneDraft(
                        draft.title(), draft.description(), draft.target().map(day -> day.plusDays(days))),
                MilestoneState.PLANNED,
                Optional.empty(),
                revision);
        rows.save(ProjectPartCodec.row(milestone));
        created(SubjectKind.MILESTONE, milestone.id().value(), draft.title());
    }

    private PartId nextId() {
        return new PartId(rows.nextId(project.id()));
    }

    private void created(SubjectKind kind, long id, String name) {
        Actor by = revision.createdBy();
        Planning.append(
                rows, project.id(), kind, id, 1, Map.of("created", Map.entry("", name)), by, revision.createdAt());
    }
}
