package dev.architect.server.task;

import dev.architect.json.InvalidFieldException;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.prompt.ChatRequestCodec;
import dev.architect.prompt.PromptTasks;
import dev.architect.server.access.Principal;
import dev.architect.server.rest.BodyFields;
import dev.architect.submission.IdempotencyKey;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.Priority;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads a task from a body: either a chat request, whose fields are those of {@link ChatRequestCodec}, or a type with a payload
 * and attributes. Every error names the field and never repeats a prompt.
 */
final class TaskRequestReader {

    static final String PROMPT = "prompt";
    static final String TYPE = "type";
    static final String PAYLOAD = "payload";
    static final String ATTRIBUTES = "attributes";
    static final String TASKS = "tasks";
    static final String IDEMPOTENCY_KEY = "idempotencyKey";

    private static final String MESSAGES = "messages";
    private static final String PRIORITY = "priority";
    private static final String PROJECT = "project";
    private static final String USER = "user";
    private static final String TAGS = "tags";
    private static final String TIMEOUT = "timeout";
    private static final String MAX_ATTEMPTS = "maxAttempts";
    private static final String DELAY = "delay";

    /** What a task is given beyond its work. */
    private static final Set<String> OPTIONS = Set.of(
            "queue",
            "tenant",
            "sessionKind",
            "limitKey",
            "uniqueKey",
            "onConflict",
            "expiresAfter",
            "softTimeout",
            "totalTimeout",
            "heartbeatTimeout",
            "parents",
            "affinity",
            "pinned");

    private static final Set<String> KNOWN = Stream.of(
                    Stream.of(
                            TYPE,
                            PAYLOAD,
                            ATTRIBUTES,
                            PRIORITY,
                            PROJECT,
                            USER,
                            TAGS,
                            TIMEOUT,
                            MAX_ATTEMPTS,
                            DELAY,
                            IDEMPOTENCY_KEY),
                    ChatRequestCodec.FIELDS.stream(),
                    OPTIONS.stream())
            .flatMap(Function.identity())
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<String> KNOWN_AT_TOP =
            Stream.concat(KNOWN.stream(), Stream.of(TASKS)).collect(Collectors.toUnmodifiableSet());

    private static final Map<String, Priority> PRIORITIES =
            Map.of("urgent", Priority.URGENT, "high", Priority.HIGH, "normal", Priority.NORMAL, "low", Priority.LOW);

    private final BodyFields fields;
    private final Principal caller;

    private TaskRequestReader(BodyFields fields, Principal caller) {
        this.fields = fields;
        this.caller = caller;
    }

    /** Returns one request; {@code fields} is the whole body. */
    static TaskSubmission read(BodyFields fields, Principal caller) {
        fields.rejectUnknown(KNOWN_AT_TOP);
        return new TaskRequestReader(fields, caller).submission();
    }

    /** Returns one request out of a list. */
    static TaskSubmission readElement(BodyFields fields, Principal caller) {
        fields.rejectUnknown(KNOWN);
        return new TaskRequestReader(fields, caller).submission();
    }

    /** Returns what a schedule submits each time; its instants are its keys. */
    static TaskRequest readTemplate(BodyFields fields, Principal caller) {
        if (fields.has(IDEMPOTENCY_KEY)) {
            throw fields.invalid(
                    IDEMPOTENCY_KEY, fields.path(IDEMPOTENCY_KEY + " is given, expected none in a schedule"));
        }
        return readElement(fields, caller).request();
    }

    private TaskSubmission submission() {
        TaskRequest request = read();
        return new TaskSubmission(
                request,
                fields.text(IDEMPOTENCY_KEY)
                        .map(key -> fields.checked(IDEMPOTENCY_KEY, () -> new IdempotencyKey(key))));
    }

    private TaskRequest read() {
        boolean isChat = fields.has(PROMPT) || fields.has(MESSAGES) || !fields.has(TYPE);
        TaskRequest request = (isChat ? readChat() : readTyped()).withAttribution(attribution());
        Optional<Priority> priority = fields.textOrInteger(PRIORITY).map(this::priority);
        request = priority.map(request::withPriority).orElse(request);
        request = changed(request, TIMEOUT, duration(TIMEOUT), TaskRequest::withTimeout);
        request = changed(request, MAX_ATTEMPTS, fields.integer(MAX_ATTEMPTS), TaskRequest::withMaxAttempts);
        request = changed(request, DELAY, duration(DELAY), TaskRequest::withDelay);
        return request.withOptions(options());
    }

    private TaskOptions options() {
        try {
            return TaskOptions.parse(fields.json(OPTIONS));
        } catch (InvalidFieldException wrong) {
            throw fields.invalid(wrong.field(), fields.path(String.valueOf(wrong.getMessage())));
        } catch (IllegalArgumentException wrong) {
            // Its message begins with the field.
            String message = String.valueOf(wrong.getMessage());
            throw fields.invalid(message.split(" ", 2)[0], fields.path(message));
        }
    }

    /** Applies a setting that the request itself checks. */
    private <T> TaskRequest changed(
            TaskRequest request, String field, Optional<T> value, BiFunction<TaskRequest, T, TaskRequest> change) {
        return value.map(found -> fields.checked(field, () -> change.apply(request, found)))
                .orElse(request);
    }

    private Attribution attribution() {
        Attribution attribution = fields.text(PROJECT)
                .map(name -> Attribution.of(fields.checked(PROJECT, () -> new ProjectId(BodyFields.shorten(name)))))
                .orElse(Attribution.DEFAULT);
        Attribution named = fields.text(USER)
                .map(user -> fields.checked(USER, () -> attribution.withUser(user)))
                .orElse(attribution);
        Map<String, String> tags = fields.textsByName(TAGS);
        return caller.attributed(fields.checked(TAGS, () -> new Attribution(named.project(), named.user(), tags)));
    }

    private TaskRequest readChat() {
        if (!fields.has(PROMPT) && !fields.has(MESSAGES)) {
            throw fields.invalid(PROMPT, fields.path("prompt is missing, expected text, or a type with a payload"));
        }
        rejectFields(List.of(PAYLOAD, ATTRIBUTES), "expected none beside a prompt");
        fields.text(TYPE).filter(type -> !type.equals(TaskRequest.PROMPT)).ifPresent(type -> {
            throw fields.invalid(
                    TYPE,
                    fields.path("type is '" + BodyFields.shorten(type)
                            + "' beside a prompt, expected 'prompt' or no type"));
        });
        try {
            return PromptTasks.of(ChatRequestCodec.read(fields.json(ChatRequestCodec.FIELDS)));
        } catch (InvalidFieldException wrong) {
            throw fields.invalid(wrong.field(), fields.path(String.valueOf(wrong.getMessage())));
        } catch (IllegalArgumentException wrong) {
            throw fields.invalid(
                    fields.has(PROMPT) ? PROMPT : MESSAGES, fields.path(String.valueOf(wrong.getMessage())));
        }
    }

    private TaskRequest readTyped() {
        rejectFields(new TreeSet<>(ChatRequestCodec.FIELDS), "expected it beside a prompt only, or in the payload");
        String type = fields.requiredText(TYPE);
        String payload = fields.text(PAYLOAD).orElse("");
        TaskRequest empty = fields.checked(TYPE, () -> TaskRequest.of(type, ""));
        TaskRequest filled = fields.checked(PAYLOAD, () -> TaskRequest.of(empty.type(), payload));
        Map<String, String> attributes = fields.textsByName(ATTRIBUTES);
        TaskRequest request = fields.checked(ATTRIBUTES, () -> filled.withAttributes(attributes));
        if (type.equals(TaskRequest.PROMPT)) {
            checkPrompt(request);
        }
        return request;
    }

    /** What the engine would refuse as well, with the field that it is about. */
    private void checkPrompt(TaskRequest request) {
        if (!request.attributes().isEmpty()) {
            throw fields.invalid(
                    ATTRIBUTES,
                    fields.path(ATTRIBUTES + " are given for a prompt, expected none: settings stand in the payload"));
        }
        try {
            ChatRequestCodec.read(request.payload());
        } catch (IllegalArgumentException wrong) {
            throw fields.invalid(PAYLOAD, fields.path(PAYLOAD) + ": " + wrong.getMessage());
        }
    }

    private void rejectFields(Iterable<String> names, String expected) {
        for (String name : names) {
            if (fields.has(name)) {
                throw fields.invalid(name, fields.path(name + " is given, " + expected));
            }
        }
    }

    private Priority priority(String text) {
        return priority(fields, text);
    }

    /** Reads a level, or the word for one. */
    static Priority priority(BodyFields fields, String text) {
        Priority named = PRIORITIES.get(text);
        if (named != null) {
            return named;
        }
        if (text.matches("-?[0-9]{1,9}")) {
            return fields.checked(PRIORITY, () -> new Priority(Integer.parseInt(text)));
        }
        throw fields.invalid(
                PRIORITY,
                fields.path(PRIORITY + " is '" + BodyFields.shorten(text)
                        + "', expected 0..9 or one of urgent, high, normal, low"));
    }

    private Optional<Duration> duration(String name) {
        return duration(fields, name);
    }

    /** Reads a duration. */
    static Optional<Duration> duration(BodyFields fields, String name) {
        return fields.text(name)
                .map(text -> DurationParser.parse(text)
                        .orElseThrow(() -> fields.invalid(
                                name,
                                fields.path(name + " is '" + BodyFields.shorten(text) + "', expected "
                                        + DurationParser.EXPECTED))));
    }
}
