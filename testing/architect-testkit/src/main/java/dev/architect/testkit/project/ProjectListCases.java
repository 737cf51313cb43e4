package dev.architect.testkit.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.project.PartId;
import dev.architect.project.board.FieldDraft;
import dev.architect.project.board.FieldKind;
import dev.architect.project.board.LabelDraft;
import dev.architect.project.board.Stage;
import dev.architect.project.item.Block;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.ItemPlan;
import dev.architect.project.item.ItemWeight;
import dev.architect.project.item.ItemWork;
import dev.architect.project.rule.ItemMove;
import dev.architect.project.store.ItemAspect;
import dev.architect.project.store.ItemCodec;
import dev.architect.project.store.ItemCondition;
import dev.architect.project.store.ItemOrder;
import dev.architect.project.store.ItemQuery;
import dev.architect.project.store.SearchText;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How items are found, ordered and paged. */
abstract class ProjectListCases extends ProjectCases {

    ProjectListCases(ProjectStoreContract contract) {
        super(contract);
    }

    private List<String> titles(ItemQuery query) {
        return projects().items().list(query).stream()
                .map(item -> item.draft().title())
                .toList();
    }

    private ItemQuery all() {
        return ItemQuery.of(id());
    }

    private ItemQuery with(ItemAspect aspect, String... values) {
        return all().with(ItemCondition.of(aspect, Set.of(values)));
    }

    private ItemQuery without(ItemAspect aspect, String... values) {
        return all().with(new ItemCondition(aspect, 0, Set.of(values), true));
    }

    private List<String> search(String text) {
        return titles(all().withWords(SearchText.asked(text)));
    }

    @Test
    void leavesBodiesOut() {
        Item item = add(ItemDraft.of(ItemKind.FEATURE, "One").withBody("Long text"));

        assertThat(projects().items().list(all()))
                .containsExactly(item.with(item.draft().withBody(""), item.revision()));
    }

    @Test
    void findsByEachAspect() {
        PartId label =
                projects().parts().addLabel(id(), LabelDraft.of("ui"), ADA).id();
        PartId field = projects()
                .parts()
                .addField(id(), new FieldDraft("Customer", FieldKind.TEXT, List.of()), ADA)
                .id();
        Item plain = add("Plain");
        add(new ItemDraft(
                ItemKind.BUG,
                "Full",
                "",
                ItemWeight.UNKNOWN,
                new ItemPlan(Optional.of(plain.id()), Optional.empty(), Optional.empty()),
                List.of(BOB, AGENT),
                Set.of(label),
                Map.of(field, "ACME"),
                new ItemWork(
                        Optional.empty(), Optional.empty(), Optional.of(new Block(Block.Reason.BUDGET, "none left")))));

        assertThat(titles(with(ItemAspect.KIND, "BUG", "CHORE"))).containsExactly("Full");
        assertThat(titles(without(ItemAspect.KIND, "BUG"))).containsExactly("Plain");
        assertThat(titles(with(ItemAspect.ASSIGNEE, BOB.toString(), "person:none")))
                .containsExactly("Full");
        assertThat(titles(without(ItemAspect.ASSIGNEE))).containsExactly("Plain");
        assertThat(titles(with(ItemAspect.ASSIGNEE))).containsExactly("Full");
        assertThat(titles(with(ItemAspect.LABEL, String.valueOf(label.value()))))
                .containsExactly("Full");
        assertThat(titles(without(ItemAspect.LABEL, String.valueOf(label.value()))))
                .containsExactly("Plain");
        assertThat(titles(with(ItemAspect.PARENT, String.valueOf(plain.id().value()))))
                .containsExactly("Full");
        assertThat(titles(without(ItemAspect.PARENT, String.valueOf(plain.id().value()))))
                .containsExactly("Plain");
        assertThat(titles(with(ItemAspect.BLOCKED))).containsExactly("Full");
        assertThat(titles(with(ItemAspect.BLOCKED, "BUDGET"))).containsExactly("Full");
        assertThat(titles(with(ItemAspect.BLOCKED, "FAILED"))).isEmpty();
        assertThat(titles(with(ItemAspect.SEVERITY))).isEmpty();
        assertThat(titles(with(ItemAspect.SIZE, "XL"))).isEmpty();
        assertThat(titles(with(ItemAspect.MILESTONE))).isEmpty();
        assertThat(titles(with(ItemAspect.REPORTER, ADA.toString()))).hasSize(2);
        assertThat(titles(with(ItemAspect.PRIORITY, "5", "9"))).hasSize(2);
        assertThat(titles(with(
                        ItemAspect.COLUMN, String.valueOf(column(Stage.BACKLOG).value()))))
                .hasSize(2);
        assertThat(titles(all().with(new ItemCondition(ItemAspect.FIELD, field.value(), Set.of("ACME"), false))))
                .containsExactly("Full");
        assertThat(titles(all().with(new ItemCondition(ItemAspect.FIELD, field.value(), Set.of("ACME"), true))))
                .containsExactly("Plain");
        // All of several conditions.
        assertThat(titles(with(ItemAspect.KIND, "BUG").with(ItemCondition.of(ItemAspect.SEVERITY, Set.of()))))
                .isEmpty();
        assertThat(projects().items().count(all(), 100)).isEqualTo(2);
        assertThat(projects().items().count(all(), 1)).isEqualTo(1);
    }

    @Test
    void sortsByEachOrderBothWays() {
        Item one = add(ItemDraft.of(ItemKind.FEATURE, "One").withPriority(7));
        time().advance(Duration.ofSeconds(1));
        add(ItemDraft.of(ItemKind.FEATURE, "Two")
                .withPriority(1)
                .withPlan(new ItemPlan(Optional.empty(), Optional.empty(), Optional.of(LocalDate.of(2027, 1, 2)))));
        time().advance(Duration.ofSeconds(1));
        add(ItemDraft.of(ItemKind.FEATURE, "Three")
                .withPriority(4)
                .withPlan(new ItemPlan(Optional.empty(), Optional.empty(), Optional.of(LocalDate.of(2027, 1, 1)))));
        time().advance(Duration.ofSeconds(1));
        projects().items().move(one.id(), ItemMove.toEnd(column(Stage.BACKLOG)), ADA);

        assertThat(sorted(ItemOrder.NUMBER)).containsExactly("One", "Two", "Three");
        assertThat(sorted(ItemOrder.CREATED)).containsExactly("One", "Two", "Three");
        assertThat(sorted(ItemOrder.UPDATED)).containsExactly("Two", "Three", "One");
        assertThat(sorted(ItemOrder.PRIORITY)).containsExactly("Two", "Three", "One");
        assertThat(sorted(ItemOrder.DUE)).containsExactly("Three", "Two", "One");
        assertThat(sorted(ItemOrder.POSITION)).containsExactly("Two", "Three", "One");
    }

    private List<String> sorted(ItemOrder order) {
        List<String> upwards = titles(all().by(order, false));
        List<String> downwards = new ArrayList<>(titles(all().by(order, true)));
        Collections.reverse(downwards);
        assertThat(downwards).isEqualTo(upwards);
        return upwards;
    }

    @Test
    void pagesWithoutLossWhileOthersAdd() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            expected.add(add(ItemDraft.of(ItemKind.FEATURE, "Card " + i).withPriority(i % 3))
                    .key()
                    .toString());
        }
        for (ItemOrder order : ItemOrder.values()) {
            for (boolean isDescending : new boolean[] {false, true}) {
                List<String> seen = new ArrayList<>();
                ItemQuery query = all().by(order, isDescending).withLimit(7);
                List<Item> page = projects().items().list(query);
                while (!page.isEmpty()) {
                    page.forEach(item -> seen.add(item.key().toString()));
                    // One before and one after what was read so far.
                    add(ItemDraft.of(ItemKind.CHORE, "Between").withPriority(0));
                    add(ItemDraft.of(ItemKind.CHORE, "Between").withPriority(9));
                    Item last = page.get(page.size() - 1);
                    page = projects()
                            .items()
                            .list(query.after(new ItemQuery.After(
                                            ItemCodec.sortValue(last, order),
                                            last.id().value()))
                                    .with(ItemCondition.of(ItemAspect.KIND, Set.of("FEATURE"))));
                    seen.removeIf(key -> !expected.contains(key));
                }
                assertThat(seen).as(order + " " + isDescending).containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }

    @Test
    void searchesAllThatWasWritten() {
        PartId label =
                projects().parts().addLabel(id(), LabelDraft.of("Zahlung"), ADA).id();
        Item item = add(ItemDraft.of(ItemKind.BUG, "Crème brûlée überall")
                .withBody("The quick brown fox: 12.5% v1e5 ünïcode")
                .withLabels(Set.of(label)));
        add("Something else");
        projects().comments().add(item.id(), Optional.empty(), "jumped twice", BOB);

        for (String found : List.of(
                "creme",
                "BRULEE uberall",
                "quick fox",
                "qui",
                "zahl",
                "jumped",
                "v1e5",
                "12 5",
                "unicode",
                item.key().toString())) {
            assertThat(search(found)).as(found).containsExactly("Crème brûlée überall");
        }
        for (String missed : List.of("uick", "quick dog", "twicee")) {
            assertThat(search(missed)).as(missed).isEmpty();
        }
    }

    @Test
    void whatPeopleTypeIsNoQuery() {
        add("Fox and hen");
        add("Hen");

        for (String text : List.of(
                "fox\"",
                "\"fox",
                "fox*",
                "fox OR",
                "-fox",
                "fox'",
                "fox & !hen",
                "(fox",
                "words:fox",
                "NEAR(fox hen)")) {
            assertThat(search(text)).as(text).isSubsetOf("Fox and hen");
        }
        assertThat(search("fox' | 'hen")).containsExactly("Fox and hen");
        assertThat(search("!? ..")).hasSize(2);
    }

    @Test
    void searchFollowsChanges() {
        Item item = add("Apple");
        projects().items().edit(item.id(), 1, item.draft().withTitle("Pear"), ADA);
        PartId comment = projects()
                .comments()
                .add(item.id(), Optional.empty(), "Plum", BOB)
                .id();

        assertThat(search("apple")).isEmpty();
        assertThat(search("pear plum")).containsExactly("Pear");
        projects().comments().edit(comment, 1, "Cherry", BOB);
        assertThat(search("plum")).isEmpty();
        assertThat(search("cherry")).containsExactly("Pear");
        projects().comments().delete(comment, 2, BOB);
        assertThat(search("cherry")).isEmpty();
        projects().items().delete(item.id(), 2, ADA);
        assertThat(search("pear")).isEmpty();
    }
}
