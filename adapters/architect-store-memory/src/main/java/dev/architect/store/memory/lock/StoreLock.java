package dev.architect.store.memory.lock;

import dev.architect.change.ChangeTopic;
import java.time.Instant;
import java.util.function.Supplier;

/** The lock that guards everything in a store, and what is to be known under it. */
public interface StoreLock {

    /** Runs {@code call} under the lock; fails when the store is closed. */
    <T> T locked(Supplier<T> call);

    /** The store's time, to the microsecond as every store keeps it. */
    Instant now();

    /** Notes for the log of changes a thing that the present call has changed. */
    void changed(ChangeTopic topic, Object key);
}
