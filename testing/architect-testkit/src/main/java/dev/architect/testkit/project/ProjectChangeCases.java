package dev.architect.testkit.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.change.ChangePosition;
import dev.architect.change.ChangeStore;
import dev.architect.change.ChangeTopic;
import dev.architect.project.ProjectDraft;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemLink;
import dev.architect.project.item.LinkKind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What of projects is in the log of changes. */
abstract class ProjectChangeCases extends ProjectCases {

    ProjectChangeCases(ProjectStoreContract contract) {
        super(contract);
    }

    private Set<String> changedBy(ChangeTopic topic, Runnable work) {
        ChangeStore changes = store().changes().orElseThrow();
        ChangePosition before = changes.newest();
        work.run();
        // Stores of other cases may have the same database.
        return changes.after(before, ChangeStore.MAX_PAGE).changes().stream()
                .filter(change -> change.topic() == topic)
                .flatMap(change -> change.keys().stream())
                .filter(key -> key.startsWith(id().name()))
                .collect(Collectors.toSet());
    }

    private String key(Item item) {
        return id().name() + "/" + item.id().value();
    }

    @Test
    void whatBecomesOfAnItemIsInTheLog() {
        Item[] made = new Item[1];
        Set<String> added = changedBy(ChangeTopic.ITEM, () -> made[0] = add("one"));
        Item item = made[0];
        Set<String> own = Set.of(key(item));
        assertThat(added).isEqualTo(own);

        assertThat(changedBy(
                        ChangeTopic.ITEM,
                        () -> projects().items().edit(item.id(), 1, item.draft().withBody("more"), BOB)))
                .isEqualTo(own);
        assertThat(changedBy(
                        ChangeTopic.ITEM, () -> projects().comments().add(item.id(), Optional.empty(), "why?", BOB)))
                .isEqualTo(own);
        Item other = add("two");
        assertThat(changedBy(
                        ChangeTopic.ITEM,
                        () -> projects().links().add(new ItemLink(item.id(), other.id(), LinkKind.BLOCKS), ADA)))
                .contains(key(item));
        assertThat(changedBy(
                        ChangeTopic.ITEM,
                        () -> projects()
                                .items()
                                .delete(item.id(), get(item).revision().version(), ADA)))
                .contains(key(item));
    }

    @Test
    void whatBecomesOfAProjectIsInTheLog() {
        assertThat(changedBy(ChangeTopic.PROJECT, () -> projects().edit(id(), 1, ProjectDraft.of("Other"), BOB)))
                .isEqualTo(Set.of(id().name()));
    }

    @Test
    void whatIsRefusedIsNotInTheLog() {
        Item item = add("one");

        assertThat(changedBy(
                        ChangeTopic.ITEM,
                        () -> assertThatThrownBy(() -> projects()
                                        .items()
                                        .edit(item.id(), 7, item.draft().withBody("more"), BOB))
                                .isInstanceOf(RuntimeException.class)))
                .isEmpty();
        assertThat(List.of(get(item).draft().body())).containsExactly("");
    }
}
