package dev.architect.router.admission;

import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Which beginnings of prompts a deployment answered lately, and so probably has in its prompt cache. Holds hashes and times of the
 * last few thousand, and forgets one when another takes its slot; no memory is taken before the first one. Free of locks, and safe for use by several threads: two
 * that write one slot at once may lose both, which costs a saving and nothing else.
 */
public final class PromptCacheMemory {

    /** The age of what is not known. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final int SLOTS = 4_096;

    // Made with the first prompt: most policies never look.
    private volatile @Nullable Slots slots;

    /** A prompt that begins with {@code prefix} was answered at {@code now}. */
    public void record(long prefix, long now) {
        Slots all = slots;
        if (all == null) {
            synchronized (this) {
                all = slots == null ? new Slots() : slots;
                slots = all;
            }
        }
        int slot = slot(prefix);
        // Emptied first: a reader must not take the time of one prompt for that of another.
        all.keys.set(slot, 0);
        all.times.set(slot, now);
        all.keys.set(slot, key(prefix));
    }

    /** How many nanoseconds ago a prompt with that beginning was last answered; {@link #NEVER} when that is not known. */
    public long age(long prefix, long now) {
        Slots all = slots;
        int slot = slot(prefix);
        long key = key(prefix);
        if (all == null || all.keys.get(slot) != key) {
            return NEVER;
        }
        long at = all.times.get(slot);
        return all.keys.get(slot) == key ? Math.max(0, now - at) : NEVER;
    }

    /** Whether nothing was answered yet. */
    public boolean isEmpty() {
        return slots == null;
    }

    private static final class Slots {
        final AtomicLongArray keys = new AtomicLongArray(SLOTS);
        final AtomicLongArray times = new AtomicLongArray(SLOTS);
    }

    private static long key(long prefix) {
        return prefix == 0 ? 1 : prefix;
    }

    private static int slot(long prefix) {
        return (int) (prefix >>> 32 ^ prefix) & SLOTS - 1;
    }
}
