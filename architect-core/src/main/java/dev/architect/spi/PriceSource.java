package dev.architect.spi;

import dev.architect.cost.PriceCatalogue;

/** Where a host's prices come from while it runs: a file, an address or a table that somebody keeps up to date. */
@FunctionalInterface
public interface PriceSource {

    /**
     * Returns all prices as they are now. A catalogue with the version of the last one changes nothing, so a source that finds nothing new may
     * return that one. May block; called by one thread at a time, which is interrupted when the prices are no longer wanted.
     *
     * <p>When they cannot be read it throws, whatever it likes, and the last ones stay.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    PriceCatalogue prices() throws InterruptedException;
}
