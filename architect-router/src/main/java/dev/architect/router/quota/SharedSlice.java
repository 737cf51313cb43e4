package dev.architect.router.quota;

import dev.architect.quota.QuotaUse;
import dev.architect.quota.QuotaWindow;
import dev.architect.quota.SliceGrant;
import dev.architect.quota.SliceRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The part of a shared limit that this node may use now, and what it has to report. Slices grow with what is used, from what the first
 * request needs up to a part of the limit, and end after a moment: an idle node holds next to nothing.
 *
 * <p>The time of the store is known from its grants alone: what the monotonic clock has counted since the request is added to it, so that
 * the clocks of nodes may show anything.
 *
 * <p>Of a limit of calls at the same time the slice is what is on its way, and what those need that wait: everything else is given back with the
 * next exchange, which each call that ends asks for.
 *
 * <p>When the store cannot be asked, the slice is used until it ends. A moment later this node uses at most half of what would be its equal part
 * among the nodes that the last grant has named, at least two, counted by its own window. Guarded by the lock of the {@link QuotaBook}.
 */
final class SharedSlice {

    private static final long NANOS_PER_MICRO = 1_000;

    /** The largest slice is such a part of the limit. */
    private static final int LARGEST_PART = 32;

    private static final int OUTAGE_PART = 2;

    /** A store that has not answered for so many times the validity of a slice is taken to be down. */
    private static final int OUTAGE_VALIDITIES = 2;

    private static final int LEAST_HOLDERS = 2;

    /** Calls at the same time may end elsewhere at any moment. */
    private static final long ASK_AGAIN_NANOS = Duration.ofMillis(250).toNanos();

    /** Corrections are gathered for such a part of the time that a slice is valid. */
    private static final int GATHERING_PART = 20;

    private final Quota quota;
    private final Duration period;
    private final long slotMicros;
    private final long validityNanos;
    private final SliceExchange exchange;
    /** What is not reported yet, by slot of the store's clock. */
    private TreeMap<Long, Long> unreported = new TreeMap<>();
    /** What was reported, until the answer is there. */
    private @Nullable List<QuotaUse> unconfirmed;

    /** What calls have taken since the last report, without what came back of earlier ones. */
    private long takenSinceReport;

    private long reportedAt;
    private boolean isDirty;
    private boolean isGranted;
    private long epoch;
    private long units;
    private long endsAt;
    // The last grant: what the clock of the store showed, and the monotonic clock before it was asked.
    private long grantMicros;
    private long grantedAt;
    private long freeElsewhere;
    private int holders = LEAST_HOLDERS;
    // What is used in the time that a slice is valid, older uses counting less.
    private double recent;
    private long recentAt;
    private boolean hasNothing;
    private long askAgainAt;
    private long expectedAt;
    private long expectedUnits;
    private long askedFor;
    private boolean hasFailed;
    private long failedAt;

    SharedSlice(Quota quota, Duration period, SliceExchange exchange, long now) {
        this.quota = quota;
        this.period = period;
        this.slotMicros = Math.max(1, period.toNanos() / NANOS_PER_MICRO / QuotaWindow.SLOTS);
        this.validityNanos = QuotaWindow.validity(period).toNanos();
        this.exchange = exchange;
        this.grantedAt = now;
        this.recentAt = now;
    }

    /** How many units more are needed for a call that takes {@code wanted}; zero or less when it may go now. */
    long missing(long wanted, long reserve, long now) {
        if (isAlive(now)) {
            long left = wanted - units;
            return left > 0 ? left : Math.max(left, wanted + reserve - units - freeElsewhere);
        }
        if (!isStoreDown(now)) {
            return wanted;
        }
        long share = outageShare();
        return Math.min(wanted, share) + quota.used(now) - share;
    }

    /** How long until such a call may go: an expectation, nodes that give back less or more change it. */
    long nanosUntil(long missing, long now) {
        if (isStoreDown(now) && !isAlive(now)) {
            return Math.max(1, quota.window().nanosUntilLess(missing, now));
        }
        if (!hasNothing) {
            // The store has not been asked yet, and may have something.
            return Math.max(1, exchange.nanosUntilRetry(now));
        }
        double perUnit = (double) period.toNanos() / quota.limit();
        return Math.max(1, expectedAt - now + (long) (perUnit * Math.max(0, missing - expectedUnits)));
    }

    /** How long until it is worth looking again. */
    long nanosUntilLook(long now) {
        if (hasFailed) {
            return Math.max(1, exchange.nanosUntilRetry(now));
        }
        return hasNothing && askAgainAt - now > 0 ? askAgainAt - now : validityNanos;
    }

    private long outageShare() {
        return Math.max(1, quota.limit() / (OUTAGE_PART * (long) Math.max(LEAST_HOLDERS, holders)));
    }

    /** A store that fails once may answer the next time: until then nothing is used beyond the slice. */
    private boolean isStoreDown(long now) {
        return hasFailed && now - failedAt >= OUTAGE_VALIDITIES * validityNanos;
    }

    private boolean isAlive(long now) {
        return isGranted && endsAt - now > 0;
    }

    void take(long taken, long now) {
        if (isAlive(now)) {
            units -= taken;
        }
        if (quota.isConcurrent()) {
            // Nothing was used up: the next report has what is on its way.
            return;
        }
        takenSinceReport += taken;
        decay(now);
        recent += taken;
        note(storeMicros(now), taken);
        if (needsExchange(now)) {
            // Before it is empty, so that the next call need not wait.
            exchange.ask(quota);
        }
    }

    /** Calls at the same time have ended, or were not made. Those that wait here may go in their place, or the store gets it back. */
    void release(long ended) {
        if (isGranted) {
            units += ended;
        }
        isDirty = true;
    }

    /** There is something to report. */
    void ask() {
        exchange.ask(quota);
    }

    private void decay(long now) {
        recent *= Math.exp(-(double) Math.max(0, now - recentAt) / validityNanos);
        recentAt = now;
    }

    /** The use of a call that was taken at {@code takenAt} turns out to be more or less. */
    void correct(long takenAt, long changed, long now) {
        if (isAlive(now) && takenAt - grantedAt >= 0) {
            units -= changed;
        }
        if (takenAt - reportedAt >= 0) {
            takenSinceReport += changed;
        }
        note(storeMicros(takenAt), changed);
        isDirty = true;
    }

    private long storeMicros(long at) {
        return grantMicros + Math.floorDiv(at - grantedAt, NANOS_PER_MICRO);
    }

    private void note(long micros, long used) {
        unreported.merge(Math.floorDiv(micros, slotMicros), used, Long::sum);
    }

    /** Whether there is a reason to ask the store now. */
    boolean needsExchange(long now) {
        if (hasFailed) {
            return exchange.nanosUntilRetry(now) <= 0;
        }
        boolean isWaitedFor = quota.firstUnits() > Math.max(0, isAlive(now) ? units : 0);
        if (isDirty && isGathered(now)) {
            return true;
        }
        if (hasNothing && askAgainAt - now > 0) {
            return false;
        }
        return isWaitedFor || !isAlive(now) || units < recent / 2 || endsAt - now < validityNanos / 4;
    }

    private boolean isGathered(long now) {
        return now - grantedAt >= validityNanos / GATHERING_PART;
    }

    /** Whether asking the store could help a request that lacks something now. */
    boolean canHelp(long now) {
        long first = quota.firstUnits();
        if (first > 0 && isAlive(now) && units >= first) {
            // The first of the line goes now, and wakes the next.
            return false;
        }
        return hasFailed
                ? exchange.nanosUntilRetry(now) <= 0
                : !hasNothing || askAgainAt - now <= 0 || (isDirty && isGathered(now));
    }

    /** Returns what to ask the store for; {@code wantedNow} units are wanted beside what the line waits for. */
    SliceRequest request(long wantedNow, long now) {
        if (!isAlive(now)) {
            isGranted = false;
            units = 0;
        }
        if (unconfirmed == null) {
            unconfirmed = uses();
            unreported = new TreeMap<>();
            takenSinceReport = 0;
            reportedAt = now;
            // What was used beyond the slice is reported with the rest.
            units = Math.max(0, units);
        }
        isDirty = false;
        decay(now);
        if (quota.isConcurrent()) {
            units = Math.max(0, Math.min(units, quota.waitingUnits() + wantedNow));
        }
        long left = Math.max(0, units);
        long largest = quota.isConcurrent() ? quota.limit() : Math.max(1, quota.limit() / LARGEST_PART);
        long first = quota.firstUnits();
        long least = first > 0 ? first : wantedNow;
        long wanted = Math.min(largest, Math.max((long) recent, quota.waitingUnits() + wantedNow));
        long missing = Math.max(0, least - left);
        expectedUnits = missing;
        askedFor = Math.max(missing, wanted - left);
        return new SliceRequest(
                quota.name(),
                quota.limit(),
                period,
                epoch,
                unconfirmed,
                left + unreportedUnits(),
                missing,
                Math.max(0, askedFor));
    }

    /** What calls have taken and no report has yet: all that is on its way of a limit of calls at the same time. */
    private long unreportedUnits() {
        return quota.isConcurrent() ? quota.held() : Math.max(0, takenSinceReport);
    }

    private List<QuotaUse> uses() {
        List<QuotaUse> uses = new ArrayList<>(unreported.size());
        for (Map.Entry<Long, Long> each : unreported.entrySet()) {
            if (each.getValue() != 0) {
                uses.add(new QuotaUse(each.getKey() * slotMicros, each.getValue()));
            }
        }
        return uses;
    }

    void granted(SliceGrant grant, long askedAt, long now) {
        hasFailed = false;
        unconfirmed = null;
        epoch = grant.epoch();
        units += grant.units();
        endsAt = askedAt + grant.validity().toNanos();
        isGranted = true;
        grantedAt = askedAt;
        grantMicros = grant.atMicros();
        freeElsewhere = grant.free();
        holders = grant.holders();
        hasNothing = grant.units() < askedFor;
        expectedAt = now + grant.retryAfter().toNanos();
        // Others give back what they do not need, so the store is asked again before that.
        askAgainAt = now + nanosUntilAskedAgain(grant);
        quota.wakeFirst();
    }

    private long nanosUntilAskedAgain(SliceGrant grant) {
        if (quota.isConcurrent()) {
            return ASK_AGAIN_NANOS;
        }
        return grant.retryAfter().isZero()
                ? validityNanos / 2
                : Math.min(grant.retryAfter().toNanos(), validityNanos / 2);
    }

    /** The store did not answer. */
    void failed(long now) {
        if (!hasFailed) {
            hasFailed = true;
            failedAt = now;
        }
        isDirty = true;
        quota.wakeFirst();
    }

    /** Whether the store counts something that could be given back, or does not know of all that was used. */
    boolean hasSomething() {
        return isGranted || !isIdle();
    }

    /** Returns a request that reports everything and keeps nothing. */
    SliceRequest lastRequest(long now) {
        SliceRequest request = request(0, now);
        return new SliceRequest(
                request.quota(),
                request.limit(),
                request.period(),
                request.epoch(),
                request.uses(),
                unreportedUnits(),
                0,
                0);
    }

    boolean isIdle() {
        return unreported.isEmpty() && unconfirmed == null;
    }
}
