package dev.architect.store.sqlite;

import dev.architect.error.StoreException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the store still serves. Once damage or a schema that this program cannot use was found, every further call fails with
 * that reason, so that nothing more is written. Safe for use by several threads.
 */
final class StoreGuard {

    private static final Logger LOG = LoggerFactory.getLogger(StoreGuard.class);

    private final AtomicReference<@Nullable StoreException> refusal = new AtomicReference<>();

    /** Makes every further call fail with {@code reason}; the first reason stays. */
    void refuse(StoreException reason) {
        if (refusal.compareAndSet(null, reason)) {
            LOG.error("the store refuses every call from now on: {}", reason.getMessage());
        }
    }

    boolean isRefusing() {
        return refusal.get() != null;
    }

    /** Fails with the reason when there is one. */
    void requireServing() {
        StoreException reason = refusal.get();
        if (reason != null) {
            // A new exception for each caller, with the stack trace of the caller.
            throw new StoreException(reason.kind(), String.valueOf(reason.getMessage()), reason);
        }
    }
}
