package dev.architect.testkit.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.project.PlanningException.Kind;
import dev.architect.project.board.Stage;
import dev.architect.project.item.Estimate;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.ItemPlan;
import dev.architect.project.item.ItemWeight;
import dev.architect.project.milestone.BurnUp;
import dev.architect.project.milestone.Milestone;
import dev.architect.project.milestone.MilestoneDraft;
import dev.architect.project.milestone.MilestoneState;
import dev.architect.project.rule.ItemMove;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Dates that projects promise. */
abstract class ProjectMilestoneCases extends ProjectCases {

    private static final MilestoneDraft BETA =
            new MilestoneDraft("Beta", "For friends", Optional.of(LocalDate.of(2027, 1, 31)));

    ProjectMilestoneCases(ProjectStoreContract contract) {
        super(contract);
    }

    private Item add(String title, Milestone milestone) {
        return add(ItemDraft.of(ItemKind.FEATURE, title)
                .withWeight(new ItemWeight(
                        5,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new Estimate(1, 2, 3, Estimate.Source.PERSON))))
                .withPlan(new ItemPlan(Optional.empty(), Optional.of(milestone.id()), Optional.empty())));
    }

    private void done(Item item) {
        projects().items().move(item.id(), ItemMove.toEnd(column(Stage.DONE)), ADA);
    }

    @Test
    void keepsItsScopeAtItsStart() {
        Milestone planned = projects().milestones().create(id(), BETA, ADA);
        Item item = add("One", planned);

        Milestone active = projects().milestones().move(planned.id(), 1, MilestoneState.ACTIVE, ADA);
        add("Two", planned);

        assertThat(active.baseline().orElseThrow().minutes())
                .containsOnly(Map.entry(item.key().toString(), 2));
        assertThat(projects().milestones().get(planned.id())).isEqualTo(active);
        assertThat(projects().milestones().of(id())).containsExactly(active);
    }

    @Test
    void aMovedDateIsASlipWithItsCause() {
        Milestone planned = projects().milestones().create(id(), BETA, ADA);
        MilestoneDraft later = new MilestoneDraft("Beta", "", Optional.of(LocalDate.of(2027, 2, 28)));
        projects().milestones().edit(planned.id(), 1, BETA, Optional.empty(), ADA);
        projects().milestones().move(planned.id(), 1, MilestoneState.ACTIVE, ADA);

        refused(() -> projects().milestones().edit(planned.id(), 2, later, Optional.empty(), ADA), Kind.NOT_POSSIBLE);
        projects().milestones().edit(planned.id(), 2, later, Optional.of("the vendor is late"), BOB);

        assertThat(projects().milestones().burnUp(planned.id()).slips())
                .singleElement()
                .satisfies(slip -> {
                    assertThat(slip.before()).isEqualTo(BETA.target());
                    assertThat(slip.after()).isEqualTo(later.target());
                    assertThat(slip.cause()).isEqualTo("the vendor is late");
                    assertThat(slip.by()).isEqualTo(BOB);
                });
    }

    @Test
    void isReachedWhenAllIsDone() {
        Milestone milestone = projects().milestones().create(id(), BETA, ADA);
        Item item = add("One", milestone);

        refused(() -> projects().milestones().reach(milestone.id(), 1, ADA), Kind.NOT_POSSIBLE);
        done(item);
        Milestone reached = projects().milestones().reach(milestone.id(), 1, ADA);

        assertThat(reached.state()).isEqualTo(MilestoneState.REACHED);
        assertThat(reached.revision().version()).isEqualTo(2);
        assertThat(reached.baseline()).isPresent();
        refused(() -> projects().milestones().move(milestone.id(), 2, MilestoneState.ACTIVE, ADA), Kind.NOT_POSSIBLE);
        refused(() -> projects().milestones().delete(milestone.id(), 2, ADA), Kind.NOT_POSSIBLE);
    }

    @Test
    void showsScopeAndDoneByDay() {
        Milestone milestone = projects().milestones().create(id(), BETA, ADA);
        Item one = add("One", milestone);
        add("Two", milestone);
        time().advance(Duration.ofDays(1));
        done(one);
        time().advance(Duration.ofDays(2));
        Item three = add("Three", milestone);
        projects().items().delete(three.id(), 1, ADA);
        projects().items().move(one.id(), ItemMove.toEnd(column(Stage.ACTIVE)), ADA);
        add("Four", milestone);

        BurnUp burnUp = projects().milestones().burnUp(milestone.id());

        assertThat(burnUp.days()).extracting(BurnUp.Day::scope).containsExactly(2, 2, 2, 3);
        assertThat(burnUp.days()).extracting(BurnUp.Day::done).containsExactly(0, 1, 1, 0);
    }

    @Test
    void aDeletedOneLeavesItsItems() {
        Milestone milestone = projects().milestones().create(id(), BETA, ADA);
        Item item = add("One", milestone);

        projects().milestones().delete(milestone.id(), 1, ADA);

        refused(() -> projects().milestones().get(milestone.id()), Kind.NOT_FOUND);
        assertThat(get(item).draft().plan().milestone()).isEmpty();
    }
}
