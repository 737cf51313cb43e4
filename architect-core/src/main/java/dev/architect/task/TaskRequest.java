package dev.architect.task;

import dev.architect.check.Check;
import dev.architect.json.JsonText;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.project.item.ItemId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Work to be done. Immutable; its {@code with} methods return changed copies, and {@code toString} shows no payload.
 *
 * @param type names the worker that performs it, for example {@code prompt}
 * @param payload what the worker needs, in the worker's own format; at most 1,000,000 characters
 * @param attributes named settings for the worker, at most 32
 * @param priority how urgent it is
 * @param attribution what its cost is filed under
 * @param timeout the longest time one attempt may take, up to one day
 * @param maxAttempts how often it is tried before it is dead, 1 to 20
 * @param delay how long after the submission it becomes due, zero to 366 days
 * @param options what it is given beyond its work
 */
public record TaskRequest(
        String type,
        String payload,
        Map<String, String> attributes,
        Priority priority,
        Attribution attribution,
        Duration timeout,
        int maxAttempts,
        Duration delay,
        TaskOptions options) {

    /**
     * The type of tasks that the built-in worker answers through the router. Their payload is a chat request as JSON; {@code
     * dev.architect.prompt.PromptTasks} writes and reads it.
     */
    public static final String PROMPT = "prompt";

    /** One try and three retries. */
    public static final int DEFAULT_MAX_ATTEMPTS = 4;

    /** The default limit of one attempt. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(2);

    /** The longest payload, in characters. */
    public static final int MAX_PAYLOAD_CHARACTERS = 1_000_000;

    private static final Duration MAX_TIMEOUT = Duration.ofDays(1);

    /** The longest delay, a leap year: what is due later is a matter of a calendar, not of a queue. */
    public static final Duration MAX_DELAY = Duration.ofDays(366);

    private static final int MAX_TYPE_CHARACTERS = 64;
    private static final int MAX_ATTRIBUTES = 32;
    private static final int MAX_ATTRIBUTE_CHARACTERS = 100_000;
    private static final int MAX_ATTEMPTS = 20;

    /** Copies the attributes and checks every field. */
    public TaskRequest {
        Check.atMost("type", Check.notBlank("type", type), MAX_TYPE_CHARACTERS);
        Check.atMost("payload", payload, MAX_PAYLOAD_CHARACTERS);
        attributes = Map.copyOf(Check.noNulls("attributes", attributes));
        Check.range("attributes size", attributes.size(), 0, MAX_ATTRIBUTES);
        attributes.forEach((name, value) -> {
            Check.notBlank("attribute name", name);
            Check.atMost("attribute " + name, value, MAX_ATTRIBUTE_CHARACTERS);
        });
        Check.notNull("priority", priority);
        Check.notNull("attribution", attribution);
        if (Check.positive("timeout", timeout).compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("timeout is " + timeout + ", expected at most one day");
        }
        Check.range("maxAttempts", maxAttempts, 1, MAX_ATTEMPTS);
        if (Check.notNegative("delay", delay).compareTo(MAX_DELAY) > 0) {
            throw new IllegalArgumentException("delay is " + delay + ", expected at most 366 days");
        }
        Check.notNull("options", options);
    }

    /** Returns a task of {@code type} with every default. */
    public static TaskRequest of(String type, String payload) {
        return new TaskRequest(
                type,
                payload,
                Map.of(),
                Priority.NORMAL,
                Attribution.DEFAULT,
                DEFAULT_TIMEOUT,
                DEFAULT_MAX_ATTEMPTS,
                Duration.ZERO,
                TaskOptions.DEFAULT);
    }

    /** Returns a task that answers {@code prompt} through the router. */
    public static TaskRequest prompt(String prompt) {
        return of(PROMPT, JsonText.write(Map.of("prompt", Check.notBlank("prompt", prompt))));
    }

    /** Returns a copy with another urgency. */
    public TaskRequest withPriority(Priority changed) {
        return new TaskRequest(type, payload, attributes, changed, attribution, timeout, maxAttempts, delay, options);
    }

    /** Returns a copy whose cost is filed under something else. */
    public TaskRequest withAttribution(Attribution changed) {
        return new TaskRequest(type, payload, attributes, priority, changed, timeout, maxAttempts, delay, options);
    }

    /** Returns a copy filed under another project; user and tags stay. */
    public TaskRequest withProject(ProjectId changed) {
        return withAttribution(attribution.withProject(changed));
    }

    /** Returns a copy with another limit for one attempt. */
    public TaskRequest withTimeout(Duration changed) {
        return new TaskRequest(type, payload, attributes, priority, attribution, changed, maxAttempts, delay, options);
    }

    /** Returns a copy with another number of tries. */
    public TaskRequest withMaxAttempts(int changed) {
        return new TaskRequest(type, payload, attributes, priority, attribution, timeout, changed, delay, options);
    }

    /** Returns a copy that becomes due later. */
    public TaskRequest withDelay(Duration changed) {
        return new TaskRequest(
                type, payload, attributes, priority, attribution, timeout, maxAttempts, changed, options);
    }

    /** Returns a copy with other options. */
    public TaskRequest withOptions(TaskOptions changed) {
        return new TaskRequest(type, payload, attributes, priority, attribution, timeout, maxAttempts, delay, changed);
    }

    /** Returns a copy that waits in a queue. */
    public TaskRequest withQueue(String queue) {
        return withOptions(options.withQueue(queue));
    }

    /** Returns a copy that works on an item of a project; attempts and cost are summed by it. */
    public TaskRequest withItem(ItemId item) {
        return withOptions(options.withItem(item));
    }

    /** The item of a project that it works on; empty for none. */
    public Optional<ItemId> item() {
        return options.item();
    }

    /** Returns a copy with one setting more, or another value of one that is there. */
    public TaskRequest withAttribute(String name, String value) {
        Map<String, String> changed = new TreeMap<>(attributes);
        changed.put(Check.notNull("attribute name", name), Check.notNull("attribute " + name, value));
        return withAttributes(changed);
    }

    /** Returns a copy with other settings. */
    public TaskRequest withAttributes(Map<String, String> changed) {
        return new TaskRequest(type, payload, changed, priority, attribution, timeout, maxAttempts, delay, options);
    }

    @Override
    public String toString() {
        return "TaskRequest[" + type + ", " + payload.length() + " characters, level " + priority.level() + ", project "
                + attribution.project() + "]";
    }
}
