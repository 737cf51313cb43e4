package dev.architect.testkit.store.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.FencingToken;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.Cost;
import dev.architect.cost.GroupSpend;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.spend.LedgerPage;
import dev.architect.spend.LedgerPosition;
import dev.architect.spend.SpendAxis;
import dev.architect.spend.SpendBucket;
import dev.architect.spend.SpendCell;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendInterval;
import dev.architect.spend.SpendTotals;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import dev.architect.testkit.store.node.StoreHandles;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Reports on some of the calls: by filters, in time, by task, and page by page. */
public abstract class StoreLedgerQueryCases extends StoreLedgerFixture {

    /** Each takes some seconds on a database: the first one every time, the others with the slow tests. */
    private static final int SEEDS = Boolean.getBoolean("architect.slow") ? 3 : 1;

    /** What no database column of text holds as it is, and what patterns and JSON use. */
    private static final String ODD = "a\u0000b\ud83d\udcca \ud83d %_'\"\\\n\ufdd0 ä,{\"team\":\"x\"}";

    /** Creates the cases for one store. */
    protected StoreLedgerQueryCases(StoreHandles handles) {
        super(handles);
    }

    private List<String> groups(SpendDimension dimension, SpendFilter filter) {
        return ledger().spendBy(dimension, filter, ALL).stream()
                .map(GroupSpend::group)
                .toList();
    }

    @Test
    void everyConditionOfAFilterMustBeMet() {
        FencingToken token = running();
        Attribution eve = Attribution.of(new ProjectId("apollo")).withUser("eve");
        record(
                call("a").attribution(eve.withTag("team", "search")),
                call("b")
                        .attribution(eve.withTag("team", "search").withTag("stage", "test"))
                        .provider("openai"),
                call("c").attribution(eve.withTag("team", "Search")).model("large"),
                call("d").failed(FailureKind.OVERLOADED),
                call("e").failed(FailureKind.TIMEOUT),
                call("f").attempt(token).complexity(Complexity.COMPLEX));

        assertThat(calls(SpendFilter.ALL)).isEqualTo(6);
        assertThat(calls(SpendFilter.ALL.with(SpendDimension.PROVIDER, "claude")))
                .isEqualTo(5);
        assertThat(calls(SpendFilter.ALL.with(SpendDimension.MODEL, "claude/large-2026")))
                .isEqualTo(1);
        assertThat(calls(SpendFilter.ALL.with(SpendDimension.PROJECT, "apollo")))
                .isEqualTo(3);
        assertThat(calls(SpendFilter.ALL.with(SpendDimension.USER, "eve"))).isEqualTo(3);
        assertThat(calls(SpendFilter.ALL.with(SpendDimension.USER, ""))).isEqualTo(3);
        assertThat(calls(SpendFilter.ALL.with(SpendDimension.COMPLEXITY, "COMPLEX")))
                .isEqualTo(1);
        assertThat(calls(SpendFilter.ALL.with(SpendDimension.OUTCOME, "FAILED")))
                .isEqualTo(2);
        assertThat(calls(SpendFilter.ALL.with(SpendDimension.COST_STATUS, "NOT_BILLED")))
                .isEqualTo(2);
        assertThat(calls(SpendFilter.ALL.withFailure(FailureKind.TIMEOUT))).isEqualTo(1);
        assertThat(calls(SpendFilter.ALL.withTask(token.id()))).isEqualTo(1);
        assertThat(calls(SpendFilter.ALL.withTag("team", "search"))).isEqualTo(2);
        assertThat(calls(SpendFilter.ALL.withTag("team", "search").withTag("stage", "test")))
                .isEqualTo(1);
        assertThat(calls(SpendFilter.ALL
                        .with(SpendDimension.USER, "eve")
                        .with(SpendDimension.PROVIDER, "claude")
                        .withTag("team", "search")))
                .isEqualTo(1);
        assertThat(groups(SpendDimension.PROVIDER, SpendFilter.ALL.with(SpendDimension.PROJECT, "apollo")))
                .containsExactly("claude", "openai");
    }

    private long calls(SpendFilter filter) {
        SpendTotals byModel = SpendTotals.sum(ledger().spendBy(SpendDimension.MODEL, filter, ALL));
        assertThat(ledger().series(SpendInterval.DAY, filter, ALL).stream()
                        .map(SpendBucket::totals)
                        .reduce(SpendTotals.ZERO, SpendTotals::plus))
                .isEqualTo(byModel);
        assertThat(ledger().page(filter, ALL, Optional.empty(), 100))
                .hasSize((int) byModel.calls().all());
        assertThat(browsed(filter, ALL, 100)).hasSize((int) byModel.calls().all());
        return byModel.calls().all();
    }

    @Test
    void findsOddTextsAndNoneThatLookLikeThem() {
        Attribution odd = Attribution.DEFAULT.withUser(ODD).withTag("note", ODD);
        record(
                call("odd").attribution(odd),
                call("plain").attribution(Attribution.DEFAULT.withUser("a").withTag("note", "x")),
                call("escaped").attribution(Attribution.DEFAULT.withTag("note", "\"team\":\"search\"")),
                call("comma").attribution(Attribution.DEFAULT.withTag("a", ",").withTag("b", "c,")));

        assertThat(calls(SpendFilter.ALL.with(SpendDimension.USER, ODD))).isEqualTo(1);
        assertThat(calls(SpendFilter.ALL.withTag("note", ODD))).isEqualTo(1);
        assertThat(calls(SpendFilter.ALL.withTag("note", "x"))).isEqualTo(1);
        assertThat(calls(SpendFilter.ALL.withTag("team", "x"))).isZero();
        assertThat(calls(SpendFilter.ALL.withTag("team", "search"))).isZero();
        assertThat(calls(SpendFilter.ALL.withTag("b", "c,"))).isEqualTo(1);
        assertThat(groups(SpendDimension.USER, SpendFilter.ALL)).containsExactly("", "a", ODD);
        while (ledger().rollUp(START.plus(Duration.ofDays(400)))) {
            // Each call adds up some.
        }
        assertThat(groups(SpendDimension.USER, SpendFilter.ALL)).containsExactly("", "a", ODD);
        assertThat(calls(SpendFilter.ALL.with(SpendDimension.USER, ODD))).isEqualTo(1);
    }

    @Test
    void keepsWhereACallWasServed() {
        LedgerEntry plain = call("plain").entry();
        LedgerEntry odd = call("odd").served(ODD, ODD).providerRequestId(ODD).entry();
        LedgerEntry fast =
                call("fast").served("Priority", "eu").providerRequestId("req_1").entry();
        ledger().record(List.of(plain, odd, fast));

        assertThat(pages(SpendFilter.ALL, ALL, 10)).containsExactlyInAnyOrder(plain, odd, fast);
        assertThat(fast.route().serviceTier()).isEqualTo("priority");
        String oddTier = odd.route().serviceTier();
        for (int round = 0; round < 2; round++) {
            assertThat(groups(SpendDimension.SERVICE_TIER, SpendFilter.ALL))
                    .containsExactlyInAnyOrder("standard", "priority", oddTier);
            assertThat(groups(SpendDimension.REGION, SpendFilter.ALL)).containsExactlyInAnyOrder("", "eu", ODD);
            assertThat(calls(SpendFilter.ALL.with(SpendDimension.SERVICE_TIER, "standard")))
                    .isEqualTo(1);
            assertThat(calls(SpendFilter.ALL
                            .with(SpendDimension.SERVICE_TIER, "priority")
                            .with(SpendDimension.REGION, "eu")))
                    .isEqualTo(1);
            assertThat(calls(SpendFilter.ALL.with(SpendDimension.SERVICE_TIER, oddTier)))
                    .isEqualTo(1);
            assertThat(calls(SpendFilter.ALL.with(SpendDimension.REGION, ODD))).isEqualTo(1);
            assertThat(calls(SpendFilter.ALL.with(SpendDimension.REGION, ""))).isEqualTo(1);
            while (ledger().rollUp(START.plus(Duration.ofDays(400)))) {
                // The second round reads the sums.
            }
        }
    }

    @Test
    void aSeriesHasTheHoursAndDaysWithCalls() {
        record(
                call("a").at(START.plusSeconds(3_599).plusNanos(999_999_000)),
                call("b").at(START.plusSeconds(3_600)),
                call("c").at(START.plus(Duration.ofDays(2))),
                call("before").at(Instant.parse("1969-12-31T23:30:00Z")));
        ReportPeriod.Between ever = new ReportPeriod.Between(Instant.MIN, Instant.MAX);

        for (int round = 0; round < 2; round++) {
            assertThat(begins(SpendInterval.HOUR, ever))
                    .containsExactly(
                            Instant.parse("1969-12-31T23:00:00Z"),
                            START,
                            START.plusSeconds(3_600),
                            START.plus(Duration.ofDays(2)));
            assertThat(begins(SpendInterval.DAY, ever))
                    .containsExactly(Instant.parse("1969-12-31T00:00:00Z"), START, START.plus(Duration.ofDays(2)));
            assertThat(begins(
                            SpendInterval.DAY,
                            new ReportPeriod.Between(START.plusSeconds(3_600), START.plus(Duration.ofDays(2)))))
                    .containsExactly(START);
            while (ledger().rollUp(START.plus(Duration.ofDays(400)))) {
                // The second round reads the sums.
            }
        }
    }

    private List<Instant> begins(SpendInterval interval, ReportPeriod.Between period) {
        return ledger().series(interval, SpendFilter.ALL, period).stream()
                .map(SpendBucket::begin)
                .toList();
    }

    @Test
    void theDearestTasksComeFirst() {
        FencingToken cheap = running();
        FencingToken dear = running();
        FencingToken equal = running();
        record(
                call("a").attempt(cheap).cost(Cost.priced(new Money(1_999_999))),
                call("b").attempt(dear).cost(Cost.priced(new Money(2_000_001))),
                call("c").attempt(dear).cost(Cost.UNPRICED),
                call("d").attempt(equal).cost(Cost.priced(new Money(3_000_000)).estimated()),
                call("e").attempt(equal).cost(Cost.priced(new Money(-1_000_001))),
                call("direct").cost(Cost.priced(new Money(Long.MAX_VALUE))));

        List<GroupSpend> top = ledger().topTasks(SpendFilter.ALL, ALL, 10);

        assertThat(top)
                .extracting(GroupSpend::group)
                .containsExactly(
                        dear.id().toString(), cheap.id().toString(), equal.id().toString());
        assertThat(top.get(0).calls().unpriced()).isEqualTo(1);
        assertThat(top.get(2).cost().spent().picoUsd()).isEqualTo(1_999_999);
        assertThat(ledger().topTasks(SpendFilter.ALL, ALL, 1)).containsExactly(top.get(0));
        assertThat(ledger().topTasks(SpendFilter.ALL.with(SpendDimension.COST_STATUS, "ESTIMATED"), ALL, 5))
                .extracting(GroupSpend::group)
                .containsExactly(equal.id().toString());
        assertThatThrownBy(() -> ledger().topTasks(SpendFilter.ALL, ALL, 1_001))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit is 1001, expected 1..1000");
    }

    @Test
    void theBreakdownOfATaskCountsTheBaselineOfTheAttemptThatSucceeded() {
        FencingToken token = running();
        record(
                call("lost")
                        .attempt(new FencingToken(token.id(), token.epoch() + 5, token.owner()))
                        .baseline(Cost.priced(new Money(10))),
                call("a").attempt(token).baseline(Cost.priced(new Money(20))),
                call("b").attempt(token).baseline(Cost.priced(new Money(30))),
                call("other"));
        finish(token, TaskState.DONE);

        var attempts = ledger().attempts(token.id());

        assertThat(attempts.keySet()).containsExactly(token.epoch(), token.epoch() + 5);
        assertThat(Objects.requireNonNull(attempts.get(token.epoch())).requests())
                .isEqualTo(2);
        assertThat(Objects.requireNonNull(attempts.get(token.epoch()))
                        .cost()
                        .baseline()
                        .picoUsd())
                .isEqualTo(50);
        assertThat(Objects.requireNonNull(attempts.get(token.epoch() + 5)).requests())
                .isZero();
        assertThat(Objects.requireNonNull(attempts.get(token.epoch() + 5))
                        .cost()
                        .baseline()
                        .picoUsd())
                .isZero();
        assertThat(ledger().attempts(new TaskId(1L << 40))).isEmpty();
    }

    @Test
    void pagesHaveEveryCallOnce() {
        List<LedgerEntry> all = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < 50; i++) {
            // Several calls of one microsecond, so that pages end among them.
            all.add(call("call-" + (i * 37 % 50))
                    .at(START.plusNanos(random.nextInt(8) * 1_000L))
                    .provider(random.nextBoolean() ? "claude" : "openai")
                    .entry());
        }
        ledger().record(all);
        all.sort(Comparator.comparing(LedgerPosition::after));

        for (int limit : new int[] {1, 7, 50, 51}) {
            assertThat(pages(SpendFilter.ALL, ALL, limit)).isEqualTo(all);
            assertThat(pages(SpendFilter.ALL.with(SpendDimension.PROVIDER, "openai"), ALL, limit))
                    .isEqualTo(all.stream()
                            .filter(entry ->
                                    entry.route().requested().provider().equals("openai"))
                            .toList());
        }
        ReportPeriod.Between some = new ReportPeriod.Between(START.plusNanos(2_000), START.plusNanos(5_000));
        assertThat(pages(SpendFilter.ALL, some, 3))
                .isEqualTo(all.stream()
                        .filter(entry -> !entry.timing().startedAt().isBefore(some.from())
                                && entry.timing().startedAt().isBefore(some.to()))
                        .toList());
        assertThat(ledger().page(
                                SpendFilter.ALL,
                                some,
                                Optional.of(new LedgerPosition(START.minusSeconds(1), "zzz")),
                                1))
                .hasSize(1);
        assertThatThrownBy(() -> ledger().page(SpendFilter.ALL, ALL, Optional.empty(), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private List<LedgerEntry> pages(SpendFilter filter, ReportPeriod.Between period, int limit) {
        List<LedgerEntry> all = new ArrayList<>();
        Optional<LedgerPosition> position = Optional.empty();
        List<LedgerEntry> page;
        do {
            page = ledger().page(filter, period, position, limit);
            assertThat(page).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page);
            position = page.isEmpty() ? position : Optional.of(LedgerPosition.after(page.get(page.size() - 1)));
        } while (!page.isEmpty());
        assertThat(browsed(filter, period, limit)).isEqualTo(all);
        return all;
    }

    private List<LedgerEntry> browsed(SpendFilter filter, ReportPeriod.Between period, int limit) {
        List<LedgerEntry> all = new ArrayList<>();
        Optional<LedgerPosition> position = Optional.empty();
        do {
            LedgerPage page = ledger().browse(filter, period, position, limit);
            assertThat(page.calls()).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page.calls());
            position = page.next();
        } while (position.isPresent());
        return all;
    }

    /** A store may pass over times of which it knows that they have no such call, but never over a call. */
    @Test
    void browsingLeavesNothingOut() {
        Random random = new Random(11);
        List<LedgerEntry> all = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            CallFixture call = call("call-" + i)
                    .at(START.plus(Duration.ofMinutes(random.nextInt(60 * 24 * 60))))
                    .provider(random.nextInt(100) == 0 ? "openai" : "claude")
                    .attribution(Attribution.DEFAULT
                            .withUser("user-" + random.nextInt(30))
                            .withTag("team", "team-" + random.nextInt(50)));
            all.add((random.nextInt(60) == 0 ? call.failed(FailureKind.TIMEOUT) : call).entry());
        }
        ledger().record(all);
        rollUpAll(START.plus(Duration.ofDays(50)));
        List<LedgerEntry> late = List.of(
                call("late").at(START.plus(Duration.ofDays(3))).provider("late").entry(),
                call("new").at(START.plus(Duration.ofDays(70))).provider("late").entry());
        ledger().record(late);
        all.addAll(late);
        all.sort(Comparator.comparing(LedgerPosition::after));

        assertBrowsed(SpendFilter.ALL, all, call -> true);
        for (String provider : List.of("openai", "claude", "late", "none")) {
            assertBrowsed(
                    SpendFilter.ALL.with(SpendDimension.PROVIDER, provider),
                    all,
                    call -> call.route().requested().provider().equals(provider));
        }
        assertBrowsed(
                SpendFilter.ALL.with(SpendDimension.PROVIDER, "openai").with(SpendDimension.USER, "user-7"),
                all,
                call -> call.route().requested().provider().equals("openai")
                        && call.origin().attribution().user().equals(Optional.of("user-7")));
        assertBrowsed(
                SpendFilter.ALL.withFailure(FailureKind.TIMEOUT),
                all,
                call -> call.failure().equals(Optional.of(FailureKind.TIMEOUT)));
        assertBrowsed(
                SpendFilter.ALL.withTag("team", "team-3"),
                all,
                call -> "team-3".equals(call.origin().attribution().tags().get("team")));
    }

    private void assertBrowsed(SpendFilter filter, List<LedgerEntry> all, Predicate<LedgerEntry> condition) {
        ReportPeriod.Between some =
                new ReportPeriod.Between(START.plus(Duration.ofDays(2)), START.plus(Duration.ofDays(58)));
        for (int limit : new int[] {3, 500}) {
            assertThat(browsed(filter, ALL, limit))
                    .isEqualTo(all.stream().filter(condition).toList());
            assertThat(browsed(filter, some, limit))
                    .isEqualTo(all.stream()
                            .filter(condition)
                            .filter(call -> !call.timing().startedAt().isBefore(some.from())
                                    && call.timing().startedAt().isBefore(some.to()))
                            .toList());
        }
    }

    /** Random calls, filters and periods, added up to random times: every report is what its calls add up to. */
    @Test
    void everyReportIsTheSumOfItsCalls() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<LedgerEntry> all = new ArrayList<>();
            Set<FencingToken> succeeded = new HashSet<>();
            List<FencingToken> tokens = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                tokens.add(running());
            }
            for (int round = 0; round < 5; round++) {
                List<LedgerEntry> batch = new ArrayList<>();
                for (int i = 0; i < 25; i++) {
                    batch.add(randomCall(random, seed, "s" + seed + "r" + round + "i" + i, tokens));
                }
                ledger().record(batch);
                all.addAll(batch);
                if (round == 2) {
                    finish(tokens.get(0), TaskState.DONE);
                    succeeded.add(tokens.get(0));
                    finish(tokens.get(1), TaskState.DEAD);
                }
                if (random.nextInt(3) > 0) {
                    Instant before = randomTime(random, seed);
                    while (ledger().rollUp(before)) {
                        // Each call adds up some.
                    }
                }
                for (int i = 0; i < 4; i++) {
                    check(random, seed, all, succeeded, tokens);
                }
            }
        }
    }

    /** Each seed has a year of its own. */
    private static Instant begin(int seed) {
        return START.plus(Duration.ofDays(400L * seed));
    }

    private static Instant randomTime(Random random, int seed) {
        Instant any =
                begin(seed).plusSeconds(random.nextInt(70 * 86_400)).plusNanos(random.nextInt(1_000_000) * 1_000L);
        return switch (random.nextInt(4)) {
            case 0 -> any.truncatedTo(ChronoUnit.HOURS);
            case 1 -> any.truncatedTo(ChronoUnit.DAYS);
            default -> any;
        };
    }

    private static CallFixture attributed(Random random, CallFixture call, int seed, List<FencingToken> tokens) {
        if (random.nextInt(3) == 0) {
            // Requests of tasks have ids of their own.
            return call.attempt(tokens.get(random.nextInt(tokens.size())))
                    .taskType(random.nextInt(3) == 0 ? null : "type" + random.nextInt(2))
                    .request("task" + seed + random.nextInt(8));
        }
        int project = random.nextInt(2);
        Attribution attribution = Attribution.of(new ProjectId("p" + project));
        if (random.nextBoolean()) {
            attribution = attribution.withUser((random.nextBoolean() ? "user" : Attribution.AGENT) + random.nextInt(2));
        }
        if (random.nextBoolean()) {
            attribution = attribution.withTag("team", random.nextBoolean() ? "search" : "ads");
        }
        return call.attribution(attribution).request("request" + seed + project + random.nextInt(12));
    }

    private static LedgerEntry randomCall(Random random, int seed, String id, List<FencingToken> tokens) {
        CallFixture call = attributed(random, call(id), seed, tokens)
                .provider("provider" + random.nextInt(2))
                .model("model" + random.nextInt(2))
                .complexity(Complexity.values()[random.nextInt(Complexity.values().length)])
                .position(random.nextInt(3))
                .served(random.nextInt(3) == 0 ? "flex" : "default", random.nextInt(3) == 0 ? "us" : "")
                .at(randomTime(random, seed))
                .baseline(Cost.priced(new Money(random.nextLong() >> random.nextInt(60))));
        Cost cost = Cost.priced(new Money(random.nextLong() >> random.nextInt(60)));
        call.cost(
                switch (random.nextInt(3)) {
                    case 0 -> cost.estimated();
                    case 1 -> Cost.UNPRICED;
                    default -> cost;
                });
        return switch (random.nextInt(4)) {
            case 0 ->
                call.failed(random.nextBoolean() ? FailureKind.TIMEOUT : FailureKind.OVERLOADED)
                        .entry();
            case 1 -> call.outcome(CallOutcome.REJECTED).entry();
            default -> call.entry();
        };
    }

    /** A tag alone, with a dimension, and two dimensions. */
    private static List<List<SpendAxis>> randomAxes(Random random) {
        SpendDimension[] all = SpendDimension.values();
        int one = random.nextInt(all.length);
        int other = (one + 1 + random.nextInt(all.length - 1)) % all.length;
        SpendAxis team = SpendAxis.ofTag("team");
        return List.of(
                List.of(team),
                List.of(SpendAxis.of(all[one]), team),
                List.of(SpendAxis.of(all[one]), SpendAxis.of(all[other])));
    }

    private static SpendFilter randomFilter(Random random, List<FencingToken> tokens) {
        SpendFilter filter = SpendFilter.ALL;
        for (SpendDimension dimension : SpendDimension.values()) {
            if (random.nextInt(6) == 0) {
                filter = filter.with(
                        dimension,
                        switch (dimension) {
                            case PROVIDER -> "provider0";
                            case MODEL -> "provider1/model1-2026";
                            case PROJECT -> "p1";
                            case USER -> random.nextBoolean() ? "" : "user1";
                            case COMPLEXITY -> "COMPLEX";
                            case OUTCOME -> "ANSWERED";
                            case COST_STATUS -> "ESTIMATED";
                            case SERVICE_TIER -> random.nextBoolean() ? "standard" : "flex";
                            case REGION -> random.nextBoolean() ? "" : "us";
                            case TASK_TYPE -> random.nextBoolean() ? "" : "type0";
                            case KEY -> random.nextBoolean() ? "" : "1";
                        });
            }
        }
        return switch (random.nextInt(8)) {
            case 0 -> filter.withTask(tokens.get(0).id());
            case 1 -> filter.withFailure(FailureKind.TIMEOUT);
            case 2 -> filter.withTag("team", "ads");
            default -> filter;
        };
    }

    private void check(
            Random random, int seed, List<LedgerEntry> all, Set<FencingToken> succeeded, List<FencingToken> tokens) {
        // The checks may take longer than the node's lease.
        assertThat(store().nodes().beat(node)).isPresent();
        Instant one = randomTime(random, seed);
        Instant other = randomTime(random, seed);
        ReportPeriod.Between period = random.nextInt(4) == 0
                ? new ReportPeriod.Between(begin(seed), begin(seed + 1))
                : new ReportPeriod.Between(one.isBefore(other) ? one : other, one.isBefore(other) ? other : one);
        SpendFilter filter = randomFilter(random, tokens);
        SpendSum sum = new SpendSum(all, succeeded);
        List<LedgerEntry> calls = all.stream()
                .filter(entry -> SpendSum.isMet(filter, period, entry))
                .toList();
        String what = "seed " + seed + ", " + filter + " in " + period;

        for (SpendDimension dimension : SpendDimension.values()) {
            assertThat(ledger().spendBy(dimension, filter, period))
                    .as("by %s, %s", dimension, what)
                    .containsExactlyElementsOf(by(calls, entry -> SpendSum.value(dimension, entry)).entrySet().stream()
                            .map(each -> sum.of(each.getValue()).as(each.getKey()))
                            .toList());
        }
        for (List<SpendAxis> axes : randomAxes(random)) {
            assertThat(ledger().breakdown(axes, filter, period))
                    .as("by %s, %s", axes, what)
                    .containsExactlyElementsOf(calls.stream()
                            .collect(Collectors.groupingBy(
                                    entry -> axes.stream()
                                            .map(axis -> axis.of(entry))
                                            .toList(),
                                    () -> new TreeMap<>(SpendCell.BY_VALUES),
                                    Collectors.toList()))
                            .entrySet()
                            .stream()
                            .map(each -> new SpendCell(each.getKey(), sum.of(each.getValue())))
                            .toList());
        }
        for (SpendInterval interval : SpendInterval.values()) {
            assertThat(ledger().series(interval, filter, period))
                    .as("each %s, %s", interval, what)
                    .containsExactlyElementsOf(
                            by(calls, entry -> interval.begin(entry.timing().startedAt())).entrySet().stream()
                                    .map(each -> new SpendBucket(each.getKey(), sum.of(each.getValue())))
                                    .toList());
        }
        List<GroupSpend> tasks = by(
                        calls.stream()
                                .filter(entry -> entry.origin().task().isPresent())
                                .toList(),
                        entry -> entry.origin().task().orElseThrow())
                .entrySet()
                .stream()
                .map(each -> sum.of(each.getValue()).as(each.getKey().toString()))
                .sorted(Comparator.comparing((GroupSpend task) -> task.cost().spent())
                        .reversed())
                .toList();
        for (int limit : new int[] {1, 2, 10}) {
            assertThat(ledger().topTasks(filter, period, limit))
                    .as("top %d, %s", limit, what)
                    .containsExactlyElementsOf(tasks.stream().limit(limit).toList());
        }
        assertThat(pages(filter, period, 7))
                .as("pages, %s", what)
                .containsExactlyElementsOf(calls.stream()
                        .sorted(Comparator.comparing(LedgerPosition::after))
                        .toList());
    }

    private static <K> Map<K, List<LedgerEntry>> by(List<LedgerEntry> calls, Function<LedgerEntry, K> key) {
        return calls.stream().collect(Collectors.groupingBy(key, TreeMap::new, Collectors.toList()));
    }
}
