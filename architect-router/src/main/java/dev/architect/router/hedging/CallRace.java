package dev.architect.router.hedging;

import dev.architect.chat.ChatListener;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Two calls of the same request, of which one is answered. The first one that begins to be answered wins, and the other one is cancelled at that
 * moment, by the thread of the winner. Everything else happens on the caller's thread: it starts the calls, waits, delivers what the winner
 * streams, and settles both; so code of the host runs on no other thread.
 *
 * <p>An interruption of the caller cancels both calls. Its interrupt flag is set again when the race is over.
 */
public final class CallRace {

    /** So long a cancelled provider may take to return; then its call is settled without it. */
    private static final Duration GRACE = Duration.ofMillis(100);

    /** Longer than any call. */
    public static final long UNLIMITED = Duration.ofDays(2).toNanos();

    private final ThreadRunner threads;
    private final TimeSource time;
    private final WakeUp wakeUp;
    private final List<RaceLeg> legs = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable RaceLeg> winner = new AtomicReference<>();
    private volatile long decidedAt;
    private boolean interrupted;

    CallRace(ThreadRunner threads, TimeSource time) {
        this.threads = threads;
        this.time = time;
        this.wakeUp = time.newWakeUp();
    }

    /**
     * Starts a call.
     *
     * @param provider calls the provider, with a listener for what it streams; its own thread runs it
     * @param onEnd runs when the provider has returned, on that thread; must not fail
     * @return the call, null when the system has no thread for it; then nothing was sent and {@code onEnd} does not run
     */
    public @Nullable RaceLeg start(Function<ChatListener, ProviderAnswer> provider, Runnable onEnd) {
        RaceLeg leg = new RaceLeg(this, provider, onEnd);
        legs.add(leg);
        if (winner.get() != null) {
            // Decided before it was among the calls that the winner cancels.
            leg.cancel();
        }
        try {
            threads.run("hedge", leg::run, leg::endUnsent);
        } catch (Throwable noThread) {
            legs.remove(leg);
            return null;
        }
        return leg;
    }

    /** Whether {@code leg} has won; decides the race for it when nothing has. */
    boolean decideFor(RaceLeg leg) {
        if (!winner.compareAndSet(null, leg)) {
            return winner.get() == leg;
        }
        decidedAt = time.nanoTime();
        for (RaceLeg other : legs) {
            if (other != leg) {
                other.cancel();
            }
        }
        return true;
    }

    /** Something is to be seen by the caller's thread. */
    void changed() {
        wakeUp.signal();
    }

    /** The call that won; null when the race is open or neither has. */
    public @Nullable RaceLeg winner() {
        return winner.get();
    }

    /**
     * Waits until the race is decided, a call has ended, or {@code nanos} have passed. Blocks.
     *
     * @return false when the caller was interrupted; then all calls are cancelled
     */
    public boolean awaitDecision(long nanos) {
        long until = time.nanoTime() + nanos;
        while (winner.get() == null && legs.stream().noneMatch(RaceLeg::hasEnded)) {
            long left = until - time.nanoTime();
            if (left <= 0) {
                return true;
            }
            if (!await(Duration.ofNanos(left))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Delivers what {@code leg} streams to {@code listener}, once it has won, until it has ended. Returns earlier when another call wins. Blocks.
     * What the listener throws is thrown on, after all calls were cancelled.
     *
     * @param turn runs when there is nothing to deliver; returns after how many nanoseconds it is to run again at the latest, zero when it
     *     did something
     * @return false when the caller was interrupted; then all calls are cancelled
     */
    public boolean deliver(RaceLeg leg, ChatListener listener, LongSupplier turn) {
        while (true) {
            if (Thread.interrupted()) {
                return interrupt();
            }
            RaceLeg won = winner.get();
            if (won != null && won != leg) {
                return true;
            }
            // Looked at before the parts: what comes before the end is there then.
            boolean isOver = leg.hasEnded();
            if (won == leg && deliverNext(leg, listener)) {
                continue;
            }
            if (isOver && (won == leg || winner.get() != leg)) {
                return true;
            }
            long longest = isOver ? 0 : turn.getAsLong();
            // What the turn waited for itself may have taken the signal that is due here, so everything is looked at
            // again.
            if (longest > 0 && !await(Duration.ofNanos(longest))) {
                return false;
            }
        }
    }

    private boolean deliverNext(RaceLeg won, ChatListener listener) {
        try {
            return won.deliverTo(listener);
        } catch (Throwable thrown) {
            cancelAll();
            throw thrown;
        }
    }

    /** How long a cancelled call may still take, in nanoseconds; zero or less when its provider has had its time. */
    public long graceLeftNanos() {
        return decidedAt + GRACE.toNanos() - time.nanoTime();
    }

    /** Cancels {@code leg} and waits until its provider has returned, a tenth of a second at most; interruptions are kept for later. */
    public void awaitCancelled(RaceLeg leg) {
        leg.cancel();
        long until = time.nanoTime() + GRACE.toNanos();
        while (!leg.hasEnded()) {
            long left = until - time.nanoTime();
            if (left <= 0) {
                return;
            }
            await(Duration.ofNanos(left));
        }
    }

    private boolean await(Duration longest) {
        try {
            wakeUp.await(longest);
            return true;
        } catch (InterruptedException leaving) {
            return interrupt();
        }
    }

    private boolean interrupt() {
        interrupted = true;
        cancelAll();
        return false;
    }

    private void cancelAll() {
        legs.forEach(RaceLeg::cancel);
    }

    /** Whether the caller was interrupted. */
    public boolean isInterrupted() {
        return interrupted;
    }

    /** Sets the interrupt flag of the caller again when it was interrupted meanwhile. */
    public void end() {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
