package dev.architect.cluster.hint;

import dev.architect.spi.Store.Change;
import dev.architect.spi.Store.ChangeListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is told that something may have changed. Safe for use by several threads; listeners are called on the caller's. */
public final class ChangeListeners {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeListeners.class);

    private final List<ChangeListener> listeners = new CopyOnWriteArrayList<>();

    public void add(ChangeListener listener) {
        listeners.add(listener);
    }

    public void remove(ChangeListener listener) {
        listeners.remove(listener);
    }

    public void announce(Change change) {
        for (ChangeListener listener : listeners) {
            try {
                listener.onChange(change);
            } catch (Throwable failure) {
                // The thread belongs to a transport, which has other messages to deliver.
                LOG.warn("a listener of changes failed", failure);
            }
        }
    }
}
