package dev.architect.benchmarks.postgres;

import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.Position;
import dev.architect.project.Project;
import dev.architect.project.ProjectDraft;
import dev.architect.project.ProjectId;
import dev.architect.project.Revision;
import dev.architect.project.board.BoardColumn;
import dev.architect.project.board.CustomField;
import dev.architect.project.board.FieldDraft;
import dev.architect.project.board.FieldKind;
import dev.architect.project.board.Label;
import dev.architect.project.board.LabelDraft;
import dev.architect.project.item.Block;
import dev.architect.project.item.Comment;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemKey;
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.ItemPlan;
import dev.architect.project.item.ItemSize;
import dev.architect.project.item.ItemWeight;
import dev.architect.project.item.ItemWork;
import dev.architect.project.item.Severity;
import dev.architect.project.milestone.Milestone;
import dev.architect.project.milestone.MilestoneDraft;
import dev.architect.project.rule.Projects;
import dev.architect.project.store.ProjectPartCodec;
import dev.architect.project.store.ProjectRows;
import dev.architect.project.store.SearchText;
import dev.architect.spi.Store;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A project of many items, whose words, people and labels are as unevenly used as people use them. */
final class ItemSamples {

    static final Actor ADA = Actor.person("ada");
    static final int PEOPLE = 200;
    static final int LABELS = 40;
    static final int MILESTONES = 50;
    static final int WORDS = 20_000;

    private static final int BATCH = 500;
    private static final int WORDS_OF_BODY = 150;
    private static final int WORDS_OF_COMMENT = 25;
    private static final List<String> AREAS = List.of("shop", "cart", "search", "mail", "login");
    private static final String CONSONANTS = "bcdfghklmnprstvwz";
    private static final String VOWELS = "aeiou";

    private final Store store;
    private final Projects projects;
    private final Random random = new Random(1);
    private final Project project;
    private final List<BoardColumn> columns;
    private final List<Label> labels = new ArrayList<>();
    private final List<Milestone> milestones = new ArrayList<>();
    private final CustomField area;
    private final List<ItemId> parents = new ArrayList<>();

    /** Makes the project, yet without items. */
    ItemSamples(Store store) {
        this.store = store;
        this.projects = new Projects(
                store.projects(),
                store.tasks(),
                store.ledger(),
                request -> store.tasks().submit(List.of(request)).get(0));
        this.project = projects.create(new ProjectId("web"), "WEB", ProjectDraft.of("Web"), ADA);
        this.columns = projects.boards().columns(project.id());
        for (int i = 0; i < LABELS; i++) {
            labels.add(projects.parts().addLabel(project.id(), LabelDraft.of("label-" + i), ADA));
        }
        for (int i = 0; i < MILESTONES; i++) {
            milestones.add(projects.milestones().create(project.id(), MilestoneDraft.of("Milestone " + i), ADA));
        }
        this.area = projects.parts().addField(project.id(), new FieldDraft("Area", FieldKind.CHOICE, AREAS), ADA);
    }

    Projects projects() {
        return projects;
    }

    ProjectId project() {
        return project.id();
    }

    /** Adds items and comments, so many of these to each item on average. */
    void fill(int items, int comments) {
        for (int begin = 0; begin < items; begin += BATCH) {
            int from = begin;
            int to = Math.min(items, begin + BATCH);
            store.projects().orElseThrow().change(Set.of(project.id()), rows -> {
                for (int i = from; i < to; i++) {
                    int own = (int) ((long) (i + 1) * comments / items - (long) i * comments / items);
                    add(rows, i, own);
                }
                return true;
            });
        }
    }

    private void add(ProjectRows rows, int index, int comments) {
        Instant at = store.projects().orElseThrow().now().minusSeconds(90L * (1_000_000 - index));
        ItemId id = new ItemId(rows.nextId(project.id()));
        ItemDraft draft = draft(index);
        BoardColumn column = columns.get(random.nextInt(10) < 6 ? 4 : random.nextInt(columns.size()));
        long number = rows.nextNumber(project.id());
        Item item = new Item(
                id,
                project.id(),
                new ItemKey(project.prefix(), number),
                draft,
                new Item.Place(column.id(), Position.spread(index, 1_000_000)),
                Item.Progress.NONE,
                Optional.empty(),
                new Revision(1, at, person(), at.plusSeconds(random.nextInt(5_000_000)), person()));
        List<String> texts = new ArrayList<>(List.of(item.key().toString(), draft.title(), draft.body()));
        for (int i = 0; i < comments; i++) {
            String text = text(WORDS_OF_COMMENT);
            texts.add(text);
            rows.save(ProjectPartCodec.row(new Comment(
                    new PartId(rows.nextId(project.id())),
                    project.id(),
                    id,
                    Optional.empty(),
                    text,
                    Optional.empty(),
                    List.of(),
                    Revision.first(at, person()))));
        }
        rows.insert(item, SearchText.words(texts));
        if (index % 100 == 0) {
            parents.add(id);
        }
    }

    private ItemDraft draft(int index) {
        ItemKind kind = ItemKind.values()[random.nextInt(ItemKind.values().length)];
        Set<PartId> own = new HashSet<>();
        while (random.nextInt(3) == 0) {
            own.add(labels.get(uneven(LABELS)).id());
        }
        boolean isBlocked = random.nextInt(100) == 0;
        return new ItemDraft(
                kind,
                text(6),
                text(WORDS_OF_BODY),
                new ItemWeight(
                        random.nextInt(10),
                        kind == ItemKind.BUG
                                ? Optional.of(Severity.values()[random.nextInt(Severity.values().length)])
                                : Optional.empty(),
                        random.nextBoolean()
                                ? Optional.of(ItemSize.values()[random.nextInt(ItemSize.values().length)])
                                : Optional.empty(),
                        Optional.empty()),
                new ItemPlan(
                        random.nextInt(4) == 0 && !parents.isEmpty() && index % 100 != 0
                                ? Optional.of(parents.get(random.nextInt(parents.size())))
                                : Optional.empty(),
                        random.nextInt(3) == 0
                                ? Optional.of(milestones.get(uneven(MILESTONES)).id())
                                : Optional.empty(),
                        random.nextInt(3) == 0
                                ? Optional.of(LocalDate.of(2027, 1, 1).plusDays(random.nextInt(700)))
                                : Optional.empty()),
                random.nextInt(3) == 0 ? List.of() : List.of(person()),
                own,
                random.nextInt(2) == 0 ? Map.of() : Map.of(area.id(), AREAS.get(random.nextInt(AREAS.size()))),
                isBlocked
                        ? new ItemWork(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(new Block(
                                        Block.Reason.values()[random.nextInt(Block.Reason.values().length)], "")))
                        : ItemWork.NONE);
    }

    private Actor person() {
        return Actor.person("user-" + uneven(PEOPLE));
    }

    /** A number below {@code most}, the first ones far more often. */
    private int uneven(int most) {
        double share = random.nextDouble();
        return (int) (most * share * share * share);
    }

    private String text(int words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(i == 0 ? "" : " ").append(word(uneven(WORDS)));
        }
        return text.toString();
    }

    /** The word of a number: four syllables, of which the first changes fastest, so that beginnings are shared. */
    static String word(int number) {
        StringBuilder word = new StringBuilder();
        int rest = number;
        for (int i = 0; i < 4; i++) {
            word.append(CONSONANTS.charAt(rest % CONSONANTS.length()));
            rest /= CONSONANTS.length();
            word.append(VOWELS.charAt(rest % VOWELS.length()));
            rest /= VOWELS.length();
        }
        return word.toString();
    }
}
