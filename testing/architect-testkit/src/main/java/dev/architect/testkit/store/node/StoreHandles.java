package dev.architect.testkit.store.node;

import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;

/** Opens the store that is tested, and lets its nodes die and fall silent. */
public interface StoreHandles {

    /** Opens an empty store whose clock is {@code time}. */
    Store open(TimeSource time) throws Exception;

    /** Opens another handle on the same database, or returns the same object. */
    Store openAnother(Store open, TimeSource time) throws Exception;

    /** Simulates the death of the process of {@code incarnation}, which joined {@code store}. */
    void kill(Store store, long incarnation) throws Exception;

    /** Lets {@code silence} pass without a beat of {@code incarnation}, as {@code store} judges it. */
    void silence(Store store, ManualTime time, long incarnation, Duration silence) throws Exception;

    /** Whether the store keeps a log of its changes. */
    boolean hasChangeLog();
}
