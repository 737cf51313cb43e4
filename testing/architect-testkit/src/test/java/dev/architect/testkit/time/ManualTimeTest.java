package dev.architect.testkit.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.spi.WakeUp;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ManualTimeTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final ManualTime time = new ManualTime();
    private final ThreadRunner runner = new ThreadRunner("manual-time-test");

    @AfterEach
    void stop() {
        runner.close();
    }

    @Test
    void movesBothClocksOnlyByHand() {
        long before = time.nanoTime();

        time.advance(Duration.ofMillis(1500));

        assertThat(time.wallTime()).isEqualTo(ManualTime.START.plusMillis(1500));
        assertThat(time.nanoTime() - before).isEqualTo(1_500_000_000L);
    }

    @Test
    void jumpsTheWallClockAlone() {
        long before = time.nanoTime();

        time.jumpWall(Duration.ofHours(-1));

        assertThat(time.wallTime()).isEqualTo(ManualTime.START.minusSeconds(3600));
        assertThat(time.nanoTime()).isEqualTo(before);
    }

    @Test
    void wakesSleepersAtTheirDeadline() throws Exception {
        CompletableFuture<Instant> woken = inThread(() -> {
            time.sleep(Duration.ofSeconds(10));
            return time.wallTime();
        });
        time.awaitWaiting(1);
        assertThat(time.untilNextDeadline()).contains(Duration.ofSeconds(10));

        time.advance(Duration.ofNanos(9_999_999_999L));
        assertThat(time.waitingCount()).isEqualTo(1);
        time.advance(Duration.ofNanos(1));

        assertThat(woken.get()).isEqualTo(ManualTime.START.plusSeconds(10));
        assertThat(time.waitingCount()).isZero();
    }

    @Test
    void countsAReleasedThreadAsWaitingNoLonger() throws Exception {
        CompletableFuture<Integer> rounds = inThread(() -> {
            for (int i = 0; i < 100; i++) {
                time.sleep(Duration.ofSeconds(1));
            }
            return 100;
        });

        for (int i = 0; i < 100; i++) {
            time.awaitWaiting(1);
            time.advance(Duration.ofSeconds(1));
        }

        assertThat(rounds.get()).isEqualTo(100);
        assertThat(time.wallTime()).isEqualTo(ManualTime.START.plusSeconds(100));
    }

    @Test
    void wakesWhenSignalledOrTimedOut() throws Exception {
        WakeUp signal = time.newWakeUp();
        CompletableFuture<Boolean> signalled = inThread(() -> signal.await(Duration.ofSeconds(5)));
        time.awaitWaiting(1);
        signal.signal();
        assertThat(signalled.get()).isTrue();

        CompletableFuture<Boolean> timedOut = inThread(() -> signal.await(Duration.ofSeconds(5)));
        time.awaitWaiting(1);
        time.advance(Duration.ofSeconds(5));
        assertThat(timedOut.get()).isFalse();
    }

    @Test
    void remembersOneSignalBeforeTheWait() throws Exception {
        WakeUp signal = time.newWakeUp();
        signal.signal();
        signal.signal();

        assertThat(signal.await(Duration.ofDays(1))).isTrue();
        assertThat(signal.await(Duration.ZERO)).isFalse();
    }

    @Test
    void waitsWithoutATimeout() throws Exception {
        WakeUp signal = time.newWakeUp();
        CompletableFuture<Boolean> signalled = inThread(() -> signal.await(Duration.ofSeconds(Long.MAX_VALUE)));
        time.awaitWaiting(1);

        time.advance(Duration.ofDays(100));
        assertThat(time.waitingCount()).isEqualTo(1);
        signal.signal();

        assertThat(signalled.get()).isTrue();
    }

    @Test
    void passesInterruptionOn() throws Exception {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        Thread thread = runner.start("sleeper", () -> {
            try {
                time.sleep(Duration.ofSeconds(1));
                ended.complete(true);
            } catch (InterruptedException interrupted) {
                ended.completeExceptionally(interrupted);
            }
        });
        time.awaitWaiting(1);

        thread.interrupt();

        assertThatThrownBy(ended::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(time.waitingCount()).isZero();
    }

    @Test
    void returnsTheSameRandomNumbersForTheSameSeed() {
        ManualTime same = new ManualTime(ManualTime.START, 7);
        ManualTime again = new ManualTime(ManualTime.START, 7);

        for (int i = 0; i < 100; i++) {
            assertThat(same.random(6)).isEqualTo(again.random(6)).isBetween(0L, 5L);
        }
        assertThat(same).hasToString("ManualTime[2026-01-01T00:00:00Z, seed 7]");
    }

    @Test
    void rejectsNegativeDurations() {
        assertThatThrownBy(() -> time.advance(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("duration is PT-1S, expected zero or more");
    }

    private interface Work<T> {
        T run() throws InterruptedException;
    }

    @Test
    void restComesWhenThoseWhoWereReleasedWaitAgain() throws Exception {
        AtomicInteger rounds = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            inThread(() -> {
                while (true) {
                    time.sleep(Duration.ofSeconds(1));
                    // Work that takes a while.
                    for (int yields = 0; yields < 100; yields++) {
                        Thread.yield();
                    }
                    rounds.incrementAndGet();
                }
            });
        }
        time.awaitWaiting(3);

        for (int round = 1; round <= 100; round++) {
            time.advance(Duration.ofSeconds(1));
            assertThat(time.awaitRest(LONG)).isTrue();
            assertThat(rounds).hasValue(3 * round);
        }
    }

    @Test
    void whoIsHeldUpBySomethingElseIsAtRestAndWhoComputesIsNot() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean mayEnd = new AtomicBoolean();
        CompletableFuture<Boolean> end = inThread(() -> {
            time.sleep(Duration.ofSeconds(1));
            goOn.await();
            while (!mayEnd.get()) {
                Thread.onSpinWait();
            }
            return true;
        });
        time.awaitWaiting(1);
        time.advance(Duration.ofSeconds(1));
        assertThat(time.awaitRest(LONG)).as("held up").isTrue();
        assertThat(time.waitingCount()).isZero();

        goOn.countDown();
        while (time.awaitRest(Duration.ofMillis(1))) {
            // It has not yet gone on.
            Thread.onSpinWait();
        }
        mayEnd.set(true);

        assertThat(time.awaitRest(LONG)).as("ended").isTrue();
        assertThat(end.get()).isTrue();
    }

    private <T> CompletableFuture<T> inThread(Work<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        runner.start("work", () -> {
            try {
                result.complete(work.run());
            } catch (InterruptedException interrupted) {
                result.completeExceptionally(interrupted);
            }
        });
        return result;
    }
}
