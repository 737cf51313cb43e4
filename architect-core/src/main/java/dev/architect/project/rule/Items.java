package dev.architect.project.rule;

import dev.architect.check.Check;
import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonText;
import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.PlanningException;
import dev.architect.project.PlanningException.Kind;
import dev.architect.project.Position;
import dev.architect.project.Project;
import dev.architect.project.ProjectId;
import dev.architect.project.ProjectState;
import dev.architect.project.Revision;
import dev.architect.project.StaleVersionException;
import dev.architect.project.board.BoardColumn;
import dev.architect.project.board.CustomField;
import dev.architect.project.board.Label;
import dev.architect.project.board.Stage;
import dev.architect.project.item.Block;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemKey;
import dev.architect.project.item.ItemWork;
import dev.architect.project.store.ItemCodec;
import dev.architect.project.store.ItemOrder;
import dev.architect.project.store.ItemQuery;
import dev.architect.project.store.PlanEvent;
import dev.architect.project.store.ProjectPartCodec;
import dev.architect.project.store.ProjectReads;
import dev.architect.project.store.ProjectRows;
import dev.architect.project.store.SubjectKind;
import dev.architect.spend.SpendTotals;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.TaskStore;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Features, bugs and chores. Methods block for the store; safe for use by several threads. */
public final class Items {

    private static final int MAX_EVENTS = 500;

    private final Planning planning;
    private final TaskStore tasks;
    private final LedgerStore ledger;
    private final TaskStarter starter;

    Items(Planning planning, TaskStore tasks, LedgerStore ledger, TaskStarter starter) {
        this.planning = planning;
        this.tasks = tasks;
        this.ledger = ledger;
        this.starter = starter;
    }

    /**
     * Makes an item at the end of a column.
     *
     * @param column the column; empty for the first one of stage backlog, else of stage ready
     */
    public Item create(ProjectId project, ItemDraft draft, Optional<PartId> column, Actor by) {
        return create(project, draft, column, Optional.empty(), by);
    }

    /**
     * Makes an item at the end of a column.
     *
     * @param column the column; empty for the first one of stage backlog, else of stage ready
     * @param origin where it comes from, at most 300 characters; empty when it is made here
     */
    public Item create(ProjectId project, ItemDraft draft, Optional<PartId> column, Optional<String> origin, Actor by) {
        Check.notNull("project", project);
        Check.notNull("draft", draft);
        Check.notNull("column", column);
        Check.notNull("origin", origin).ifPresent(text -> Check.atMost("origin", text, 300));
        Check.notNull("by", by);
        return planning.change(project, rows -> {
            Project open = Planning.requireOpen(rows, project);
            List<BoardColumn> columns = Planning.columns(rows, project);
            BoardColumn target = column.isPresent()
                    ? require(columns, column.get())
                    : Planning.first(columns, Stage.BACKLOG)
                            .or(() -> Planning.first(columns, Stage.READY))
                            .orElseThrow();
            ItemId id = new ItemId(rows.nextId(project));
            ItemDraft checked = checked(rows, project, labelled(rows, open, draft), Optional.empty());
            requirePlace(rows, target, by, false);
            draft.plan().parent().ifPresent(parent -> Links.checkParent(rows, project, id, Optional.empty(), parent));
            Instant now = planning.now();
            Item item = new Item(
                    id,
                    project,
                    new ItemKey(open.prefix(), rows.nextNumber(project)),
                    checked,
                    new Item.Place(target.id(), last(rows, target)),
                    progress(Item.Progress.NONE, Stage.BACKLOG, target.stage(), now),
                    origin,
                    Revision.first(now, by));
            Planning.save(rows, item);
            Map<String, Map.Entry<String, String>> changes = new LinkedHashMap<>();
            changes.put("created", Map.entry("", item.key().toString()));
            changes.put("stage", Map.entry("", target.stage().name()));
            draft.plan().milestone().ifPresent(each -> changes.put("milestone", Map.entry("", each.toString())));
            Planning.append(rows, project, SubjectKind.ITEM, id.value(), 1, changes, by, now);
            return item;
        });
    }

    /** An item without labels gets those that its project gives by default. */
    private static ItemDraft labelled(ProjectReads reads, Project project, ItemDraft draft) {
        List<String> names = project.draft().defaultLabels();
        if (names.isEmpty() || !draft.labels().isEmpty()) {
            return draft;
        }
        return draft.withLabels(
                Planning.parts(reads, SubjectKind.LABEL, project.id(), 0, ProjectPartCodec::label).stream()
                        .filter(label -> names.contains(label.draft().name()))
                        .map(Label::id)
                        .collect(Collectors.toSet()));
    }

    private static BoardColumn require(List<BoardColumn> columns, PartId id) {
        return columns.stream()
                .filter(column -> column.id().equals(id))
                .findFirst()
                .orElseThrow(() -> InvalidFieldException.value(
                        "column",
                        "column is " + id + ", expected one of "
                                + columns.stream()
                                        .map(each ->
                                                each.id() + " (" + each.draft().title() + ")")
                                        .toList()));
    }

    private static boolean isOf(ProjectRows rows, SubjectKind kind, long id, ProjectId project) {
        return rows.part(kind, id).filter(row -> row.project().equals(project)).isPresent();
    }

    /** Checks what a draft has to do with its project, and returns it as it is stored. */
    private static ItemDraft checked(ProjectRows rows, ProjectId project, ItemDraft draft, Optional<ItemDraft> before) {
        for (PartId label : draft.labels()) {
            boolean isOld = before.filter(old -> old.labels().contains(label)).isPresent();
            if (!isOld && !isOf(rows, SubjectKind.LABEL, label.value(), project)) {
                throw InvalidFieldException.value(
                        "labels", "labels have " + label + ", expected labels of project '" + project + "'");
            }
        }
        draft.plan()
                .milestone()
                .filter(id -> before.flatMap(old -> old.plan().milestone())
                        .filter(id::equals)
                        .isEmpty())
                .filter(id -> !isOf(rows, SubjectKind.MILESTONE, id.value(), project))
                .ifPresent(id -> {
                    throw InvalidFieldException.value(
                            "milestone", "milestone is " + id + ", expected one of project '" + project + "'");
                });
        Map<PartId, String> fields = new TreeMap<>();
        draft.fields().forEach((id, value) -> {
            if (before.filter(old -> value.equals(old.fields().get(id))).isPresent()) {
                fields.put(id, value);
                return;
            }
            CustomField field = rows.part(SubjectKind.FIELD, id.value())
                    .filter(row -> row.project().equals(project))
                    .map(ProjectPartCodec::field)
                    .filter(each -> each.deletedAt().isEmpty())
                    .orElseThrow(() -> InvalidFieldException.value(
                            "fields", "fields have " + id + ", expected fields of project '" + project + "'"));
            fields.put(id, field.draft().checked("fields." + field.draft().name(), value));
        });
        return draft.withFields(fields);
    }

    private static void requirePlace(ProjectReads rows, BoardColumn column, Actor by, boolean isConfirmed) {
        if (column.draft().wipLimit().isEmpty() || (isConfirmed && !by.isMachine())) {
            return;
        }
        int limit = column.draft().wipLimit().getAsInt();
        long count = rows.count(Boards.inColumn(column.project(), column.id()), limit);
        if (count >= limit) {
            throw new PlanningException(
                    Kind.WIP_LIMIT,
                    "column",
                    "column '" + column.draft().title() + "' has " + count + " cards, expected fewer than its limit "
                            + limit + (by.isMachine() ? "" : ", or a confirmation"));
        }
    }

    static Position last(ProjectReads rows, BoardColumn column) {
        List<Item> last = rows.items(Boards.inColumn(column.project(), column.id())
                .by(ItemOrder.POSITION, true)
                .withLimit(1));
        return last.isEmpty()
                ? Position.first()
                : last.get(0).place().position().after();
    }

    /**
     * Returns an item with its body.
     *
     * @throws PlanningException when there is none with that id
     */
    public Item get(ItemId id) {
        Check.notNull("id", id);
        return planning.read(reads -> Planning.require(reads, id));
    }

    /**
     * Returns an item with its body.
     *
     * @throws PlanningException when there is none with that key
     */
    public Item get(ItemKey key) {
        Check.notNull("key", key);
        return planning.read(reads -> {
            Item item = reads.item(key)
                    .orElseThrow(() -> PlanningException.notFound("there is no item " + key + ", expected one"));
            Planning.require(reads, item.project());
            return item;
        });
    }

    /** Returns items without their bodies. */
    public List<Item> list(ItemQuery query) {
        Check.notNull("query", query);
        return planning.read(reads -> {
            Planning.require(reads, query.project());
            return reads.items(query);
        });
    }

    /** Returns how many items a query finds; counting stops at {@code most}. */
    public long count(ItemQuery query, long most) {
        Check.notNull("query", query);
        Check.notNegative("most", most);
        return planning.read(reads -> reads.count(query, most));
    }

    /** Changes what people may change of an item. */
    public Item edit(ItemId id, long version, ItemDraft draft, Actor by) {
        Check.notNull("id", id);
        Check.notNull("draft", draft);
        Check.notNull("by", by);
        return planning.changeOf(id, rows -> {
            Item before = Planning.require(rows, id);
            Planning.requireOpen(rows, before.project());
            Planning.requireVersion(rows, before.project(), SubjectKind.ITEM, id.value(), before, version);
            return edit(rows, before, draft, planning.now(), by);
        });
    }

    private static Item edit(ProjectRows rows, Item before, ItemDraft draft, Instant now, Actor by) {
        Map<String, Map.Entry<String, String>> changes = ItemCodec.changes(before.draft(), draft);
        if (changes.isEmpty()) {
            return before;
        }
        ProjectId project = before.project();
        ItemDraft checked = validated(rows, before, draft);
        Item after = before.with(checked, before.revision().next(now, by));
        Planning.save(rows, after);
        Planning.append(
                rows,
                project,
                SubjectKind.ITEM,
                before.id().value(),
                after.revision().version(),
                changes,
                by,
                now);
        return after;
    }

    /** Checks all that may be wrong with a draft, before anything is written. */
    private static ItemDraft validated(ProjectRows rows, Item before, ItemDraft draft) {
        ItemDraft checked = checked(rows, before.project(), draft, Optional.of(before.draft()));
        if (!draft.plan().parent().equals(before.draft().plan().parent())) {
            draft.plan()
                    .parent()
                    .ifPresent(parent ->
                            Links.checkParent(rows, before.project(), before.id(), Optional.of(before), parent));
        }
        return checked;
    }

    /** Moves a card. */
    public Item move(ItemId id, ItemMove move, Actor by) {
        Check.notNull("id", id);
        Check.notNull("move", move);
        Check.notNull("by", by);
        return planning.changeOf(id, rows -> {
            Item before = Planning.require(rows, id);
            Planning.requireOpen(rows, before.project());
            return move(rows, before, move, planning.now(), by);
        });
    }

    static Item move(ProjectRows rows, Item before, ItemMove move, Instant now, Actor by) {
        ProjectId project = before.project();
        if (move.version().isPresent()) {
            Planning.requireVersion(
                    rows,
                    project,
                    SubjectKind.ITEM,
                    before.id().value(),
                    before,
                    move.version().getAsLong());
        }
        List<BoardColumn> columns = Planning.columns(rows, project);
        BoardColumn target = require(columns, move.column());
        if (!target.id().equals(before.place().column())) {
            requirePlace(rows, target, by, move.isConfirmed());
        }
        Position position = position(rows, target, before.id(), move);
        if (position.text().length() > Position.LONGEST) {
            spread(rows, target);
            position = position(rows, target, before.id(), move);
        }
        Stage stage = require(columns, before.place().column()).stage();
        Item current = rows.item(before.id()).orElseThrow();
        return place(rows, current, target, position, stage, now, by);
    }

    /**
     * Moves an item to another project, to the end of a column. It gets a key of that project, and its old one goes on naming it; comments, files,
     * tasks, cost and relations stay. Labels become those of the same name, which are made where they are missing, and custom fields those of the same
     * name and kind; other values are left behind, as are parent, parts and milestone. What was changed tells of all that.
     *
     * @param version the version that was seen; empty for whatever it is
     * @param column a column of that project; empty for the first one of the stage in which the item is, else of stage backlog or ready
     * @param isConfirmed whether a person wants it although that column has as many cards as it may have
     * @throws PlanningException when one of the projects is closed, or the column is full
     */
    public Item transfer(
            ItemId id,
            OptionalLong version,
            ProjectId project,
            Optional<PartId> column,
            boolean isConfirmed,
            Actor by) {
        Check.notNull("id", id);
        Check.notNull("version", version);
        Check.notNull("project", project);
        Check.notNull("column", column);
        Check.notNull("by", by);
        return Planning.untilUnmoved(() -> {
            ProjectId from = planning.projectOf(id);
            if (from.equals(project)) {
                throw InvalidFieldException.value(
                        "project", "project is '" + project + "', expected another one than that of the item");
            }
            return planning.store().change(Set.of(from, project), rows -> {
                Planning.requireUnmoved(rows, id, from);
                Item before = Planning.require(rows, id);
                Planning.requireOpen(rows, from);
                Project target = Planning.requireOpen(rows, project);
                if (version.isPresent()) {
                    Planning.requireVersion(rows, from, SubjectKind.ITEM, id.value(), before, version.getAsLong());
                }
                BoardColumn old =
                        require(Planning.columns(rows, from), before.place().column());
                List<BoardColumn> columns = Planning.columns(rows, project);
                BoardColumn to = column.isPresent()
                        ? require(columns, column.get())
                        : Planning.first(columns, old.stage())
                                .or(() -> Planning.first(columns, Stage.BACKLOG))
                                .or(() -> Planning.first(columns, Stage.READY))
                                .orElseThrow();
                requirePlace(rows, to, by, isConfirmed);
                Instant now = planning.now();
                for (ItemId child : rows.children(List.of(id))) {
                    Item part = rows.item(child).orElseThrow();
                    edit(rows, part, part.draft().withParent(Optional.empty()), now, by);
                }
                return new ItemTransfer(rows, target, now, by)
                        .move(before, to, progress(before.progress(), old.stage(), to.stage(), now));
            });
        });
    }

    private static Position position(ProjectRows rows, BoardColumn column, ItemId moved, ItemMove move) {
        Optional<Item> anchor = move.before()
                .or(move::after)
                .filter(id -> !id.equals(moved))
                .flatMap(rows::item)
                .filter(item -> item.place().column().equals(column.id()));
        if (anchor.isEmpty()) {
            List<Item> last = rows.items(Boards.inColumn(column.project(), column.id())
                    .by(ItemOrder.POSITION, true)
                    .withLimit(2));
            return last.stream()
                    .filter(item -> !item.id().equals(moved))
                    .findFirst()
                    .map(item -> item.place().position().after())
                    .orElseGet(Position::first);
        }
        boolean isBefore = move.before().isPresent();
        Position own = anchor.get().place().position();
        // One more than the neighbour, which may be the moved card itself; and further for cards at the same place.
        Optional<Position> neighbour = Optional.empty();
        ItemQuery beside = Boards.inColumn(column.project(), column.id())
                .by(ItemOrder.POSITION, isBefore)
                .after(new ItemQuery.After(own.text(), anchor.get().id().value()))
                .withLimit(2);
        for (Item item : rows.items(beside)) {
            if (neighbour.isEmpty() && !item.id().equals(moved)) {
                neighbour = Optional.of(item.place().position());
            }
        }
        if (neighbour.filter(own::equals).isPresent()) {
            spread(rows, column);
            return position(rows, column, moved, move);
        }
        if (isBefore) {
            return neighbour.map(low -> low.between(own)).orElseGet(own::before);
        }
        return neighbour.map(own::between).orElseGet(own::after);
    }

    /** Gives all cards of a column new, short places in the same order. */
    static void spread(ProjectRows rows, BoardColumn column) {
        List<Item> cards = new ArrayList<>();
        ItemQuery query = Boards.inColumn(column.project(), column.id());
        List<Item> page = rows.items(query);
        cards.addAll(page);
        while (page.size() == ItemQuery.MAX_LIMIT) {
            Item last = page.get(page.size() - 1);
            page = rows.items(query.after(new ItemQuery.After(
                    last.place().position().text(), last.id().value())));
            cards.addAll(page);
        }
        for (int i = 0; i < cards.size(); i++) {
            rows.place(cards.get(i).at(Position.spread(i, cards.size())));
        }
    }

    static Item place(
            ProjectRows rows, Item before, BoardColumn target, Position position, Stage stage, Instant now, Actor by) {
        Item after = before.with(
                new Item.Place(target.id(), position),
                progress(before.progress(), stage, target.stage(), now),
                before.revision().next(now, by));
        Planning.save(rows, after);
        Map<String, Map.Entry<String, String>> changes = new LinkedHashMap<>();
        if (!before.place().column().equals(target.id())) {
            changes.put(
                    "column",
                    Map.entry(before.place().column().toString(), target.id().toString()));
        }
        if (stage != target.stage()) {
            changes.put("stage", Map.entry(stage.name(), target.stage().name()));
        }
        if (changes.isEmpty()) {
            changes.put("position", Map.entry(before.place().position().text(), position.text()));
        }
        Planning.append(
                rows,
                before.project(),
                SubjectKind.ITEM,
                before.id().value(),
                after.revision().version(),
                changes,
                by,
                now);
        return after;
    }

    private static Item.Progress progress(Item.Progress before, Stage from, Stage to, Instant now) {
        Optional<Instant> started =
                before.startedAt().or(() -> to == Stage.ACTIVE ? Optional.of(now) : Optional.empty());
        if (to.isEnd()) {
            return new Item.Progress(
                    started,
                    from.isEnd() && before.doneAt().isPresent() ? before.doneAt() : Optional.of(now),
                    before.reopened());
        }
        return new Item.Progress(started, Optional.empty(), before.reopened() + (from.isEnd() ? 1 : 0));
    }

    /**
     * Changes many items of one project in one transaction.
     *
     * @return one outcome for each item, in their order
     */
    public List<BulkEdit.Outcome> bulk(ProjectId project, BulkEdit edit, Actor by) {
        Check.notNull("project", project);
        Check.notNull("edit", edit);
        Check.notNull("by", by);
        return planning.change(project, rows -> {
            Planning.requireOpen(rows, project);
            Instant now = planning.now();
            List<BulkEdit.Outcome> outcomes = new ArrayList<>();
            for (ItemId id : edit.ids()) {
                try {
                    Item before = Planning.require(rows, id);
                    if (!before.project().equals(project)) {
                        throw new PlanningException(
                                Kind.OTHER_PROJECT,
                                "items",
                                "item " + before.key() + " is of project '" + before.project() + "', expected '"
                                        + project + "'");
                    }
                    Planning.requireVersion(
                            rows,
                            project,
                            SubjectKind.ITEM,
                            id.value(),
                            before,
                            Objects.requireNonNull(edit.items().get(id)));
                    // What is refused is refused before anything of the item is written.
                    ItemDraft draft = validated(rows, before, edit.change().apply(before.draft()));
                    Item moved = edit.move().isPresent()
                            ? move(rows, before, edit.move().get(), now, by)
                            : before;
                    Item after = edit(rows, moved, draft, now, by);
                    outcomes.add(new BulkEdit.Outcome(id, after.revision().version(), Optional.empty()));
                } catch (StaleVersionException | IllegalArgumentException refused) {
                    if (edit.isAtomic()) {
                        throw refused;
                    }
                    outcomes.add(new BulkEdit.Outcome(id, 0, Optional.of(refused)));
                }
            }
            return List.copyOf(outcomes);
        });
    }

    /** Deletes an item; its parts have no parent any more. Its key is never given again. */
    public void delete(ItemId id, long version, Actor by) {
        Check.notNull("id", id);
        Check.notNull("by", by);
        planning.changeOf(id, rows -> {
            Item before = Planning.require(rows, id);
            ProjectId project = before.project();
            Planning.requireOpen(rows, project);
            Planning.requireVersion(rows, project, SubjectKind.ITEM, id.value(), before, version);
            for (ItemId child : rows.children(List.of(id))) {
                Item part = rows.item(child).orElseThrow();
                edit(rows, part, part.draft().withParent(Optional.empty()), planning.now(), by);
            }
            rows.delete(id);
            Planning.append(
                    rows,
                    project,
                    SubjectKind.ITEM,
                    id.value(),
                    version + 1,
                    Map.of("deleted", Map.entry(before.key().toString(), "")),
                    by,
                    planning.now());
            return true;
        });
    }

    /** Returns what was changed of an item, newest first. */
    public List<PlanEvent> events(ItemId id, long before, int limit) {
        Check.notNull("id", id);
        Check.range("limit", limit, 1, MAX_EVENTS);
        return planning.read(reads -> {
            ProjectId project = Planning.require(reads, id).project();
            List<PlanEvent> all = new ArrayList<>(reads.events(project, SubjectKind.ITEM, id.value(), before, limit));
            // What was changed before it came from another project stands there.
            Set<ProjectId> seen = new HashSet<>(Set.of(project));
            Optional<ProjectId> earlier = earlier(reads, project, id);
            while (all.size() < limit && earlier.filter(seen::add).isPresent()) {
                all.addAll(reads.events(earlier.get(), SubjectKind.ITEM, id.value(), before, limit));
                earlier = earlier(reads, earlier.get(), id);
            }
            return all.stream()
                    .sorted(Comparator.comparingLong(PlanEvent::sequence).reversed())
                    .limit(limit)
                    .toList();
        });
    }

    /** The project from which an item has come to another one; empty where it was made there, and when that project is no more. */
    private static Optional<ProjectId> earlier(ProjectReads reads, ProjectId project, ItemId id) {
        List<PlanEvent> events = reads.events(project, SubjectKind.ITEM, id.value(), Long.MAX_VALUE, MAX_EVENTS);
        return events.stream()
                .filter(event -> event.field().equals("moved"))
                .reduce((newer, older) -> older)
                .flatMap(event -> reads.projectOf(ItemKey.parse(event.before()).prefix()))
                .map(Project::id);
    }

    /** Returns the tasks of an item, oldest first; those that were deleted since are left out. */
    public List<Task> tasks(ItemId id) {
        Check.notNull("id", id);
        return taskIds(id).stream().flatMap(task -> tasks.find(task).stream()).toList();
    }

    private List<TaskId> taskIds(ItemId id) {
        return planning.read(reads -> {
            Planning.require(reads, id);
            return reads.tasks(id);
        });
    }

    /** Returns what the tasks of an item have taken, those that were deleted since included as far as the ledger has them. */
    public ItemCost cost(ItemId id) {
        Check.notNull("id", id);
        List<TaskId> ids = taskIds(id);
        long attempts = 0;
        SpendTotals totals = SpendTotals.ZERO;
        for (TaskId task : ids) {
            attempts += tasks.find(task).map(Task::attempt).orElse(0);
            for (SpendTotals each : ledger.attempts(task).values()) {
                totals = totals.plus(each);
            }
        }
        return new ItemCost(ids.size(), attempts, totals);
    }

    /**
     * Submits a task that works on an item. Once a session has it, the card goes to the first column of stage active.
     *
     * @param task what to do; empty for the item's own worker, with title, body and check as its prompt
     * @param isConfirmed whether a person wants it although that column has as many cards as it may have
     * @return the id of the task
     * @throws IllegalArgumentException when no worker performs such tasks
     */
    public TaskId start(ItemId id, Optional<TaskRequest> task, boolean isConfirmed, Actor by) {
        Check.notNull("id", id);
        Check.notNull("task", task);
        Check.notNull("by", by);
        Item item = planning.read(reads -> {
            Item found = Planning.require(reads, id);
            requireStartable(reads, found, isConfirmed, by);
            return found;
        });
        TaskRequest request =
                task.orElseGet(() -> request(item)).withProject(item.project()).withItem(id);
        TaskId started = starter.start(request);
        planning.change(item.project(), rows -> {
            Item current = Planning.require(rows, id);
            if (rows.addTask(id, started)) {
                append(rows, current, "task", started, by);
            }
            return true;
        });
        return started;
    }

    private static void requireStartable(ProjectReads reads, Item item, boolean isConfirmed, Actor by) {
        Project project = Planning.requireOpen(reads, item.project());
        if (project.state() == ProjectState.PAUSED) {
            throw new PlanningException(
                    Kind.PROJECT_CLOSED,
                    "",
                    "project '" + project.id() + "' is paused, expected one that begins new work");
        }
        item.draft().work().block().ifPresent(block -> {
            throw new PlanningException(
                    Kind.NOT_POSSIBLE,
                    "blocked",
                    "item " + item.key() + " is blocked by " + block.reason() + ", expected one that is not");
        });
        List<BoardColumn> columns = Planning.columns(reads, item.project());
        Stage stage = require(columns, item.place().column()).stage();
        if (stage.isEnd()) {
            throw new PlanningException(
                    Kind.NOT_POSSIBLE, "", "item " + item.key() + " is " + stage + ", expected one that is open");
        }
        if (stage != Stage.ACTIVE) {
            Planning.first(columns, Stage.ACTIVE).ifPresent(column -> requirePlace(reads, column, by, isConfirmed));
        }
    }

    private static TaskRequest request(Item item) {
        StringBuilder prompt = new StringBuilder(item.draft().title());
        if (!item.draft().body().isBlank()) {
            prompt.append("\n\n").append(item.draft().body());
        }
        item.draft()
                .work()
                .check()
                .ifPresent(check -> prompt.append("\n\nDone when: ").append(check));
        return TaskRequest.of(
                item.draft().work().worker().orElse(TaskRequest.PROMPT),
                JsonText.write(Map.of("prompt", prompt.toString())));
    }

    private void append(ProjectRows rows, Item item, String field, TaskId task, Actor by) {
        rows.append(List.of(new PlanEvent(
                0,
                item.project(),
                SubjectKind.ITEM,
                item.id().value(),
                item.revision().version(),
                field,
                "",
                task.toString(),
                by,
                planning.now())));
    }

    /** Notes that a session has begun a task of an item: the card goes to the first column of stage active. */
    void begun(ItemId id, TaskId task) {
        Optional<ProjectId> project = planning.read(reads -> reads.item(id)).map(Item::project);
        if (project.isEmpty()) {
            return;
        }
        planning.change(project.get(), rows -> {
            Optional<Item> item = rows.item(id);
            // It may have been submitted by somebody who could not note it any more.
            if (item.isPresent() && rows.addTask(id, task)) {
                append(rows, item.get(), "task", task, Actor.ENGINE);
            }
            item.ifPresent(each -> follow(rows, each, Stage.ACTIVE, Stage.ACTIVE));
            return true;
        });
    }

    /** Notes the end of a task of an item: after the last one the card goes to review, or is done where nothing is reviewed. */
    void ended(ItemId id, TaskId task, TaskState state) {
        Optional<ProjectId> project = planning.read(reads -> reads.item(id)).map(Item::project);
        if (project.isEmpty()) {
            return;
        }
        // Read before the change: what a store runs in a transaction of its own must not wait for another.
        boolean isLast = tasks(id).stream()
                .allMatch(each -> each.id().equals(task) || each.endedAt().isPresent());
        planning.change(project.get(), rows -> {
            Optional<Item> found = rows.item(id);
            if (found.isEmpty()) {
                return false;
            }
            Item item = found.get();
            if (state == TaskState.DONE && isLast) {
                boolean isReviewed = rows.project(item.project())
                        .map(each -> each.draft().isReviewed())
                        .orElse(true);
                follow(rows, item, isReviewed ? Stage.REVIEW : Stage.DONE, Stage.DONE);
            } else if (state == TaskState.DEAD
                    && isLast
                    && item.draft().work().block().isEmpty()) {
                ItemWork work = item.draft().work();
                edit(
                        rows,
                        item,
                        item.draft()
                                .withWork(new ItemWork(
                                        work.check(),
                                        work.worker(),
                                        Optional.of(new Block(Block.Reason.FAILED, "task " + task + " has failed")))),
                        planning.now(),
                        Actor.ENGINE);
            }
            return true;
        });
    }

    /** Moves a card for a task, unless its column is full, it stands there or it was ended by a person. */
    private void follow(ProjectRows rows, Item item, Stage wanted, Stage otherwise) {
        Project project = rows.project(item.project()).orElseThrow();
        List<BoardColumn> columns = Planning.columns(rows, item.project());
        Stage now = require(columns, item.place().column()).stage();
        Optional<BoardColumn> target = Planning.first(columns, wanted).or(() -> Planning.first(columns, otherwise));
        if (!project.isOpen() || now == wanted || now.isEnd() || target.isEmpty()) {
            return;
        }
        try {
            move(
                    rows,
                    item,
                    new ItemMove(target.get().id(), Optional.empty(), Optional.empty(), OptionalLong.empty(), false),
                    planning.now(),
                    Actor.ENGINE);
        } catch (PlanningException full) {
            if (full.kind() != Kind.WIP_LIMIT) {
                throw full;
            }
            rows.append(List.of(new PlanEvent(
                    0,
                    item.project(),
                    SubjectKind.ITEM,
                    item.id().value(),
                    item.revision().version(),
                    "move-refused",
                    now.name(),
                    wanted.name(),
                    Actor.ENGINE,
                    planning.now())));
        }
    }
}
