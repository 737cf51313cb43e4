package dev.architect.project.rule;

import dev.architect.check.Check;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.project.item.ItemId;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Moves cards as the tasks of their items go on: what a session begins becomes active, and after the last task is done the card goes to review. Events
 * about tasks of no item cost nothing. Safe for use by several threads.
 */
public final class ItemProgress implements EventListener {

    private final Supplier<EventListener> relay;

    /** The tasks with items that run here. */
    private final Map<TaskId, ItemId> running = new ConcurrentHashMap<>();

    /**
     * Creates the listener.
     *
     * @param relay takes the events that matter, for {@link #follow}, on a thread that may wait for the store; asked for when there is one
     */
    public ItemProgress(Supplier<EventListener> relay) {
        this.relay = Check.notNull("relay", relay);
    }

    @Override
    public void onEvent(Event event) {
        if (event instanceof Event.TaskStarted started && started.item().isPresent()) {
            running.put(started.fencingToken().id(), started.item().get());
            relay.get().onEvent(event);
        } else if (event instanceof Event.TaskAttemptEnded ended
                && running.containsKey(ended.fencingToken().id())) {
            relay.get().onEvent(event);
        }
    }

    /** Does what follows from an event that {@link #onEvent} has handed on. Blocks for the store. */
    public void follow(Event event, Projects projects) {
        Check.notNull("projects", projects);
        if (Check.notNull("event", event) instanceof Event.TaskStarted started) {
            started.item()
                    .ifPresent(item ->
                            projects.items().begun(item, started.fencingToken().id()));
        } else if (event instanceof Event.TaskAttemptEnded ended) {
            TaskId task = ended.fencingToken().id();
            ItemId item = running.remove(task);
            if (item != null && isEnd(ended.next())) {
                projects.items().ended(item, task, ended.next());
            }
        }
    }

    private static boolean isEnd(TaskState state) {
        return switch (state) {
            case DONE, DEAD, CANCELLED, EXPIRED -> true;
            case READY, SCHEDULED, RUNNING, BLOCKED, LIMITED, HELD -> false;
        };
    }
}
