package dev.architect.router.admission;

import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.route.GoneModel;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a provider knows one of its models, as calls showed. A call that fails because the model is unknown marks it as
 * gone: it gets no calls for a minute. Then one request at a time may try it, which costs that request one refused call that
 * no vendor bills, and each further refusal doubles the pause, up to an hour. An answer ends it. Not kept over a restart: the
 * first call finds it out again.
 *
 * <p>Safe for use by several threads.
 */
public final class ModelAvailability {

    // Our judgement: short enough for a model that is being pulled or deployed, long enough that a retired one costs
    // next
    // to nothing.
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private final TimeSource time;
    private final Object lock = new Object();
    private volatile @Nullable Gone gone;

    public ModelAvailability(TimeSource time) {
        this.time = time;
    }

    /** Whether nothing speaks against the model; needs no lock. */
    public boolean isKnown() {
        return gone == null;
    }

    /** The model as gone and not due for a check; empty when it may be called. */
    public Optional<GoneModel> gone(String model) {
        synchronized (lock) {
            return gone == null || isDue(gone) ? Optional.empty() : Optional.of(gone.of(model));
        }
    }

    /** The model as gone, also when it is due for a check; empty when the last call found it. */
    public Optional<GoneModel> status(String model) {
        synchronized (lock) {
            return Optional.ofNullable(gone).map(known -> known.of(model));
        }
    }

    /**
     * Whether a call may be made now. While the model is gone only one caller gets the check, and must end it with
     * {@link #recordSuccess} or {@link #recordFailure}.
     *
     * @param evenIfChecked for a request that has no other candidate: also while another request checks the model
     */
    public boolean tryAcquire(boolean evenIfChecked) {
        synchronized (lock) {
            if (gone == null) {
                return true;
            }
            if (!isDue(gone) || (gone.checkInFlight && !evenIfChecked)) {
                return false;
            }
            gone.checkInFlight = true;
            return true;
        }
    }

    /** The caller that was let through makes no call, so another one may check. */
    public void release() {
        synchronized (lock) {
            if (gone != null) {
                gone.checkInFlight = false;
            }
        }
    }

    /** Whether another request is checking the model just now. */
    public boolean isChecked() {
        synchronized (lock) {
            return gone != null && gone.checkInFlight;
        }
    }

    /** A call was answered: the provider knows the model. */
    public void recordSuccess() {
        synchronized (lock) {
            gone = null;
        }
    }

    /**
     * A call failed.
     *
     * @return the pause that begins now, when the failure shows that the model is gone
     */
    public Optional<Duration> recordFailure(ProviderException failure) {
        synchronized (lock) {
            if (failure.kind() != FailureKind.MODEL_NOT_FOUND) {
                if (gone != null) {
                    // It shows nothing about the model, so another request may check.
                    gone.checkInFlight = false;
                }
                return Optional.empty();
            }
            if (gone == null) {
                gone = new Gone(time.wallTime(), FIRST_PAUSE);
            } else if (isDue(gone)) {
                // Calls that were on their way when the model was found to be gone say nothing new.
                gone.pause = longer(gone.pause);
            } else {
                gone.checkInFlight = false;
                return Optional.empty();
            }
            gone.checkInFlight = false;
            gone.pausedAt = time.nanoTime();
            gone.nextCheck = time.wallTime().plus(gone.pause);
            return Optional.of(gone.pause);
        }
    }

    private boolean isDue(Gone state) {
        // Compared by difference, since values of the monotonic clock may overflow.
        return time.nanoTime() - state.pausedAt >= state.pause.toNanos();
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    /** Fields are guarded by the lock of the owner. */
    private static final class Gone {
        private final Instant since;
        private Instant nextCheck;
        private Duration pause;
        private long pausedAt;
        private boolean checkInFlight;

        Gone(Instant since, Duration pause) {
            this.since = since;
            this.nextCheck = since;
            this.pause = pause;
        }

        GoneModel of(String model) {
            return new GoneModel(model, since, nextCheck);
        }
    }
}
