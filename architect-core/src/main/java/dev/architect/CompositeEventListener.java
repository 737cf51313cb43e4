package dev.architect;

import dev.architect.event.Event;
import dev.architect.event.EventListener;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers every event to every listener. What a listener throws is logged and goes no further, errors of the virtual machine
 * included: a listener observes the engine, and must neither stop it nor keep an event from the other listeners.
 */
final class CompositeEventListener implements EventListener {

    private static final Logger LOG = LoggerFactory.getLogger(CompositeEventListener.class);

    private final List<EventListener> listeners;

    CompositeEventListener(List<EventListener> given, EventListener... own) {
        List<EventListener> all = new ArrayList<>(List.of(own));
        all.addAll(given);
        this.listeners = List.copyOf(all);
    }

    @Override
    public void onEvent(Event event) {
        for (EventListener listener : listeners) {
            try {
                listener.onEvent(event);
            } catch (Throwable failure) {
                LOG.warn("a listener failed on {}", event.getClass().getSimpleName(), failure);
            }
        }
    }
}
