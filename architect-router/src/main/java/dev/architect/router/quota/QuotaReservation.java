package dev.architect.router.quota;

import org.jspecify.annotations.Nullable;

/**
 * What one call has taken of its quotas. It is settled once, with what the call really used, or given back when the call was not made. Without
 * either it stays taken for one period, as if it had been used. What it takes of the calls at the same time goes back with {@link #end}. Used
 * by one thread.
 */
public final class QuotaReservation {

    /** Of a call that no quota is about. */
    public static final QuotaReservation NONE = new QuotaReservation(null, new Quota[0], 0, null, 0);

    private final @Nullable QuotaBook book;
    private final Quota[] quotas;
    private final long[] units;
    private final long[] slots;
    private final long takenAt;
    /** The place of its request in lines; null when it stood in none. */
    private final @Nullable QuotaTicket ticket;

    /** How often requests had come into lines when it was taken. */
    private final long entries;

    private boolean isOpen;
    /** Whether it counts among the calls at the same time. */
    private boolean isHeld;

    QuotaReservation(
            @Nullable QuotaBook book, Quota[] quotas, long takenAt, @Nullable QuotaTicket ticketOrNull, long entries) {
        this.ticket = ticketOrNull;
        this.entries = entries;
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
        isHeld = isHeld || quotas[index].isConcurrent();
    }

    /** The call has ended: it counts no more among those at the same time. Does nothing the second time. */
    public void end() {
        if (!isHeld || book == null) {
            return;
        }
        isHeld = false;
        book.release(quotas, units);
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
        if (book == null) {
            return;
        }
        if (isHeld) {
            isHeld = false;
            book.giveBackCalls(quotas, units, ticket, entries);
        }
        if (isOpen) {
            isOpen = false;
            book.giveBack(quotas, slots, units, takenAt, ticket, entries);
        }
    }
}
