package dev.architect.recurring;

import dev.architect.check.Check;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as the store has it. Its instants always rise: none is fired twice, whatever is changed and however the clock is set.
 *
 * @param id its number, never used again
 * @param request what was asked for
 * @param isPaused whether it does not fire
 * @param next when it fires next; empty while it is paused, and when no instant is left
 * @param last the last instant that is over: it was fired or passed over
 * @param createdAt when it was made
 * @param version rises with each change, and with each firing
 */
public record Schedule(
        long id,
        ScheduleRequest request,
        boolean isPaused,
        Optional<Instant> next,
        Optional<Instant> last,
        Instant createdAt,
        long version) {

    /** How late an instant may be fired without having been missed. */
    public static final Duration GRACE = Duration.ofMinutes(1);

    /** The most instants that {@link #preview} returns. */
    public static final int MAX_PREVIEW = 1_000;

    private static final Duration FIRST_LOOK_BACK = Duration.ofMinutes(1);

    /** Checks every field. */
    public Schedule {
        Check.notNull("request", request);
        Check.notNull("next", next);
        Check.notNull("last", last);
        Check.notNull("createdAt", createdAt);
    }

    /** Its name. */
    public String name() {
        return request.name();
    }

    /** Returns the first instant after {@code now} that is not over yet; empty when there is none. */
    public Optional<Instant> nextAfter(Instant now) {
        Instant over = last.filter(Check.notNull("now", now)::isBefore).orElse(now);
        return request.recurrence().next(over, createdAt);
    }

    /** Returns a copy with another request, as it is from {@code now} on. */
    public Schedule with(ScheduleRequest changed, Instant now) {
        Check.notNull("now", now);
        return copy(changed, isPaused).from(now);
    }

    /** Returns a copy that does not fire. */
    public Schedule paused() {
        return new Schedule(id, request, true, Optional.empty(), last, createdAt, version);
    }

    /** Returns a copy that fires again, from {@code now} on; what was due in between is over. */
    public Schedule resumed(Instant now) {
        Check.notNull("now", now);
        return copy(request, false).from(now);
    }

    private Schedule copy(ScheduleRequest changed, boolean paused) {
        return new Schedule(id, changed, paused, next, last, createdAt, version);
    }

    private Schedule from(Instant now) {
        return isPaused ? paused() : new Schedule(id, request, false, nextAfter(now), last, createdAt, version);
    }

    /** Returns the next instants, at most {@code count}, whether it is paused or not. */
    public List<Instant> preview(Instant now, int count) {
        Check.notNull("now", now);
        Check.range("count", count, 0, MAX_PREVIEW);
        List<Instant> instants = new ArrayList<>();
        Optional<Instant> each = next.or(() -> nextAfter(now));
        while (each.isPresent() && instants.size() < count) {
            instants.add(each.get());
            each = request.recurrence().next(each.get(), createdAt);
        }
        return List.copyOf(instants);
    }

    /**
     * The instants that are to be fired at {@code now}, in order.
     *
     * @param hasPassedOver whether others were due that are passed over
     */
    record Due(List<Instant> instants, boolean hasPassedOver) {}

    /** Which instants are to be fired at {@code now}, given that the next one is not later. */
    Due due(Instant now) {
        Instant first = next.orElseThrow();
        Instant missedBefore = now.minus(GRACE);
        List<Instant> onTime = upTo(now, first.isBefore(missedBefore) ? missedBefore.minusNanos(1) : null, first);
        if (!first.isBefore(missedBefore)) {
            return new Due(onTime, false);
        }
        int wanted = switch (request.catchUp().policy()) {
            case NONE -> 0;
            case LAST -> onTime.isEmpty() ? 1 : 0;
            case ALL -> request.catchUp().limit();
        };
        LastInstants missed = lastBefore(first, missedBefore, wanted);
        List<Instant> all = new ArrayList<>(missed.instants());
        all.addAll(onTime);
        return new Due(all, missed.hasOthers());
    }

    private List<Instant> upTo(Instant now, @Nullable Instant after, Instant first) {
        List<Instant> instants = new ArrayList<>();
        Optional<Instant> each =
                after == null ? Optional.of(first) : request.recurrence().next(after, createdAt);
        while (each.isPresent() && !each.get().isAfter(now)) {
            instants.add(each.get());
            each = request.recurrence().next(each.get(), createdAt);
        }
        return instants;
    }

    /**
     * The last instants of a span.
     *
     * @param hasOthers whether there are earlier ones
     */
    private record LastInstants(List<Instant> instants, boolean hasOthers) {}

    /**
     * The last {@code wanted} instants from {@code first}, which is one, to before {@code end}. Looks back in spans of twice the length each, since
     * an outage may have been long, and an expression may name each second.
     */
    private LastInstants lastBefore(Instant first, Instant end, int wanted) {
        if (wanted == 0) {
            return new LastInstants(List.of(), true);
        }
        for (Duration back = FIRST_LOOK_BACK; ; back = back.multipliedBy(2)) {
            boolean isAll = !end.minus(back).isAfter(first);
            Instant from = isAll ? first.minusNanos(1) : end.minus(back);
            ArrayDeque<Instant> found = new ArrayDeque<>();
            boolean hasOthers = !isAll;
            Optional<Instant> each = request.recurrence().next(from, createdAt);
            while (each.isPresent() && each.get().isBefore(end)) {
                found.add(each.get());
                if (found.size() > wanted) {
                    found.removeFirst();
                    hasOthers = true;
                }
                each = request.recurrence().next(each.get(), createdAt);
            }
            if (isAll || found.size() == wanted) {
                return new LastInstants(List.copyOf(found), hasOthers);
            }
        }
    }
}
