package dev.architect.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/** The clock of the database, as a process knows it between two readings. */
class StoreClockTest {

    private static final Instant DATABASE = Instant.parse("2026-03-01T12:00:00Z");

    private final ManualTime local = new ManualTime();
    private final StoreClock clock = new StoreClock(local, null);

    /** The database shows {@code shown} in the middle of a round trip. */
    private void read(Instant shown, Duration roundTrip) {
        long begun = clock.begin();
        local.advance(roundTrip);
        clock.read(begun, ChronoUnit.MICROS.between(Instant.EPOCH, shown));
    }

    @Test
    void goesOnFromTheMiddleOfTheRoundTrip() {
        read(DATABASE, Duration.ofMillis(10));

        assertThat(clock.wallTime()).isEqualTo(DATABASE.plusMillis(5));
        local.advance(Duration.ofSeconds(3));
        assertThat(clock.wallTime()).isEqualTo(DATABASE.plusMillis(3_005));
    }

    @Test
    void doesNotFollowTheLocalWallClock() {
        read(DATABASE, Duration.ZERO);

        local.jumpWall(Duration.ofHours(5));
        assertThat(clock.wallTime()).isEqualTo(DATABASE);
        local.jumpWall(Duration.ofDays(-3));
        assertThat(clock.wallTime()).isEqualTo(DATABASE);
    }

    @Test
    void saysHowFarTheLocalWallClockIsOff() {
        read(local.wallTime().plusSeconds(90), Duration.ZERO);

        assertThat(clock.aheadOfLocal()).isEqualTo(Duration.ofSeconds(90));
        local.jumpWall(Duration.ofMinutes(3));
        assertThat(clock.aheadOfLocal()).isEqualTo(Duration.ofSeconds(-90));
    }

    @Test
    void warnsOnceEachTimeTheLocalWallClockComesToBeAway() {
        read(local.wallTime().plusMillis(900), Duration.ZERO);
        assertThat(clock.compareWithLocal("the database")).isFalse();

        local.jumpWall(Duration.ofMillis(-200));
        assertThat(clock.compareWithLocal("the database")).isTrue();
        assertThat(clock.compareWithLocal("the database")).isFalse();

        local.jumpWall(Duration.ofMillis(300));
        assertThat(clock.compareWithLocal("the database")).isFalse();
        local.jumpWall(Duration.ofMinutes(5));
        assertThat(clock.compareWithLocal("the database")).isTrue();
    }

    @Test
    void aSlowReadingDoesNotReplaceABetterOne() {
        read(DATABASE, Duration.ofMillis(2));
        Instant before = clock.wallTime();

        // The answer took its time on the way back, so the middle is far from when the clock was read.
        read(before, Duration.ofMillis(800));

        assertThat(clock.wallTime()).isEqualTo(before.plusMillis(800));
    }

    @Test
    void aBetterReadingReplacesASlowOne() {
        read(DATABASE, Duration.ofMillis(800));

        read(DATABASE.plusSeconds(1), Duration.ofMillis(2));

        assertThat(clock.wallTime()).isEqualTo(DATABASE.plusMillis(1_001));
    }

    @Test
    void followsAStepOfTheDatabasesClock() {
        read(DATABASE, Duration.ofMillis(2));

        read(DATABASE.plus(Duration.ofMinutes(10)), Duration.ofMillis(4));
        assertThat(clock.wallTime())
                .isEqualTo(DATABASE.plus(Duration.ofMinutes(10)).plusMillis(2));
        read(DATABASE.minus(Duration.ofMinutes(10)), Duration.ofMillis(4));
        assertThat(clock.wallTime())
                .isEqualTo(DATABASE.minus(Duration.ofMinutes(10)).plusMillis(2));
    }

    @Test
    void followsClocksThatRunApart() {
        read(DATABASE, Duration.ofMillis(1));
        Instant database = DATABASE.plusNanos(500_000);
        // Ten times as fast a drift as clocks of machines have, over an hour of beats.
        for (int beat = 0; beat < 3_600; beat++) {
            local.advance(Duration.ofMillis(998));
            database = database.plusNanos(998_998_000).plusNanos(1_000_000);
            read(database, Duration.ofMillis(2));
            database = database.plusNanos(1_000_000);
            assertThat(Duration.between(clock.wallTime(), database).abs()).isLessThan(Duration.ofMillis(4));
        }
    }

    @Test
    void isTheGivenClockWhereOneWasGiven() throws InterruptedException {
        ManualTime given = new ManualTime(DATABASE, 7);
        StoreClock replaced = new StoreClock(local, given);
        long begun = replaced.begin();
        replaced.read(begun, 1);

        assertThat(replaced.wallTime()).isEqualTo(DATABASE);
        given.advance(Duration.ofSeconds(2));
        assertThat(replaced.wallTime()).isEqualTo(DATABASE.plusSeconds(2));
        assertThat(replaced.nanoTime()).isEqualTo(given.nanoTime());
        replaced.sleep(Duration.ZERO);
        assertThat(replaced.newWakeUp().await(Duration.ZERO)).isFalse();
        assertThat(replaced.random(5)).isBetween(0L, 4L);
    }
}
