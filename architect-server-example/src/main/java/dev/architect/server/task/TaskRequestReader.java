package dev.architect.server.task;

import dev.architect.chat.Quality;
import dev.architect.model.Capability;
import dev.architect.model.ModelId;
import dev.architect.project.ProjectId;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.task.Priority;
import dev.architect.task.TaskRequest;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads what somebody asks for: either a prompt with its settings, or a type with a payload and attributes. Every complaint
 * names the field; what was asked is never repeated.
 */
final class TaskRequestReader {

    static final String PROMPT = "prompt";
    static final String TYPE = "type";
    static final String PAYLOAD = "payload";
    static final String ATTRIBUTES = "attributes";
    static final String TASKS = "tasks";

    private static final String PRIORITY = "priority";
    private static final String PROJECT = "project";
    private static final String TIMEOUT = "timeout";
    private static final String MAX_ATTEMPTS = "maxAttempts";
    private static final String DELAY = "delay";
    private static final String SYSTEM = "system";
    private static final String QUALITY = "quality";
    private static final String NEEDS = "needs";
    private static final String MODEL = "model";
    private static final String MAX_OUTPUT_TOKENS = "maxOutputTokens";
    private static final String TEMPERATURE = "temperature";

    /** Settings of prompts, which travel as attributes. */
    private static final List<String> SETTINGS = List.of(SYSTEM, QUALITY, NEEDS, MODEL, MAX_OUTPUT_TOKENS, TEMPERATURE);

    private static final Set<String> KNOWN = Stream.concat(
                    Stream.of(PROMPT, TYPE, PAYLOAD, ATTRIBUTES, PRIORITY, PROJECT, TIMEOUT, MAX_ATTEMPTS, DELAY),
                    SETTINGS.stream())
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<String> KNOWN_AT_TOP =
            Stream.concat(KNOWN.stream(), Stream.of(TASKS)).collect(Collectors.toUnmodifiableSet());

    private static final Map<String, Priority> PRIORITIES =
            Map.of("urgent", Priority.URGENT, "high", Priority.HIGH, "normal", Priority.NORMAL, "low", Priority.LOW);

    private static final BigDecimal WARMEST = BigDecimal.valueOf(2);

    private final BodyFields fields;

    private TaskRequestReader(BodyFields fields) {
        this.fields = fields;
    }

    /** Returns one request; {@code fields} is the whole body. */
    static TaskRequest single(BodyFields fields) {
        fields.allowOnly(KNOWN_AT_TOP);
        return new TaskRequestReader(fields).read();
    }

    /** Returns one request out of a list. */
    static TaskRequest element(BodyFields fields) {
        fields.allowOnly(KNOWN);
        return new TaskRequestReader(fields).read();
    }

    private TaskRequest read() {
        TaskRequest request = fields.has(TYPE) && !fields.has(PROMPT) ? ofType() : ofPrompt();
        Optional<Priority> priority = fields.textOrInteger(PRIORITY).map(this::priority);
        Optional<ProjectId> project =
                fields.text(PROJECT).map(name -> fields.valid(PROJECT, () -> new ProjectId(BodyFields.shorten(name))));
        Optional<Duration> timeout = duration(TIMEOUT);
        Optional<Integer> attempts = fields.integer(MAX_ATTEMPTS);
        Optional<Duration> delay = duration(DELAY);
        request = priority.map(request::priority).orElse(request);
        request = project.map(request::project).orElse(request);
        request = changed(request, TIMEOUT, timeout, TaskRequest::timeout);
        request = changed(request, MAX_ATTEMPTS, attempts, TaskRequest::maxAttempts);
        return changed(request, DELAY, delay, TaskRequest::delay);
    }

    /** Applies a setting that the request itself checks. */
    private <T> TaskRequest changed(
            TaskRequest request, String field, Optional<T> value, BiFunction<TaskRequest, T, TaskRequest> change) {
        return value.map(found -> fields.valid(field, () -> change.apply(request, found)))
                .orElse(request);
    }

    private TaskRequest ofPrompt() {
        if (!fields.has(PROMPT)) {
            throw fields.invalid(PROMPT, "prompt is missing, expected text, or a type with a payload");
        }
        refuse(List.of(PAYLOAD, ATTRIBUTES), "expected none beside a prompt");
        fields.text(TYPE).filter(type -> !type.equals(TaskRequest.PROMPT)).ifPresent(type -> {
            throw fields.invalid(
                    TYPE, "type is '" + BodyFields.shorten(type) + "' beside a prompt, expected 'prompt' or no type");
        });
        String prompt = fields.requiredText(PROMPT);
        TaskRequest request = fields.valid(PROMPT, () -> TaskRequest.prompt(prompt));
        for (String setting : SETTINGS) {
            Optional<String> value = setting(setting);
            if (value.isPresent()) {
                TaskRequest before = request;
                request = fields.valid(setting, () -> before.attribute(setting, value.get()));
            }
        }
        return request;
    }

    private TaskRequest ofType() {
        refuse(SETTINGS, "expected it beside a prompt only, or among the attributes");
        String type = fields.requiredText(TYPE);
        String payload = fields.text(PAYLOAD).orElse("");
        TaskRequest request = fields.valid(TYPE, () -> TaskRequest.of(type, ""));
        TaskRequest filled = fields.valid(PAYLOAD, () -> TaskRequest.of(request.type(), payload));
        Map<String, String> attributes = fields.textsByName(ATTRIBUTES);
        return fields.valid(
                ATTRIBUTES,
                () -> new TaskRequest(
                        filled.type(),
                        filled.payload(),
                        attributes,
                        filled.priority(),
                        filled.project(),
                        filled.timeout(),
                        filled.maxAttempts(),
                        filled.delay()));
    }

    private void refuse(List<String> names, String expected) {
        for (String name : names) {
            if (fields.has(name)) {
                throw fields.invalid(name, name + " is given, " + expected);
            }
        }
    }

    /** Returns a setting of a prompt as the text that its attribute has. */
    private Optional<String> setting(String name) {
        return switch (name) {
            case QUALITY -> fields.text(name).map(word -> constant(name, Quality.class, word));
            case NEEDS -> needs();
            case MODEL ->
                fields.text(name)
                        .map(text -> fields.valid(name, () -> ModelId.parse(BodyFields.shorten(text)))
                                .toString());
            case MAX_OUTPUT_TOKENS -> fields.integer(name).map(this::tokens);
            case TEMPERATURE -> fields.decimal(name).map(this::temperature);
            default -> fields.text(name);
        };
    }

    private Optional<String> needs() {
        List<String> needs = fields.texts(NEEDS);
        needs.forEach(need -> constant(NEEDS, Capability.class, need));
        return needs.isEmpty() ? Optional.empty() : Optional.of(String.join(",", needs));
    }

    private <E extends Enum<E>> String constant(String name, Class<E> type, String word) {
        return EnumWords.constant(type, word)
                .map(JsonResponseWriter::word)
                .orElseThrow(() -> fields.invalid(
                        name, name + " is '" + BodyFields.shorten(word) + "', expected one of " + EnumWords.all(type)));
    }

    private String tokens(int count) {
        if (count < 1) {
            throw fields.invalid(MAX_OUTPUT_TOKENS, MAX_OUTPUT_TOKENS + " is " + count + ", expected 1 or more");
        }
        return Integer.toString(count);
    }

    private String temperature(BigDecimal value) {
        if (value.signum() < 0 || value.compareTo(WARMEST) > 0) {
            throw fields.invalid(
                    TEMPERATURE, TEMPERATURE + " is " + BodyFields.shorten(value.toString()) + ", expected 0.0..2.0");
        }
        return JsonResponseWriter.plain(value).toPlainString();
    }

    private Priority priority(String text) {
        Priority named = PRIORITIES.get(text);
        if (named != null) {
            return named;
        }
        if (text.matches("-?[0-9]{1,9}")) {
            return fields.valid(PRIORITY, () -> new Priority(Integer.parseInt(text)));
        }
        throw fields.invalid(
                PRIORITY,
                PRIORITY + " is '" + BodyFields.shorten(text) + "', expected 0..9 or one of urgent, high, normal, low");
    }

    private Optional<Duration> duration(String name) {
        return fields.text(name)
                .map(text -> DurationParser.parse(text)
                        .orElseThrow(() -> fields.invalid(
                                name,
                                name + " is '" + BodyFields.shorten(text) + "', expected " + DurationParser.EXPECTED)));
    }
}
