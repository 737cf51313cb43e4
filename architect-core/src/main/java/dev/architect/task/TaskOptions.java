package dev.architect.task;

import dev.architect.check.Check;
import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.project.item.ItemId;
import dev.architect.task.ParentTask.OnFailure;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a task may be given beyond its work. Immutable; its {@code with} methods return changed copies.
 *
 * @param queue where it waits: 1 to 64 lower-case letters, digits, dots, dashes and underscores, beginning with a letter or digit
 * @param tenant whom it is for: tenants of a queue share the sessions by weight; written as a queue is
 * @param sessionKind the kind of session that performs it, written as a queue is
 * @param limitKey tasks with the same key share a limit of how many of them may be ready or run at once; 1 to 255 characters
 * @param uniqueKey at most one unfinished task of a project has it
 * @param expiresAfter how long after its acceptance it is given up if it has not started, up to 366 days
 * @param timeLimits limits of time beside the timeout of an attempt
 * @param parents the tasks that it waits for, at most 1,000, each once
 * @param affinity tasks with the same key are run where the last one ran, as long as that keeps none waiting for more than 200 ms; 1 to 255
 *     characters
 * @param isPinned whether tasks with that key run on one node only, as long as it lives, however long they wait for it
 * @param item the item of a project that it works on: attempts and cost are summed by it
 */
public record TaskOptions(
        String queue,
        String tenant,
        String sessionKind,
        Optional<String> limitKey,
        Optional<UniqueKey> uniqueKey,
        Optional<Duration> expiresAfter,
        TimeLimits timeLimits,
        List<ParentTask> parents,
        Optional<String> affinity,
        boolean isPinned,
        Optional<ItemId> item) {

    /** The queue of tasks that name none. */
    public static final String DEFAULT_QUEUE = "default";

    /** The tenant of tasks that name none. */
    public static final String DEFAULT_TENANT = "default";

    /** The kind of session of tasks that name none. */
    public static final String DEFAULT_SESSION_KIND = "llm";

    /** The most parents of a task. */
    public static final int MAX_PARENTS = 1_000;

    private static final int MAX_KEY_CHARACTERS = 255;
    private static final Duration LONGEST_EXPIRY = Duration.ofDays(366);
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    /** Nothing special. */
    public static final TaskOptions DEFAULT = new TaskOptions(
            DEFAULT_QUEUE,
            DEFAULT_TENANT,
            DEFAULT_SESSION_KIND,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            TimeLimits.NONE,
            List.of(),
            Optional.empty(),
            false,
            Optional.empty());

    /** Creates options without an affinity key. */
    public TaskOptions(
            String queue,
            String tenant,
            String sessionKind,
            Optional<String> limitKey,
            Optional<UniqueKey> uniqueKey,
            Optional<Duration> expiresAfter,
            TimeLimits timeLimits,
            List<ParentTask> parents) {
        this(
                queue,
                tenant,
                sessionKind,
                limitKey,
                uniqueKey,
                expiresAfter,
                timeLimits,
                parents,
                Optional.empty(),
                false,
                Optional.empty());
    }

    /** Creates options for a task of no item. */
    public TaskOptions(
            String queue,
            String tenant,
            String sessionKind,
            Optional<String> limitKey,
            Optional<UniqueKey> uniqueKey,
            Optional<Duration> expiresAfter,
            TimeLimits timeLimits,
            List<ParentTask> parents,
            Optional<String> affinity,
            boolean isPinned) {
        this(
                queue,
                tenant,
                sessionKind,
                limitKey,
                uniqueKey,
                expiresAfter,
                timeLimits,
                parents,
                affinity,
                isPinned,
                Optional.empty());
    }

    /** Copies the parents and checks every field. */
    public TaskOptions {
        checkName("queue", queue);
        checkName("tenant", tenant);
        checkName("sessionKind", sessionKind);
        Check.notNull("limitKey", limitKey)
                .ifPresent(key -> Check.atMost("limitKey", Check.notBlank("limitKey", key), MAX_KEY_CHARACTERS));
        Check.notNull("uniqueKey", uniqueKey);
        Check.notNull("expiresAfter", expiresAfter)
                .ifPresent(
                        after -> checkLongest("expiresAfter", Check.positive("expiresAfter", after), LONGEST_EXPIRY));
        Check.notNull("timeLimits", timeLimits);
        parents = List.copyOf(Check.noNulls("parents", parents));
        Check.notNull("affinity", affinity)
                .ifPresent(key -> Check.atMost("affinity", Check.notBlank("affinity", key), MAX_KEY_CHARACTERS));
        if (isPinned && affinity.isEmpty()) {
            throw new IllegalArgumentException("pinned is true without an affinity, expected both");
        }
        Check.notNull("item", item);
        Check.range("parents size", parents.size(), 0, MAX_PARENTS);
        Set<TaskId> seen = new HashSet<>();
        for (ParentTask parent : parents) {
            if (!seen.add(parent.id())) {
                throw new IllegalArgumentException("parents has " + parent.id() + " twice, expected each parent once");
            }
        }
    }

    /**
     * Checks the name of a queue, a tenant or a kind of session, and returns it.
     *
     * @throws IllegalArgumentException when it has another form
     */
    public static String checkName(String field, String name) {
        if (!NAME.matcher(Check.notNull(Check.notNull("field", field), name)).matches()) {
            throw new IllegalArgumentException(field + " is '" + JsonFields.shorten(name)
                    + "', expected 1 to 64 lower-case letters, digits, dots, dashes and underscores,"
                    + " beginning with a letter or digit");
        }
        return name;
    }

    static void checkLongest(String field, Duration value, Duration longest) {
        if (value.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    field + " is " + value + ", expected at most " + longest.toDays() + " days");
        }
    }

    /** Whether nothing is special. */
    public boolean isDefault() {
        return equals(DEFAULT);
    }

    /** Whether queue, tenant and kind of session are the default ones, and it is not pinned. */
    public boolean isInDefaultLane() {
        return !isPinned
                && queue.equals(DEFAULT_QUEUE)
                && tenant.equals(DEFAULT_TENANT)
                && sessionKind.equals(DEFAULT_SESSION_KIND);
    }

    /** Returns a copy for another queue. */
    public TaskOptions withQueue(String changed) {
        return new TaskOptions(
                changed,
                tenant,
                sessionKind,
                limitKey,
                uniqueKey,
                expiresAfter,
                timeLimits,
                parents,
                affinity,
                isPinned,
                item);
    }

    /** Returns a copy for another tenant. */
    public TaskOptions withTenant(String changed) {
        return new TaskOptions(
                queue,
                changed,
                sessionKind,
                limitKey,
                uniqueKey,
                expiresAfter,
                timeLimits,
                parents,
                affinity,
                isPinned,
                item);
    }

    /** Returns a copy for another kind of session. */
    public TaskOptions withSessionKind(String changed) {
        return new TaskOptions(
                queue,
                tenant,
                changed,
                limitKey,
                uniqueKey,
                expiresAfter,
                timeLimits,
                parents,
                affinity,
                isPinned,
                item);
    }

    /** Returns a copy that shares the limit of a key. */
    public TaskOptions withLimitKey(String changed) {
        return new TaskOptions(
                queue,
                tenant,
                sessionKind,
                Optional.of(Check.notNull("limitKey", changed)),
                uniqueKey,
                expiresAfter,
                timeLimits,
                parents,
                affinity,
                isPinned,
                item);
    }

    /** Returns a copy with a unique key. */
    public TaskOptions withUniqueKey(UniqueKey changed) {
        return new TaskOptions(
                queue,
                tenant,
                sessionKind,
                limitKey,
                Optional.of(Check.notNull("uniqueKey", changed)),
                expiresAfter,
                timeLimits,
                parents,
                affinity,
                isPinned,
                item);
    }

    /** Returns a copy that is given up when it has not started by then. */
    public TaskOptions withExpiry(Duration changed) {
        return new TaskOptions(
                queue,
                tenant,
                sessionKind,
                limitKey,
                uniqueKey,
                Optional.of(Check.notNull("expiresAfter", changed)),
                timeLimits,
                parents,
                affinity,
                isPinned,
                item);
    }

    /** Returns a copy with other limits of time. */
    public TaskOptions withTimeLimits(TimeLimits changed) {
        return new TaskOptions(
                queue,
                tenant,
                sessionKind,
                limitKey,
                uniqueKey,
                expiresAfter,
                changed,
                parents,
                affinity,
                isPinned,
                item);
    }

    /** Returns a copy that waits for other tasks. */
    public TaskOptions withParents(List<ParentTask> changed) {
        return new TaskOptions(
                queue,
                tenant,
                sessionKind,
                limitKey,
                uniqueKey,
                expiresAfter,
                timeLimits,
                changed,
                affinity,
                isPinned,
                item);
    }

    /** Returns a copy that is run where the last task with the same key ran, where that is possible soon. */
    public TaskOptions withAffinity(String changed) {
        return new TaskOptions(
                queue,
                tenant,
                sessionKind,
                limitKey,
                uniqueKey,
                expiresAfter,
                timeLimits,
                parents,
                Optional.of(Check.notNull("affinity", changed)),
                false,
                item);
    }

    /**
     * Returns a copy that is run on the one node that has the tasks with that key, as long as it lives; then another one has them. It waits as
     * long as that node is busy, or takes no tasks.
     */
    public TaskOptions withPin(String changed) {
        return new TaskOptions(
                queue,
                tenant,
                sessionKind,
                limitKey,
                uniqueKey,
                expiresAfter,
                timeLimits,
                parents,
                Optional.of(Check.notNull("affinity", changed)),
                true,
                item);
    }

    /** Returns a copy that works on an item. */
    public TaskOptions withItem(ItemId changed) {
        return new TaskOptions(
                queue,
                tenant,
                sessionKind,
                limitKey,
                uniqueKey,
                expiresAfter,
                timeLimits,
                parents,
                affinity,
                isPinned,
                Optional.of(Check.notNull("item", changed)));
    }

    /** The {@linkplain AffinityBucket bucket} that it is pinned by; empty when it is not pinned. */
    public OptionalInt pin() {
        return isPinned ? OptionalInt.of(AffinityBucket.of(affinity.orElseThrow())) : OptionalInt.empty();
    }

    /** Returns the options that are not the default as a JSON object; {@link #parse} reads it. */
    public String text() {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (!queue.equals(DEFAULT_QUEUE)) {
            fields.put("queue", queue);
        }
        if (!tenant.equals(DEFAULT_TENANT)) {
            fields.put("tenant", tenant);
        }
        if (!sessionKind.equals(DEFAULT_SESSION_KIND)) {
            fields.put("sessionKind", sessionKind);
        }
        limitKey.ifPresent(key -> fields.put("limitKey", key));
        uniqueKey.ifPresent(key -> {
            fields.put("uniqueKey", key.value());
            fields.put("onConflict", JsonFields.wordOf(key.onConflict()));
        });
        expiresAfter.ifPresent(after -> fields.put("expiresAfter", after.toString()));
        timeLimits.soft().ifPresent(limit -> fields.put("softTimeout", limit.toString()));
        timeLimits.total().ifPresent(limit -> fields.put("totalTimeout", limit.toString()));
        timeLimits.noHeartbeat().ifPresent(limit -> fields.put("heartbeatTimeout", limit.toString()));
        if (!parents.isEmpty()) {
            List<Object> list = new ArrayList<>();
            for (ParentTask parent : parents) {
                list.add(Map.of("task", parent.id().toString(), "onFailure", JsonFields.wordOf(parent.onFailure())));
            }
            fields.put("parents", list);
        }
        affinity.ifPresent(key -> fields.put("affinity", key));
        if (isPinned) {
            fields.put("pinned", true);
        }
        item.ifPresent(each -> fields.put("item", each.toString()));
        return JsonText.write(fields);
    }

    /**
     * Reads what {@link #text} has written; a field that is missing has its default, an unknown one is ignored.
     *
     * @throws dev.architect.json.InvalidFieldException when a field has another form
     */
    public static TaskOptions parse(String text) {
        return of(JsonFields.parse(Check.notNull("text", text)));
    }

    /**
     * Reads the options among the fields of an object, as {@link #parse} does.
     *
     * @throws dev.architect.json.InvalidFieldException when a field has another form
     */
    public static TaskOptions of(JsonFields fields) {
        List<ParentTask> parents = new ArrayList<>();
        for (JsonFields parent : Check.notNull("fields", fields).objects("parents")) {
            parents.add(new ParentTask(
                    id(parent), parent.constant("onFailure", OnFailure.class).orElse(OnFailure.BLOCK)));
        }
        Optional<UniqueKey.OnConflict> onConflict = fields.constant("onConflict", UniqueKey.OnConflict.class);
        if (onConflict.isPresent() && !fields.has("uniqueKey")) {
            throw InvalidFieldException.value(
                    fields.path("onConflict"),
                    fields.path("onConflict") + " is set without a uniqueKey, expected it beside one only");
        }
        return new TaskOptions(
                fields.text("queue").orElse(DEFAULT_QUEUE),
                fields.text("tenant").orElse(DEFAULT_TENANT),
                fields.text("sessionKind").orElse(DEFAULT_SESSION_KIND),
                fields.text("limitKey"),
                fields.text("uniqueKey").map(key -> new UniqueKey(key, onConflict.orElse(UniqueKey.OnConflict.REJECT))),
                duration(fields, "expiresAfter"),
                new TimeLimits(
                        duration(fields, "softTimeout"),
                        duration(fields, "totalTimeout"),
                        duration(fields, "heartbeatTimeout")),
                parents,
                fields.text("affinity"),
                fields.flag("pinned", false),
                fields.text("item").map(text -> item(fields, text)));
    }

    private static ItemId item(JsonFields fields, String text) {
        try {
            return ItemId.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw fields.invalid("item", "'" + JsonFields.shorten(text) + "'", "the id of an item");
        }
    }

    private static TaskId id(JsonFields parent) {
        String text = parent.requiredText("task");
        try {
            return TaskId.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw parent.invalid("task", "'" + JsonFields.shorten(text) + "'", "the id of a task");
        }
    }

    /** In the form of ISO 8601, or as a number with a unit, for example {@code 90s}. */
    private static Optional<Duration> duration(JsonFields fields, String name) {
        return fields.text(name).map(text -> {
            try {
                String upper = text.toUpperCase(Locale.ROOT);
                return Duration.parse(upper.startsWith("P") ? upper : upper.endsWith("D") ? "P" + upper : "PT" + upper);
            } catch (DateTimeParseException wrong) {
                throw fields.invalid(
                        name,
                        "'" + JsonFields.shorten(text) + "'",
                        "a duration, for example PT90S, 90s, 15m, 12h or 7d");
            }
        });
    }
}
