package dev.architect.testkit.store.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.model.FailureKind;
import dev.architect.project.Attribution;
import dev.architect.spend.MeteredCall;
import dev.architect.spend.SpendFilter;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.Store;
import dev.architect.testkit.store.node.StoreHandles;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What pricing reads of calls. */
public abstract class StoreMeteredCallCases {

    private static final Instant BEGIN = ManualTime.START.plus(Duration.ofDays(1));

    private static final ReportPeriod.Between ALL =
            new ReportPeriod.Between(BEGIN, Instant.parse("9999-12-31T00:00:00Z"));

    private final StoreHandles handles;
    private @Nullable Store open;

    /** Creates the cases for one store. */
    protected StoreMeteredCallCases(StoreHandles handles) {
        this.handles = handles;
    }

    @BeforeEach
    void openStore() throws Exception {
        open = handles.open(new ManualTime());
    }

    @AfterEach
    void closeStore() {
        if (open != null) {
            open.close();
        }
    }

    private LedgerStore ledger() {
        if (open == null) {
            throw new IllegalStateException("store is not open, expected open");
        }
        return open.ledger();
    }

    private static LedgerEntry call(String id, Duration at, int user) {
        return new CallFixture(id)
                .at(BEGIN.plus(at))
                .provider("provider-" + user % 3)
                .attribution(Attribution.DEFAULT.withUser("user-" + user))
                .served(user % 4 == 0 ? "flex" : "standard", user % 5 == 0 ? "eu" : "")
                .cost(user % 7 == 0 ? Cost.UNPRICED : Cost.priced(new Money(user * 1_000_003L - 5_000_000)))
                .entry();
    }

    private List<MeteredCall> metered(SpendDimension dimension, SpendFilter filter, ReportPeriod.Between period) {
        List<MeteredCall> metered = new ArrayList<>();
        ledger().metered(dimension, filter, period, metered::add);
        return metered;
    }

    @Test
    void pricingReadsWhatTheEntriesHave() {
        List<LedgerEntry> calls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            calls.add(call("c" + i, Duration.ofMinutes(i / 2), i));
        }
        calls.add(new CallFixture("failed")
                .at(BEGIN.plusSeconds(9))
                .failed(FailureKind.TIMEOUT)
                .entry());
        calls.add(new CallFixture("odd")
                .at(BEGIN.plusSeconds(9))
                .attribution(Attribution.DEFAULT.withUser("a\u0000\ud83d"))
                .served("a\u0000", "\ud83d")
                .cost(Cost.priced(new Money(7)).estimated())
                .entry());
        ledger().record(calls);

        for (SpendDimension dimension : SpendDimension.values()) {
            assertThat(metered(dimension, SpendFilter.ALL, ALL))
                    .as("by %s", dimension)
                    .containsExactlyInAnyOrderElementsOf(calls.stream()
                            .map(entry -> MeteredCall.of(dimension, entry))
                            .toList());
        }
        ReportPeriod.Between first = new ReportPeriod.Between(BEGIN, BEGIN.plusSeconds(60));
        SpendFilter priced = SpendFilter.ALL.with(SpendDimension.COST_STATUS, "PRICED");
        assertThat(metered(SpendDimension.MODEL, priced, first))
                .containsExactlyInAnyOrder(MeteredCall.of(SpendDimension.MODEL, calls.get(1)));
        assertThat(metered(SpendDimension.MODEL, SpendFilter.ALL, new ReportPeriod.Between(BEGIN, BEGIN)))
                .isEmpty();
    }

    @Test
    void pricingReadsMoreCallsThanAPageHas() {
        List<LedgerEntry> calls = new ArrayList<>();
        for (int i = 0; i < 10_003; i++) {
            // Many of one microsecond.
            calls.add(call("c" + i, Duration.ofMinutes(i / 3_000), i % 50));
        }
        for (int from = 0; from < calls.size(); from += 1_000) {
            ledger().record(calls.subList(from, Math.min(calls.size(), from + 1_000)));
        }

        assertThat(metered(SpendDimension.USER, SpendFilter.ALL, ALL))
                .containsExactlyInAnyOrderElementsOf(calls.stream()
                        .map(entry -> MeteredCall.of(SpendDimension.USER, entry))
                        .toList());
        assertThatThrownBy(() -> ledger().metered(SpendDimension.USER, SpendFilter.ALL, ALL, call -> {
                    throw new IllegalStateException("enough");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("enough");
        assertThat(metered(SpendDimension.USER, SpendFilter.ALL.with(SpendDimension.USER, "user-7"), ALL))
                .hasSize(200);
    }
}
