package dev.architect.prompt;

import dev.architect.chat.AcceptedAnswers;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.ModelSelection;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Quality;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolChoice;
import dev.architect.check.Check;
import dev.architect.cost.Money;
import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.model.Capability;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.model.WireBody;
import dev.architect.model.WireFormat;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The one JSON form of a {@link ChatRequest}: in tasks, over REST, and on the command line. Everything but the turns is
 * optional; {@code prompt} is short for one turn of text. Constants are written in lower case with dashes, schemas as JSON
 * objects, arguments of tool calls as text, because a model wrote them.
 *
 * <pre>
 * {"prompt": "…"}                                 or
 * {"messages": [{"role": "user", "content": "…"}  or content as a list of parts, see {@link PartCodec}],
 *  "system": "…",
 *  "quality": "auto", "needs": ["tools"], "model": "claude/claude-sonnet-5", "onRefusal": "stop" | "next-model",
 *  "provider": "named" | "any", "preference": "policy" | "cheapest" | "fastest", "maxCostUsd": 0.05,
 *  "maxOutputTokens": 500, "temperature": 0.2, "stopSequences": ["END"], "effort": "low",
 *  "outputSchema": {"name": "answer", "schema": {…}},
 *  "tools": [{"name": "weather", "description": "…", "inputSchema": {…}}],
 *  "toolChoice": "auto" | "required" | "none" | {"name": "weather"}, "parallelToolCalls": true,
 *  "options": {"openai.store": "false"},
 *  "accepted": {"stopReasons": ["complete", "length"], "empty": false, "checks": ["arithmetic"]},
 *  "wireBody": {"format": "openai-chat", "json": "{…}", "headers": {"openai-beta": "…"}}}
 * </pre>
 *
 * <p>Thread safe: it has no state.
 */
public final class ChatRequestCodec {

    /** The names of all fields. */
    public static final Set<String> FIELDS = Set.of(
            "prompt",
            "messages",
            "system",
            "quality",
            "needs",
            "model",
            "onRefusal",
            "provider",
            "preference",
            "maxCostUsd",
            "maxOutputTokens",
            "temperature",
            "stopSequences",
            "effort",
            "outputSchema",
            "tools",
            "toolChoice",
            "parallelToolCalls",
            "options",
            "accepted",
            "wireBody");

    private static final double MAX_TEMPERATURE = 2.0;

    /** More is no limit for one request. */
    private static final double MAX_COST_USD = 1_000_000;

    private ChatRequestCodec() {}

    /** Returns the request as JSON; parts that have their default are left out. */
    public static String write(ChatRequest request) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(
                "messages",
                Check.notNull("request", request).messages().stream()
                        .map(PartCodec::write)
                        .toList());
        request.system().ifPresent(text -> fields.put("system", text));
        if (request.selection().quality() != Quality.AUTO) {
            fields.put("quality", JsonFields.wordOf(request.selection().quality()));
        }
        putUnlessEmpty(
                fields,
                "needs",
                request.selection().needs().stream()
                        .sorted()
                        .map(JsonFields::wordOf)
                        .toList());
        request.selection().model().ifPresent(model -> fields.put("model", model.toString()));
        if (request.selection().onRefusal() != ModelSelection.OnRefusal.STOP) {
            fields.put("onRefusal", JsonFields.wordOf(request.selection().onRefusal()));
        }
        if (request.selection().provider() != ModelSelection.Provider.NAMED) {
            fields.put("provider", JsonFields.wordOf(request.selection().provider()));
        }
        if (request.selection().preference() != ModelSelection.Preference.POLICY) {
            fields.put("preference", JsonFields.wordOf(request.selection().preference()));
        }
        request.selection().maxCost().ifPresent(most -> fields.put("maxCostUsd", most.usd()));
        request.generation().maxOutputTokens().ifPresent(tokens -> fields.put("maxOutputTokens", tokens));
        request.generation().temperature().ifPresent(value -> fields.put("temperature", value));
        putUnlessEmpty(fields, "stopSequences", request.generation().stopSequences());
        request.generation().effort().ifPresent(effort -> fields.put("effort", JsonFields.wordOf(effort)));
        request.generation()
                .outputSchema()
                .ifPresent(schema ->
                        fields.put("outputSchema", Map.of("name", schema.name(), "schema", schema(schema.schema()))));
        putUnlessEmpty(
                fields,
                "tools",
                request.toolset().tools().stream().map(ChatRequestCodec::tool).toList());
        ToolChoice choice = request.toolset().choice();
        if (choice.mode() != ToolChoice.Mode.AUTO) {
            fields.put(
                    "toolChoice",
                    choice.name().<Object>map(name -> Map.of("name", name)).orElse(JsonFields.wordOf(choice.mode())));
        }
        if (choice.parallel() == ToolChoice.Parallel.FORBIDDEN) {
            fields.put("parallelToolCalls", false);
        }
        if (!request.options().isEmpty()) {
            fields.put("options", request.options());
        }
        if (!request.accepted().equals(AcceptedAnswers.DEFAULT)) {
            fields.put("accepted", accepted(request.accepted()));
        }
        // As text: what was sent must come back as it was, to the last digit of a number.
        request.wireBody().ifPresent(body -> fields.put("wireBody", wireBody(body)));
        return JsonText.write(fields);
    }

    private static void putUnlessEmpty(Map<String, Object> fields, String name, List<?> items) {
        if (!items.isEmpty()) {
            fields.put(name, items);
        }
    }

    private static Map<String, Object> tool(Tool tool) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", tool.name());
        fields.put("description", tool.description());
        fields.put("inputSchema", schema(tool.inputSchema()));
        return fields;
    }

    private static Map<String, Object> accepted(AcceptedAnswers accepted) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(
                "stopReasons",
                accepted.stopReasons().stream().map(JsonFields::wordOf).toList());
        fields.put("empty", accepted.empty());
        if (!accepted.checks().isEmpty()) {
            fields.put("checks", List.copyOf(accepted.checks()));
        }
        return fields;
    }

    /** A schema is text in core; one that is not JSON stays text, so that the adapter's message is the same in a task. */
    private static Object schema(String text) {
        return JsonText.isValid(text) ? JsonText.raw(text) : text;
    }

    /**
     * Reads a request.
     *
     * @throws InvalidFieldException when a field is unknown, missing, or has a wrong value
     * @throws IllegalArgumentException when the text is not a JSON object, or the parts do not fit together
     */
    public static ChatRequest read(String json) {
        JsonFields fields = JsonFields.parse(json);
        fields.allowOnly(FIELDS);
        return request(fields);
    }

    /** As {@link #read}, but fields that this version does not know are ignored: for what a newer version has stored. */
    public static ChatRequest readLenient(String json) {
        return request(JsonFields.parse(json));
    }

    /** What the checks of a whole request begin their messages with, and the field that they are about. */
    private static final Map<String, String> PLACES = Map.of(
            "stop sequence", "stopSequences",
            "stopSequences ", "stopSequences",
            "toolChoice ", "toolChoice",
            "tool ", "tools",
            "option ", "options",
            "temperature ", "temperature",
            "maxOutputTokens ", "maxOutputTokens",
            "provider ", "provider",
            "maxCost ", "maxCostUsd");

    /** Gives a failure of the whole request the field that it is about. */
    private static ChatRequest request(JsonFields fields) {
        try {
            return built(fields);
        } catch (InvalidFieldException located) {
            throw located;
        } catch (IllegalArgumentException wrong) {
            String message = String.valueOf(wrong.getMessage());
            String field = PLACES.entrySet().stream()
                    .filter(place -> message.startsWith(place.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(fields.has("prompt") ? "prompt" : "messages");
            throw InvalidFieldException.value(
                    fields.path(field),
                    message.startsWith(field + " ") ? fields.path(message) : fields.path(field) + ": " + message);
        }
    }

    private static ChatRequest built(JsonFields fields) {
        List<Message> turns = turns(fields);
        ChatRequest.Builder request = ChatRequest.builder(turns.get(turns.size() - 1))
                .earlier(turns.subList(0, turns.size() - 1))
                .system(fields.text("system").orElse(null))
                .needs(Set.copyOf(fields.constants("needs", Capability.class)))
                .model(fields.text("model")
                        .map(text -> checked(fields, "model", () -> ModelId.parse(JsonFields.shorten(text))))
                        .orElse(null))
                .maxOutputTokens(
                        fields.integer("maxOutputTokens", 1, Integer.MAX_VALUE).orElse(null))
                .temperature(fields.decimal("temperature", 0, MAX_TEMPERATURE).orElse(null))
                .stopSequences(fields.texts("stopSequences"))
                .effort(fields.constant("effort", ReasoningEffort.class).orElse(null))
                .outputSchema(fields.object("outputSchema")
                        .map(ChatRequestCodec::schema)
                        .orElse(null))
                .tools(fields.objects("tools").stream()
                        .map(ChatRequestCodec::tool)
                        .toList())
                .toolChoice(toolChoice(fields));
        fields.constant("quality", Quality.class).ifPresent(request::quality);
        fields.constant("onRefusal", ModelSelection.OnRefusal.class).ifPresent(request::onRefusal);
        fields.constant("provider", ModelSelection.Provider.class).ifPresent(request::provider);
        fields.constant("preference", ModelSelection.Preference.class).ifPresent(request::preference);
        fields.exactDecimal("maxCostUsd", 0, MAX_COST_USD)
                .ifPresent(usd -> request.maxCost(checked(fields, "maxCostUsd", () -> money(usd))));
        fields.textsByName("options").forEach(request::option);
        fields.object("accepted").map(ChatRequestCodec::accepted).ifPresent(request::accepted);
        fields.object("wireBody").map(ChatRequestCodec::wireBody).ifPresent(request::wireBody);
        return request.build();
    }

    private static Money money(BigDecimal usd) {
        try {
            return Money.ofUsd(usd);
        } catch (ArithmeticException tooFine) {
            throw new IllegalArgumentException(
                    "maxCostUsd is " + JsonFields.shorten(usd.toString()) + ", expected at most 12 decimal places",
                    tooFine);
        }
    }

    private static List<Message> turns(JsonFields fields) {
        if (fields.has("prompt") == fields.has("messages")) {
            throw InvalidFieldException.value(
                    fields.path("prompt"),
                    fields.has("prompt")
                            ? "prompt and messages are both there, expected one of them"
                            : "prompt is missing, expected text, or messages");
        }
        if (fields.has("prompt")) {
            String text = fields.requiredText("prompt");
            if (text.isBlank()) {
                throw fields.invalid("prompt", "blank", "text");
            }
            return List.of(Message.user(text));
        }
        List<Message> turns = new ArrayList<>();
        fields.objects("messages").forEach(turn -> turns.add(PartCodec.readMessage(turn)));
        if (turns.isEmpty()) {
            throw fields.invalid("messages", "empty", "one turn or more");
        }
        return turns;
    }

    private static AcceptedAnswers accepted(JsonFields fields) {
        Set<StopReason> reasons = fields.has("stopReasons")
                ? Set.copyOf(fields.constants("stopReasons", StopReason.class))
                : AcceptedAnswers.DEFAULT.stopReasons();
        AcceptedAnswers accepted = checked(
                fields,
                "stopReasons",
                () -> new AcceptedAnswers(reasons, fields.flag("empty", AcceptedAnswers.DEFAULT.empty())));
        Set<String> checks = Set.copyOf(fields.texts("checks"));
        return checked(fields, "checks", () -> new AcceptedAnswers(accepted.stopReasons(), accepted.empty(), checks));
    }

    private static Map<String, Object> wireBody(WireBody body) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("format", JsonFields.wordOf(body.format()));
        fields.put("json", body.json());
        if (!body.headers().isEmpty()) {
            fields.put("headers", new TreeMap<>(body.headers()));
        }
        return fields;
    }

    private static WireBody wireBody(JsonFields fields) {
        WireFormat format = fields.constant("format", WireFormat.class)
                .orElseThrow(() -> fields.missing("format", "the form of the body"));
        String json = fields.requiredText("json");
        return checked(
                fields,
                json.isBlank() ? "json" : "headers",
                () -> new WireBody(format, json, fields.textsByName("headers")));
    }

    private static OutputSchema schema(JsonFields fields) {
        return checked(
                fields, "name", () -> new OutputSchema(fields.requiredText("name"), schemaText(fields, "schema")));
    }

    private static Tool tool(JsonFields fields) {
        return checked(
                fields,
                "name",
                () -> new Tool(
                        fields.requiredText("name"),
                        fields.text("description").orElse(""),
                        schemaText(fields, "inputSchema")));
    }

    private static String schemaText(JsonFields fields, String name) {
        return fields.isText(name)
                ? fields.requiredText(name)
                : fields.objectText(name).orElseThrow(() -> fields.missing(name, "a JSON Schema"));
    }

    private static ToolChoice toolChoice(JsonFields fields) {
        ToolChoice choice = ToolChoice.AUTO;
        if (fields.isText("toolChoice")) {
            ToolChoice.Mode mode = fields.constant("toolChoice", ToolChoice.Mode.class)
                    .filter(known -> known != ToolChoice.Mode.NAMED)
                    .orElseThrow(() -> fields.invalid("toolChoice", "'named'", "an object with the tool's name"));
            choice = switch (mode) {
                case REQUIRED -> ToolChoice.REQUIRED;
                case NONE -> ToolChoice.NONE;
                case AUTO, NAMED -> ToolChoice.AUTO;
            };
        } else if (fields.has("toolChoice")) {
            choice = fields.object("toolChoice")
                    .map(named -> ToolChoice.named(named.requiredText("name")))
                    .orElse(choice);
        }
        return fields.flag("parallelToolCalls", true) ? choice : choice.oneAtATime();
    }

    /** Gives a failure that a value's own check found the path of the field. */
    static <T> T checked(JsonFields fields, String name, Supplier<T> value) {
        try {
            return value.get();
        } catch (InvalidFieldException located) {
            // It names the wrong field more exactly than this level could.
            throw located;
        } catch (IllegalArgumentException wrong) {
            String message = String.valueOf(wrong.getMessage());
            throw InvalidFieldException.value(
                    fields.path(name),
                    message.startsWith(name + " ") ? fields.path(message) : fields.path(name) + ": " + message);
        }
    }
}
