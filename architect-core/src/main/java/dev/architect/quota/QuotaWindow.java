package dev.architect.quota;

import dev.architect.check.Check;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a store knows about one quota: what was used within the period, and which nodes have slices. All stores decide by it. Uses are
 * counted in {@value #SLOTS} slots of the period, each until all of it is over; a slice counts from its grant until it is reported, at most one
 * period beyond its end. So no span of a period holds more than the limit, as far as nodes report what they use. Not safe for use by
 * several threads.
 *
 * <p>The clock of the store never runs backwards here: when it is set back by up to ten seconds, the time stands still until it has caught up;
 * when by more, everything counts as of now.
 */
public final class QuotaWindow {

    /** The slots of a period. */
    public static final int SLOTS = 128;

    private static final Duration SHORTEST_SLICE = Duration.ofMillis(50);
    private static final Duration LONGEST_SLICE = Duration.ofSeconds(5);
    private static final int SLICES_PER_PERIOD = 60;
    private static final long TOLERATED_STEP_MICROS = 10_000_000;
    private static final long NANOS_PER_MICRO = 1_000;

    private final long periodMicros;
    private final long slotMicros;
    private final long validityMicros;
    private final TreeMap<Long, Long> uses;
    private final Map<Long, Slice> slices;
    private long clock;

    /**
     * A slice.
     *
     * @param epoch of its grant
     * @param units how many
     * @param untilMicros when it ends, by the clock of the store
     */
    public record Slice(long epoch, long units, long untilMicros) {}

    /**
     * Creates a window from what was kept of it; an empty one from nothing.
     *
     * @param period the span of the limit
     * @param uses units by slot
     * @param slices by the number of the node
     * @param clockMicros the latest time that the store has shown
     */
    public QuotaWindow(Duration period, Map<Long, Long> uses, Map<Long, Slice> slices, long clockMicros) {
        this.periodMicros = Math.max(SLOTS, Check.positive("period", period).toNanos() / NANOS_PER_MICRO);
        this.slotMicros = periodMicros / SLOTS;
        this.validityMicros = validity(period).toNanos() / NANOS_PER_MICRO;
        this.uses = new TreeMap<>(Check.noNulls("uses", uses));
        this.slices = new HashMap<>(Check.noNulls("slices", slices));
        this.clock = clockMicros;
    }

    /** How long a slice of a quota with such a period is valid. */
    public static Duration validity(Duration period) {
        Duration part = Check.positive("period", period).dividedBy(SLICES_PER_PERIOD);
        if (part.compareTo(SHORTEST_SLICE) < 0) {
            return SHORTEST_SLICE;
        }
        return part.compareTo(LONGEST_SLICE) > 0 ? LONGEST_SLICE : part;
    }

    /** Takes the report of a node, and grants it what is free of what it wants. */
    public SliceGrant exchange(long holder, SliceRequest request, long nowMicros) {
        long now = advance(nowMicros);
        Slice own = slices.remove(holder);
        // A slice of a later epoch shows that this report was taken before, and that its answer was lost.
        if (own == null || own.epoch() <= request.epoch()) {
            request.uses().forEach(use -> add(use, now));
        }
        long epoch = Math.max(own == null ? 0 : own.epoch(), request.epoch()) + 1;
        long free = request.limit() - used() - request.keep();
        long units = free >= request.least() ? Math.max(0, Math.min(request.more(), free)) : 0;
        Duration retry = units > 0 || request.more() == 0 ? Duration.ZERO : untilFree(request.least() - free, now);
        slices.put(holder, new Slice(epoch, request.keep() + units, now + validityMicros));
        return new SliceGrant(
                epoch,
                units,
                now,
                Duration.ofNanos(validityMicros * NANOS_PER_MICRO),
                retry,
                Math.max(0, free - units),
                slices.size());
    }

    /** Units that are used or granted now. */
    public long used() {
        long sum = 0;
        for (long units : uses.values()) {
            sum += units;
        }
        for (Slice slice : slices.values()) {
            sum += slice.units();
        }
        return sum;
    }

    private void add(QuotaUse use, long now) {
        // A node knows the time of the store only from its grants, so it may be a little ahead.
        long slot = Math.floorDiv(Math.min(use.atMicros(), now), slotMicros);
        if (slot >= oldest(now)) {
            uses.merge(slot, use.units(), Long::sum);
        }
    }

    private long oldest(long now) {
        return Math.floorDiv(now, slotMicros) - SLOTS;
    }

    private long advance(long nowMicros) {
        long now = nowMicros;
        if (clock - now > TOLERATED_STEP_MICROS) {
            setBack(now);
        } else {
            now = Math.max(now, clock);
        }
        clock = now;
        uses.headMap(oldest(now)).clear();
        long ended = now - periodMicros;
        slices.values().removeIf(slice -> slice.untilMicros() <= ended);
        return now;
    }

    /** What was used at a time that is yet to come again counts from now on. */
    private void setBack(long now) {
        long slot = Math.floorDiv(now, slotMicros);
        long moved = 0;
        Iterator<Long> later = uses.tailMap(slot, false).values().iterator();
        while (later.hasNext()) {
            moved += later.next();
            later.remove();
        }
        if (moved != 0) {
            uses.merge(slot, moved, Long::sum);
        }
        slices.replaceAll((holder, slice) ->
                new Slice(slice.epoch(), slice.units(), Math.min(slice.untilMicros(), now + validityMicros)));
    }

    private Duration untilFree(long missing, long now) {
        TreeMap<Long, Long> freed = new TreeMap<>();
        uses.forEach((slot, units) -> freed.merge((slot + 1 + SLOTS) * slotMicros, units, Long::sum));
        slices.values().forEach(slice -> freed.merge(slice.untilMicros() + periodMicros, slice.units(), Long::sum));
        long sum = 0;
        long at = now;
        for (Map.Entry<Long, Long> each : freed.entrySet()) {
            sum += each.getValue();
            at = each.getKey();
            if (sum >= missing) {
                break;
            }
        }
        return Duration.ofNanos(Math.max(1, at - now) * NANOS_PER_MICRO);
    }

    /** Units by slot, as they are now. */
    public Map<Long, Long> uses() {
        return Map.copyOf(uses);
    }

    /** Slices by the number of the node, as they are now. */
    public Map<Long, Slice> slices() {
        return Map.copyOf(slices);
    }

    /** The latest time that the store has shown, in microseconds since 1970. */
    public long clockMicros() {
        return clock;
    }
}
