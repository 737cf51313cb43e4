package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.filter.NameFilter;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.spend.LedgerPage;
import dev.architect.spend.LedgerPosition;
import dev.architect.spend.SpendFilter;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskLanes;
import dev.architect.task.TaskPage;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists over more rows than one page may look at. */
final class SqliteBrowseTest {

    private static final int MANY = 45_000;
    private static final int CHUNK = 5_000;
    private static final ProjectId EARLY = new ProjectId("early");

    @TempDir
    private Path directory;

    private final ManualTime time = new ManualTime();
    private SqliteStore store;

    @BeforeEach
    void open() {
        store = SqliteStore.builder(directory.resolve("architect.db"))
                .time(time)
                .open();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void submit(int count, ProjectId project) {
        for (int from = 0; from < count; from += CHUNK) {
            store.tasks()
                    .submit(IntStream.range(from, Math.min(count, from + CHUNK))
                            .mapToObj(i -> TaskRequest.of("type-" + i % 3, "p").withProject(project))
                            .toList());
            time.advance(Duration.ofSeconds(1));
        }
    }

    private List<TaskPage> browse(TaskQuery query) {
        List<TaskPage> pages = new ArrayList<>();
        Optional<TaskId> last = Optional.empty();
        do {
            pages.add(store.tasks().browse(last.map(query::after).orElse(query)));
            last = pages.get(pages.size() - 1).next();
        } while (last.isPresent());
        return pages;
    }

    private static List<Task> tasks(List<TaskPage> pages) {
        return pages.stream().flatMap(page -> page.tasks().stream()).toList();
    }

    @Test
    void aPageThatFindsNothingForLongSaysWhereToGoOn() {
        submit(3_000, EARLY);
        submit(MANY, new ProjectId("later"));
        TaskQuery early = TaskQuery.newest(500).withProject(EARLY).withCreatedFrom(Instant.EPOCH);

        List<TaskPage> newestFirst = browse(early);
        List<TaskPage> oldestFirst = browse(early.withOrder(TaskQuery.Order.OLDEST_FIRST));

        assertThat(newestFirst.get(0).tasks()).isEmpty();
        assertThat(tasks(newestFirst)).hasSize(3_000).isSortedAccordingTo((a, b) -> b.id().compareTo(a.id()));
        assertThat(tasks(oldestFirst)).hasSize(3_000).isSortedAccordingTo((a, b) -> a.id().compareTo(b.id()));
        assertThat(oldestFirst.get(0).tasks()).hasSize(500);
        // What a project has few of is found without a walk.
        submit(10, new ProjectId("small"));
        assertThat(browse(TaskQuery.newest(50)
                        .withProject(new ProjectId("small"))
                        .withCreatedBefore(time.wallTime().plusSeconds(1))))
                .singleElement()
                .satisfies(page -> assertThat(page.tasks()).hasSize(10));
    }

    @Test
    void manyLanesAreReadInSeveralStatements() {
        int lanes = 600;
        store.tasks()
                .submit(IntStream.range(0, 3 * lanes)
                        .mapToObj(i -> TaskRequest.of("type-" + i % lanes, "p")
                                .withProject(i % 900 == 0 ? EARLY : ProjectId.DEFAULT))
                        .toList());
        TaskQuery ready = TaskQuery.newest(100).withStates(Set.of(TaskState.READY));

        assertThat(tasks(browse(ready)))
                .hasSize(3 * lanes)
                .isSortedAccordingTo((a, b) -> b.id().compareTo(a.id()))
                .isEqualTo(tasks(browse(TaskQuery.newest(100))));
        assertThat(tasks(browse(ready.withOrder(TaskQuery.Order.OLDEST_FIRST))))
                .hasSize(3 * lanes)
                .isSortedAccordingTo((a, b) -> a.id().compareTo(b.id()));
        assertThat(tasks(browse(ready.withProject(EARLY)))).hasSize(2);
        assertThat(store.tasks().list(ready.withProject(EARLY))).hasSize(2);
    }

    /** Much of all tasks, but none of the last ones: the first look at the newest finds no page. */
    @Test
    void whatMostTasksAreIsFoundAlsoWhereTheNewestAreNot() {
        int types = 40;
        List<TaskId> early = new ArrayList<>(store.tasks()
                .submit(IntStream.range(0, 3_000)
                        .mapToObj(i -> TaskRequest.of("type-" + i * 7 % types, "p"))
                        .toList()));
        store.tasks().submit(Collections.nCopies(2_000, TaskRequest.of("late", "p")));
        TaskQuery most = TaskQuery.newest(70)
                .withLanes(TaskLanes.ofTypes(NameFilter.except("late")))
                .withStates(Set.of(TaskState.READY));

        assertThat(tasks(browse(most.withOrder(TaskQuery.Order.OLDEST_FIRST))))
                .extracting(Task::id)
                .isEqualTo(early);
        Collections.reverse(early);
        assertThat(tasks(browse(most))).extracting(Task::id).isEqualTo(early);
        assertThat(tasks(browse(most.withLimit(7)))).extracting(Task::id).isEqualTo(early);
    }

    private static LedgerEntry call(int number, Attribution attribution) {
        Cost cost = Cost.priced(new Money(1));
        ModelId model = new ModelId("claude", "small");
        return new LedgerEntry(
                "call-" + number,
                new CallOrigin("call-" + number, Optional.empty(), 0, attribution),
                new CallRoute(Complexity.SIMPLE, 0, model, model),
                new CallTiming(ManualTime.START.plusSeconds(number), Duration.ofMillis(1)),
                CallOutcome.ANSWERED,
                Optional.empty(),
                new Metering(TokenUsage.of(10, 5), UsageSource.REPORTED),
                new CallCharge(cost, Optional.empty(), cost, "v"),
                Optional.of(StopReason.COMPLETE));
    }

    private List<LedgerPage> browse(SpendFilter filter) {
        ReportPeriod.Between all = new ReportPeriod.Between(Instant.EPOCH, ManualTime.START.plus(Duration.ofDays(9)));
        List<LedgerPage> pages = new ArrayList<>();
        Optional<LedgerPosition> position = Optional.empty();
        do {
            pages.add(store.ledger().browse(filter, all, position, 50));
            position = pages.get(pages.size() - 1).next();
        } while (position.isPresent());
        return pages;
    }

    private static List<LedgerEntry> calls(List<LedgerPage> pages) {
        return pages.stream().flatMap(page -> page.calls().stream()).toList();
    }

    @Test
    void callsOfAUserAreFoundByTheSumsAndThoseOfATagInSteps() {
        Attribution rare = Attribution.DEFAULT.withUser("ada").withTag("team", "rare");
        for (int from = 0; from < MANY; from += CHUNK) {
            store.ledger()
                    .record(IntStream.range(from, from + CHUNK)
                            .mapToObj(i -> call(i, i == 44_000 || i == 44_900 ? rare : Attribution.DEFAULT))
                            .toList());
        }
        while (store.ledger().rollUp(ManualTime.START.plus(Duration.ofDays(1)))) {
            // Each call adds up some.
        }

        List<LedgerPage> ofUser = browse(SpendFilter.ALL.with(SpendDimension.USER, "ada"));
        List<LedgerPage> ofTag = browse(SpendFilter.ALL.withTag("team", "rare"));

        assertThat(calls(ofUser)).extracting(LedgerEntry::callId).containsExactly("call-44000", "call-44900");
        assertThat(ofUser).hasSize(1);
        assertThat(calls(ofTag)).isEqualTo(calls(ofUser));
        assertThat(ofTag).hasSizeGreaterThan(1);
        assertThat(ofTag.get(0).calls()).isEmpty();
        assertThat(browse(SpendFilter.ALL.with(SpendDimension.USER, "nobody"))).hasSize(1);
    }
}
