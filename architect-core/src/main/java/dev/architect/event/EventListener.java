package dev.architect.event;

/**
 * Hears events. Called on the thread where the event happens, never under a lock; it must return fast and is shared
 * between threads. What it throws is logged and does no harm.
 */
@FunctionalInterface
public interface EventListener {

    /** An event happened. */
    void onEvent(Event event);
}
