package dev.architect.request;

import dev.architect.check.Check;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Cancels requests from another thread, once and for good. Safe for use by several threads. */
public final class Cancellation {

    private final Object lock = new Object();
    private final Map<Object, Runnable> actions = new LinkedHashMap<>();
    private boolean cancelled;

    private Cancellation() {}

    /** Returns a cancellation that nothing has cancelled yet. */
    public static Cancellation create() {
        return new Cancellation();
    }

    /** Cancels what is registered now and what will be. Calling it again changes nothing. Does not wait for anything to end. */
    public void cancel() {
        List<Runnable> waiting;
        synchronized (lock) {
            cancelled = true;
            waiting = List.copyOf(actions.values());
            actions.clear();
        }
        // Outside the lock: an action may take locks of its own or close its registration.
        waiting.forEach(Runnable::run);
    }

    /** Whether it was cancelled. */
    public boolean isCancelled() {
        synchronized (lock) {
            return cancelled;
        }
    }

    /**
     * Runs {@code action} once when this is cancelled: on the cancelling thread, or at once when it already was. The action
     * must return quickly and not fail. It may still be about to run when its registration is closed.
     */
    public Registration onCancel(Runnable action) {
        Check.notNull("action", action);
        // A key of its own, because one action may be registered twice.
        Object key = new Object();
        boolean runNow;
        synchronized (lock) {
            runNow = cancelled;
            if (!runNow) {
                actions.put(key, action);
            }
        }
        if (runNow) {
            action.run();
        }
        return () -> {
            synchronized (lock) {
                actions.remove(key);
            }
        };
    }

    /** An action that waits for the cancellation. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {

        /** Removes the action. */
        @Override
        void close();
    }
}
