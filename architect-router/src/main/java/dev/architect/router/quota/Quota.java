package dev.architect.router.quota;

import dev.architect.router.policy.QuotaRule;
import dev.architect.router.policy.QuotaUnit;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One limit: so many units of one kind within a period, or so many calls at the same time, of one key, model or tenant. Requests that find too
 * little stand in a line: what they wait for is not given to those that come later. Guarded by the lock of the {@link QuotaBook}.
 */
final class Quota {

    private static final int PERCENT = 100;

    /**
     * For so long a store counts the calls of a node that reports nothing more: calls at the same time have no period, and hardly one takes
     * longer.
     */
    private static final Duration LONGEST_CALL = Duration.ofMinutes(15);

    /** When calls end is not known: a request that waits for one looks again after a moment, and is woken when one ends here. */
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    private final String name;
    private final QuotaUnit unit;
    private long limit;
    private final long periodNanos;
    private final TimeSource time;
    private final SlidingWindow window;
    private final ArrayDeque<QuotaTicket> line = new ArrayDeque<>();
    /** Null when this process has the whole limit. */
    private final @Nullable SharedSlice slice;

    /** Calls on their way, of a limit of calls at the same time. */
    private long held;

    private long waitingUnits;
    /** What a request that does not stand in the line lacks just now. */
    private long wanted;

    private long refused;

    Quota(
            QuotaRule rule,
            QuotaUnit unit,
            long limit,
            String subject,
            TimeSource time,
            @Nullable SliceExchange exchangeOrNull) {
        this.unit = unit;
        this.limit = limit;
        Duration period = isConcurrent(unit) ? LONGEST_CALL : rule.period();
        this.periodNanos = period.toNanos();
        this.time = time;
        this.name = name(rule, unit, subject);
        this.window = new SlidingWindow(periodNanos, time.nanoTime());
        this.slice = exchangeOrNull == null ? null : new SharedSlice(this, period, exchangeOrNull, time.nanoTime());
    }

    static String name(QuotaRule rule, QuotaUnit unit, String subject) {
        return isConcurrent(unit)
                ? "concurrent calls of " + subject
                : unit.field() + " of " + subject + " within " + text(rule.period());
    }

    /** Another policy has another limit. */
    void follow(long changed) {
        limit = changed;
        wakeFirst();
    }

    private static boolean isConcurrent(QuotaUnit unit) {
        return unit == QuotaUnit.CONCURRENT_CALLS;
    }

    /** Whether it limits calls at the same time, which come back when they end and not after a period. */
    boolean isConcurrent() {
        return isConcurrent(unit);
    }

    /** Calls that are on their way now, of a limit of calls at the same time. */
    long held() {
        return held;
    }

    private static String text(Duration period) {
        return period.toString().substring(2).toLowerCase(Locale.ROOT);
    }

    /** What it limits, for messages and metrics: {@code tokens of user ann within 1m}. */
    String name() {
        return name;
    }

    long limit() {
        return limit;
    }

    long periodNanos() {
        return periodNanos;
    }

    @Nullable
    SharedSlice slice() {
        return slice;
    }

    SlidingWindow window() {
        return window;
    }

    /** What a call takes; one that is larger than the whole limit takes all of it, and is for the provider to refuse. */
    long share(long promptTokens, long answerTokens) {
        return Math.min(limit, unit.of(promptTokens, answerTokens));
    }

    /** The units of a call that has ended. */
    long used(long promptTokens, long answerTokens) {
        return unit.of(promptTokens, answerTokens);
    }

    boolean hasRoom(long units, @Nullable QuotaTicket ticketOrNull, int reservePercent, long now) {
        return missing(units, ticketOrNull, reservePercent, now) <= 0;
    }

    /** How many units more must be free before such a call may go; zero or less when it may go now. */
    private long missing(long units, @Nullable QuotaTicket ticketOrNull, int reservePercent, long now) {
        long ahead = ahead(ticketOrNull);
        long reserve = isConcurrent() ? limit * reservePercent / PERCENT : limit / PERCENT * reservePercent;
        if (slice == null) {
            return units + ahead + reserve - (limit - used(now));
        }
        return slice.missing(units + ahead, reserve, now);
    }

    /** How long until such a call may go, if nothing comes back before; zero when it may go now. */
    long nanosUntil(long units, @Nullable QuotaTicket ticketOrNull, int reservePercent, long now) {
        long missing = missing(units, ticketOrNull, reservePercent, now);
        if (missing <= 0) {
            return 0;
        }
        if (isConcurrent()) {
            return LOOK_NANOS;
        }
        if (slice != null) {
            return slice.nanosUntil(missing, now);
        }
        // Those ahead may need more than one whole limit, which comes back in a period.
        long used = window.used(now);
        long beyond = missing > used ? (missing - used + limit - 1) / limit : 0;
        return beyond * periodNanos + window.nanosUntilLess(Math.min(missing, used), now);
    }

    /** What those wait for who stand before it; all of them for one that does not stand in the line. */
    private long ahead(@Nullable QuotaTicket ticketOrNull) {
        if (waitingUnits == 0) {
            return 0;
        }
        long sum = 0;
        for (QuotaTicket waiting : line) {
            if (waiting == ticketOrNull) {
                break;
            }
            sum += waiting.unitsOf(this);
        }
        return sum;
    }

    /** Takes units, and returns when they are counted: a slot of the window. */
    long take(long units, long now) {
        if (isConcurrent()) {
            held += units;
            if (slice != null) {
                slice.take(units, now);
            }
            return 0;
        }
        long slot = window.slotAt(now);
        window.add(slot, units, now);
        if (slice != null) {
            slice.take(units, now);
        }
        return slot;
    }

    /** Corrects what was taken in {@code slot}, at {@code takenAt}, by so many units more or fewer. */
    void correct(long slot, long takenAt, long units, long now) {
        if (units == 0 || isConcurrent()) {
            return;
        }
        window.add(slot, units, now);
        if (slice != null) {
            slice.correct(takenAt, units, now);
            slice.ask();
        }
        if (units < 0) {
            wakeFirst();
        }
    }

    /** Gives back what was taken in {@code slot}, at {@code takenAt}, of a call that was not made. Wakes no waiting thread and does not call the store. */
    void giveBack(long slot, long takenAt, long units, long now) {
        window.add(slot, -units, now);
        if (slice != null) {
            slice.correct(takenAt, -units, now);
        }
    }

    /** So many calls at the same time have ended, or were not made. Wakes no waiting thread and does not call the store. */
    void release(long calls) {
        held -= calls;
        if (slice != null) {
            slice.release(calls);
        }
    }

    /** There is more than before: the first ticket in line is tried again, and the store may take what no ticket here waits for. */
    void announce() {
        if (slice != null) {
            slice.ask();
        }
        wakeFirst();
    }

    void enter(QuotaTicket ticket) {
        line.add(ticket);
        waitingUnits += ticket.unitsOf(this);
    }

    void leave(QuotaTicket ticket) {
        Iterator<QuotaTicket> each = line.iterator();
        while (each.hasNext()) {
            if (each.next() == ticket) {
                each.remove();
                waitingUnits -= ticket.unitsOf(this);
                // Those behind it have one less before them.
                wakeFirst();
                return;
            }
        }
    }

    /** The first of the line looks again; when it goes, it wakes the next. */
    void wakeFirst() {
        QuotaTicket first = line.peek();
        if (first != null) {
            first.wake();
        }
    }

    /** All of the line look again, but for {@code own}. */
    void wakeOthers(QuotaTicket own) {
        for (QuotaTicket each : line) {
            if (each != own) {
                each.wake();
            }
        }
    }

    /** Units that the first of the line waits for, zero when none waits. */
    long firstUnits() {
        QuotaTicket first = line.peek();
        return first == null ? 0 : first.unitsOf(this);
    }

    /** A request needs so many units now. */
    void want(long units) {
        wanted = Math.max(wanted, units);
    }

    long takeWanted() {
        long taken = wanted;
        wanted = 0;
        return taken;
    }

    void sliceFailed() {
        if (slice != null) {
            slice.failed(time.nanoTime());
        }
    }

    /** How long until it is worth looking again for a call that has to wait {@code expected}. */
    long nanosUntilLook(long expected, @Nullable QuotaTicket ticketOrNull, long now) {
        if (slice == null) {
            return expected;
        }
        if (isConcurrent()) {
            return Math.min(expected, slice.nanosUntilLook(now));
        }
        // The first of the line asks the store for all; the others are woken when their turn comes.
        boolean isFirst = line.isEmpty() || line.peek() == ticketOrNull;
        long look = slice.nanosUntilLook(now);
        return isFirst ? look : Math.max(expected, look);
    }

    long waitingUnits() {
        return waitingUnits;
    }

    int waiting() {
        return line.size();
    }

    void recordRefusal() {
        refused++;
    }

    long refused() {
        return refused;
    }

    long used() {
        return used(time.nanoTime());
    }

    /** What counts against the limit in this process. */
    long used(long now) {
        return isConcurrent() ? held : window.used(now);
    }

    /** Whether nothing about it is worth keeping. */
    boolean isIdle(long now) {
        return line.isEmpty() && used(now) == 0 && (slice == null || slice.isIdle());
    }
}
