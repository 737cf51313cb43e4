package dev.architect.router.admission;

import dev.architect.model.RateLimit;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.List;

/**
 * What is left of the rate limits that a provider reports with each reply, so that a call is not sent only to be refused. Each call takes
 * its share when it is admitted, and the next reply replaces the guess by what the provider counted. Limits refill evenly until the
 * stated time, as those of Anthropic and OpenAI do; when a call is refused although something should be left, the provider counts
 * by whole periods, and from then on nothing is expected before the period ends.
 *
 * <p>When less is left than this process knows of, others use the same key. What they take is averaged and expected to go on, and a little is
 * left for calls that they send at the same moment.
 *
 * <p>What no reply reports limits nothing. Safe for use by several threads.
 */
public final class ReportedLimits {

    private static final List<String> NAMES = List.of("requests", "tokens", "input-tokens", "output-tokens");

    private static final double TOLERANCE = 1e-6;

    /** What others use is averaged over about so long. */
    private static final long OTHERS_NANOS = Duration.ofSeconds(20).toNanos();

    private static final double LEAST_WEIGHT = 0.02;
    /** This process tries with a tenth of the refill, however much others have taken. */
    private static final double MOST_OF_OTHERS = 0.9;

    // What is left to others: four calls or a fiftieth of the limit, a tenth at the most.
    private static final int OTHERS_CALLS = 4;
    private static final int OTHERS_ROOM = 50;
    private static final int OTHERS_PART = 10;

    private final TimeSource time;
    private final Object lock = new Object();
    private final Bucket[] buckets = new Bucket[NAMES.size()];
    private boolean refillsEvenly = true;
    private volatile boolean anyReported;

    public ReportedLimits(TimeSource time) {
        this.time = time;
        for (int index = 0; index < buckets.length; index++) {
            buckets[index] = new Bucket();
        }
    }

    /** Takes the share of one call; nothing is granted and taken when not all of it is left. */
    public Taken tryTake(CallDemand demand) {
        return tryTake(demand, 0);
    }

    /** The same for a request that leaves so many percent of each limit to others. */
    public Taken tryTake(CallDemand demand, int reservePercent) {
        synchronized (lock) {
            if (!untilFree(demand, reservePercent).isZero()) {
                return Taken.NOTHING;
            }
            return take(demand, true);
        }
    }

    /** Takes the share of one call whatever is left: for a request that has no other candidate. */
    public Taken take(CallDemand demand) {
        synchronized (lock) {
            return take(demand, untilFree(demand).isZero());
        }
    }

    private Taken take(CallDemand demand, boolean wasLeft) {
        for (int index = 0; index < buckets.length; index++) {
            buckets[index].taken += share(index, demand);
        }
        return new Taken(buckets[0].taken, buckets[1].taken, buckets[2].taken, buckets[3].taken, wasLeft);
    }

    /** Gives the share of a call back that was not made. */
    public void giveBack(CallDemand demand) {
        synchronized (lock) {
            for (int index = 0; index < buckets.length; index++) {
                buckets[index].taken -= share(index, demand);
            }
        }
    }

    /** How long until such a call may be made; zero when it may be made now. */
    public Duration untilFree(CallDemand demand) {
        return untilFree(demand, 0);
    }

    /** The same for a request that leaves so many percent of each limit to others. */
    public Duration untilFree(CallDemand demand, int reservePercent) {
        synchronized (lock) {
            long now = time.nanoTime();
            double longest = 0;
            for (int index = 0; index < buckets.length; index++) {
                longest = Math.max(
                        longest, buckets[index].nanosUntil(share(index, demand), reservePercent, now, refillsEvenly));
            }
            return Duration.ofNanos((long) Math.ceil(longest));
        }
    }

    /** The most tokens of a prompt that a period has room for, as far as replies have reported it; {@link Long#MAX_VALUE} when unknown. */
    public long largestPrompt() {
        synchronized (lock) {
            double least = Long.MAX_VALUE;
            for (int index = 1; index <= 2; index++) {
                least = buckets[index].isKnown ? Math.min(least, buckets[index].limit) : least;
            }
            return (long) least;
        }
    }

    /** The least share of a limit that such a call would leave, 0 to 1; 1 when no reply has reported any. */
    public double remainingShare(long promptTokens, long answerTokens) {
        if (!anyReported) {
            return 1;
        }
        synchronized (lock) {
            long now = time.nanoTime();
            double least = 1;
            for (int index = 0; index < buckets.length; index++) {
                least = Math.min(
                        least, buckets[index].shareLeft(share(index, promptTokens, answerTokens), now, refillsEvenly));
            }
            return least;
        }
    }

    /** A reply came with the limits as they stood then. */
    public void update(Taken byCall, List<RateLimit> reported) {
        if (reported.isEmpty()) {
            return;
        }
        synchronized (lock) {
            long now = time.nanoTime();
            for (RateLimit limit : reported) {
                int index = NAMES.indexOf(limit.name());
                if (index >= 0
                        && limit.remaining().isPresent()
                        && limit.resetAfter().isPresent()) {
                    anyReported = true;
                    buckets[index].update(limit, byCall.after(index), now);
                }
            }
        }
    }

    /** A call was refused for a limit: when something should have been left for it, the limits do not refill evenly. */
    public void recordRefusal(Taken byCall) {
        synchronized (lock) {
            boolean anyKnown = false;
            boolean anyOthers = false;
            for (Bucket bucket : buckets) {
                anyKnown = anyKnown || bucket.isKnown;
                anyOthers = anyOthers || bucket.hasOthers();
            }
            // Where others use the same key, one of them may have been faster.
            refillsEvenly = refillsEvenly && !(anyKnown && byCall.wasLeft && !anyOthers);
        }
    }

    private static double share(int index, CallDemand demand) {
        return share(index, demand.promptTokens(), demand.answerTokens());
    }

    private static double share(int index, long promptTokens, long answerTokens) {
        return switch (index) {
            case 0 -> 1;
            case 1 -> promptTokens + answerTokens;
            case 2 -> promptTokens;
            default -> answerTokens;
        };
    }

    /** What one call took, so that the reply to it can be told from the calls that were admitted after it. */
    public static final class Taken {
        private static final Taken NOTHING = new Taken(0, 0, 0, 0, false);

        // The sums of everything that was taken until then.
        private final double requests;
        private final double tokens;
        private final double inputTokens;
        private final double outputTokens;
        private final boolean wasLeft;

        private Taken(double requests, double tokens, double inputTokens, double outputTokens, boolean wasLeft) {
            this.requests = requests;
            this.tokens = tokens;
            this.inputTokens = inputTokens;
            this.outputTokens = outputTokens;
            this.wasLeft = wasLeft;
        }

        /** Whether the call may be made. */
        public boolean isGranted() {
            return this != NOTHING;
        }

        private double after(int index) {
            return switch (index) {
                case 0 -> requests;
                case 1 -> tokens;
                case 2 -> inputTokens;
                default -> outputTokens;
            };
        }
    }

    /** One limit; guarded by the lock of the owner. */
    private static final class Bucket {
        private boolean isKnown;
        private double limit;
        private double remaining;
        private long resetNanos;
        private long reportedAt;
        /** Everything that calls have taken so far, and how much of it the last report includes. */
        private double taken;

        private double takenAtReport;
        /** What others who have the same key take, for each nanosecond. */
        private double othersPerNano;

        void update(RateLimit report, double takenByThen, long now) {
            if (isKnown) {
                learnOthers(report.remaining().orElse(0L), takenByThen, now);
            }
            isKnown = true;
            remaining = report.remaining().orElse(0L);
            limit = Math.max(remaining, report.limit().orElse((long) remaining));
            resetNanos = report.resetAfter().orElse(Duration.ZERO).toNanos();
            reportedAt = now;
            takenAtReport = takenByThen;
        }

        /** What is missing beside what was refilled, and what calls of this process have taken, was taken by others. */
        private void learnOthers(double reported, double takenByThen, long now) {
            long passed = now - reportedAt;
            if (passed <= 0 || passed >= resetNanos || takenByThen < takenAtReport) {
                return;
            }
            double refilled = Math.min(limit - remaining, perNano() * passed);
            double missing = remaining + refilled - (takenByThen - takenAtReport) - reported;
            // Counts are whole, so a little is always missing.
            double seen = Math.max(0, missing - 1) / passed;
            double weight = Math.min(1, passed / (double) OTHERS_NANOS);
            othersPerNano += (seen - othersPerNano) * Math.max(LEAST_WEIGHT, weight);
        }

        private double perNano() {
            return limit <= remaining ? 0 : (limit - remaining) / resetNanos;
        }

        boolean hasOthers() {
            return isKnown && othersPerNano * OTHERS_NANOS > 1;
        }

        double shareLeft(double share, long now, boolean evenly) {
            if (!isKnown || limit <= 0) {
                return 1;
            }
            long passed = now - reportedAt;
            double refilled = remaining;
            if (passed >= resetNanos) {
                refilled = limit;
            } else if (evenly) {
                refilled += (limit - remaining) * passed / resetNanos;
            }
            double left = refilled - (taken - takenAtReport) - share;
            return Math.max(0, Math.min(1, left / limit));
        }

        double nanosUntil(double share, int reservePercent, long now, boolean evenly) {
            if (!isKnown || share <= 0) {
                return 0;
            }
            long passed = now - reportedAt;
            if (passed >= resetNanos) {
                // Full again; what was taken since may be anything, and the next reply will show it.
                return limit - (taken - takenAtReport) >= Math.min(share, limit)
                                || passed >= 2 * Math.max(1, resetNanos)
                        ? 0
                        : 2 * Math.max(1, resetNanos) - passed;
            }
            double since = taken - takenAtReport;
            // A call larger than the whole limit is for the provider to refuse.
            double left = limit * reservePercent / 100;
            if (hasOthers()) {
                // Room for those that send at the same moment, and what they have taken since the report.
                left = Math.max(
                        left, Math.min(limit / OTHERS_PART, Math.max(limit / OTHERS_ROOM, OTHERS_CALLS * share)));
                since += Math.min(othersPerNano, MOST_OF_OTHERS * perNano()) * passed;
            }
            double missing = Math.min(limit, share + left) + since - remaining;
            if (missing <= 0) {
                return 0;
            }
            if (!evenly || limit <= remaining) {
                return resetNanos - passed;
            }
            double perNano = perNano();
            if (hasOthers()) {
                perNano -= Math.min(othersPerNano, MOST_OF_OTHERS * perNano);
                missing -= Math.min(othersPerNano, MOST_OF_OTHERS * perNano()) * passed;
            }
            // Rounded down: sums of fractions are a little off.
            double until = Math.floor((missing - TOLERANCE) / perNano) - passed;
            return Math.min(Math.max(0, until), resetNanos - passed);
        }
    }
}
