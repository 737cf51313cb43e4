package dev.architect.testkit.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.project.PartId;
import dev.architect.project.PlanningException;
import dev.architect.project.PlanningException.Kind;
import dev.architect.project.StaleVersionException;
import dev.architect.project.board.BoardColumn;
import dev.architect.project.board.ColumnChange;
import dev.architect.project.board.Stage;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.ItemLink;
import dev.architect.project.item.ItemWork;
import dev.architect.project.item.LinkKind;
import dev.architect.project.rule.BulkEdit;
import dev.architect.project.rule.ItemMove;
import dev.architect.project.store.ItemAspect;
import dev.architect.project.store.ItemCondition;
import dev.architect.project.store.ItemOrder;
import dev.architect.project.store.ItemQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What many do at once. */
abstract class ProjectConcurrencyCases extends ProjectCases {

    private static final int THREADS = 8;
    private static final long TIMEOUT_MINUTES = 4;

    ProjectConcurrencyCases(ProjectStoreContract contract) {
        super(contract);
    }

    /** Runs the same by several threads, each with its number. */
    private static void together(int threads, IntFunction<Callable<?>> work) throws Exception {
        ExecutorService runner = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(runner.submit(work.apply(i)));
            }
            for (Future<?> each : all) {
                each.get(TIMEOUT_MINUTES, TimeUnit.MINUTES);
            }
        } finally {
            runner.shutdownNow();
        }
    }

    @Test
    void oneOfTwoOppositeLinksIsRefused() throws Exception {
        race(50);
    }

    @Tag("slow")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    @Test
    void ofAThousandOppositeLinksNoneMakesACircle() throws Exception {
        race(1_000);
    }

    private void race(int races) throws Exception {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < 2 * races; i++) {
            items.add(add("Item " + i));
        }
        AtomicInteger refused = new AtomicInteger();
        CyclicBarrier start = new CyclicBarrier(2);

        together(2, side -> () -> {
            for (int i = 0; i < races; i++) {
                Item from = items.get(2 * i + side);
                Item to = items.get(2 * i + 1 - side);
                start.await(1, TimeUnit.MINUTES);
                try {
                    projects().links().add(new ItemLink(from.id(), to.id(), LinkKind.BLOCKS), ADA);
                } catch (PlanningException circle) {
                    assertThat(circle.kind()).isEqualTo(Kind.CYCLE);
                    refused.incrementAndGet();
                }
            }
            return null;
        });

        assertThat(refused).hasValue(races);
        for (int i = 0; i < races; i++) {
            assertThat(projects().links().of(items.get(2 * i).id())).hasSize(1);
        }
    }

    @Test
    void noneOfManyEditsIsLost() throws Exception {
        editTogether(THREADS, 25, 3);
    }

    @Tag("slow")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    @Test
    void noneOfTenThousandEditsOfFiftyClientsIsLost() throws Exception {
        editTogether(50, 200, 20);
    }

    /** Each client changes one of two fields; what others have changed of an item meanwhile is merged with its own change. */
    private void editTogether(int clients, int edits, int count) throws Exception {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(add("Item " + i));
        }

        together(clients, client -> () -> {
            Random random = new Random(client);
            for (int i = 0; i < edits; i++) {
                Item seen = get(items.get(random.nextInt(items.size())));
                String mark = mark(client * edits + i);
                boolean isOfBody = client % 2 == 0;
                while (true) {
                    try {
                        projects()
                                .items()
                                .edit(
                                        seen.id(),
                                        seen.revision().version(),
                                        isOfBody ? withBody(seen, mark) : withCheck(seen, mark),
                                        ADA);
                        break;
                    } catch (StaleVersionException stale) {
                        assertThat(stale.changed()).isNotEmpty();
                        seen = (Item) stale.current();
                    }
                }
            }
            return null;
        });

        String bodies = items.stream().map(item -> get(item).draft().body()).reduce("", String::concat);
        String checks = items.stream()
                .map(item -> get(item).draft().work().check().orElse(""))
                .reduce("", String::concat);
        for (int client = 0; client < clients; client++) {
            for (int i = 0; i < edits; i++) {
                assertThat(client % 2 == 0 ? bodies : checks).containsOnlyOnce(mark(client * edits + i));
            }
        }
        long versions = items.stream()
                .mapToLong(item -> get(item).revision().version() - 1)
                .sum();
        assertThat(versions).isEqualTo((long) clients * edits);
    }

    /** Short, because a check holds 2,000 characters. */
    private static String mark(int number) {
        return "[" + Integer.toString(number, Character.MAX_RADIX) + "]";
    }

    private static ItemDraft withBody(Item item, String mark) {
        return item.draft().withBody(item.draft().body() + mark);
    }

    private static ItemDraft withCheck(Item item, String mark) {
        ItemWork work = item.draft().work();
        return item.draft()
                .withWork(new ItemWork(Optional.of(work.check().orElse("") + mark), work.worker(), work.block()));
    }

    private void limitWork(int limit) {
        List<ColumnChange> changes = new ArrayList<>();
        for (BoardColumn column : projects().boards().columns(id())) {
            changes.add(new ColumnChange(
                    Optional.of(column.id()),
                    OptionalLong.empty(),
                    column.stage() == Stage.ACTIVE ? column.draft().withWipLimit(limit) : column.draft()));
        }
        projects().boards().update(id(), 1, changes, Map.of(), ADA);
    }

    @Test
    void aLimitIsNeverExceeded() throws Exception {
        int limit = 3;
        limitWork(limit);
        PartId active = column(Stage.ACTIVE);
        PartId ready = column(Stage.READY);
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < 2 * THREADS; i++) {
            items.add(add("Card " + i));
        }
        AtomicInteger refused = new AtomicInteger();

        together(THREADS, thread -> () -> {
            for (int i = 0; i < 20; i++) {
                Item item = items.get((thread * 7 + i) % items.size());
                try {
                    projects().items().move(item.id(), ItemMove.toEnd(i % 3 == 2 ? ready : active), AGENT);
                } catch (PlanningException full) {
                    assertThat(full.kind()).isEqualTo(Kind.WIP_LIMIT);
                    refused.incrementAndGet();
                }
                assertThat(projects().boards().board(id(), 0).lanes().get(2).count())
                        .isLessThanOrEqualTo(limit);
            }
            return null;
        });

        assertThat(refused).hasPositiveValue();
    }

    @Test
    void manyMovesLeaveOneOrderWithEachCardOnce() throws Exception {
        moveTogether(THREADS, 40, 20);
    }

    @Tag("slow")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    @Test
    void twentyPeopleMoveAThousandCardsAtOnce() throws Exception {
        moveTogether(20, 1_000, 50);
    }

    /** Everybody moves cards to columns and places of their own choice; the column of work takes ten cards, which programs never exceed. */
    private void moveTogether(int people, int count, int moves) throws Exception {
        int limit = 10;
        limitWork(limit);
        List<PartId> columns = List.of(column(Stage.READY), column(Stage.ACTIVE), column(Stage.DONE));
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(add("Card " + i));
        }

        together(people, person -> () -> {
            Random random = new Random(person);
            for (int i = 0; i < moves; i++) {
                Item moved = items.get((person * moves + i) % count);
                Item beside = items.get(random.nextInt(count));
                try {
                    projects()
                            .items()
                            .move(
                                    moved.id(),
                                    ItemMove.before(columns.get(random.nextInt(columns.size())), beside.id()),
                                    AGENT);
                } catch (PlanningException full) {
                    assertThat(full.kind()).isEqualTo(Kind.WIP_LIMIT);
                }
                assertThat(projects().boards().board(id(), 0).lanes().get(2).count())
                        .isLessThanOrEqualTo(limit);
            }
            return null;
        });

        List<Item> cards = new ArrayList<>();
        projects().boards().board(id(), 500).lanes().forEach(lane -> {
            List<Item> inOrder = inOrder(lane.column().id());
            assertThat(inOrder).hasSize((int) lane.count());
            assertThat(inOrder.subList(0, lane.cards().size())).isEqualTo(lane.cards());
            assertThat(inOrder)
                    .extracting(card -> card.place().position())
                    .doesNotHaveDuplicates()
                    .isSorted();
            cards.addAll(inOrder);
        });
        assertThat(cards)
                .extracting(Item::id)
                .containsExactlyInAnyOrderElementsOf(
                        items.stream().map(Item::id).toList());
    }

    /** The cards of a column by pages of another length than those of boards. */
    private List<Item> inOrder(PartId column) {
        ItemQuery query = ItemQuery.of(id())
                .with(ItemCondition.of(ItemAspect.COLUMN, Set.of(String.valueOf(column.value()))))
                .by(ItemOrder.POSITION, false)
                .withLimit(70);
        List<Item> all = new ArrayList<>();
        List<Item> page = projects().items().list(query);
        while (!page.isEmpty()) {
            all.addAll(page);
            Item last = page.get(page.size() - 1);
            page = projects()
                    .items()
                    .list(query.after(new ItemQuery.After(
                            last.place().position().text(), last.id().value())));
        }
        return all;
    }

    @Tag("slow")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    @Test
    void fiveHundredItemsAreChangedWithinASecond() {
        Map<ItemId, Long> items = new LinkedHashMap<>();
        for (int i = 0; i < BulkEdit.MOST; i++) {
            items.put(add("Item " + i).id(), 1L);
        }
        // The fastest counts: a busy machine only makes it slower.
        Duration fastest = Duration.ofDays(1);
        for (int i = 1; i <= 8 && fastest.compareTo(Duration.ofSeconds(1)) > 0; i++) {
            long version = i;
            items.replaceAll((id, seen) -> version);
            long begin = System.nanoTime();
            bulk(items, i);
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            fastest = took.compareTo(fastest) < 0 ? took : fastest;
        }

        assertThat(fastest).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    private void bulk(Map<ItemId, Long> items, int priority) {
        List<BulkEdit.Outcome> outcomes =
                projects().items().bulk(id(), BulkEdit.of(items, draft -> draft.withPriority(priority)), ADA);
        assertThat(outcomes)
                .hasSize(items.size())
                .allSatisfy(each -> assertThat(each.refusal()).isEmpty());
    }

    @Test
    void keysAreGivenOnceToMany() throws Exception {
        together(THREADS, thread -> () -> {
            for (int i = 0; i < 10; i++) {
                projects().items().create(id(), ItemDraft.of(ItemKind.CHORE, "Of " + thread), Optional.empty(), AGENT);
            }
            return null;
        });

        assertThat(projects().boards().board(id(), 500).lanes().get(0).cards())
                .extracting(card -> card.key().number())
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 10L * THREADS).boxed().toList());
    }
}
