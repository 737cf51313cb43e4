package dev.architect.maintenance;

import dev.architect.check.Check;
import dev.architect.task.Priority;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What to change of a task that waits. Immutable; its {@code with} methods return changed copies.
 *
 * @param priority its level; a ready task keeps the time at which it became ready
 * @param delay in how long from now on it is due; zero makes a scheduled task ready, and changes nothing of one that is ready
 * @param payload what its worker gets
 * @param attributes what its worker gets beside it; they take the place of all it had
 * @param version the {@linkplain dev.architect.task.Task#version() version} that the task must have; empty for any
 */
public record TaskEdit(
        Optional<Priority> priority,
        Optional<Duration> delay,
        Optional<String> payload,
        Optional<Map<String, String>> attributes,
        Optional<Long> version) {

    /** Changes nothing yet. */
    public static final TaskEdit NONE =
            new TaskEdit(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Copies the attributes and checks every field. */
    public TaskEdit {
        Check.notNull("priority", priority);
        Check.notNull("delay", delay).ifPresent(wanted -> Check.notNegative("delay", wanted));
        Check.notNull("payload", payload);
        attributes =
                Check.notNull("attributes", attributes).map(wanted -> Map.copyOf(Check.noNulls("attributes", wanted)));
        Check.notNull("version", version);
    }

    /** Returns an edit that makes a waiting task what another request is, in work, level and due time. */
    public static TaskEdit to(TaskRequest request) {
        return new TaskEdit(
                Optional.of(Check.notNull("request", request).priority()),
                Optional.of(request.delay()),
                Optional.of(request.payload()),
                Optional.of(request.attributes()),
                Optional.empty());
    }

    /** Whether it changes nothing. */
    public boolean isEmpty() {
        return fields().isEmpty();
    }

    /** Returns the names of what it changes, in the order of the components. */
    public List<String> fields() {
        List<String> fields = new ArrayList<>();
        priority.ifPresent(changed -> fields.add("priority"));
        delay.ifPresent(changed -> fields.add("delay"));
        payload.ifPresent(changed -> fields.add("payload"));
        attributes.ifPresent(changed -> fields.add("attributes"));
        return List.copyOf(fields);
    }

    /** Returns a copy that changes the level. */
    public TaskEdit withPriority(Priority changed) {
        return new TaskEdit(Optional.of(Check.notNull("priority", changed)), delay, payload, attributes, version);
    }

    /** Returns a copy that changes when the task is due. */
    public TaskEdit withDelay(Duration changed) {
        return new TaskEdit(priority, Optional.of(Check.notNull("delay", changed)), payload, attributes, version);
    }

    /** Returns a copy that changes the payload. */
    public TaskEdit withPayload(String changed) {
        return new TaskEdit(priority, delay, Optional.of(Check.notNull("payload", changed)), attributes, version);
    }

    /** Returns a copy that changes the attributes. */
    public TaskEdit withAttributes(Map<String, String> changed) {
        return new TaskEdit(priority, delay, payload, Optional.of(Check.notNull("attributes", changed)), version);
    }

    /** Returns a copy that changes nothing unless the task has this version. */
    public TaskEdit ofVersion(long expected) {
        return new TaskEdit(priority, delay, payload, attributes, Optional.of(expected));
    }

    /**
     * Returns {@code request} with what is changed of it.
     *
     * @throws IllegalArgumentException when a task cannot be so
     */
    public TaskRequest applyTo(TaskRequest request) {
        return new TaskRequest(
                Check.notNull("request", request).type(),
                payload.orElse(request.payload()),
                attributes.orElse(request.attributes()),
                priority.orElse(request.priority()),
                request.attribution(),
                request.timeout(),
                request.maxAttempts(),
                delay.orElse(request.delay()),
                request.options());
    }

    /** Shows what it changes, without the values. */
    @Override
    public String toString() {
        return "TaskEdit" + fields();
    }
}
