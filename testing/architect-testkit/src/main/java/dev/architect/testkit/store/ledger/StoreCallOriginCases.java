package dev.architect.testkit.store.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.FencingToken;
import dev.architect.cost.Cost;
import dev.architect.cost.GroupSpend;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.model.FailureKind;
import dev.architect.project.Attribution;
import dev.architect.spend.LedgerPage;
import dev.architect.spend.LedgerPosition;
import dev.architect.spend.MeteredCall;
import dev.architect.spend.SpendAxis;
import dev.architect.spend.SpendBucket;
import dev.architect.spend.SpendCell;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendInterval;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.Store;
import dev.architect.task.TaskRequest;
import dev.architect.testkit.store.node.StoreHandles;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What calls cost by the type of their task and by the API key on whose behalf they were made. */
public abstract class StoreCallOriginCases {

    private static final Instant BEGIN = ManualTime.START.plus(Duration.ofDays(1));

    private static final ReportPeriod.Between ALL =
            new ReportPeriod.Between(Instant.EPOCH, Instant.parse("9999-12-31T00:00:00Z"));

    /** What no database column of text holds as it is, and what patterns and JSON use. */
    private static final String ODD = "a\u0000b\ud83d %_'\"\\\ufdd0";

    private final StoreHandles handles;
    private final ManualTime time = new ManualTime();
    private @Nullable Store open;

    /** Creates the cases for one store. */
    protected StoreCallOriginCases(StoreHandles handles) {
        this.handles = handles;
    }

    @BeforeEach
    void openStore() throws Exception {
        open = handles.open(time);
    }

    @AfterEach
    void closeStore() {
        if (open != null) {
            open.close();
        }
    }

    private Store store() {
        if (open == null) {
            throw new IllegalStateException("store is not open, expected open");
        }
        return open;
    }

    private LedgerStore ledger() {
        return store().ledger();
    }

    private void record(CallFixture... calls) {
        ledger().record(List.of(calls).stream().map(CallFixture::entry).toList());
    }

    private static CallFixture call(String id) {
        return new CallFixture(id).at(BEGIN);
    }

    private static CallFixture callBy(String user, String id) {
        return call(id).attribution(Attribution.DEFAULT.withUser(user));
    }

    /** Submits a task and claims it. */
    private FencingToken running() {
        long node = store().nodes().join("node-1");
        store().tasks().submit(List.of(TaskRequest.prompt("p")));
        return store().tasks()
                .claim(ClaimRequest.of(node, 1, Set.of(TaskRequest.PROMPT)))
                .get(0)
                .fencingToken();
    }

    private void addUp() {
        while (ledger().rollUp(BEGIN.plus(Duration.ofDays(400)))) {
            // Each call adds up some.
        }
    }

    private Map<String, Long> by(SpendDimension dimension, SpendFilter filter) {
        return ledger().spendBy(dimension, filter, ALL).stream()
                .collect(Collectors.toMap(
                        GroupSpend::group, group -> group.calls().all(), Long::sum, TreeMap::new));
    }

    /** The ids of the calls that meet a filter, after it was seen that every report agrees on how many there are. */
    private List<String> found(SpendFilter filter) {
        List<LedgerEntry> calls = ledger().page(filter, ALL, Optional.empty(), 1_000);
        long count = calls.size();
        assertThat(by(SpendDimension.MODEL, filter).values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(count);
        assertThat(ledger().series(SpendInterval.DAY, filter, ALL).stream()
                        .map(SpendBucket::totals)
                        .mapToLong(totals -> totals.calls().all())
                        .sum())
                .isEqualTo(count);
        assertThat(browsed(filter)).isEqualTo(calls);
        return calls.stream().map(LedgerEntry::callId).toList();
    }

    private List<LedgerEntry> browsed(SpendFilter filter) {
        List<LedgerEntry> all = new ArrayList<>();
        Optional<LedgerPosition> position = Optional.empty();
        do {
            LedgerPage page = ledger().browse(filter, ALL, position, 1_000);
            all.addAll(page.calls());
            position = page.next();
        } while (position.isPresent());
        return all;
    }

    private static SpendFilter of(SpendDimension dimension, String value) {
        return SpendFilter.ALL.with(dimension, value);
    }

    @Test
    void aCallKeepsTheTypeOfItsTask() {
        FencingToken token = running();
        LedgerEntry direct = call("direct").entry();
        LedgerEntry typed = call("typed").attempt(token).taskType("review").entry();
        LedgerEntry failed = call("failed")
                .attempt(token)
                .taskType("review")
                .request("request-typed")
                .failed(FailureKind.TIMEOUT)
                .entry();
        LedgerEntry odd = call("odd").attempt(token).taskType(ODD).entry();
        ledger().record(List.of(direct, typed));
        ledger().record(List.of(failed, odd));
        // Once more: nothing changes.
        ledger().record(List.of(typed, odd));

        assertThat(ledger().page(SpendFilter.ALL, ALL, Optional.empty(), 10))
                .containsExactlyInAnyOrder(direct, typed, failed, odd);
        assertThat(ledger().newest(10)).containsExactlyInAnyOrder(direct, typed, failed, odd);
        assertThat(ledger().ofTask(token.id())).containsExactlyInAnyOrder(typed, failed, odd);
        assertThat(ledger().call("odd")).contains(odd);
        assertThat(ledger().ofRequest("request-typed")).containsExactlyInAnyOrder(typed, failed);
        for (int round = 0; round < 2; round++) {
            assertThat(by(SpendDimension.TASK_TYPE, SpendFilter.ALL))
                    .containsExactlyInAnyOrderEntriesOf(Map.of("", 1L, "review", 2L, ODD, 1L));
            assertThat(found(of(SpendDimension.TASK_TYPE, "review"))).containsExactlyInAnyOrder("typed", "failed");
            assertThat(found(of(SpendDimension.TASK_TYPE, "review").with(SpendDimension.OUTCOME, "FAILED")))
                    .containsExactly("failed");
            assertThat(found(of(SpendDimension.TASK_TYPE, ODD))).containsExactly("odd");
            assertThat(found(of(SpendDimension.TASK_TYPE, ""))).containsExactly("direct");
            assertThat(found(of(SpendDimension.TASK_TYPE, "Review"))).isEmpty();
            // The second round reads the sums.
            addUp();
        }
    }

    @Test
    void theKeyOfACallIsTheTokenOfTheAgent() {
        record(
                call("plain"),
                callBy("eve", "person"),
                callBy("agent:ci", "ci"),
                callBy("agent:ci", "ci-2"),
                callBy("agent:build", "build"),
                callBy("agent:" + ODD, "odd"),
                callBy("agent:", "nameless"),
                callBy("Agent:ci", "other"),
                callBy("an agent:ci", "another"));

        for (int round = 0; round < 2; round++) {
            assertThat(by(SpendDimension.KEY, SpendFilter.ALL))
                    .containsExactlyInAnyOrderEntriesOf(Map.of("", 5L, "ci", 2L, "build", 1L, ODD, 1L));
            assertThat(found(of(SpendDimension.KEY, "ci"))).containsExactlyInAnyOrder("ci", "ci-2");
            assertThat(found(of(SpendDimension.KEY, ODD))).containsExactly("odd");
            assertThat(found(of(SpendDimension.KEY, "")))
                    .containsExactlyInAnyOrder("plain", "person", "nameless", "other", "another");
            assertThat(found(of(SpendDimension.KEY, "").with(SpendDimension.USER, "eve")))
                    .containsExactly("person");
            assertThat(found(of(SpendDimension.KEY, "none"))).isEmpty();
            addUp();
        }
    }

    @Test
    void breaksCostsDownByTypeAndKey() {
        FencingToken token = running();
        record(
                callBy("agent:ci", "a").attempt(token).taskType("review").cost(Cost.priced(new Money(10))),
                callBy("agent:ci", "b")
                        .attempt(token)
                        .taskType("review")
                        .cost(Cost.priced(new Money(5)).estimated()),
                callBy("agent:ci", "c").cost(Cost.UNPRICED),
                callBy("eve", "d").attempt(token).taskType("prompt").cost(Cost.priced(new Money(7))));

        List<SpendCell> cells = ledger().breakdown(
                        List.of(SpendAxis.of(SpendDimension.TASK_TYPE), SpendAxis.of(SpendDimension.KEY)),
                        SpendFilter.ALL,
                        ALL);

        assertThat(cells)
                .extracting(SpendCell::values)
                .containsExactly(List.of("", "ci"), List.of("prompt", ""), List.of("review", "ci"));
        assertThat(cells.get(0).totals().calls().unpriced()).isOne();
        assertThat(cells.get(2).totals().cost().exact().picoUsd()).isEqualTo(10);
        assertThat(cells.get(2).totals().cost().estimated().picoUsd()).isEqualTo(5);
        assertThat(ledger().breakdown(
                                List.of(SpendAxis.of(SpendDimension.KEY), SpendAxis.ofTag("team")),
                                of(SpendDimension.TASK_TYPE, "review"),
                                ALL))
                .extracting(SpendCell::values)
                .containsExactly(List.of("ci", ""));
    }

    @Test
    void aCallThatIsRecordedLateCountsByTypeAndKey() {
        record(callBy("agent:ci", "first").taskType("review"));
        addUp();
        record(
                callBy("agent:ci", "late").taskType("review"),
                callBy("agent:new", "late-2").taskType("another"));

        for (int round = 0; round < 2; round++) {
            assertThat(by(SpendDimension.TASK_TYPE, SpendFilter.ALL))
                    .containsExactlyInAnyOrderEntriesOf(Map.of("review", 2L, "another", 1L));
            assertThat(by(SpendDimension.KEY, SpendFilter.ALL))
                    .containsExactlyInAnyOrderEntriesOf(Map.of("ci", 2L, "new", 1L));
            assertThat(found(of(SpendDimension.TASK_TYPE, "another"))).containsExactly("late-2");
            addUp();
        }
    }

    @Test
    void pricingReadsTypesAndKeys() {
        List<LedgerEntry> calls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            calls.add(callBy((i % 3 == 0 ? "agent:" : "user-") + i % 5, "c" + i)
                    .at(BEGIN.plus(Duration.ofMinutes(i)))
                    .taskType(i % 4 == 0 ? null : i % 4 == 1 ? ODD : "type-" + i % 4)
                    .entry());
        }
        ledger().record(calls);

        for (SpendDimension dimension : List.of(SpendDimension.TASK_TYPE, SpendDimension.KEY)) {
            List<MeteredCall> metered = new ArrayList<>();
            ledger().metered(dimension, SpendFilter.ALL, ALL, metered::add);
            assertThat(metered)
                    .as("by %s", dimension)
                    .containsExactlyInAnyOrderElementsOf(calls.stream()
                            .map(entry -> MeteredCall.of(dimension, entry))
                            .toList());
        }
    }

    @Test
    void manyTypesAreKeptApart() {
        List<LedgerEntry> calls = IntStream.range(0, 300)
                .mapToObj(i -> call("c" + i).taskType("type-" + i).entry())
                .toList();
        ledger().record(calls.subList(0, 200));
        ledger().record(calls.subList(100, 300));

        assertThat(by(SpendDimension.TASK_TYPE, SpendFilter.ALL)).hasSize(300).containsEntry("type-299", 1L);
        assertThat(ledger().page(SpendFilter.ALL, ALL, Optional.empty(), 1_000))
                .containsExactlyInAnyOrderElementsOf(calls);
    }
}
