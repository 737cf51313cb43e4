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
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.ItemLink;
import dev.architect.project.item.LinkKind;
import dev.architect.project.rule.ItemMove;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What many do at once. */
abstract class ProjectConcurrencyCases extends ProjectCases {

    private static final int THREADS = 8;
    private static final long TIMEOUT_MINUTES = 3;

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
        int races = 100;
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
        int edits = 25;
        List<Item> items = List.of(add("One"), add("Two"), add("Three"));

        together(THREADS, thread -> () -> {
            Random random = new Random(thread);
            for (int i = 0; i < edits; i++) {
                Item item = items.get(random.nextInt(items.size()));
                String mark = "[" + thread + "." + i + "]";
                Item seen = get(item);
                while (true) {
                    try {
                        projects()
                                .items()
                                .edit(
                                        seen.id(),
                                        seen.revision().version(),
                                        seen.draft().withBody(seen.draft().body() + mark),
                                        ADA);
                        break;
                    } catch (StaleVersionException stale) {
                        seen = (Item) stale.current();
                    }
                }
            }
            return null;
        });

        String all = items.stream().map(item -> get(item).draft().body()).reduce("", String::concat);
        for (int thread = 0; thread < THREADS; thread++) {
            for (int i = 0; i < edits; i++) {
                assertThat(all).containsOnlyOnce("[" + thread + "." + i + "]");
            }
        }
    }

    @Test
    void aLimitIsNeverExceeded() throws Exception {
        int limit = 3;
        List<ColumnChange> changes = new ArrayList<>();
        for (BoardColumn column : projects().boards().columns(id())) {
            changes.add(new ColumnChange(
                    Optional.of(column.id()),
                    OptionalLong.empty(),
                    column.stage() == Stage.ACTIVE ? column.draft().withWipLimit(limit) : column.draft()));
        }
        projects().boards().update(id(), 1, changes, Map.of(), ADA);
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
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            items.add(add("Card " + i));
        }
        PartId ready = column(Stage.READY);

        together(THREADS, thread -> () -> {
            Random random = new Random(thread);
            for (int i = 0; i < 20; i++) {
                Item moved = items.get(random.nextInt(items.size()));
                Item beside = items.get(random.nextInt(items.size()));
                projects().items().move(moved.id(), ItemMove.before(ready, beside.id()), ADA);
            }
            return null;
        });

        List<Item> cards = new ArrayList<>();
        projects().boards().board(id(), 500).lanes().forEach(lane -> {
            assertThat(lane.cards()).hasSize((int) lane.count());
            assertThat(lane.cards()).extracting(card -> card.place().position()).doesNotHaveDuplicates();
            cards.addAll(lane.cards());
        });
        assertThat(cards)
                .extracting(Item::id)
                .containsExactlyInAnyOrderElementsOf(
                        items.stream().map(Item::id).toList());
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
