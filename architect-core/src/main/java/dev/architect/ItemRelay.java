package dev.architect;

import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.project.rule.ItemProgress;
import dev.architect.project.rule.Projects;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands what tasks of items do to the rules of projects, on a thread that begins with the first such task. Safe for use by several threads. */
final class ItemRelay implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ItemRelay.class);

    private final TimeSource time;
    private final ThreadRunner runner;
    private final ItemProgress progress = new ItemProgress(this::relay);
    private volatile @Nullable Projects projects;
    private @Nullable EventRelay relay;

    ItemRelay(TimeSource time, ThreadRunner runner) {
        this.time = time;
        this.runner = runner;
    }

    /** What listens to all events. */
    EventListener progress() {
        return progress;
    }

    /** Sets the rules, before tasks run. */
    void follow(Projects rules) {
        this.projects = rules;
    }

    private synchronized EventListener relay() {
        if (relay == null) {
            relay = new EventRelay(this::deliver, time, runner);
        }
        return relay;
    }

    private void deliver(Event event) {
        Projects rules = projects;
        if (rules == null || !rules.isKept()) {
            return;
        }
        try {
            progress.follow(event, rules);
        } catch (RuntimeException failure) {
            LOG.warn("a card was not moved: {}", failure.getMessage());
        }
    }

    /** Waits a little for what is queued. */
    @Override
    public void close() {
        EventRelay opened;
        synchronized (this) {
            opened = relay;
        }
        if (opened != null) {
            opened.close();
        }
    }
}
