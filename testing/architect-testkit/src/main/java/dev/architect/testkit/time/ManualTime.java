package dev.architect.testkit.time;

import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Time that stands still until a test advances it. A thread that sleeps or waits for a {@link WakeUp} resumes when {@link #advance}
 * reaches its deadline, or when it is signalled. Random numbers come from a seed.
 *
 * <p>A thread that {@code advance} or a signal releases stops counting as waiting at that moment, so a test can step without
 * sleeping: {@code time.awaitWaiting(1); time.advance(ofSeconds(5)); time.awaitWaiting(1);}. Safe for use by several threads.
 */
public final class ManualTime implements TimeSource {

    /** The default start of the wall clock: 2026-01-01T00:00:00Z. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** The timeout of {@link #awaitWaiting}, in real time. */
    private static final Duration AWAIT_TIMEOUT = Duration.ofSeconds(60);

    /** How often {@link #awaitRest} looks at threads that do not wait by this clock, in real time. */
    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition waitersChanged = lock.newCondition();
    private final Set<Waiter> waiters = new HashSet<>();
    /** All that have waited, while they live. */
    private final Set<Thread> users = Collections.newSetFromMap(new WeakHashMap<>());
    /** Those that were released and have not gone on yet. */
    private final Set<Thread> resuming = new HashSet<>();

    private final SplittableRandom random;
    private final long seed;
    private Instant wall;
    private long nanos;

    /** Creates a clock that shows {@link #START} and takes random numbers from seed 0. */
    public ManualTime() {
        this(START, 0);
    }

    /** Creates a clock that shows {@code start} and takes random numbers from {@code seed}. */
    public ManualTime(Instant start, long seed) {
        this.wall = start;
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /** Moves both clocks forward and releases the threads whose deadline is reached, the earliest first. */
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("duration is " + duration + ", expected zero or more");
        }
        lock.lock();
        try {
            wall = wall.plus(duration);
            nanos += duration.toNanos();
            // A copy, because release() removes from the set.
            List<Waiter> due = new ArrayList<>(waiters);
            due.removeIf(waiter -> waiter.deadline > nanos);
            due.sort((a, b) -> Long.compare(a.deadline, b.deadline));
            due.forEach(this::release);
        } finally {
            lock.unlock();
        }
    }

    /** Moves the wall clock alone, forwards or backwards, as an operator or an NTP server may do. */
    public void jumpWall(Duration jump) {
        lock.lock();
        try {
            wall = wall.plus(jump);
        } finally {
            lock.unlock();
        }
    }

    /** The number of threads that sleep or wait for a signal of this clock now. */
    public int waitingCount() {
        lock.lock();
        try {
            return waiters.size();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the threads that sleep or wait for a signal of this clock now. */
    public Set<Thread> waitingThreads() {
        lock.lock();
        try {
            return waiters.stream().map(waiter -> waiter.thread).collect(Collectors.toUnmodifiableSet());
        } finally {
            lock.unlock();
        }
    }

    /** Returns the time to the earliest deadline of a waiting thread; empty when none waits. */
    public Optional<Duration> untilNextDeadline() {
        lock.lock();
        try {
            return waiters.stream()
                    .map(waiter -> waiter.deadline - nanos)
                    .min(Long::compare)
                    .map(Duration::ofNanos);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Blocks until at least {@code threads} threads sleep or wait.
     *
     * @throws IllegalStateException when that has not happened after 60 seconds of real time
     */
    public void awaitWaiting(int threads) throws InterruptedException {
        lock.lock();
        try {
            long remaining = AWAIT_TIMEOUT.toNanos();
            while (waiters.size() < threads) {
                if (remaining <= 0) {
                    throw new IllegalStateException(
                            waiters.size() + " threads wait, expected " + threads + " within " + AWAIT_TIMEOUT);
                }
                remaining = waitersChanged.awaitNanos(remaining);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Blocks until the other threads that have ever waited by this clock are at rest: they wait by it again, are held up by something else,
     * or have ended. A test that advances in steps and waits for this after each of them does not run ahead of threads that get no
     * processor for a while. Threads that have never waited by this clock are not looked at, and what they let go on may begin a moment
     * later.
     *
     * @param limit how long to wait, in real time, since a thread that computes on and on never rests
     * @return whether all were at rest before the limit
     */
    public boolean awaitRest(Duration limit) throws InterruptedException {
        lock.lock();
        try {
            long remaining = limit.toNanos();
            while (isAnyThreadAtWork()) {
                if (remaining <= 0) {
                    return false;
                }
                long look = Math.min(remaining, LOOK_NANOS);
                remaining -= look - waitersChanged.awaitNanos(look);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isAnyThreadAtWork() {
        Set<Thread> waiting = waiters.stream().map(waiter -> waiter.thread).collect(Collectors.toSet());
        users.removeIf(thread -> !thread.isAlive());
        return users.stream()
                .anyMatch(thread -> thread != Thread.currentThread() && !waiting.contains(thread) && isAtWork(thread));
    }

    private boolean isAtWork(Thread thread) {
        if (resuming.contains(thread) || lock.hasQueuedThread(thread)) {
            return true;
        }
        return switch (thread.getState()) {
            case NEW, RUNNABLE, BLOCKED -> true;
            // A thread that waits for a lock has it in a moment.
            case WAITING, TIMED_WAITING -> isLock(LockSupport.getBlocker(thread));
            case TERMINATED -> false;
        };
    }

    private static boolean isLock(@Nullable Object blocker) {
        Class<?> owner = blocker == null ? null : blocker.getClass().getEnclosingClass();
        return owner != null && (Lock.class.isAssignableFrom(owner) || ReadWriteLock.class.isAssignableFrom(owner));
    }

    @Override
    public Instant wallTime() {
        lock.lock();
        try {
            return wall;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long nanoTime() {
        lock.lock();
        try {
            return nanos;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        newWakeUp().await(duration);
    }

    @Override
    public WakeUp newWakeUp() {
        return new ManualWakeUp();
    }

    @Override
    public long random(long bound) {
        lock.lock();
        try {
            return random.nextLong(bound);
        } finally {
            lock.unlock();
        }
    }

    /** Shows the time and the seed, to replay a test. */
    @Override
    public String toString() {
        return "ManualTime[" + wallTime() + ", seed " + seed + "]";
    }

    private void release(Waiter waiter) {
        // Removed here and not by the thread, which may resume much later: awaitWaiting must not count it any more.
        waiters.remove(waiter);
        resuming.add(waiter.thread);
        waiter.released = true;
        waiter.condition.signal();
    }

    /** One waiting thread. Guarded by the lock. */
    private final class Waiter {
        private final long deadline;
        private final Thread thread = Thread.currentThread();
        private final Condition condition = lock.newCondition();
        private boolean released;

        Waiter(long deadline) {
            this.deadline = deadline;
        }
    }

    /** A wake-up by this clock. Guarded by the lock. */
    private final class ManualWakeUp implements WakeUp {
        private boolean signalled;
        private @Nullable Waiter waiting;

        @Override
        public void signal() {
            lock.lock();
            try {
                signalled = true;
                if (waiting != null) {
                    release(waiting);
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public boolean await(Duration timeout) throws InterruptedException {
            // A thread that is interrupted already does not wait, as with a real clock.
            lock.lockInterruptibly();
            try {
                if (!signalled && timeout.compareTo(Duration.ZERO) > 0) {
                    park(new Waiter(deadline(timeout)));
                }
                boolean wasSignalled = signalled;
                signalled = false;
                return wasSignalled;
            } finally {
                lock.unlock();
            }
        }

        private void park(Waiter waiter) throws InterruptedException {
            waiting = waiter;
            waiters.add(waiter);
            users.add(waiter.thread);
            waitersChanged.signalAll();
            try {
                // A condition may wake a thread without a signal.
                while (!waiter.released) {
                    waiter.condition.await();
                }
            } finally {
                // A thread that was interrupted has not been released, and is still in the set.
                waiters.remove(waiter);
                resuming.remove(waiter.thread);
                waiting = null;
            }
        }

        private long deadline(Duration timeout) {
            // Compared before the addition, which would overflow for a wait without an end.
            long max = Long.MAX_VALUE - nanos;
            return timeout.compareTo(Duration.ofNanos(max)) >= 0 ? Long.MAX_VALUE : nanos + timeout.toNanos();
        }
    }
}
