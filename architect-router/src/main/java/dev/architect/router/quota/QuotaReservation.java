package dev.architect.router.quota;

import org.jspecify.annotations.Nullable;

/**
 * What one call has taken of its quotas. It is settled once, with what the call really used, or given back when the call was not made. Without
 * either it stays taken for one period, as if it had been used. Used by one thread.
 */
public final class QuotaReservation {

    /** Of a call that no quota is about. */
    public static final QuotaReservation NONE = new QuotaReservation(null, new Quota[0], 0);

    private final @Nullable QuotaBook book;
    private final Quota[] quotas;
    private final long[] units;
    private final long[] slots;
    private final long takenAt;
    private boolean isOpen;

    QuotaReservation(@Nullable QuotaBook book, Quota[] quotas, long takenAt) {
        this.book = book;
        this.quotas = quotas;
        this.units = new long[quotas.length];
        this.slots = new long[quotas.length];
        this.takenAt = takenAt;
        this.isOpen = book != null;
    }

    /** Under the lock of the book. */
    void take(int index, long taken) {
        units[index] = taken;
        slots[index] = quotas[index].take(taken, takenAt);
    }

    /** The call has ended and used so many tokens. The difference is free for others, or taken as well, at once. */
    public void settle(long promptTokens, long answerTokens) {
        if (!isOpen || book == null) {
            return;
        }
        isOpen = false;
        book.locked(now -> {
            for (int index = 0; index < quotas.length; index++) {
                long used = quotas[index].used(promptTokens, answerTokens);
                quotas[index].correct(slots[index], takenAt, used - units[index], now);
            }
        });
    }

    /** The call was not made. */
    public void giveBack() {
        if (!isOpen || book == null) {
            return;
        }
        isOpen = false;
        book.locked(now -> {
            for (int index = 0; index < quotas.length; index++) {
                quotas[index].correct(slots[index], takenAt, -units[index], now);
            }
        });
    }
}
