package dev.architect.cluster.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.GroupSpend;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.cost.ReportPeriod;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.spend.LedgerPosition;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendInterval;
import dev.architect.spi.Store;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.task.TaskId;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reports over several stores, when the calls of one task are in more than one of them. */
final class ShardedLedgerTest {

    private static final ReportPeriod.Between ALL = (ReportPeriod.Between) ReportPeriod.all();

    private final ManualTime time = new ManualTime();
    private final InMemoryStore first = new InMemoryStore(time);
    private final InMemoryStore second = new InMemoryStore(time);
    private final Store store = ShardedStore.builder("first", first)
            .add("second", second)
            .time(time)
            .patience(Duration.ZERO)
            .open();
    private int calls;

    @AfterEach
    void close() {
        store.close();
    }

    private void record(InMemoryStore member, long task, long pico) {
        ModelId model = new ModelId("claude", "small");
        int number = calls++;
        member.ledger()
                .record(List.of(new LedgerEntry(
                        "call-" + number,
                        new CallOrigin("request-" + number, Optional.of(new TaskId(task)), 1, Attribution.DEFAULT),
                        new CallRoute(Complexity.SIMPLE, 0, model, model),
                        new CallTiming(time.wallTime().plusSeconds(number), Duration.ofMillis(100)),
                        CallOutcome.ANSWERED,
                        Optional.empty(),
                        new Metering(TokenUsage.of(10, 5), UsageSource.REPORTED),
                        new CallCharge(
                                Cost.priced(new Money(pico)),
                                Optional.empty(),
                                Cost.priced(new Money(pico)),
                                "2026-11-22"),
                        Optional.of(StopReason.COMPLETE))));
    }

    private List<String> top(int limit) {
        return store.ledger().topTasks(SpendFilter.ALL, ALL, limit).stream()
                .map(task -> task.group() + " " + task.cost().spent().picoUsd())
                .toList();
    }

    private static String line(long task, long pico) {
        return new TaskId(task) + " " + pico;
    }

    /** In each store three others cost more. */
    @Test
    void theDearestTaskMayBeTheDearestOfNoStore() {
        for (int i = 0; i < 3; i++) {
            record(first, 10 + i, 60 + i);
            record(second, 20 + i, 60 + i);
        }
        record(first, 7, 50);
        record(second, 7, 50);

        assertThat(top(1)).containsExactly(line(7, 100));
        assertThat(top(3)).containsExactly(line(7, 100), line(12, 62), line(22, 62));
        assertThat(top(1_000)).hasSize(7);
    }

    @Test
    void partsOfOneTaskAreAddedUp() {
        record(first, 7, 1);
        record(second, 7, 2);
        record(second, 8, 4);

        assertThat(store.ledger().attempts(new TaskId(7)).get(1L).cost().spent().picoUsd())
                .isEqualTo(3);
        assertThat(store.ledger().topTasks(SpendFilter.ALL, ALL, 5))
                .extracting(GroupSpend::group)
                .containsExactly(new TaskId(8).toString(), new TaskId(7).toString());
        assertThat(store.ledger().series(SpendInterval.DAY, SpendFilter.ALL, ALL))
                .singleElement()
                .satisfies(
                        day -> assertThat(day.totals().cost().spent().picoUsd()).isEqualTo(7));
    }

    @Test
    void pagesGoOverAllStoresInOneOrder() {
        for (int i = 0; i < 10; i++) {
            record(i % 3 == 0 ? first : second, 7, i);
        }

        List<String> ids = new ArrayList<>();
        Optional<LedgerPosition> position = Optional.empty();
        List<LedgerEntry> page = store.ledger().page(SpendFilter.ALL, ALL, position, 3);
        while (!page.isEmpty()) {
            page.forEach(entry -> ids.add(entry.callId()));
            position = Optional.of(LedgerPosition.after(page.get(page.size() - 1)));
            page = store.ledger().page(SpendFilter.ALL, ALL, position, 3);
        }

        assertThat(ids)
                .containsExactly(
                        "call-0", "call-1", "call-2", "call-3", "call-4", "call-5", "call-6", "call-7", "call-8",
                        "call-9");
    }
}
