package dev.architect.router.quota;

import dev.architect.error.CapacityException;
import dev.architect.spi.WakeUp;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request before the quotas: those of its tenants, and those of each deployment that it might call. It takes from all of them or from
 * none, and while it waits it stands in the lines of those that have too little. Used by one thread.
 */
public final class QuotaClaim implements AutoCloseable {

    /** Of a router without quotas. */
    public static final QuotaClaim NONE = new QuotaClaim(null, new Quota[0], 0);

    private final @Nullable QuotaBook book;
    private final Quota[] ofTenants;
    private final int reservePercent;
    private @Nullable QuotaTicket ticket;

    QuotaClaim(@Nullable QuotaBook book, Quota[] ofTenants, int reservePercent) {
        this.book = book;
        this.ofTenants = ofTenants;
        this.reservePercent = reservePercent;
    }

    private boolean isFree(QuotaSet deployment) {
        return book == null || (ofTenants.length == 0 && deployment.quotas().length == 0);
    }

    private Quota[] all(QuotaSet deployment) {
        Quota[] others = deployment.quotas();
        if (others.length == 0) {
            return ofTenants;
        }
        if (ofTenants.length == 0) {
            return others;
        }
        Quota[] all = new Quota[ofTenants.length + others.length];
        System.arraycopy(ofTenants, 0, all, 0, ofTenants.length);
        System.arraycopy(others, 0, all, ofTenants.length, others.length);
        return all;
    }

    /** Takes what a call will probably use; null when one of the quotas has too little. */
    public @Nullable QuotaReservation tryTake(QuotaSet deployment, long promptTokens, long answerTokens) {
        if (isFree(deployment) || book == null) {
            return QuotaReservation.NONE;
        }
        return book.tryTake(all(deployment), ticket, reservePercent, promptTokens, answerTokens);
    }

    /** How long until such a call may go, as far as is known now; zero when it may go now. */
    public long nanosUntil(QuotaSet deployment, long promptTokens, long answerTokens) {
        return isFree(deployment) || book == null
                ? 0
                : book.nanosUntil(all(deployment), ticket, reservePercent, promptTokens, answerTokens);
    }

    /** How long until it is worth looking again when such a call has to wait {@code expected}; {@code expected} at the most. */
    public long nanosUntilLook(QuotaSet deployment, long expected) {
        return isFree(deployment) || book == null ? expected : book.nanosUntilLook(all(deployment), ticket, expected);
    }

    /**
     * Asks the store for what such a call lacks, and waits for its answer. Blocks.
     *
     * @return whether it was asked, so that looking again is worth it
     */
    public boolean askStore(QuotaSet deployment, long promptTokens, long answerTokens, Duration timeLeft)
            throws InterruptedException {
        return !isFree(deployment)
                && book != null
                && book.askStore(all(deployment), ticket, reservePercent, promptTokens, answerTokens, timeLeft);
    }

    /** Enters the lines of the quotas that have too little for such a call. */
    public void enterLines(QuotaSet deployment, long promptTokens, long answerTokens) {
        if (isFree(deployment) || book == null) {
            return;
        }
        QuotaTicket own = ticket == null ? new QuotaTicket() : ticket;
        ticket = own;
        book.enter(all(deployment), own, reservePercent, promptTokens, answerTokens);
    }

    /** Signals {@code signal} when there may be something for this request; null to signal nothing any more. */
    public void signalTo(@Nullable WakeUp signal) {
        if (ticket != null) {
            ticket.signalTo(signal);
        }
    }

    /** The quota that keeps such a call waiting longest, with the time; empty when none does. */
    public Optional<CapacityException> exceeded(QuotaSet deployment, long promptTokens, long answerTokens) {
        return isFree(deployment) || book == null
                ? Optional.empty()
                : book.exceeded(all(deployment), ticket, reservePercent, promptTokens, answerTokens);
    }

    /** Leaves all lines: the request goes, or has given up. */
    @Override
    public void close() {
        QuotaTicket own = ticket;
        if (own != null && book != null) {
            book.locked(now -> own.leaveAll());
        }
    }
}
