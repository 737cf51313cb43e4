package dev.architect.testkit.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.project.PlanningException;
import dev.architect.project.PlanningException.Kind;
import dev.architect.project.board.Stage;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.ItemLink;
import dev.architect.project.item.LinkKind;
import dev.architect.project.rule.Links;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How items have to do with each other. */
abstract class ProjectLinkCases extends ProjectCases {

    ProjectLinkCases(ProjectStoreContract contract) {
        super(contract);
    }

    private void link(Item from, LinkKind kind, Item to) {
        projects().links().add(new ItemLink(from.id(), to.id(), kind), ADA);
    }

    private Item part(Item parent) {
        return add(ItemDraft.of(ItemKind.CHORE, "Part of " + parent.key()).withParent(Optional.of(parent.id())));
    }

    @Test
    void keepsRelationsInBothDirections() {
        Item one = add("One");
        Item two = add("Two");
        link(one, LinkKind.BLOCKS, two);
        link(two, LinkKind.RELATES, one);
        link(one, LinkKind.RELATES, two);

        assertThat(projects().links().of(one.id()))
                .containsExactly(
                        new ItemLink(one.id(), two.id(), LinkKind.BLOCKS),
                        new ItemLink(one.id(), two.id(), LinkKind.RELATES))
                .isEqualTo(projects().links().of(two.id()));
        ItemLink blocks = new ItemLink(one.id(), two.id(), LinkKind.BLOCKS);
        assertThat(projects().links().remove(blocks, ADA)).isTrue();
        assertThat(projects().links().remove(blocks, ADA)).isFalse();
        assertThat(projects().links().of(two.id())).hasSize(1);
    }

    @Test
    void refusesACircleAndNamesItsWay() {
        Item one = add("One");
        Item two = add("Two");
        Item three = add("Three");
        link(one, LinkKind.BLOCKS, two);
        link(two, LinkKind.BLOCKS, three);

        PlanningException refusal = refused(() -> link(three, LinkKind.BLOCKS, one), Kind.CYCLE);

        assertThat(refusal)
                .hasMessageEndingWith(one.key() + " → " + two.key() + " → " + three.key() + " → " + one.key());
        refused(() -> link(two, LinkKind.BLOCKS, one), Kind.CYCLE);
        assertThat(projects().links().of(one.id())).hasSize(1);
        assertThatThrownBy(() -> link(one, LinkKind.BLOCKS, one)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesACircleThroughParents() {
        Item parent = add("Parent");
        Item child = part(parent);
        Item other = add("Other");

        // The parent is done after its parts, so it cannot be before one.
        refused(() -> link(parent, LinkKind.BLOCKS, child), Kind.CYCLE);
        link(parent, LinkKind.BLOCKS, other);
        refused(() -> link(other, LinkKind.BLOCKS, child), Kind.CYCLE);
        refused(() -> link(other, LinkKind.PARENT, parent), Kind.CYCLE);
        refused(() -> link(parent, LinkKind.PARENT, child), Kind.CYCLE);
    }

    @Test
    void partsStandFourDeepAtMost() {
        Item one = add("One");
        Item two = part(one);
        Item three = part(two);
        Item four = part(three);
        assertThat(Links.MAX_DEPTH).isEqualTo(4);

        refused(() -> part(four), Kind.TOO_DEEP);
        Item above = add("Above");
        refused(() -> link(one, LinkKind.PARENT, above), Kind.TOO_DEEP);
        link(two, LinkKind.PARENT, above);
        assertThat(get(two).draft().plan().parent()).contains(above.id());
        assertThat(projects().links().of(two.id()))
                .containsExactly(
                        new ItemLink(two.id(), above.id(), LinkKind.PARENT),
                        new ItemLink(three.id(), two.id(), LinkKind.PARENT));
        assertThat(projects().links().remove(new ItemLink(two.id(), above.id(), LinkKind.PARENT), ADA))
                .isTrue();
        assertThat(get(two).draft().plan().parent()).isEmpty();
    }

    @Test
    void aParentIsOfTheSameProject() {
        Item other =
                projects().items().create(create().id(), ItemDraft.of(ItemKind.FEATURE, "Else"), Optional.empty(), ADA);

        refused(() -> part(other), Kind.OTHER_PROJECT);
        refused(() -> add(ItemDraft.of(ItemKind.CHORE, "Lost").withParent(Optional.of(new ItemId(7)))), Kind.NOT_FOUND);
        // Everything else may go from one project to another.
        Item own = add("Own");
        link(own, LinkKind.BLOCKS, other);
        refused(() -> link(other, LinkKind.BLOCKS, own), Kind.CYCLE);
        assertThat(projects().links().of(other.id())).hasSize(1);
    }

    @Test
    void aDuplicateIsCancelledAndHasOneOriginal() {
        Item original = add("Original");
        Item copy = add("Copy");
        Item third = add("Third");

        link(copy, LinkKind.DUPLICATES, original);

        assertThat(get(copy).place().column()).isEqualTo(column(Stage.CANCELLED));
        assertThat(get(copy).progress().doneAt()).isPresent();
        assertThat(get(original).place()).isEqualTo(original.place());
        refused(() -> link(original, LinkKind.DUPLICATES, copy), Kind.CYCLE);
        refused(() -> link(copy, LinkKind.DUPLICATES, third), Kind.TAKEN);
        refused(() -> link(third, LinkKind.DUPLICATES, copy), Kind.NOT_POSSIBLE);
        refused(() -> link(original, LinkKind.DUPLICATES, third), Kind.NOT_POSSIBLE);
    }
}
