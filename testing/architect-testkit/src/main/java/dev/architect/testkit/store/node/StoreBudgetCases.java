package dev.architect.testkit.store.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.budget.Budget;
import dev.architect.budget.BudgetAmount;
import dev.architect.budget.BudgetCrossing;
import dev.architect.budget.BudgetDecision;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetReservation;
import dev.architect.budget.BudgetScope;
import dev.architect.budget.BudgetState;
import dev.architect.budget.BudgetStore;
import dev.architect.cost.Money;
import dev.architect.spi.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Budgets that all nodes share. */
public abstract class StoreBudgetCases extends StoreFixture {

    private static final Duration LIFETIME = Duration.ofMinutes(2);
    private static final Money DOLLAR = Money.ofUsd("1");

    /** Creates the cases for one store. */
    protected StoreBudgetCases(StoreHandles handles) {
        super(handles);
    }

    private BudgetStore budgets() {
        return store().budgets().orElseThrow();
    }

    private static Budget budget(String name, BudgetPeriod period, String usd) {
        return new Budget(name, BudgetScope.ALL, period, Money.ofUsd(usd), BudgetMode.HARD);
    }

    private BudgetDecision reserve(String reservation, String budget, String usd) {
        return budgets().reserve(reservation, List.of(new BudgetAmount(budget, Money.ofUsd(usd))), LIFETIME);
    }

    private BudgetState state(String name) {
        return budgets().states().stream()
                .filter(state -> state.budget().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void budgetsAreListedByNameWithWhatIsSpentOfThem() throws Exception {
        Budget second = new Budget(
                "search",
                BudgetScope.tag("team", ODD.strip()),
                BudgetPeriod.MONTH,
                new Money(Long.MAX_VALUE),
                BudgetMode.SOFT);
        assertThat(budgets().states()).isEmpty();

        budgets().set(second);
        second().budgets().orElseThrow().set(budget("all", BudgetPeriod.TOTAL, "1"));

        assertThat(budgets().states())
                .extracting(BudgetState::budget)
                .containsExactly(budget("all", BudgetPeriod.TOTAL, "1"), second);
        assertThat(state("all").left()).isEqualTo(DOLLAR);
        assertThat(state("all").resetsAt()).isEmpty();
        assertThat(state("search").spent()).isEqualTo(Money.ZERO);
    }

    @Test
    void aBudgetIsChangedAsLongAsItIsWhatIsExpected() throws Exception {
        Budget first = budget("all", BudgetPeriod.TOTAL, "1");
        Budget higher = budget("all", BudgetPeriod.TOTAL, "2");
        assertThat(budgets().change(higher, first)).isFalse();
        assertThat(budgets().states()).isEmpty();
        budgets().set(first);
        reserve("one", "all", "0.5");

        assertThat(budgets().change(higher, first)).isTrue();

        assertThat(second().budgets().orElseThrow().change(first, first)).isFalse();
        assertThat(state("all").budget()).isEqualTo(higher);
        assertThat(state("all").budget().version()).isEqualTo(higher.version()).isNotEqualTo(first.version());
        assertThat(state("all").reserved()).isEqualTo(Money.ofUsd("0.5"));
        // Of another time, it begins anew.
        assertThat(second().budgets().orElseThrow().change(budget("all", BudgetPeriod.DAY, "2"), higher))
                .isTrue();
        assertThat(state("all").reserved()).isEqualTo(Money.ZERO);
        assertThatThrownBy(() -> budgets().change(budget("other", BudgetPeriod.DAY, "2"), higher))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRemovedBudgetHoldsNothingBack() {
        budgets().set(budget("all", BudgetPeriod.TOTAL, "1"));
        reserve("one", "all", "1");

        assertThat(budgets().remove("all")).isTrue();

        assertThat(budgets().remove("all")).isFalse();
        assertThat(reserve("two", "all", "5").isGranted()).isTrue();
        assertThat(budgets().settle("one", DOLLAR)).isEmpty();
        assertThat(budgets().states()).isEmpty();
    }

    @Test
    void aBudgetIsRemovedAsLongAsItIsWhatIsExpected() throws Exception {
        Budget first = budget("all", BudgetPeriod.TOTAL, "1");
        Budget higher = budget("all", BudgetPeriod.TOTAL, "2");
        assertThat(budgets().remove(first)).isFalse();
        budgets().set(first);
        second().budgets().orElseThrow().set(higher);

        assertThat(budgets().remove(first)).isFalse();

        assertThat(state("all").budget()).isEqualTo(higher);
        assertThat(second().budgets().orElseThrow().remove(higher)).isTrue();
        assertThat(budgets().remove(higher)).isFalse();
        assertThat(budgets().states()).isEmpty();
    }

    @Test
    void whatIsReservedIsLeftToNobodyElse() throws Exception {
        budgets().set(budget("all", BudgetPeriod.TOTAL, "1"));

        assertThat(reserve("one", "all", "0.7").isGranted()).isTrue();

        BudgetDecision refused = second().budgets()
                .orElseThrow()
                .reserve("two", List.of(new BudgetAmount("all", Money.ofUsd("0.300000000001"))), LIFETIME);
        assertThat(refused.refusedBy()).get().satisfies(state -> {
            assertThat(state.budget().name()).isEqualTo("all");
            assertThat(state.reserved()).isEqualTo(Money.ofUsd("0.7"));
            assertThat(state.left()).isEqualTo(Money.ofUsd("0.3"));
        });
        assertThat(reserve("three", "all", "0.3").isGranted()).isTrue();
        assertThat(state("all").left()).isEqualTo(Money.ZERO);
    }

    @Test
    void aCallThatCostsNothingAlwaysFits() {
        budgets().set(budget("all", BudgetPeriod.TOTAL, "1"));
        reserve("one", "all", "1");
        budgets().settle("one", Money.ofUsd("3"));

        assertThat(reserve("free", "all", "0").isGranted()).isTrue();
        assertThat(reserve("paid", "all", "0.000000000001").isGranted()).isFalse();
    }

    @Test
    void ofSeveralBudgetsAllAreReservedOrNone() {
        budgets().set(budget("a", BudgetPeriod.TOTAL, "1"));
        budgets().set(budget("b", BudgetPeriod.DAY, "0.5"));
        List<BudgetAmount> amounts = List.of(
                new BudgetAmount("b", Money.ofUsd("0.4")),
                new BudgetAmount("gone", Money.ofUsd("9")),
                new BudgetAmount("a", Money.ofUsd("0.3")));

        assertThat(budgets().reserve("one", amounts, LIFETIME).isGranted()).isTrue();
        BudgetDecision refused = budgets().reserve("two", amounts, LIFETIME);

        assertThat(refused.refusedBy().orElseThrow().budget().name()).isEqualTo("b");
        assertThat(state("a").reserved()).isEqualTo(Money.ofUsd("0.3"));
        assertThat(state("b").reserved()).isEqualTo(Money.ofUsd("0.4"));
        budgets().settle("one", Money.ofUsd("0.25"));
        assertThat(budgets().states()).extracting(BudgetState::spent).containsOnly(Money.ofUsd("0.25"));
        assertThat(budgets().states()).extracting(BudgetState::reserved).containsOnly(Money.ZERO);
    }

    @Test
    void aReservationIsMadeOnceAndSettledOnce() throws Exception {
        budgets().set(budget("all", BudgetPeriod.TOTAL, "1"));

        assertThat(reserve("one", "all", "0.8").isGranted()).isTrue();
        assertThat(reserve("one", "all", "0.8").isGranted()).isTrue();
        assertThat(state("all").reserved()).isEqualTo(Money.ofUsd("0.8"));

        second().budgets().orElseThrow().settle("one", Money.ofUsd("0.1"));
        budgets().settle("one", Money.ofUsd("0.1"));
        budgets().settle("unknown", Money.ofUsd("0.1"));

        assertThat(state("all").spent()).isEqualTo(Money.ofUsd("0.1"));
        assertThat(state("all").left()).isEqualTo(Money.ofUsd("0.9"));
    }

    @Test
    void whatAProcessThatDiedHadReservedIsFreeAfterItsLifetime() {
        budgets().set(budget("all", BudgetPeriod.TOTAL, "1"));
        reserve("one", "all", "1");

        time.advance(LIFETIME.minusMillis(1));
        assertThat(reserve("two", "all", "1").isGranted()).isFalse();
        time.advance(Duration.ofMillis(1));

        assertThat(state("all").left()).isEqualTo(DOLLAR);
        assertThat(reserve("two", "all", "1").isGranted()).isTrue();
    }

    @Test
    void whatIsReservedIsListedUntilItIsSettledOrOver() throws Exception {
        budgets().set(budget("all", BudgetPeriod.DAY, "10"));
        budgets().set(budget("other", BudgetPeriod.DAY, "10"));
        reserve(ODD.strip(), "all", "0.5");
        time.advance(Duration.ofMinutes(1));
        reserve("second", "all", "0.25");
        reserve("free", "all", "0");
        reserve("elsewhere", "other", "1");

        BudgetStore reader = second().budgets().orElseThrow();
        List<BudgetReservation> held = reader.reservations("all", 10);

        assertThat(held).extracting(BudgetReservation::reservation).containsExactly(ODD.strip(), "second");
        assertThat(held).extracting(BudgetReservation::amount).containsExactly(Money.ofUsd("0.5"), Money.ofUsd("0.25"));
        assertThat(held.get(0).periodStart()).isEqualTo(state("all").periodStart());
        assertThat(Duration.between(held.get(0).expiresAt(), held.get(1).expiresAt()))
                .isEqualTo(Duration.ofMinutes(1));
        assertThat(reader.reservations("all", 1)).containsExactly(held.get(0));
        assertThat(reader.reservations("none", 1)).isEmpty();

        time.advance(Duration.ofMinutes(1));
        assertThat(reader.reservations("all", 10)).containsExactly(held.get(1));
        budgets().settle("second", DOLLAR);
        assertThat(reader.reservations("all", 10)).isEmpty();
    }

    @Test
    void aCallThatEndsAfterItsLifetimeIsSpentAllTheSame() {
        budgets().set(budget("all", BudgetPeriod.TOTAL, "1"));
        reserve("late", "all", "0.6");
        time.advance(LIFETIME.plusHours(1));
        reserve("other", "all", "0.3");

        budgets().settle("late", Money.ofUsd("0.5"));

        assertThat(state("all").spent()).isEqualTo(Money.ofUsd("0.5"));
        assertThat(state("all").reserved()).isEqualTo(Money.ofUsd("0.3"));
    }

    @Test
    void aBudgetStartsAnewWithItsPeriodInUtc() {
        budgets().set(budget("month", BudgetPeriod.MONTH, "1"));
        reserve("one", "month", "1");
        budgets().settle("one", DOLLAR);
        BudgetState full = state("month");
        Instant nextMonth = time.wallTime()
                .atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .withDayOfMonth(1)
                .plusMonths(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();

        assertThat(full.resetsAt()).contains(nextMonth);
        time.advance(full.untilReset().orElseThrow().minusMillis(1));
        assertThat(reserve("two", "month", "1").isGranted()).isFalse();
        time.advance(Duration.ofMillis(1));

        assertThat(state("month").spent()).isEqualTo(Money.ZERO);
        assertThat(state("month").periodStart()).isEqualTo(nextMonth);
        assertThat(reserve("two", "month", "1").isGranted()).isTrue();
    }

    @Test
    void aCallCountsInThePeriodInWhichItWasReserved() {
        budgets().set(budget("hour", BudgetPeriod.HOUR, "1"));
        reserve("before", "hour", "0.9");
        time.advance(Duration.ofHours(1));
        reserve("after", "hour", "0.2");

        budgets().settle("before", Money.ofUsd("0.9"));

        assertThat(state("hour").spent()).isEqualTo(Money.ZERO);
        assertThat(state("hour").reserved()).isEqualTo(Money.ofUsd("0.2"));
    }

    @Test
    void anotherLimitKeepsWhatIsSpentAndAnotherScopeDoesNot() {
        budgets().set(budget("all", BudgetPeriod.DAY, "1"));
        reserve("one", "all", "0.5");
        budgets().settle("one", Money.ofUsd("0.5"));
        reserve("two", "all", "0.25");

        budgets().set(budget("all", BudgetPeriod.DAY, "0.6"));
        assertThat(state("all").spent()).isEqualTo(Money.ofUsd("0.5"));
        assertThat(state("all").left()).isEqualTo(Money.ZERO);

        budgets().set(budget("all", BudgetPeriod.TOTAL, "0.6"));
        budgets().settle("two", Money.ofUsd("0.25"));
        assertThat(state("all").spent()).isEqualTo(Money.ZERO);
        assertThat(state("all").left()).isEqualTo(Money.ofUsd("0.6"));
    }

    @Test
    void peopleAreToldOnceThatABudgetIsNearItsLimitAndThatItIsReached() throws Exception {
        budgets().set(budget("hour", BudgetPeriod.HOUR, "1"));
        assertThat(reserve("one", "hour", "0.79").crossings()).isEmpty();
        assertThat(budgets().settle("one", Money.ofUsd("0.79"))).isEmpty();

        reserve("two", "hour", "0.01");
        List<BudgetCrossing> near = second().budgets().orElseThrow().settle("two", Money.ofUsd("0.01"));
        List<BudgetCrossing> reached = reserve("three", "hour", "0.5").crossings();

        assertThat(near).extracting(BudgetCrossing::percent).containsExactly(BudgetCrossing.NEAR);
        assertThat(near.get(0).state().spent()).isEqualTo(Money.ofUsd("0.8"));
        assertThat(reached).extracting(BudgetCrossing::percent).containsExactly(BudgetCrossing.REACHED);
        assertThat(reserve("four", "hour", "0.5").crossings()).isEmpty();
        time.advance(Duration.ofHours(1));
        reserve("five", "hour", "1");
        assertThat(budgets().settle("five", DOLLAR))
                .extracting(BudgetCrossing::percent)
                .containsExactly(BudgetCrossing.REACHED);
    }

    @Test
    void aClockThatIsSetBackGivesNothingTwice() {
        budgets().set(budget("hour", BudgetPeriod.HOUR, "1"));
        reserve("one", "hour", "1");
        budgets().settle("one", DOLLAR);

        time.jumpWall(Duration.ofHours(-1));

        assertThat(reserve("two", "hour", "1").isGranted()).isFalse();
        time.advance(Duration.ofHours(2));
        assertThat(reserve("three", "hour", "1").isGranted()).isTrue();
    }

    @Test
    void callsThatReserveTogetherStayWithinEveryBudget() throws Exception {
        budgets().set(budget("a", BudgetPeriod.TOTAL, "1"));
        budgets().set(budget("b", BudgetPeriod.DAY, "10"));
        AtomicInteger granted = new AtomicInteger();
        // 16 threads want 160 reservations of 2 cents, of which half is spent.
        onBothHandles((Store handle, int number) -> {
            BudgetStore budgets = handle.budgets().orElseThrow();
            for (int i = 0; i < 10; i++) {
                String reservation = number + "-" + i;
                List<BudgetAmount> amounts = List.of(
                        new BudgetAmount(number % 2 == 0 ? "a" : "b", Money.ofUsd("0.02")),
                        new BudgetAmount(number % 2 == 0 ? "b" : "a", Money.ofUsd("0.02")));
                if (budgets.reserve(reservation, amounts, LIFETIME).isGranted()) {
                    granted.incrementAndGet();
                    budgets.settle(reservation, Money.ofUsd("0.01"));
                }
            }
        });

        assertThat(granted.get()).isBetween(50, 100);
        assertThat(state("a").spent()).isEqualTo(Money.ofUsd("0.01").times(granted.get()));
        assertThat(state("a").spent()).isLessThanOrEqualTo(DOLLAR);
        assertThat(state("a").reserved()).isEqualTo(Money.ZERO);
        assertThat(state("b").spent()).isEqualTo(state("a").spent());
    }

    @Test
    void aClosedStoreRefuses() throws Exception {
        BudgetStore closed = second().budgets().orElseThrow();
        if (second().equals(store())) {
            return;
        }
        second().close();

        assertClosed(closed::states);
    }
}
