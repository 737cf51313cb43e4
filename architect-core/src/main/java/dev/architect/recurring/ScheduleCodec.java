package dev.architect.recurring;

import dev.architect.check.Check;
import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.json.RawJson;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.recurring.CatchUp.Policy;
import dev.architect.task.Priority;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The JSON form of what a schedule does and when: {@code cron} and {@code zone}, or {@code every}; {@code catchUp} and {@code catchUpLimit};
 * and the {@code task}. The name stands beside it. Stores keep it; a field that is missing has its default.
 */
public final class ScheduleCodec {

    private static final int LEVELS = 9;
    private static final int MOST_TRIES = 20;

    private ScheduleCodec() {}

    /** Writes everything but the name. */
    public static String write(ScheduleRequest request) {
        Map<String, Object> fields = new LinkedHashMap<>(when(Check.notNull("request", request)));
        fields.put("task", task(request.task()));
        return JsonText.write(fields);
    }

    /** Returns the fields that say when it fires. */
    public static Map<String, Object> when(ScheduleRequest request) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (Check.notNull("request", request).recurrence() instanceof Recurrence.Cron cron) {
            fields.put("cron", cron.expression().text());
            fields.put("zone", cron.zone().getId());
        } else if (request.recurrence() instanceof Recurrence.Interval interval) {
            fields.put("every", interval.length().toString());
        }
        fields.put("catchUp", JsonFields.wordOf(request.catchUp().policy()));
        if (request.catchUp().policy() == Policy.ALL) {
            fields.put("catchUpLimit", request.catchUp().limit());
        }
        return fields;
    }

    private static Map<String, Object> task(TaskRequest task) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", task.type());
        fields.put("payload", task.payload());
        fields.put("attributes", task.attributes());
        fields.put("priority", task.priority().level());
        fields.put("project", task.attribution().project().name());
        task.attribution().user().ifPresent(user -> fields.put("user", user));
        fields.put("tags", task.attribution().tags());
        fields.put("timeout", task.timeout().toString());
        fields.put("maxAttempts", task.maxAttempts());
        fields.put("delay", task.delay().toString());
        if (!task.options().isDefault()) {
            fields.put("options", new RawJson(task.options().text()));
        }
        return fields;
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @throws InvalidFieldException when a field has another form
     */
    public static ScheduleRequest read(String name, String json) {
        Check.notNull("name", name);
        JsonFields fields = JsonFields.parse(Check.notNull("json", json));
        JsonFields task = fields.object("task").orElseThrow(() -> fields.missing("task", "an object"));
        return new ScheduleRequest(name, recurrence(fields), task(task), catchUp(fields));
    }

    /**
     * Reads when something happens: {@code every}, or {@code cron} with a {@code zone}, which is UTC when it is missing.
     *
     * @throws InvalidFieldException when a field is missing or wrong
     */
    public static Recurrence recurrence(JsonFields fields) {
        Optional<String> cron = Check.notNull("fields", fields).text("cron");
        Optional<String> every = fields.text("every");
        if (cron.isPresent() == every.isPresent()) {
            throw InvalidFieldException.value(
                    "cron",
                    cron.isPresent()
                            ? "cron is set beside every, expected one of them"
                            : "cron is missing, expected text, or every with a duration");
        }
        if (every.isPresent()) {
            if (fields.has("zone")) {
                throw InvalidFieldException.value("zone", "zone is set beside every, expected it beside cron only");
            }
            Duration length = duration(fields, "every").orElseThrow();
            return checked("every", () -> Recurrence.every(length));
        }
        ZoneId zone = checked("zone", () -> Recurrence.zone(fields.text("zone").orElse("UTC")));
        return checked("cron", () -> Recurrence.cron(cron.orElseThrow(), zone));
    }

    /**
     * Reads what becomes of missed instants: {@code catchUp} ({@code none}, {@code last} or {@code all}; {@code last} when it is missing) and
     * {@code catchUpLimit}, which {@code all} needs.
     *
     * @throws InvalidFieldException when a field is missing or wrong
     */
    public static CatchUp catchUp(JsonFields fields) {
        Policy policy = Check.notNull("fields", fields)
                .constant("catchUp", Policy.class)
                .orElse(Policy.LAST);
        Optional<Integer> limit = fields.integer("catchUpLimit", 1, CatchUp.MAX_LIMIT);
        if (policy != Policy.ALL && limit.isPresent()) {
            throw InvalidFieldException.value(
                    "catchUpLimit",
                    "catchUpLimit is set beside catchUp " + JsonFields.wordOf(policy)
                            + ", expected it beside all only");
        }
        return switch (policy) {
            case NONE -> CatchUp.NONE;
            case LAST -> CatchUp.LAST;
            case ALL ->
                CatchUp.all(limit.orElseThrow(
                        () -> fields.missing("catchUpLimit", "1.." + CatchUp.MAX_LIMIT + " beside catchUp all")));
        };
    }

    private static <T> T checked(String field, Supplier<T> value) {
        try {
            return value.get();
        } catch (InvalidFieldException named) {
            throw named;
        } catch (IllegalArgumentException wrong) {
            throw InvalidFieldException.value(field, String.valueOf(wrong.getMessage()));
        }
    }

    private static TaskRequest task(JsonFields fields) {
        Attribution attribution = new Attribution(
                fields.text("project").map(ProjectId::new).orElse(ProjectId.DEFAULT),
                fields.text("user"),
                fields.textsByName("tags"));
        TaskRequest plain = TaskRequest.of(
                fields.requiredText("type"), fields.text("payload").orElse(""));
        return new TaskRequest(
                plain.type(),
                plain.payload(),
                fields.textsByName("attributes"),
                fields.integer("priority", 0, LEVELS).map(Priority::new).orElse(plain.priority()),
                attribution,
                duration(fields, "timeout").orElse(plain.timeout()),
                fields.integer("maxAttempts", 1, MOST_TRIES).orElse(plain.maxAttempts()),
                duration(fields, "delay").orElse(plain.delay()),
                fields.object("options").map(TaskOptions::of).orElse(plain.options()));
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
