package dev.architect.task;

import dev.architect.check.Check;
import dev.architect.project.ProjectId;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Work to be done. Immutable; its {@code with}-like methods return changed copies, and {@code toString} shows no payload.
 *
 * @param type names the worker that performs it, for example {@code prompt}
 * @param payload what the worker needs, in the worker's own format; at most 1,000,000 characters
 * @param attributes named settings for the worker, at most 32
 * @param priority how urgent it is
 * @param project what it is filed under
 * @param timeout the longest time one attempt may take, up to one day
 * @param maxAttempts how often it is tried before it is dead, 1 to 20
 * @param delay how long after the submission it becomes due, zero or more
 */
public record TaskRequest(
        String type,
        String payload,
        Map<String, String> attributes,
        Priority priority,
        ProjectId project,
        Duration timeout,
        int maxAttempts,
        Duration delay) {

    /** The type of tasks that the built-in worker answers through the router. Its payload is the prompt. */
    public static final String PROMPT = "prompt";

    /** One try and three retries. */
    public static final int DEFAULT_MAX_ATTEMPTS = 4;

    /** The default limit of one attempt. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(2);

    private static final int MAX_PAYLOAD_CHARACTERS = 1_000_000;
    private static final int MAX_TYPE_CHARACTERS = 64;
    private static final int MAX_ATTRIBUTES = 32;
    private static final int MAX_ATTRIBUTE_CHARACTERS = 100_000;
    private static final int MOST_ATTEMPTS = 20;

    /** Copies the attributes and checks every field. */
    public TaskRequest {
        Check.atMost("type", Check.notBlank("type", type), MAX_TYPE_CHARACTERS);
        Check.atMost("payload", payload, MAX_PAYLOAD_CHARACTERS);
        attributes = Map.copyOf(attributes);
        Check.range("attributes size", attributes.size(), 0, MAX_ATTRIBUTES);
        attributes.forEach((name, value) -> {
            Check.notBlank("attribute name", name);
            Check.atMost("attribute " + name, value, MAX_ATTRIBUTE_CHARACTERS);
        });
        if (Check.positive("timeout", timeout).compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("timeout is " + timeout + ", expected at most one day");
        }
        Check.range("maxAttempts", maxAttempts, 1, MOST_ATTEMPTS);
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay is " + delay + ", expected zero or more");
        }
    }

    /** Returns a task of {@code type} with every default. */
    public static TaskRequest of(String type, String payload) {
        return new TaskRequest(
                type,
                payload,
                Map.of(),
                Priority.NORMAL,
                ProjectId.DEFAULT,
                DEFAULT_TIMEOUT,
                DEFAULT_MAX_ATTEMPTS,
                Duration.ZERO);
    }

    /** Returns a task that answers {@code prompt} through the router. */
    public static TaskRequest prompt(String prompt) {
        return of(PROMPT, Check.notBlank("prompt", prompt));
    }

    /** Returns a copy with another urgency. */
    public TaskRequest priority(Priority changed) {
        return new TaskRequest(type, payload, attributes, changed, project, timeout, maxAttempts, delay);
    }

    /** Returns a copy filed under another project. */
    public TaskRequest project(ProjectId changed) {
        return new TaskRequest(type, payload, attributes, priority, changed, timeout, maxAttempts, delay);
    }

    /** Returns a copy with another limit for one attempt. */
    public TaskRequest timeout(Duration changed) {
        return new TaskRequest(type, payload, attributes, priority, project, changed, maxAttempts, delay);
    }

    /** Returns a copy with another number of tries. */
    public TaskRequest maxAttempts(int changed) {
        return new TaskRequest(type, payload, attributes, priority, project, timeout, changed, delay);
    }

    /** Returns a copy that becomes due later. */
    public TaskRequest delay(Duration changed) {
        return new TaskRequest(type, payload, attributes, priority, project, timeout, maxAttempts, changed);
    }

    /** Returns a copy with one setting more; null takes the setting away. */
    public TaskRequest attribute(String name, @Nullable String value) {
        Map<String, String> changed = new TreeMap<>(attributes);
        if (value == null) {
            changed.remove(name);
        } else {
            changed.put(name, value);
        }
        return new TaskRequest(type, payload, changed, priority, project, timeout, maxAttempts, delay);
    }

    @Override
    public String toString() {
        return "TaskRequest[" + type + ", " + payload.length() + " characters, level " + priority.level() + ", project "
                + project + "]";
    }
}
