package dev.architect.project.rule;

import dev.architect.check.Check;
import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.PlanningException;
import dev.architect.project.PlanningException.Kind;
import dev.architect.project.Position;
import dev.architect.project.Project;
import dev.architect.project.ProjectId;
import dev.architect.project.Revision;
import dev.architect.project.board.Board;
import dev.architect.project.board.BoardColumn;
import dev.architect.project.board.ColumnChange;
import dev.architect.project.board.ColumnDraft;
import dev.architect.project.board.Stage;
import dev.architect.project.item.Item;
import dev.architect.project.store.ItemAspect;
import dev.architect.project.store.ItemCodec;
import dev.architect.project.store.ItemCondition;
import dev.architect.project.store.ItemOrder;
import dev.architect.project.store.ItemQuery;
import dev.architect.project.store.PlanEvent;
import dev.architect.project.store.ProjectPartCodec;
import dev.architect.project.store.ProjectRows;
import dev.architect.project.store.SubjectKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Boards and their columns. Methods block for the store; safe for use by several threads. */
public final class Boards {

    /** The most columns of a board. */
    public static final int MAX_COLUMNS = 50;

    private final Planning planning;

    Boards(Planning planning) {
        this.planning = planning;
    }

    /**
     * Returns a board with the first cards of each column.
     *
     * @param cards the most cards of a column, 0 to 500
     */
    public Board board(ProjectId project, int cards) {
        return board(project, cards, List.of(), List.of());
    }

    /**
     * Returns a board with those cards that meet conditions and hold words; the numbers of cards count all.
     *
     * @param cards the most cards of a column, 0 to 500
     */
    public Board board(ProjectId project, int cards, List<ItemCondition> conditions, List<String> words) {
        Check.notNull("project", project);
        Check.range("cards", cards, 0, ItemQuery.MAX_LIMIT);
        Check.noNulls("conditions", conditions);
        Check.noNulls("words", words);
        return planning.read(reads -> {
            Project found = Planning.require(reads, project);
            Map<Long, Long> counts = reads.countByColumn(project);
            List<Board.BoardLane> lanes = new ArrayList<>();
            for (BoardColumn column : Planning.columns(reads, project)) {
                long count = counts.getOrDefault(column.id().value(), 0L);
                ItemQuery query = inColumn(project, column.id());
                for (ItemCondition condition : conditions) {
                    query = query.with(condition);
                }
                lanes.add(new Board.BoardLane(
                        column,
                        count,
                        cards == 0 || count == 0
                                ? List.of()
                                : reads.items(query.withWords(words).withLimit(cards))));
            }
            return new Board(
                    found,
                    lanes,
                    Planning.parts(reads, SubjectKind.LABEL, project, 0, ProjectPartCodec::label),
                    Planning.parts(reads, SubjectKind.FIELD, project, 0, ProjectPartCodec::field).stream()
                            .filter(field -> field.deletedAt().isEmpty())
                            .toList());
        });
    }

    /** Returns the columns of a project in their order. */
    public List<BoardColumn> columns(ProjectId project) {
        Check.notNull("project", project);
        return planning.read(reads -> {
            Planning.require(reads, project);
            return Planning.columns(reads, project);
        });
    }

    static ItemQuery inColumn(ProjectId project, PartId column) {
        return ItemQuery.of(project)
                .with(ItemCondition.of(ItemAspect.COLUMN, Set.of(String.valueOf(column.value()))))
                .by(ItemOrder.POSITION, false);
    }

    /**
     * Makes the columns of a board what a list says, in its order: one that is not named is deleted, and its cards go to another one.
     *
     * @param version of the project, which a change of its columns raises
     * @param columns 3 to {@link #MAX_COLUMNS}, with at least one visible one for each of the stages ready, active and done
     * @param targets for each deleted column with cards the one that gets them
     * @return the project as it is now
     */
    public Project update(
            ProjectId project, long version, List<ColumnChange> columns, Map<PartId, PartId> targets, Actor by) {
        Check.notNull("project", project);
        List<ColumnChange> wanted = List.copyOf(Check.noNulls("columns", columns));
        checkColumns(wanted);
        Map<PartId, PartId> moves = Map.copyOf(Check.noNulls("targets", targets));
        Check.notNull("by", by);
        return planning.change(project, rows -> {
            Project before = Planning.requireOpen(rows, project);
            Planning.requireVersion(rows, project, SubjectKind.PROJECT, 0, before, version);
            Map<PartId, BoardColumn> old = new LinkedHashMap<>();
            Planning.columns(rows, project).forEach(column -> old.put(column.id(), column));
            Instant now = planning.now();
            Project after = before.with(before.draft(), before.revision().next(now, by));
            rows.save(after);
            rows.append(List.of(new PlanEvent(
                    0,
                    project,
                    SubjectKind.PROJECT,
                    0,
                    after.revision().version(),
                    "columns",
                    titles(old.values().stream().map(BoardColumn::draft).toList()),
                    titles(wanted.stream().map(ColumnChange::draft).toList()),
                    by,
                    now)));
            Map<PartId, BoardColumn> kept = new HashMap<>();
            Map<PartId, Stage> moved = new HashMap<>();
            for (int i = 0; i < wanted.size(); i++) {
                BoardColumn column =
                        column(rows, project, old, wanted.get(i), Position.spread(i, wanted.size()), now, by, i);
                kept.put(column.id(), column);
                BoardColumn earlier = old.get(column.id());
                if (earlier != null && earlier.stage() != column.stage()) {
                    moved.put(column.id(), earlier.stage());
                }
            }
            moved.forEach((id, stage) -> restage(rows, Objects.requireNonNull(kept.get(id)), stage, now, by));
            for (BoardColumn gone : old.values()) {
                if (!kept.containsKey(gone.id())) {
                    empty(rows, gone, kept, moves, now, by);
                    rows.delete(SubjectKind.COLUMN, gone.id().value());
                }
            }
            return after;
        });
    }

    private static String titles(List<ColumnDraft> drafts) {
        return String.join(", ", drafts.stream().map(ColumnDraft::title).toList());
    }

    private static void checkColumns(List<ColumnChange> columns) {
        Check.range("columns size", columns.size(), 3, MAX_COLUMNS);
        Set<String> titles = new HashSet<>();
        Set<PartId> ids = new HashSet<>();
        Set<Stage> visible = new HashSet<>();
        for (int i = 0; i < columns.size(); i++) {
            ColumnChange column = columns.get(i);
            if (!titles.add(column.draft().title().toLowerCase(Locale.ROOT))) {
                throw new PlanningException(
                        Kind.TAKEN,
                        "columns[" + i + "].title",
                        "columns[" + i + "].title is '" + column.draft().title() + "' again, expected each title once");
            }
            if (column.id().isPresent() && !ids.add(column.id().get())) {
                throw new PlanningException(
                        Kind.TAKEN,
                        "columns[" + i + "].id",
                        "columns[" + i + "].id is " + column.id().get() + " again, expected each column once");
            }
            if (!column.draft().isHidden()) {
                visible.add(column.draft().stage());
            }
        }
        for (Stage stage : List.of(Stage.READY, Stage.ACTIVE, Stage.DONE)) {
            if (!visible.contains(stage)) {
                throw new PlanningException(
                        Kind.NOT_POSSIBLE,
                        "columns",
                        "columns have no visible one of stage " + stage + ", expected at least one");
            }
        }
    }

    private static BoardColumn column(
            ProjectRows rows,
            ProjectId project,
            Map<PartId, BoardColumn> old,
            ColumnChange change,
            Position position,
            Instant now,
            Actor by,
            int index) {
        if (change.id().isEmpty()) {
            BoardColumn made = new BoardColumn(
                    new PartId(rows.nextId(project)), project, change.draft(), position, Revision.first(now, by));
            rows.save(ProjectPartCodec.row(made));
            return made;
        }
        BoardColumn before = old.get(change.id().get());
        if (before == null) {
            throw new PlanningException(
                    Kind.NOT_FOUND,
                    "columns[" + index + "].id",
                    "columns[" + index + "].id is " + change.id().get() + ", expected a column of the board");
        }
        if (change.version().isPresent()) {
            Planning.requireVersion(
                    rows,
                    project,
                    SubjectKind.COLUMN,
                    before.id().value(),
                    before,
                    change.version().getAsLong());
        }
        if (before.draft().equals(change.draft())) {
            BoardColumn same = new BoardColumn(before.id(), project, change.draft(), position, before.revision());
            rows.save(ProjectPartCodec.row(same));
            return same;
        }
        BoardColumn after = new BoardColumn(
                before.id(),
                project,
                change.draft(),
                position,
                before.revision().next(now, by));
        rows.save(ProjectPartCodec.row(after));
        Planning.append(
                rows,
                project,
                SubjectKind.COLUMN,
                after.id().value(),
                after.revision().version(),
                ItemCodec.changes(ProjectPartCodec.fields(before.draft()), ProjectPartCodec.fields(after.draft())),
                by,
                now);
        return after;
    }

    /** What the cards of a column are changes with the stage of the column. */
    private static void restage(ProjectRows rows, BoardColumn column, Stage before, Instant now, Actor by) {
        for (Item item : cards(rows, column)) {
            Item whole = rows.item(item.id()).orElseThrow();
            Items.place(rows, whole, column, whole.place().position(), before, now, by);
        }
    }

    private static List<Item> cards(ProjectRows rows, BoardColumn column) {
        List<Item> all = new ArrayList<>();
        ItemQuery query = inColumn(column.project(), column.id());
        while (true) {
            List<Item> page = rows.items(query);
            all.addAll(page);
            if (page.size() < ItemQuery.MAX_LIMIT) {
                return all;
            }
            Item last = page.get(page.size() - 1);
            query = query.after(new ItemQuery.After(
                    last.place().position().text(), last.id().value()));
        }
    }

    private static void empty(
            ProjectRows rows,
            BoardColumn gone,
            Map<PartId, BoardColumn> kept,
            Map<PartId, PartId> targets,
            Instant now,
            Actor by) {
        List<Item> cards = cards(rows, gone);
        if (cards.isEmpty()) {
            return;
        }
        PartId target = targets.get(gone.id());
        BoardColumn column = target == null ? null : kept.get(target);
        if (column == null) {
            throw new PlanningException(
                    Kind.NOT_POSSIBLE,
                    "targets",
                    "column '" + gone.draft().title() + "' has " + cards.size()
                            + " cards and is deleted, expected a target that gets them");
        }
        for (Item card : cards) {
            Item whole = rows.item(card.id()).orElseThrow();
            Items.place(rows, whole, column, Items.last(rows, column), gone.stage(), now, by);
        }
    }
}
