package dev.architect.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.error.StoreException;
import dev.architect.quota.QuotaStore;
import dev.architect.quota.QuotaUse;
import dev.architect.quota.SliceGrant;
import dev.architect.quota.SliceRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Limits that several nodes share. */
abstract class StoreQuotaCases extends StoreCases {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final long LIMIT = 1_000;
    private static final String TOKENS = "tokens of provider p within 1m";

    StoreQuotaCases(StoreContract contract) {
        super(contract);
    }

    private QuotaStore quotas() {
        return store().quotas().orElseThrow();
    }

    /** One node, as a store sees it: it reports what it was told to have used with its next request. */
    private final class Holder {
        private final QuotaStore quotas;
        private final long number;
        private final List<QuotaUse> uses = new ArrayList<>();
        private long epoch;

        Holder(QuotaStore quotas) {
            this.quotas = quotas;
            this.number = quotas.join();
        }

        Holder used(long units) {
            uses.add(new QuotaUse(ChronoUnit.MICROS.between(Instant.EPOCH, time.wallTime()), units));
            return this;
        }

        SliceRequest request(long keep, long least, long more) {
            return new SliceRequest(TOKENS, LIMIT, MINUTE, epoch, uses, keep, least, more);
        }

        SliceGrant ask(long keep, long least, long more) {
            SliceGrant grant =
                    quotas.exchange(number, List.of(request(keep, least, more))).get(0);
            epoch = grant.epoch();
            uses.clear();
            return grant;
        }

        long get(long more) {
            return ask(0, 0, more).units();
        }
    }

    @Test
    void givesEveryNodeANumberOfItsOwn() throws Exception {
        long first = quotas().join();
        long other = second().quotas().orElseThrow().join();

        assertThat(first).isPositive();
        assertThat(other).isPositive().isNotEqualTo(first);
        assertThat(quotas().join()).isNotIn(first, other);
    }

    @Test
    void grantsNoMoreThanTheLimitToAllTogether() throws Exception {
        Holder one = new Holder(quotas());
        Holder two = new Holder(second().quotas().orElseThrow());

        assertThat(one.get(700)).isEqualTo(700);
        SliceGrant rest = two.ask(0, 0, 700);

        assertThat(rest.units()).isEqualTo(300);
        assertThat(rest.free()).isZero();
        assertThat(rest.holders()).isEqualTo(2);
        assertThat(new Holder(quotas()).get(1)).isZero();
    }

    @Test
    void whatIsNotKeptIsFreeAtOnce() {
        Holder one = new Holder(quotas());
        Holder two = new Holder(quotas());
        one.get(LIMIT);
        assertThat(two.get(10)).isZero();

        one.used(100).ask(50, 0, 0);

        assertThat(two.get(LIMIT)).isEqualTo(850);
    }

    @Test
    void whatWasUsedComesBackAfterThePeriodAndNotBefore() {
        Holder one = new Holder(quotas());
        one.get(LIMIT);
        one.used(LIMIT).get(0);
        Holder two = new Holder(quotas());

        time.advance(MINUTE.minusMillis(1));
        assertThat(two.get(1)).isZero();
        // A slot of the period later at the most.
        time.advance(Duration.ofMillis(501));
        assertThat(two.get(LIMIT)).isEqualTo(LIMIT);
    }

    @Test
    void whatWasReservedAndNotNeededIsFreeAgain() {
        Holder one = new Holder(quotas());
        one.get(LIMIT);
        one.used(LIMIT).get(0);
        time.advance(Duration.ofSeconds(10));

        one.used(-400).get(0);

        assertThat(new Holder(quotas()).get(LIMIT)).isEqualTo(400);
    }

    @Test
    void aNodeThatDiesLosesItsSliceForOnePeriod() {
        Holder dies = new Holder(quotas());
        SliceGrant last = dies.ask(0, 0, 400);
        Holder lives = new Holder(quotas());

        assertThat(lives.get(LIMIT)).isEqualTo(600);
        lives.ask(0, 0, 0);
        // It may have used all of it until the end of its slice.
        time.advance(MINUTE);
        assertThat(lives.get(LIMIT)).isEqualTo(600);
        lives.ask(0, 0, 0);
        time.advance(last.validity().plusMillis(1));
        assertThat(lives.get(LIMIT)).isEqualTo(LIMIT);
    }

    @Test
    void aLateReportTellsWhatAnEndedSliceWasUsedFor() {
        Holder late = new Holder(quotas());
        late.get(400);
        late.used(100);
        time.advance(Duration.ofSeconds(20));

        late.ask(0, 0, 0);

        assertThat(new Holder(quotas()).get(LIMIT)).isEqualTo(900);
    }

    @Test
    void aReportWhoseAnswerWasLostCountsOnce() {
        Holder one = new Holder(quotas());
        one.get(300);
        one.used(200);
        SliceRequest lost = one.request(0, 0, 100);
        quotas().exchange(one.number, List.of(lost));

        SliceGrant again = quotas().exchange(one.number, List.of(lost)).get(0);

        assertThat(again.units()).isEqualTo(100);
        assertThat(again.epoch()).isGreaterThan(lost.epoch() + 1);
        assertThat(new Holder(quotas()).get(LIMIT)).isEqualTo(700);
    }

    @Test
    void everyGrantHasALaterEpoch() {
        Holder one = new Holder(quotas());
        long before = 0;
        for (int i = 0; i < 5; i++) {
            long epoch = one.ask(0, 0, 10).epoch();
            assertThat(epoch).isGreaterThan(before);
            before = epoch;
        }
    }

    @Test
    void grantsNothingWhenThatWouldNotHelp() {
        Holder one = new Holder(quotas());
        one.get(900);
        one.used(900).get(0);
        time.advance(Duration.ofSeconds(20));
        Holder two = new Holder(quotas());

        SliceGrant refused = two.ask(0, 101, 200);

        assertThat(refused.units()).isZero();
        assertThat(refused.free()).isEqualTo(100);
        assertThat(refused.retryAfter()).isBetween(Duration.ofSeconds(40), Duration.ofMillis(40_500));
        assertThat(two.ask(0, 100, 200).units()).isEqualTo(100);
        time.advance(refused.retryAfter());
        assertThat(two.ask(0, 800, 900).units()).isEqualTo(900);
    }

    @Test
    void severalQuotasAreExchangedTogether() {
        long holder = quotas().join();
        SliceRequest first = new SliceRequest("z", 10, MINUTE, 0, List.of(), 0, 0, 100);
        SliceRequest second = new SliceRequest("a 'b' \"c\"", 20, Duration.ofHours(1), 0, List.of(), 0, 0, 100);

        List<SliceGrant> grants = quotas().exchange(holder, List.of(first, second));

        assertThat(grants).extracting(SliceGrant::units).containsExactly(10L, 20L);
        assertThat(quotas().exchange(holder, List.of())).isEmpty();
    }

    @Test
    void aLowerLimitGrantsNothingUntilEnoughCameBack() {
        Holder one = new Holder(quotas());
        one.get(500);
        long holder = quotas().join();

        SliceGrant grant = quotas().exchange(
                        holder, List.of(new SliceRequest(TOKENS, 400, MINUTE, 0, List.of(), 0, 0, 10)))
                .get(0);

        assertThat(grant.units()).isZero();
        assertThat(grant.free()).isZero();
    }

    @Test
    void aClockThatIsSetBackGivesNothingTwiceAndGoesOn() {
        Holder one = new Holder(quotas());
        one.get(LIMIT);
        one.used(LIMIT).get(0);

        time.jumpWall(Duration.ofHours(-1));

        Holder two = new Holder(quotas());
        assertThat(two.get(1)).isZero();
        time.advance(MINUTE.multipliedBy(2).plusSeconds(10));
        assertThat(two.get(LIMIT)).isEqualTo(LIMIT);
    }

    @Test
    void nodesThatAskTogetherGetNoMoreThanTheLimit() throws Exception {
        AtomicLong granted = new AtomicLong();
        List<Callable<Void>> nodes = new ArrayList<>();
        for (QuotaStore quotas : List.of(quotas(), second().quotas().orElseThrow(), quotas())) {
            nodes.add(() -> {
                Holder holder = new Holder(quotas);
                long held = 0;
                for (int i = 0; i < 40; i++) {
                    held += holder.ask(held, 1, 11).units();
                }
                granted.addAndGet(held);
                return null;
            });
        }

        runTogether(nodes);

        assertThat(granted).hasValue(LIMIT);
    }

    @Test
    void aClosedStoreRefuses() throws Exception {
        QuotaStore closed = second().quotas().orElseThrow();
        if (second().equals(store())) {
            return;
        }
        second().close();

        assertThatThrownBy(closed::join).isInstanceOf(StoreException.class);
    }
}
