package dev.architect.event;

/**
 * Receives events. Called on the thread where the event happens, never under a lock; it must return fast and is shared
 * between threads. What it throws, an {@link Error} included, is logged and neither ends the work that published the event
 * nor keeps the event from other listeners.
 */
@FunctionalInterface
public interface EventListener {

    /** An event happened. */
    void onEvent(Event event);
}
