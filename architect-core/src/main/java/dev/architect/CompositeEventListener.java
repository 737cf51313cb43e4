package dev.architect;

import dev.architect.event.Event;
import dev.architect.event.EventListener;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells every listener; one that fails harms nobody. */
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
            } catch (RuntimeException failure) {
                LOG.warn("a listener failed on {}", event.getClass().getSimpleName(), failure);
            }
        }
    }
}
