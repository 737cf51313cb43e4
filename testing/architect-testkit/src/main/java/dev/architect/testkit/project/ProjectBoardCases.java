package dev.architect.testkit.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.project.PartId;
import dev.architect.project.PlanningException.Kind;
import dev.architect.project.Position;
import dev.architect.project.StaleVersionException;
import dev.architect.project.board.Board;
import dev.architect.project.board.BoardColumn;
import dev.architect.project.board.ColumnChange;
import dev.architect.project.board.ColumnDraft;
import dev.architect.project.board.Stage;
import dev.architect.project.item.Item;
import dev.architect.project.rule.ItemMove;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Columns, and how cards move. */
abstract class ProjectBoardCases extends ProjectCases {

    ProjectBoardCases(ProjectStoreContract contract) {
        super(contract);
    }

    private List<String> titles(Stage stage) {
        return projects().boards().board(id(), 100).lanes().stream()
                .filter(lane -> lane.column().stage() == stage)
                .flatMap(lane -> lane.cards().stream())
                .map(card -> card.draft().title())
                .toList();
    }

    private List<ColumnChange> changes() {
        List<ColumnChange> changes = new ArrayList<>();
        projects().boards().columns(id()).forEach(column -> changes.add(same(column, column.draft())));
        return changes;
    }

    private static ColumnChange same(BoardColumn column, ColumnDraft draft) {
        return new ColumnChange(
                Optional.of(column.id()), OptionalLong.of(column.revision().version()), draft);
    }

    private void limit(Stage stage, int most) {
        List<ColumnChange> changes = new ArrayList<>();
        projects()
                .boards()
                .columns(id())
                .forEach(column -> changes.add(
                        same(column, column.stage() == stage ? column.draft().withWipLimit(most) : column.draft())));
        projects().boards().update(id(), projects().get(id()).revision().version(), changes, Map.of(), ADA);
    }

    @Test
    void showsColumnsWithTheirCards() {
        add("One");
        add("Two");

        Board board = projects().boards().board(id(), 1);

        assertThat(board.lanes())
                .extracting(lane -> lane.column().stage())
                .containsExactly(Stage.BACKLOG, Stage.READY, Stage.ACTIVE, Stage.REVIEW, Stage.DONE, Stage.CANCELLED);
        assertThat(board.lanes().get(0).count()).isEqualTo(2);
        assertThat(board.lanes().get(0).cards())
                .extracting(card -> card.draft().title())
                .containsExactly("One");
        assertThat(board.lanes().get(1).cards()).isEmpty();
    }

    @Test
    void movesCardsToTheirPlaces() {
        Item one = add("One");
        Item two = add("Two");
        Item three = add("Three");
        PartId backlog = column(Stage.BACKLOG);

        projects().items().move(three.id(), ItemMove.before(backlog, one.id()), ADA);
        assertThat(titles(Stage.BACKLOG)).containsExactly("Three", "One", "Two");
        projects()
                .items()
                .move(
                        three.id(),
                        new ItemMove(backlog, Optional.empty(), Optional.of(one.id()), OptionalLong.of(2), false),
                        ADA);
        assertThat(titles(Stage.BACKLOG)).containsExactly("One", "Three", "Two");
        projects().items().move(one.id(), ItemMove.toEnd(backlog), ADA);
        assertThat(titles(Stage.BACKLOG)).containsExactly("Three", "Two", "One");
        projects().items().move(two.id(), ItemMove.toEnd(column(Stage.READY)), ADA);
        assertThat(titles(Stage.BACKLOG)).containsExactly("Three", "One");
        assertThat(titles(Stage.READY)).containsExactly("Two");
        // Beside one that has left the column: at the end.
        projects().items().move(three.id(), ItemMove.before(backlog, two.id()), ADA);
        assertThat(titles(Stage.BACKLOG)).containsExactly("One", "Three");
    }

    /** Each of these moves halves the room behind the first card, so that places of more than 40 characters are due. */
    @Test
    void keepsTheOrderWhenPlacesBecomeLong() {
        Item first = add("First");
        Item one = add("One");
        Item two = add("Two");
        PartId backlog = column(Stage.BACKLOG);
        for (int i = 0; i < 130; i++) {
            projects().items().move(two.id(), ItemMove.before(backlog, one.id()), ADA);
            assertThat(titles(Stage.BACKLOG)).containsExactly("First", "Two", "One");
            projects().items().move(one.id(), ItemMove.before(backlog, two.id()), ADA);
            assertThat(titles(Stage.BACKLOG)).containsExactly("First", "One", "Two");
        }

        List<Item> cards = projects().boards().board(id(), 500).lanes().get(0).cards();

        assertThat(cards)
                .allSatisfy(
                        card -> assertThat(card.place().position().text()).hasSizeLessThanOrEqualTo(Position.LONGEST));
        assertThat(get(first).revision().version()).isEqualTo(1);
        assertThat(get(first).place().position()).isNotEqualTo(first.place().position());
    }

    @Test
    void notesWhenWorkBeginsEndsAndBeginsAgain() {
        Item item = add("One");

        Item active = projects().items().move(item.id(), ItemMove.toEnd(column(Stage.ACTIVE)), ADA);
        Item done = projects().items().move(item.id(), ItemMove.toEnd(column(Stage.DONE)), ADA);
        Item again = projects().items().move(item.id(), ItemMove.toEnd(column(Stage.ACTIVE)), ADA);

        assertThat(active.progress().startedAt()).contains(active.revision().updatedAt());
        assertThat(active.progress().doneAt()).isEmpty();
        assertThat(done.progress().doneAt()).contains(done.revision().updatedAt());
        assertThat(again.progress().doneAt()).isEmpty();
        assertThat(again.progress().reopened()).isEqualTo(1);
        assertThat(again.progress().startedAt()).isEqualTo(active.progress().startedAt());
        assertThat(get(item)).isEqualTo(again);
    }

    @Test
    void limitsMachinesAndAsksPeople() {
        limit(Stage.ACTIVE, 1);
        PartId active = column(Stage.ACTIVE);
        Item one = add("One");
        Item two = add("Two");
        projects().items().move(one.id(), ItemMove.toEnd(active), AGENT);

        refused(() -> projects().items().move(two.id(), ItemMove.toEnd(active), AGENT), Kind.WIP_LIMIT);
        refused(() -> projects().items().move(two.id(), ItemMove.toEnd(active).confirmed(), AGENT), Kind.WIP_LIMIT);
        refused(() -> projects().items().move(two.id(), ItemMove.toEnd(active), ADA), Kind.WIP_LIMIT);
        assertThat(titles(Stage.ACTIVE)).containsExactly("One");
        projects().items().move(two.id(), ItemMove.toEnd(active).confirmed(), ADA);
        assertThat(titles(Stage.ACTIVE)).containsExactly("One", "Two");
        // Within a column nothing is counted.
        projects().items().move(one.id(), ItemMove.toEnd(active), AGENT);
        assertThat(titles(Stage.ACTIVE)).containsExactly("Two", "One");
    }

    @Test
    void renamesAddsAndOrdersColumns() {
        List<ColumnChange> changes = changes();
        BoardColumn ready = projects().boards().columns(id()).get(1);
        changes.set(1, same(ready, ColumnDraft.of("Next", Stage.READY)));
        changes.add(
                0, new ColumnChange(Optional.empty(), OptionalLong.empty(), ColumnDraft.of("Ideas", Stage.BACKLOG)));

        projects().boards().update(id(), 1, changes, Map.of(), BOB);

        List<BoardColumn> columns = projects().boards().columns(id());
        assertThat(columns)
                .extracting(column -> column.draft().title())
                .containsExactly("Ideas", "Backlog", "Next", "In progress", "In review", "Done", "Cancelled");
        assertThat(columns.get(2).id()).isEqualTo(ready.id());
        assertThat(columns.get(2).revision().version()).isEqualTo(2);
        assertThat(columns.get(3).revision().version()).isEqualTo(1);
        assertThatThrownBy(() -> projects().boards().update(id(), 1, changes(), Map.of(), ADA))
                .isInstanceOf(StaleVersionException.class)
                .hasMessageContaining("columns");
    }

    @Test
    void deletesAColumnOnlyWithATargetForItsCards() {
        Item item = add("One");
        List<ColumnChange> changes = changes();
        ColumnChange backlog = changes.remove(0);

        refused(() -> projects().boards().update(id(), 1, changes, Map.of(), ADA), Kind.NOT_POSSIBLE);
        assertThat(projects().boards().columns(id())).hasSize(6);

        projects().boards().update(id(), 1, changes, Map.of(backlog.id().orElseThrow(), column(Stage.DONE)), ADA);

        assertThat(projects().boards().columns(id())).hasSize(5);
        assertThat(get(item).place().column()).isEqualTo(column(Stage.DONE));
        assertThat(get(item).progress().doneAt()).isPresent();
    }

    @Test
    void keepsAVisibleColumnForEachStageThatWorkNeeds() {
        List<ColumnChange> changes = changes();
        changes.remove(4);

        refused(() -> projects().boards().update(id(), 1, changes, Map.of(), ADA), Kind.NOT_POSSIBLE);
        List<ColumnChange> twice = changes();
        twice.add(new ColumnChange(Optional.empty(), OptionalLong.empty(), ColumnDraft.of("DONE", Stage.DONE)));
        refused(() -> projects().boards().update(id(), 1, twice, Map.of(), ADA), Kind.TAKEN);
    }

    @Test
    void changesWhatCardsAreWithTheStageOfTheirColumn() {
        Item item = add("One");
        List<ColumnChange> changes = changes();
        changes.set(0, same(projects().boards().columns(id()).get(0), ColumnDraft.of("Old ideas", Stage.CANCELLED)));

        projects().boards().update(id(), 1, changes, Map.of(), ADA);

        assertThat(get(item).progress().doneAt()).isPresent();
    }
}
