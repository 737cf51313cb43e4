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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The pool on a day whose load rises and falls, in virtual time: beside a pool that always has ten sessions. */
class SessionPoolReplayTest {

    private static final Duration STEP = Duration.ofMillis(250);
    private static final long DAY = Duration.ofHours(24).toNanos();
    private static final double SERVICE_SECONDS = 60;
    private static final int MOST = 10;
    private static final int LEAST = 2;
    private static final long SEEDS = Boolean.getBoolean("architect.slow") ? 3 : 1;

    private static final long HOUR = Duration.ofHours(1).toNanos();
    private static final int MOST_CHANGES = 6;
    private static final Pattern WAITED = Pattern.compile("work has waited for (\\d+) s and no slot is free.*");
    private static final Pattern CHANGED = Pattern.compile(".*, and the last hour had (\\d+) changes");

    /** What a day came to; the changes are those of its worst hour, whenever that begins. */
    private record Result(
            double p95WaitSeconds, double sessionHours, int changes, int changesOfAnHour, int fewest, int most) {}

    /** What the pool says of its changes, held against what has been seen. */
    private static final class Steps {
        private final Deque<Long> lastHour = new ArrayDeque<>();
        private int count;
        private int mostOfAnHour;
        private String reason = "";

        void onEvent(Event event) {
            reason = event instanceof Event.SessionOpened opened
                    ? opened.reason()
                    : ((Event.SessionClosed) event).reason();
        }

        void check(long now, int before, int after, long waitNanos) {
            while (!lastHour.isEmpty() && now - lastHour.getFirst() >= HOUR) {
                lastHour.removeFirst();
            }
            if (after == before) {
                return;
            }
            Matcher waited = WAITED.matcher(reason);
            Matcher changed = CHANGED.matcher(reason);
            if (after < before) {
                assertThat(reason).isEqualTo("the last five minutes needed fewer");
            } else if (waited.matches()) {
                assertThat(waitNanos / 1e9).isGreaterThanOrEqualTo(Integer.parseInt(waited.group(1)));
            } else {
                assertThat(reason).startsWith("work waits and no slot is free");
                assertThat(waitNanos).isGreaterThanOrEqualTo(0);
            }
            if (changed.matches()) {
                assertThat(lastHour).hasSize(Integer.parseInt(changed.group(1)));
                assertThat(after).isEqualTo(MOST);
            }
            lastHour.addLast(now);
            count++;
            mostOfAnHour = Math.max(mostOfAnHour, lastHour.size());
        }
    }

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
        Steps steps = new Steps();
        SessionPool pool = new SessionPool("llm", limits, clock, steps::onEvent);
        pool.open();
        Deque<Long> waiting = new ArrayDeque<>();
        PriorityQueue<Run> running = new PriorityQueue<>(Comparator.comparingLong(Run::end));
        List<Double> waits = new ArrayList<>();
        double sessionNanos = 0;
        int fewest = MOST;
        int most = 0;
        int next = 0;
        int size = limits.minSessions();
        long fullSince = -1;
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
            fullSince = waiting.isEmpty() ? -1 : fullSince < 0 ? clock.now : fullSince;
            int before = size;
            pool.adapt(!waiting.isEmpty());
            size = pool.snapshot().size();
            steps.check(clock.now, before, size, fullSince < 0 ? -1 : clock.now - fullSince);
            fewest = Math.min(fewest, size);
            most = Math.max(most, size);
            sessionNanos += (double) size * STEP.toNanos();
            clock.now += STEP.toNanos();
        }
        waits.sort(Comparator.naturalOrder());
        return new Result(
                waits.get((int) (waits.size() * 0.95)),
                sessionNanos / Duration.ofHours(1).toNanos(),
                steps.count,
                steps.mostOfAnHour,
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
        for (long seed = 1; seed <= SEEDS; seed++) {
            List<Long> arrivals = arrivals(seed, hour -> 4 - 2.5 * Math.cos(Math.PI * hour / 12));

            Result fixed = replay(new PoolLimits(MOST, MOST, 1), arrivals, seed);
            Result pool = replay(new PoolLimits(LEAST, MOST, 1), arrivals, seed);

            assertThat(pool.p95WaitSeconds() / fixed.p95WaitSeconds()).isLessThanOrEqualTo(1.2);
            assertThat(pool.fewest()).isEqualTo(LEAST);
            assertThat(pool.most()).isEqualTo(MOST);
            assertThat(pool.sessionHours() / fixed.sessionHours()).isLessThan(0.8);
            assertThat(pool.changesOfAnHour()).isLessThanOrEqualTo(MOST_CHANGES);
        }
    }

    /** In the first ten minutes of each hour eight sessions are busy in the mean, and one for the rest of it. */
    @Test
    void peaksOfTenMinutesWaitLongerForMuchFewerSessionHours() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            List<Long> arrivals = arrivals(seed, hour -> hour % 1 < 1.0 / 6 ? 8 : 1);

            Result fixed = replay(new PoolLimits(MOST, MOST, 1), arrivals, seed);
            Result pool = replay(new PoolLimits(LEAST, MOST, 1), arrivals, seed);

            double wait = pool.p95WaitSeconds() / fixed.p95WaitSeconds();
            double hours = pool.sessionHours() / fixed.sessionHours();
            System.out.printf(
                    "ten-minute peaks, seed %d: wait at the 95th percentile %.1f s of %.1f s, %.0f %% of the session"
                            + " hours, %.1f changes an hour, %d at most%n",
                    seed,
                    pool.p95WaitSeconds(),
                    fixed.p95WaitSeconds(),
                    100 * hours,
                    pool.changes() / 24.0,
                    pool.changesOfAnHour());
            assertThat(wait).isLessThanOrEqualTo(2.5);
            assertThat(hours).isLessThanOrEqualTo(0.6);
            assertThat(pool.fewest()).isEqualTo(LEAST);
            assertThat(pool.most()).isEqualTo(MOST);
            assertThat(pool.changesOfAnHour()).isLessThanOrEqualTo(MOST_CHANGES);
        }
    }

    /** Peaks that come twice as often, over sessions of several slots: no load makes it change its size more often. */
    @Test
    void noHourHasMoreThanSixChangesWhateverTheLoad() {
        List<Long> bursts = arrivals(4, hour -> hour % 0.5 < 1.0 / 12 ? 40 : 5);
        List<Long> steady = arrivals(5, hour -> 4);

        Result several = replay(new PoolLimits(LEAST, MOST, 5), bursts, 4);
        Result single = replay(new PoolLimits(LEAST, MOST, 1), steady, 5);

        assertThat(several.changesOfAnHour()).isBetween(2, MOST_CHANGES);
        assertThat(single.changesOfAnHour()).isBetween(2, MOST_CHANGES);
        assertThat(several.p95WaitSeconds()).isLessThan(15);
        assertThat(single.p95WaitSeconds()).isLessThan(15);
    }

    @Test
    void growsToTheMaximumWithinASecondWhenMuchWorkComesAtOnce() {
        Clock clock = new Clock();
        SessionPool pool = new SessionPool("llm", new PoolLimits(LEAST, MOST, 1), clock, event -> {});
        pool.open();
        while (pool.snapshot().size() < MOST) {
            while (pool.freeSlots() > 0) {
                assertThat(pool.tryAcquire()).isNotNull();
            }
            clock.now += pool.adapt(true) ? 0 : pool.untilNextAdapt().toNanos();
        }

        assertThat(Duration.ofNanos(clock.now)).isLessThan(Duration.ofSeconds(1));
    }
}
