package dev.architect.shard;

import dev.architect.error.ArchitectException;
import java.time.Duration;
import java.util.Optional;

/**
 * A store was asked to accept or to change tasks of a shard that it does not serve at the moment: the shard is being moved, or has moved to
 * another store. Nothing has changed; the same call succeeds later, where the shard is then.
 */
public final class ShardNotServedException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final int shard;
    private final long epoch;

    /**
     * Creates the exception.
     *
     * @param shard 0 to 255
     * @param epoch the epoch that the store knows of the shard
     * @param reason what is the case, for people
     */
    public ShardNotServedException(int shard, long epoch, String reason) {
        super("shard " + shard + " " + reason + " (epoch " + epoch + "), expected a store that serves it");
        this.shard = shard;
        this.epoch = epoch;
    }

    /** Creates the exception of a store that knows the shard in another phase than {@link ShardPhase#SERVED}. */
    public static ShardNotServedException of(ShardPlace place) {
        return new ShardNotServedException(
                place.shard(),
                place.epoch(),
                switch (place.phase()) {
                    case SERVED -> "was served by this store under another number";
                    case LEAVING -> "is leaving this store";
                    case GONE -> "is in another store";
                    case ARRIVING -> "is arriving in this store";
                });
    }

    /** The shard. */
    public int shard() {
        return shard;
    }

    /** The epoch that the store knows of the shard. */
    public long epoch() {
        return epoch;
    }

    @Override
    public boolean isTransient() {
        return true;
    }

    @Override
    public boolean isUnavailable() {
        return true;
    }

    /** A second. */
    @Override
    public Optional<Duration> retryAfter() {
        return Optional.of(RETRY_AFTER);
    }
}
