package dev.architect.project.rule;

import dev.architect.check.Check;
import dev.architect.error.DidYouMean;
import dev.architect.json.InvalidFieldException;
import dev.architect.project.Actor;
import dev.architect.project.PlanningException;
import dev.architect.project.PlanningException.Kind;
import dev.architect.project.Project;
import dev.architect.project.ProjectDraft;
import dev.architect.project.ProjectId;
import dev.architect.project.ProjectState;
import dev.architect.project.Revision;
import dev.architect.project.board.ProjectTemplate;
import dev.architect.project.store.ItemCodec;
import dev.architect.project.store.PlanEvent;
import dev.architect.project.store.ProjectCodec;
import dev.architect.project.store.ProjectPartCodec;
import dev.architect.project.store.ProjectReads;
import dev.architect.project.store.ProjectRows;
import dev.architect.project.store.ProjectStore;
import dev.architect.project.store.SubjectKind;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.TaskStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Projects: what people plan. The rest is grouped by subject: {@link #boards()}, {@link #items()}, {@link #links()}, {@link #comments()},
 * {@link #attachments()}, {@link #parts()}, {@link #milestones()}, {@link #imports()}.
 *
 * <p>Whoever changes something names the version that they have seen; from another one it is refused with a {@link
 * dev.architect.project.StaleVersionException}. What breaks a rule, or is about something that is not there, is refused with a {@link
 * PlanningException}; nothing is changed then. Methods block for the store, throw an {@link IllegalStateException} when it keeps no projects,
 * and are safe for use by several threads.
 */
public final class Projects {

    private final Planning planning;
    private final Boards boards;
    private final Items items;
    private final Links links;
    private final Comments comments;
    private final Attachments attachments;
    private final ProjectParts parts;
    private final Milestones milestones;
    private final Imports imports;

    /**
     * Creates the rules over a store.
     *
     * @param store keeps projects; empty where none is kept
     * @param tasks the tasks of the same store
     * @param ledger what they cost
     * @param starter submits tasks
     */
    public Projects(Optional<ProjectStore> store, TaskStore tasks, LedgerStore ledger, TaskStarter starter) {
        this.planning = new Planning(Check.notNull("store", store));
        this.links = new Links(planning);
        this.boards = new Boards(planning);
        this.items = new Items(
                planning,
                Check.notNull("tasks", tasks),
                Check.notNull("ledger", ledger),
                Check.notNull("starter", starter));
        this.comments = new Comments(planning);
        this.attachments = new Attachments(planning);
        this.parts = new ProjectParts(planning);
        this.milestones = new Milestones(planning);
        this.imports = new Imports(planning);
    }

    /** Boards and their columns. */
    public Boards boards() {
        return boards;
    }

    /** Features, bugs and chores. */
    public Items items() {
        return items;
    }

    /** How items have to do with each other. */
    public Links links() {
        return links;
    }

    /** What was said about items. */
    public Comments comments() {
        return comments;
    }

    /** Files beside items. */
    public Attachments attachments() {
        return attachments;
    }

    /** Labels, custom fields and saved views. */
    public ProjectParts parts() {
        return parts;
    }

    /** Dates that projects promise. */
    public Milestones milestones() {
        return milestones;
    }

    /** Projects that come from other programs and stores, or go there. */
    public Imports imports() {
        return imports;
    }

    /** Whether the store keeps projects. */
    public boolean isKept() {
        return planning.isKept();
    }

    /**
     * Makes a project with the columns Backlog, To do, In progress, In review, Done and Cancelled.
     *
     * @param id its name, which no other project has
     * @param prefix what the keys of its items begin with, which no other project has
     * @throws PlanningException when name or prefix is taken, also by a project that can still be restored
     */
    public Project create(ProjectId id, String prefix, ProjectDraft draft, Actor by) {
        return create(id, prefix, draft, Optional.empty(), by);
    }

    /**
     * Makes a project with the columns, labels, custom fields and views of a template. Another project as a template gives its shared views and its
     * milestones as well: those that were not dropped, planned anew, as far from the begin of the project as they were there. Items, people's own
     * views and approval rules are not taken along.
     *
     * @param id its name, which no other project has
     * @param prefix what the keys of its items begin with, which no other project has
     * @param draft its default labels are such as the template has
     * @param template the name of a {@link ProjectTemplate}, or {@code project:} and the name of another project; empty for {@link
     *     ProjectTemplate#BOARD}
     * @throws PlanningException when name or prefix is taken, also by a project that can still be restored, or there is no such template
     */
    public Project create(ProjectId id, String prefix, ProjectDraft draft, Optional<String> template, Actor by) {
        Check.notNull("id", id);
        Project.checkPrefix(prefix);
        Check.notNull("draft", draft);
        Check.notNull("template", template);
        Check.notNull("by", by);
        Optional<ProjectId> source = template.flatMap(ProjectCopy::source);
        Set<ProjectId> locked = new HashSet<>(Set.of(id, Planning.ALL));
        source.ifPresent(locked::add);
        return planning.store().change(locked, rows -> {
            Instant now = planning.now();
            rows.project(id).filter(old -> isOver(old, now)).ifPresent(old -> rows.purge(old.id()));
            rows.projectOf(prefix).filter(old -> isOver(old, now)).ifPresent(old -> rows.purge(old.id()));
            if (rows.project(id).isPresent()) {
                throw new PlanningException(
                        Kind.TAKEN, "key", "project '" + id + "' is there already, expected another name");
            }
            if (rows.projectOf(prefix).isPresent()) {
                throw new PlanningException(
                        Kind.TAKEN, "prefix", "prefix '" + prefix + "' is taken, expected another one");
            }
            Project project = new Project(
                    id, prefix, draft, ProjectState.ACTIVE, Optional.empty(), Revision.first(now, by), template);
            Optional<Project> pattern = source.map(each -> ProjectCopy.require(rows, each));
            rows.save(project);
            append(rows, project, "created", "", prefix, by);
            ProjectCopy copy = new ProjectCopy(rows, project);
            pattern.ifPresentOrElse(
                    copy::fill,
                    () -> copy.fill(template.map(ProjectCopy::builtIn).orElse(ProjectTemplate.BOARD)));
            requireLabels(rows, id, draft, List.of());
            return project;
        });
    }

    /**
     * Returns what a project that is made from a template begins with, for whoever makes it to change: all but the title of another project, of a
     * built-in template nothing.
     *
     * @param template as for {@link #create(ProjectId, String, ProjectDraft, Optional, Actor)}
     * @throws PlanningException when there is no such template
     */
    public ProjectDraft draft(String title, Optional<String> template) {
        Check.notNull("template", template);
        Optional<ProjectId> source = template.flatMap(ProjectCopy::source);
        if (source.isPresent()) {
            return planning.read(reads -> ProjectCopy.require(reads, source.get()))
                    .draft()
                    .withTitle(title);
        }
        template.ifPresent(ProjectCopy::builtIn);
        return ProjectDraft.of(title);
    }

    /** Default labels are labels of the project; those that it had as default labels before may be gone. */
    private static void requireLabels(ProjectReads reads, ProjectId id, ProjectDraft draft, List<String> before) {
        if (before.containsAll(draft.defaultLabels())) {
            return;
        }
        List<String> names = Planning.parts(reads, SubjectKind.LABEL, id, 0, ProjectPartCodec::label).stream()
                .map(label -> label.draft().name())
                .toList();
        for (String each : draft.defaultLabels()) {
            if (!names.contains(each)) {
                throw InvalidFieldException.value(
                        "defaultLabels",
                        "defaultLabels have '" + each + "', "
                                + DidYouMean.of(each, names)
                                        .map(near -> "did you mean '" + near + "'?")
                                        .orElse("expected labels of the project, which are " + names));
            }
        }
    }

    private static boolean isOver(Project project, Instant now) {
        return project.deletedAt()
                .filter(at -> at.plus(Project.RESTORABLE).isBefore(now))
                .isPresent();
    }

    private static void append(ProjectRows rows, Project project, String field, String before, String after, Actor by) {
        Revision revision = project.revision();
        rows.append(List.of(new PlanEvent(
                0,
                project.id(),
                SubjectKind.PROJECT,
                0,
                revision.version(),
                field,
                before,
                after,
                by,
                revision.updatedAt())));
    }

    /** Returns a project that is not deleted; empty when there is none. */
    public Optional<Project> find(ProjectId id) {
        Check.notNull("id", id);
        return planning.read(reads -> reads.project(id)).filter(each -> each.state() != ProjectState.DELETED);
    }

    /**
     * Returns a project.
     *
     * @throws PlanningException when there is none of that name
     */
    public Project get(ProjectId id) {
        Check.notNull("id", id);
        return planning.read(reads -> Planning.require(reads, id));
    }

    /**
     * Returns projects by name, deleted ones as well.
     *
     * @param after only those after this one; empty for the first ones
     * @param limit 1 to 500
     */
    public List<Project> list(Optional<ProjectId> after, int limit) {
        Check.notNull("after", after);
        Check.range("limit", limit, 1, 500);
        return planning.read(reads -> reads.projects(after, limit));
    }

    /** Changes what people may change of a project. */
    public Project edit(ProjectId id, long version, ProjectDraft draft, Actor by) {
        Check.notNull("id", id);
        Check.notNull("draft", draft);
        Check.notNull("by", by);
        return planning.change(id, rows -> {
            Project before = Planning.requireOpen(rows, id);
            Planning.requireVersion(rows, id, SubjectKind.PROJECT, 0, before, version);
            Map<String, Map.Entry<String, String>> changes =
                    ItemCodec.changes(ProjectCodec.fields(before.draft()), ProjectCodec.fields(draft));
            if (changes.isEmpty()) {
                return before;
            }
            requireLabels(rows, id, draft, before.draft().defaultLabels());
            Instant now = planning.now();
            Project after = before.with(draft, before.revision().next(now, by));
            rows.save(after);
            Planning.append(rows, id, SubjectKind.PROJECT, 0, after.revision().version(), changes, by, now);
            return after;
        });
    }

    /** Lets no new work of a project begin until {@link #resume}. */
    public Project pause(ProjectId id, Actor by) {
        return move(id, Set.of(ProjectState.ACTIVE, ProjectState.PAUSED), ProjectState.PAUSED, by);
    }

    /** Lets new work of a paused project begin. */
    public Project resume(ProjectId id, Actor by) {
        return move(id, Set.of(ProjectState.ACTIVE, ProjectState.PAUSED), ProjectState.ACTIVE, by);
    }

    /** Makes a project read only. */
    public Project archive(ProjectId id, Actor by) {
        return move(
                id, Set.of(ProjectState.ACTIVE, ProjectState.PAUSED, ProjectState.ARCHIVED), ProjectState.ARCHIVED, by);
    }

    /** Makes a project active that is archived, or was deleted not longer than {@link Project#RESTORABLE} ago. */
    public Project restore(ProjectId id, Actor by) {
        return move(
                id, Set.of(ProjectState.ACTIVE, ProjectState.ARCHIVED, ProjectState.DELETED), ProjectState.ACTIVE, by);
    }

    /**
     * Deletes an archived project. It can be restored for {@link Project#RESTORABLE}; its calls stay in the ledger.
     *
     * @param confirmation the name of the project, as whoever deletes it has typed it
     */
    public Project delete(ProjectId id, long version, String confirmation, Actor by) {
        Check.notNull("id", id);
        if (!Check.notNull("confirmation", confirmation).equals(id.name())) {
            throw new PlanningException(
                    Kind.NOT_POSSIBLE,
                    "confirm",
                    "confirm is not the key of the project, expected '" + id.name() + "'");
        }
        Check.notNull("by", by);
        return planning.change(id, rows -> {
            Planning.requireVersion(rows, id, SubjectKind.PROJECT, 0, Planning.require(rows, id), version);
            return move(rows, id, Set.of(ProjectState.ARCHIVED), ProjectState.DELETED, by);
        });
    }

    private Project move(ProjectId id, Set<ProjectState> from, ProjectState to, Actor by) {
        Check.notNull("id", id);
        Check.notNull("by", by);
        return planning.change(id, rows -> move(rows, id, from, to, by));
    }

    private Project move(ProjectRows rows, ProjectId id, Set<ProjectState> from, ProjectState to, Actor by) {
        Instant now = planning.now();
        Project before = rows.project(id)
                .filter(project -> from.contains(ProjectState.DELETED)
                        ? !isOver(project, now)
                        : project.state() != ProjectState.DELETED)
                .orElseThrow(() -> PlanningException.notFound("there is no project '" + id + "', expected one"));
        if (before.state() == to) {
            return before;
        }
        if (!from.contains(before.state())) {
            throw new PlanningException(
                    Kind.NOT_POSSIBLE,
                    "",
                    "project '" + id + "' is " + before.state() + ", expected one of "
                            + from.stream().sorted().toList());
        }
        Project after = before.with(to, before.revision().next(now, by));
        rows.save(after);
        append(rows, after, "state", before.state().name(), to.name(), by);
        return after;
    }

    /**
     * Deletes for good what was deleted longer than {@link Project#RESTORABLE} ago. The names of its items stay taken as long as the project was
     * there; a new project of the name begins anew.
     *
     * @return the projects that are gone
     */
    public List<ProjectId> purge() {
        List<ProjectId> purged = new ArrayList<>();
        Optional<ProjectId> after = Optional.empty();
        while (true) {
            List<Project> page = list(after, 500);
            Instant now = planning.now();
            for (Project each : page) {
                if (isOver(each, now)
                        && planning.change(each.id(), rows -> {
                            boolean isOver = rows.project(each.id())
                                    .filter(project -> isOver(project, now))
                                    .isPresent();
                            if (isOver) {
                                rows.purge(each.id());
                            }
                            return isOver;
                        })) {
                    purged.add(each.id());
                }
            }
            if (page.size() < 500) {
                return purged;
            }
            after = Optional.of(page.get(page.size() - 1).id());
        }
    }

    /** Returns what was changed of a project itself, newest first. */
    public List<PlanEvent> events(ProjectId id, long before, int limit) {
        Check.notNull("id", id);
        Check.range("limit", limit, 1, 500);
        return planning.read(reads -> {
            Planning.require(reads, id);
            return reads.events(id, SubjectKind.PROJECT, 0, before, limit);
        });
    }
}
