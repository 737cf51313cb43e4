package dev.architect.testkit.store;

import static dev.architect.testkit.store.LedgerEntryFixture.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.FencingToken;
import dev.architect.cost.CallCounts;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.cost.CostTotals;
import dev.architect.cost.GroupSpend;
import dev.architect.cost.LatencyQuantiles;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.cost.TokenTotals;
import dev.architect.model.Complexity;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.task.TaskId;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Sums over the ledger. */
abstract class StoreSpendCases extends StoreCases {

    /** Each takes some seconds on a database: the first one every time, the others with the slow tests. */
    private static final int SEEDS = Boolean.getBoolean("architect.slow") ? 3 : 1;

    private static final ReportPeriod.Between ALL =
            new ReportPeriod.Between(Instant.EPOCH, Instant.parse("9999-12-31T00:00:00Z"));

    StoreSpendCases(StoreContract contract) {
        super(contract);
    }

    private void record(LedgerEntryFixture... calls) {
        store().ledger()
                .record(Arrays.stream(calls).map(LedgerEntryFixture::entry).toList());
    }

    private ProviderSpend claude() {
        return store().ledger().spend(ALL).stream()
                .filter(line -> line.provider().equals("claude"))
                .findFirst()
                .orElseThrow();
    }

    private static MoneyTotal pico(long amount) {
        return new MoneyTotal(BigInteger.valueOf(amount));
    }

    @Test
    void hasNoLinesWithoutCalls() {
        assertThat(store().ledger().spend(ALL)).isEmpty();
    }

    @Test
    void countsEveryKindOfCall() {
        TokenUsage cached = TokenUsage.builder()
                .add(UsageBucket.INPUT, 100)
                .add(UsageBucket.CACHE_READ, 20)
                .add(UsageBucket.CACHE_WRITE_5M, 3)
                .add(UsageBucket.OUTPUT, 40)
                .add(UsageBucket.REASONING_IN_OUTPUT, 30)
                .build();
        record(
                call("exact").usage(cached).position(1).took(Duration.ofMillis(200)),
                call("stated")
                        .cost(new Cost(CostStatus.STATED, Optional.of(new Money(500))))
                        .request("shared")
                        .position(2),
                call("estimated").cost(Cost.priced(new Money(70)).estimated()),
                call("failed").request("shared").failed().took(Duration.ofSeconds(9)),
                call("cancelled").cancelled().cost(Cost.priced(new Money(9)).estimated()),
                call("free").cost(Cost.priced(Money.ZERO)));

        assertThat(store().ledger().spend(ALL))
                .containsExactly(new ProviderSpend(
                        "claude",
                        4,
                        new CallCounts(6, 1, 1, 0),
                        new TokenTotals(163, 60),
                        new CostTotals(pico(1_500), pico(79), pico(12_000)),
                        new LatencyQuantiles(Duration.ofMillis(100), Duration.ofMillis(200))));
    }

    @Test
    void countsAFailoverForTheFallbackProvider() {
        record(
                call("first").provider("openai").request("one").failed(),
                call("second").provider("claude").request("one").position(1),
                call("passed-over").provider("claude").position(1));

        assertThat(store().ledger().spend(ALL))
                .extracting(spend -> spend.calls().failovers())
                .containsExactly(1L, 0L);
    }

    /** A request that was sent once more on another connection did not change its candidate. */
    @Test
    void countsNoFailoverForACallThatWasSentOnceMore() {
        record(call("dead").request("one").failed(), call("answered").request("one"));

        assertThat(store().ledger().spend(ALL))
                .extracting(ProviderSpend::calls)
                .containsExactly(new CallCounts(2, 1, 0, 0));
    }

    @Test
    void hasALineForEachCalledProvider() {
        record(
                call("a").provider("openai"),
                call("b").provider("claude"),
                call("c").provider("openai"));

        assertThat(store().ledger().spend(ALL))
                .extracting(ProviderSpend::provider)
                .containsExactly("claude", "openai");
        assertThat(store().ledger().spend(ALL))
                .extracting(spend -> spend.calls().all())
                .containsExactly(1L, 2L);
    }

    @Test
    void sumsExactlyBeyondTheRangeOfALong() {
        List<LedgerEntry> calls = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            calls.add(call("huge-" + i)
                    .cost(Cost.priced(new Money(Long.MAX_VALUE - i)))
                    .baseline(Cost.priced(new Money(Long.MAX_VALUE)))
                    .entry());
        }
        calls.add(call("correction").cost(Cost.priced(new Money(-1_234_567))).entry());
        store().ledger().record(calls);

        BigInteger max = BigInteger.valueOf(Long.MAX_VALUE).multiply(BigInteger.valueOf(1_000));
        ProviderSpend line = claude();
        assertThat(line.cost().exact().picoUsd())
                .isEqualTo(max.subtract(BigInteger.valueOf(999 * 1_000 / 2 + 1_234_567)));
        assertThat(line.cost().baseline().picoUsd()).isEqualTo(max.add(BigInteger.valueOf(3_000)));
    }

    @Test
    void countsOnlyThePeriod() {
        Instant noon = Instant.parse("2026-06-01T12:00:00Z");
        record(
                call("before").at(noon.minusNanos(1_000)),
                call("first").at(noon),
                call("last").at(noon.plusSeconds(60).minusNanos(1_000)),
                call("after").at(noon.plusSeconds(60)));

        List<ProviderSpend> lines = store().ledger().spend(new ReportPeriod.Between(noon, noon.plusSeconds(60)));

        assertThat(lines).extracting(spend -> spend.calls().all()).containsExactly(2L);
        assertThat(store().ledger().spend(new ReportPeriod.Between(noon, noon))).isEmpty();
    }

    @Test
    void comparesThePeriodToTheNanosecond() {
        Instant now = ManualTime.START;
        record(call("now"));

        assertThat(store().ledger()
                        .spend(ReportPeriod.last(Duration.ofSeconds(1)).resolve(now)))
                .hasSize(1);
        assertThat(store().ledger().spend(new ReportPeriod.Between(now.plusNanos(1), now.plusSeconds(1))))
                .isEmpty();
        assertThat(store().ledger().spend(new ReportPeriod.Between(Instant.MIN, Instant.MAX)))
                .hasSize(1);
    }

    @Test
    void comparesOnlyAcceptedAnswersWithTheBaseline() {
        FencingToken failed = running().fencingToken();
        finish(retry(failed, Duration.ofSeconds(1)));
        time.advance(Duration.ofSeconds(1));
        store().tasks().promoteDue(1_000);
        FencingToken succeeded = claimOne().fencingToken();
        finish(done(succeeded));
        FencingToken unfinished = running().fencingToken();
        record(
                call("direct").baseline(Cost.priced(new Money(1))),
                call("wasted").attempt(failed).baseline(Cost.priced(new Money(10))),
                call("accepted").attempt(succeeded).baseline(Cost.priced(new Money(100))),
                call("also accepted").attempt(succeeded).baseline(Cost.priced(new Money(1_000))),
                call("open").attempt(unfinished).baseline(Cost.priced(new Money(10_000))),
                call("broken").failed().attempt(succeeded));

        ProviderSpend line = claude();

        assertThat(line.requests()).isEqualTo(3);
        assertThat(line.cost().baseline()).isEqualTo(pico(1_101));
        assertThat(line.calls().all()).isEqualTo(6);
        assertThat(line.cost().exact()).isEqualTo(pico(5_000));
    }

    @Test
    void leavesUnpricedCallsOutOfBothSides() {
        record(
                call("unpriced").cost(Cost.UNPRICED).baseline(Cost.priced(new Money(7))),
                call("priced").baseline(Cost.priced(new Money(8))),
                call("no baseline").baseline(Cost.UNPRICED));

        ProviderSpend line = claude();

        assertThat(line.calls().unpriced()).isEqualTo(1);
        assertThat(line.requests()).isEqualTo(3);
        assertThat(line.cost().baseline()).isEqualTo(pico(8));
        assertThat(line.cost().exact()).isEqualTo(pico(2_000));
    }

    @Test
    void measuresAnsweredCallsOnly() {
        List<LedgerEntry> calls = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            calls.add(call("c" + i).took(Duration.ofMillis((i * 37) % 101)).entry());
        }
        calls.add(call("slow failure").failed().took(Duration.ofHours(1)).entry());
        store().ledger().record(calls);

        assertThat(claude().latency().p50()).isEqualTo(Duration.ofMillis(50));
        assertThat(claude().latency().p95()).isEqualTo(Duration.ofMillis(95));
    }

    @Test
    void measuresASingleCallAndNone() {
        record(
                call("only").provider("one").took(Duration.ofMillis(7)),
                call("broken").provider("none").failed());

        List<ProviderSpend> lines = store().ledger().spend(ALL);

        assertThat(lines)
                .extracting(spend -> spend.latency().p50())
                .containsExactly(Duration.ZERO, Duration.ofMillis(7));
        assertThat(lines)
                .extracting(spend -> spend.latency().p95())
                .containsExactly(Duration.ZERO, Duration.ofMillis(7));
    }

    @Test
    void groupsByEachDimension() {
        record(
                call("a")
                        .attribution(Attribution.of(new ProjectId("one")).withUser("eve"))
                        .complexity(Complexity.COMPLEX),
                call("b").cost(Cost.UNPRICED),
                call("c").failed());

        assertThat(values(SpendDimension.PROVIDER)).containsExactly("claude");
        assertThat(values(SpendDimension.MODEL)).containsExactly("claude/small-2026");
        assertThat(values(SpendDimension.PROJECT)).containsExactly("default", "one");
        assertThat(values(SpendDimension.USER)).containsExactly("", "eve");
        assertThat(values(SpendDimension.COMPLEXITY)).containsExactlyInAnyOrder("COMPLEX", "SIMPLE");
        assertThat(values(SpendDimension.OUTCOME)).containsExactly("ANSWERED", "FAILED");
        assertThat(values(SpendDimension.COST_STATUS)).containsExactly("NOT_BILLED", "PRICED", "UNPRICED");
    }

    private List<String> values(SpendDimension dimension) {
        return store().ledger().spendBy(dimension, ALL).stream()
                .map(GroupSpend::group)
                .toList();
    }

    private void rollUpAll(Instant before) {
        boolean more = true;
        while (more) {
            more = store().ledger().rollUp(before);
        }
    }

    @Test
    void addingUpChangesNoReport() {
        record(
                call("first").request("one").failed(),
                call("second").request("one").position(1).took(Duration.ofMillis(123)),
                call("third").at(ManualTime.START.plusSeconds(5_000)));
        List<ProviderSpend> before = store().ledger().spend(ALL);

        rollUpAll(ManualTime.START.plusSeconds(4_000));

        assertThat(store().ledger().spend(ALL)).isEqualTo(before);
        rollUpAll(ManualTime.START.plusSeconds(100_000));
        assertThat(store().ledger().spend(ALL)).isEqualTo(before);
        // Late ones, and one that is there.
        record(call("first").request("one").failed(), call("late"), call("later"));
        assertThat(claude().calls()).isEqualTo(new CallCounts(5, 1, 1, 0));
        rollUpAll(ManualTime.START.plusSeconds(100_000));
        assertThat(claude().calls()).isEqualTo(new CallCounts(5, 1, 1, 0));
    }

    @Test
    void anAnswerThatIsAcceptedAfterItWasAddedUpCounts() {
        FencingToken token = running().fencingToken();
        record(call("open").attempt(token));
        rollUpAll(ManualTime.START.plusSeconds(10_000));
        assertThat(claude().requests()).isZero();

        finish(done(token));

        assertThat(claude().requests()).isOne();
        assertThat(claude().cost().baseline()).isEqualTo(pico(3_000));
        rollUpAll(ManualTime.START.plusSeconds(10_000));
        assertThat(claude().requests()).isOne();
        assertThat(claude().cost().baseline()).isEqualTo(pico(3_000));
    }

    @Test
    void aFailureThatIsRecordedAfterItsReplacementWasAddedUpCounts() {
        record(call("second").request("one").position(1));
        rollUpAll(ManualTime.START.plusSeconds(10_000));
        assertThat(claude().calls().failovers()).isZero();

        record(call("first").request("one").failed());

        assertThat(claude().calls().failovers()).isOne();
        rollUpAll(ManualTime.START.plusSeconds(10_000));
        record(call("again").request("one").failed());
        rollUpAll(ManualTime.START.plusSeconds(10_000));
        assertThat(claude().calls().failovers()).isOne();
    }

    /** Random calls, recorded and added up in any order, and random periods: every group of every dimension is the sum of its entries. */
    @Test
    void everySumIsThatOfTheEntries() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<LedgerEntry> all = new ArrayList<>();
            Set<TaskId> succeeded = new HashSet<>();
            List<FencingToken> open = new ArrayList<>();
            String project = "p" + seed;
            for (int round = 0; round < 8; round++) {
                // A slow machine takes longer than a lease for all rounds.
                assertThat(store().nodes().beat(node())).isPresent();
                if (random.nextBoolean()) {
                    open.add(running().fencingToken());
                }
                List<LedgerEntry> batch = new ArrayList<>();
                for (int i = random.nextInt(30); i >= 0; i--) {
                    batch.add(randomCall(random, "s" + seed + "r" + round + "i" + i, project, open));
                }
                store().ledger().record(batch);
                all.addAll(batch);
                if (!open.isEmpty() && random.nextBoolean()) {
                    FencingToken ended = open.remove(random.nextInt(open.size()));
                    finish(done(ended));
                    succeeded.add(ended.id());
                }
                if (random.nextBoolean()) {
                    rollUpAll(randomTime(random));
                }
                checkSums(random, all, succeeded, project + "/" + round);
            }
            // The next seed has other projects, and begins with an empty time.
            startOfSeed = startOfSeed.plus(Duration.ofDays(400));
        }
    }

    private Instant startOfSeed = ManualTime.START;

    private Instant randomTime(Random random) {
        // Some are full hours and days.
        Instant time =
                startOfSeed.plusSeconds(random.nextInt(100 * 86_400)).plusNanos(random.nextInt(1_000_000) * 1_000L);
        return switch (random.nextInt(4)) {
            case 0 -> time.truncatedTo(ChronoUnit.HOURS);
            case 1 -> time.truncatedTo(ChronoUnit.DAYS);
            default -> time;
        };
    }

    private LedgerEntry randomCall(Random random, String id, String project, List<FencingToken> open) {
        // The calls of a request are of one project, and those of a task of its own.
        boolean isOfTask = !open.isEmpty() && random.nextBoolean();
        boolean isShared = random.nextBoolean();
        Attribution free = isShared
                ? Attribution.of(new ProjectId("shared")).withUser("user" + random.nextInt(3))
                : Attribution.of(new ProjectId(project));
        LedgerEntryFixture call = call(id).provider("provider" + random.nextInt(3))
                .model("model" + random.nextInt(3))
                .complexity(Complexity.values()[random.nextInt(Complexity.values().length)])
                .attribution(isOfTask ? Attribution.DEFAULT : free)
                .request("request" + (isOfTask ? "task" : isShared) + project + random.nextInt(15))
                .position(random.nextInt(3))
                .at(randomTime(random))
                .took(Duration.ofMillis(random.nextInt(10_000)))
                .usage(TokenUsage.of(random.nextInt(1_000), random.nextInt(1_000)))
                .baseline(Cost.priced(new Money(random.nextLong() >> random.nextInt(60))));
        Cost cost = Cost.priced(new Money(random.nextLong() >> random.nextInt(60)));
        call.cost(
                switch (random.nextInt(4)) {
                    case 0 -> cost.estimated();
                    case 1 -> Cost.UNPRICED;
                    case 2 -> new Cost(CostStatus.STATED, cost.amount());
                    default -> cost;
                });
        if (isOfTask) {
            call.attempt(open.get(random.nextInt(open.size())));
        }
        return switch (random.nextInt(5)) {
            case 0 -> call.failed().entry();
            case 1 -> call.cancelled().entry();
            default -> call.entry();
        };
    }

    private void checkSums(Random random, List<LedgerEntry> all, Set<TaskId> succeeded, String what) {
        for (int i = 0; i < 3; i++) {
            Instant one = randomTime(random);
            Instant other = randomTime(random);
            ReportPeriod.Between period = i == 0
                    ? new ReportPeriod.Between(startOfSeed, startOfSeed.plus(Duration.ofDays(200)))
                    : new ReportPeriod.Between(one.isBefore(other) ? one : other, one.isBefore(other) ? other : one);
            List<LedgerEntry> calls = all.stream()
                    .filter(entry -> !entry.timing().startedAt().isBefore(period.from())
                            && entry.timing().startedAt().isBefore(period.to()))
                    .toList();
            for (SpendDimension dimension : SpendDimension.values()) {
                Map<String, List<LedgerEntry>> groups =
                        calls.stream().collect(Collectors.groupingBy(entry -> value(dimension, entry)));
                assertThat(store().ledger().spendBy(dimension, period))
                        .as("%s by %s in %s", what, dimension, period)
                        .containsExactlyInAnyOrderElementsOf(groups.entrySet().stream()
                                .map(each -> sum(each.getKey(), each.getValue(), all, succeeded))
                                .toList());
            }
        }
    }

    private static String value(SpendDimension dimension, LedgerEntry entry) {
        return switch (dimension) {
            case PROVIDER -> entry.route().requested().provider();
            case MODEL ->
                entry.route().answered().provider() + "/"
                        + entry.route().answered().model();
            case PROJECT -> entry.origin().attribution().project().name();
            case USER -> entry.origin().attribution().user().orElse("");
            case COMPLEXITY -> entry.route().complexity().name();
            case OUTCOME -> entry.outcome().name();
            case COST_STATUS -> entry.charge().cost().status().name();
            case SERVICE_TIER -> entry.route().serviceTier();
            case REGION -> entry.route().region();
            case TASK_TYPE -> entry.origin().taskType().orElse("");
            case KEY -> entry.origin().attribution().key().orElse("");
        };
    }

    private static GroupSpend sum(String value, List<LedgerEntry> calls, List<LedgerEntry> all, Set<TaskId> succeeded) {
        long requests = 0;
        long failed = 0;
        long failovers = 0;
        long unpriced = 0;
        long input = 0;
        long output = 0;
        CostTotals cost = CostTotals.ZERO;
        for (LedgerEntry call : calls) {
            Cost charged = call.charge().cost();
            MoneyTotal amount = MoneyTotal.sum(charged.amount().stream().toList());
            boolean isAnswered = call.outcome() == CallOutcome.ANSWERED;
            boolean isAccepted =
                    isAnswered && call.origin().task().map(succeeded::contains).orElse(true);
            boolean isCompared = isAccepted && charged.amount().isPresent();
            boolean isEstimated = charged.status() == CostStatus.ESTIMATED;
            requests += isAccepted ? 1 : 0;
            failed += call.outcome() == CallOutcome.FAILED ? 1 : 0;
            unpriced += charged.status() == CostStatus.UNPRICED ? 1 : 0;
            failovers += isAnswered
                            && all.stream()
                                    .anyMatch(each -> each.outcome() == CallOutcome.FAILED
                                            && each.origin()
                                                    .requestId()
                                                    .equals(call.origin().requestId())
                                            && each.route().position()
                                                    < call.route().position())
                    ? 1
                    : 0;
            input += call.metering().usage().promptTokens();
            output += call.metering().usage().completionTokens();
            cost = cost.plus(new CostTotals(
                    isEstimated ? MoneyTotal.ZERO : amount,
                    isEstimated ? amount : MoneyTotal.ZERO,
                    isCompared
                            ? MoneyTotal.sum(
                                    call.charge().baseline().amount().stream().toList())
                            : MoneyTotal.ZERO));
        }
        return new GroupSpend(
                value,
                requests,
                new CallCounts(calls.size(), failed, failovers, unpriced),
                new TokenTotals(input, output),
                cost);
    }
}
