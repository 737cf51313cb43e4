package dev.architect.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.event.Event;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.task.PoolLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The pool on a day whose load rises and falls, in virtual time: beside a pool that always has ten sessions. */
class SessionPoolReplayTest {

    private static final Duration STEP = Duration.ofMillis(250);
    private static final long DAY = Duration.ofHours(24).toNanos();
    private static final double SERVICE_SECONDS = 60;
    private static final int MOST = 10;
    private static final int LEAST = 2;

    /** What a day came to. */
    private record Result(double p95WaitSeconds, double sessionHours, int changes, int fewest, int most) {}

    private static final class Clock implements TimeSource {
        private long now;

        @Override
        public Instant wallTime() {
            return Instant.EPOCH.plusNanos(now);
        }

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void sleep(Duration duration) {
            now += duration.toNanos();
        }

        @Override
        public WakeUp newWakeUp() {
            throw new IllegalStateException("a pool was to wait, expected it never to");
        }

        @Override
        public long random(long bound) {
            return 0;
        }
    }

    private record Run(SessionPool.Session session, long end) {}

    /** Runs one task for each arrival, in order, each in a session of its own. */
    private static Result replay(PoolLimits limits, List<Long> arrivals, long seed) {
        Clock clock = new Clock();
        SplittableRandom random = new SplittableRandom(seed);
        int[] changes = {0};
        SessionPool pool = new SessionPool("llm", limits, clock, event -> {
            assertThat(event).isInstanceOfAny(Event.SessionOpened.class, Event.SessionClosed.class);
            changes[0]++;
        });
        pool.open();
        changes[0] = 0;
        int steps = 0;
        Deque<Long> waiting = new ArrayDeque<>();
        PriorityQueue<Run> running = new PriorityQueue<>(Comparator.comparingLong(Run::end));
        List<Double> waits = new ArrayList<>();
        double sessionNanos = 0;
        int fewest = MOST;
        int most = 0;
        int next = 0;
        while (clock.now < DAY) {
            while (next < arrivals.size() && arrivals.get(next) <= clock.now) {
                waiting.add(arrivals.get(next++));
            }
            while (!running.isEmpty() && running.peek().end() <= clock.now) {
                pool.release(running.remove().session());
            }
            while (!waiting.isEmpty() && pool.freeSlots() > 0) {
                SessionPool.Session session = pool.tryAcquire();
                assertThat(session).isNotNull();
                waits.add((clock.now - waiting.remove()) / 1e9);
                double seconds = -SERVICE_SECONDS * Math.log(1 - random.nextDouble());
                running.add(new Run(session, clock.now + (long) (seconds * 1e9)));
            }
            int before = changes[0];
            pool.adapt(!waiting.isEmpty());
            steps += changes[0] > before ? 1 : 0;
            int size = pool.snapshot().size();
            fewest = Math.min(fewest, size);
            most = Math.max(most, size);
            sessionNanos += (double) size * STEP.toNanos();
            clock.now += STEP.toNanos();
        }
        waits.sort(Comparator.naturalOrder());
        return new Result(
                waits.get((int) (waits.size() * 0.95)),
                sessionNanos / Duration.ofHours(1).toNanos(),
                steps,
                fewest,
                most);
    }

    /** Poisson arrivals; {@code load} says how many sessions are busy in the mean at an hour of the day. */
    private static List<Long> arrivals(long seed, DoubleUnaryOperator load) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Long> arrivals = new ArrayList<>();
        double now = 0;
        while (now < DAY / 1e9) {
            double rate = load.applyAsDouble(now / 3_600) / SERVICE_SECONDS;
            now += -Math.log(1 - random.nextDouble()) / rate;
            arrivals.add((long) (now * 1e9));
        }
        return arrivals;
    }

    @Test
    void aDayNeedsFewerSessionHoursAndWaitsHardlyLonger() {
        for (long seed = 1; seed <= 3; seed++) {
            List<Long> arrivals = arrivals(seed, hour -> 4 - 2.5 * Math.cos(Math.PI * hour / 12));

            Result fixed = replay(new PoolLimits(MOST, MOST, 1), arrivals, seed);
            Result pool = replay(new PoolLimits(LEAST, MOST, 1), arrivals, seed);

            assertThat(pool.p95WaitSeconds() / fixed.p95WaitSeconds()).isLessThanOrEqualTo(1.2);
            assertThat(pool.fewest()).isEqualTo(LEAST);
            assertThat(pool.most()).isEqualTo(MOST);
            assertThat(pool.sessionHours() / fixed.sessionHours()).isLessThan(0.8);
            assertThat(pool.changes() / 24.0).isLessThanOrEqualTo(6);
        }
    }

    /** In the first ten minutes of each hour eight sessions are busy in the mean, and one for the rest of it. */
    @Test
    void peaksOfTenMinutesWaitLongerForMuchFewerSessionHours() {
        for (long seed = 1; seed <= 2; seed++) {
            List<Long> arrivals = arrivals(seed, hour -> hour % 1 < 1.0 / 6 ? 8 : 1);

            Result fixed = replay(new PoolLimits(MOST, MOST, 1), arrivals, seed);
            Result pool = replay(new PoolLimits(LEAST, MOST, 1), arrivals, seed);

            double wait = pool.p95WaitSeconds() / fixed.p95WaitSeconds();
            double hours = pool.sessionHours() / fixed.sessionHours();
            System.out.printf(
                    "ten-minute peaks, seed %d: wait at the 95th percentile %.1f s of %.1f s, %.0f %% of the session"
                            + " hours, %.1f changes an hour%n",
                    seed, pool.p95WaitSeconds(), fixed.p95WaitSeconds(), 100 * hours, pool.changes() / 24.0);
            assertThat(wait).isLessThanOrEqualTo(2.5);
            assertThat(hours).isLessThanOrEqualTo(0.6);
            assertThat(pool.fewest()).isEqualTo(LEAST);
            assertThat(pool.most()).isEqualTo(MOST);
            // Each peak takes several steps up, and what is above the minimum one or two down.
            assertThat(pool.changes() / 24.0).isLessThanOrEqualTo(20);
        }
    }
}
