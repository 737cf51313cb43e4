package dev.architect.project.rule;

import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.PlanningException;
import dev.architect.project.PlanningException.Kind;
import dev.architect.project.Project;
import dev.architect.project.ProjectId;
import dev.architect.project.ProjectState;
import dev.architect.project.StaleVersionException;
import dev.architect.project.Versioned;
import dev.architect.project.board.BoardColumn;
import dev.architect.project.board.Stage;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemKey;
import dev.architect.project.store.ItemCodec;
import dev.architect.project.store.ItemQuery;
import dev.architect.project.store.PartRow;
import dev.architect.project.store.PlanEvent;
import dev.architect.project.store.ProjectPartCodec;
import dev.architect.project.store.ProjectReads;
import dev.architect.project.store.ProjectRows;
import dev.architect.project.store.ProjectStore;
import dev.architect.project.store.SearchText;
import dev.architect.project.store.SubjectKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the rules of projects have in common. Safe for use by several threads. */
final class Planning {

    /** The most parts of one kind that a project has, comments and attachments of one item alike. */
    static final int MOST_PARTS = 1_000;

    private static final int MAX_TRIES = 20;

    /** Also locked by changes that have to do with more than the projects that they name. */
    static final ProjectId ALL = new ProjectId("0");

    private final Optional<ProjectStore> store;

    Planning(Optional<ProjectStore> store) {
        this.store = store;
    }

    ProjectStore store() {
        return store.orElseThrow(
                () -> new IllegalStateException("the store keeps no projects, expected one that does"));
    }

    boolean isKept() {
        return store.isPresent();
    }

    <T> T read(ProjectStore.Reading<T> reading) {
        return store().read(reading);
    }

    <T> T change(ProjectId project, ProjectStore.Change<T> change) {
        return store().change(Set.of(project), change);
    }

    Instant now() {
        return store().now();
    }

    /** Returns a project that is not deleted. */
    static Project require(ProjectReads reads, ProjectId id) {
        return reads.project(id)
                .filter(project -> project.state() != ProjectState.DELETED)
                .orElseThrow(() -> PlanningException.notFound("there is no project '" + id + "', expected one"));
    }

    /** Returns a project that may be changed. */
    static Project requireOpen(ProjectReads reads, ProjectId id) {
        Project project = require(reads, id);
        if (!project.isOpen()) {
            throw new PlanningException(
                    Kind.PROJECT_CLOSED,
                    "",
                    "project '" + id + "' is " + project.state() + ", expected one that is active or paused");
        }
        return project;
    }

    static Item require(ProjectReads reads, ItemId id) {
        Item item = reads.item(id)
                .orElseThrow(() -> PlanningException.notFound("there is no item " + id + ", expected one"));
        require(reads, item.project());
        return item;
    }

    /** Returns the project of an item, to lock it; it may be moved to another one until then. */
    ProjectId projectOf(ItemId id) {
        return read(reads -> require(reads, id).project());
    }

    /** Changes the project that an item is in, also when the item was moved to another one in the last moment. */
    <T> T changeOf(ItemId id, ProjectStore.Change<T> change) {
        return untilUnmoved(() -> {
            ProjectId project = projectOf(id);
            return change(project, rows -> {
                requireUnmoved(rows, id, project);
                return change.make(rows);
            });
        });
    }

    /** Does something again for as long as an item was moved in between. */
    static <T> T untilUnmoved(Supplier<T> work) {
        for (int i = 1; ; i++) {
            try {
                return work.get();
            } catch (ItemMovedException moved) {
                if (i == MAX_TRIES) {
                    throw new PlanningException(
                            Kind.NOT_POSSIBLE,
                            "",
                            "item was moved to other projects " + i + " times meanwhile, expected it to be left alone");
                }
            }
        }
    }

    /** Refuses to go on with an item that is no longer in the project that is locked. */
    static void requireUnmoved(ProjectReads reads, ItemId id, ProjectId locked) {
        if (!require(reads, id).project().equals(locked)) {
            throw new ItemMovedException();
        }
    }

    /** An item is in another project than the one that was locked for it. */
    private static final class ItemMovedException extends RuntimeException {

        private static final long serialVersionUID = 1;
    }

    static PartRow require(ProjectReads reads, SubjectKind kind, long id, String text) {
        PartRow row = reads.part(kind, id)
                .orElseThrow(
                        () -> PlanningException.notFound("there is no " + name(kind) + " " + text + ", expected one"));
        require(reads, row.project());
        return row;
    }

    /** Returns the project of a part, to lock it; it never changes. */
    ProjectId projectOf(SubjectKind kind, long id, String text) {
        return read(reads -> require(reads, kind, id, text).project());
    }

    static String name(SubjectKind kind) {
        return switch (kind) {
            case PROJECT -> "project";
            case ITEM -> "item";
            case COLUMN -> "column";
            case LABEL -> "label";
            case FIELD -> "field";
            case VIEW -> "view";
            case COMMENT -> "comment";
            case ATTACHMENT -> "attachment";
            case MILESTONE -> "milestone";
            case SLIP -> "slip";
        };
    }

    static void requireVersion(
            ProjectReads reads, ProjectId project, SubjectKind kind, long id, Versioned current, long seen) {
        if (current.revision().version() != seen) {
            String what = name(kind) + " "
                    + (current instanceof Item item
                            ? item.key()
                            : kind == SubjectKind.PROJECT ? project : new PartId(id));
            throw new StaleVersionException(what, seen, current, reads.changedSince(project, kind, id, seen));
        }
    }

    /** Adds an event for each field that has changed. */
    static void append(
            ProjectRows rows,
            ProjectId project,
            SubjectKind kind,
            long id,
            long version,
            Map<String, Map.Entry<String, String>> changes,
            Actor by,
            Instant at) {
        List<PlanEvent> events = new ArrayList<>();
        changes.forEach((field, values) -> events.add(
                new PlanEvent(0, project, kind, id, version, field, values.getKey(), values.getValue(), by, at)));
        rows.append(events);
    }

    /** Returns all parts of a kind, each read. */
    static <T> List<T> parts(
            ProjectReads reads, SubjectKind kind, ProjectId project, long owner, Function<PartRow, T> reader) {
        return reads.parts(kind, project, owner, 0, MOST_PARTS).stream()
                .map(reader)
                .toList();
    }

    /** Refuses one part more than there may be. */
    static void requireRoom(List<?> parts, SubjectKind kind, int most) {
        if (parts.size() >= most) {
            throw new PlanningException(
                    Kind.TOO_MANY,
                    "",
                    "there are " + parts.size() + " of kind " + name(kind) + ", expected at most " + most);
        }
    }

    /** The columns of a project in their order. */
    static List<BoardColumn> columns(ProjectReads reads, ProjectId project) {
        return parts(reads, SubjectKind.COLUMN, project, 0, ProjectPartCodec::column).stream()
                .sorted(Comparator.comparing(BoardColumn::position).thenComparing(BoardColumn::id))
                .toList();
    }

    /** The first column of a stage, a visible one if there is one. */
    static Optional<BoardColumn> first(List<BoardColumn> columns, Stage stage) {
        return columns.stream()
                .filter(column -> column.stage() == stage)
                .min(Comparator.comparing(column -> column.draft().isHidden()));
    }

    /** Stores an item with what it is found by; also where only that has changed. */
    static void save(ProjectRows rows, Item item) {
        List<String> texts = new ArrayList<>();
        texts.add(item.key().toString());
        texts.add(item.key().prefix() + item.key().number());
        texts.add(item.draft().title());
        texts.add(item.draft().body());
        rows.parts(SubjectKind.COMMENT, item.project(), item.id().value(), 0, MOST_PARTS)
                .forEach(row -> texts.add(ProjectPartCodec.comment(row).body()));
        item.draft()
                .labels()
                .forEach(label -> rows.part(SubjectKind.LABEL, label.value())
                        .ifPresent(row ->
                                texts.add(ProjectPartCodec.label(row).draft().name())));
        rows.save(item, SearchText.words(texts));
    }

    /** Returns all items that a query finds, without bodies. */
    static List<Item> items(ProjectReads reads, ItemQuery query) {
        List<Item> all = new ArrayList<>();
        List<Item> page = reads.items(query);
        all.addAll(page);
        while (page.size() == ItemQuery.MAX_LIMIT) {
            Item last = page.get(page.size() - 1);
            page = reads.items(query.after(new ItemQuery.After(
                    ItemCodec.sortValue(last, query.order()), last.id().value())));
            all.addAll(page);
        }
        return all;
    }

    static ItemKey key(ProjectReads reads, ItemId id) {
        return reads.item(id)
                .orElseThrow(() -> PlanningException.notFound("there is no item " + id))
                .key();
    }
}
