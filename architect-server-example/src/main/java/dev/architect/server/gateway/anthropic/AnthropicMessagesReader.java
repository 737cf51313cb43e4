package dev.architect.server.gateway.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Part;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.Role;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolChoice;
import dev.architect.server.gateway.dialect.ClientFields;
import dev.architect.server.gateway.dialect.Conversation;
import dev.architect.server.gateway.dialect.GatewayRequest;
import dev.architect.server.gateway.dialect.ModelCatalogue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the body of {@code POST /v1/messages} and of {@code count_tokens}. Safe for use by several threads. */
final class AnthropicMessagesReader {

    private static final Set<String> KNOWN = Set.of(
            "model",
            "messages",
            "max_tokens",
            "system",
            "temperature",
            "stop_sequences",
            "stream",
            "tools",
            "tool_choice",
            "thinking",
            "output_config",
            "metadata",
            // Taken where it states what holds anyway.
            "top_p");

    private static final Set<String> IGNORABLE = Set.of(
            "service_tier", "speed", "inference_geo", "cache_control", "context_management", "diagnostics", "top_k");

    private static final Set<String> TOOL = Set.of("type", "name", "description", "input_schema", "cache_control");
    private static final Set<String> IGNORABLE_OF_TOOL =
            Set.of("strict", "defer_loading", "eager_input_streaming", "input_examples", "allowed_callers");

    private static final Map<String, ReasoningEffort> EFFORTS = Map.of(
            "low", ReasoningEffort.LOW,
            "medium", ReasoningEffort.MEDIUM,
            "high", ReasoningEffort.HIGH,
            "xhigh", ReasoningEffort.VERY_HIGH,
            "max", ReasoningEffort.MAX);

    /** Budgets of reasoning up to which an effort is low, and medium. */
    private static final int LOW_UP_TO = 4_096;

    private static final int MEDIUM_UP_TO = 16_384;
    private static final int MAX_USER_CHARACTERS = 128;

    private final ModelCatalogue models;

    AnthropicMessagesReader(ModelCatalogue models) {
        this.models = models;
    }

    /** Reads a request for an answer. */
    GatewayRequest read(ObjectNode json) {
        ClientFields body = ClientFields.of(json);
        Integer most = body.integer("max_tokens");
        if (most == null) {
            throw body.invalid("max_tokens", "max_tokens is missing, expected the most tokens of the answer");
        }
        return read(body, most);
    }

    /** Reads a request whose tokens shall be counted, which needs no limit of the answer. */
    GatewayRequest readPrompt(ObjectNode json) {
        return read(ClientFields.of(json), null);
    }

    private GatewayRequest read(ClientFields body, @Nullable Integer most) {
        List<String> ignored = new ArrayList<>();
        body.check(KNOWN, IGNORABLE, ignored);
        Double share = body.number("top_p");
        body.rejectUnless(share != null && share == 1, "top_p", "none or 1");
        String model = body.requiredText("model");
        // Of the models that "auto" may choose most take no marks, and the answer does not depend on them.
        AnthropicContentReader contents = new AnthropicContentReader(models.isPinned(model), ignored);
        Conversation conversation = new Conversation();
        List<Part> marks = new ArrayList<>();
        List<Tool> tools = tools(body, contents, marks, ignored);
        instruct(body, conversation, contents, marks);
        if (!marks.isEmpty()) {
            conversation.add(Role.USER, List.of(marks.get(marks.size() - 1)));
        }
        for (ClientFields message : body.objects("messages")) {
            String role = message.requiredText("role");
            switch (role) {
                case "user" -> conversation.add(Role.USER, contents.parts(message, "content"));
                case "assistant" -> conversation.add(Role.ASSISTANT, contents.parts(message, "content"));
                case "system" -> conversation.instruct(contents.text(message, "content"));
                default -> throw message.notOneOf("role", role, "user, assistant");
            }
        }
        ChatRequest.Builder request = conversation.begin(body, "messages");
        models.select(model, request);
        ClientFields output = body.object("output_config");
        request.maxOutputTokens(most)
                .temperature(body.number("temperature"))
                .stopSequences(body.texts("stop_sequences"))
                .effort(effort(body, output))
                .outputSchema(format(output))
                .tools(tools);
        if (body.has("tool_choice")) {
            request.toolChoice(choice(body.requiredObject("tool_choice")));
        }
        return new GatewayRequest(
                request.build(), model, body.truth("stream", false), true, user(body, ignored), Map.of(), ignored);
    }

    private static void instruct(
            ClientFields body, Conversation conversation, AnthropicContentReader contents, List<Part> marks) {
        JsonNode system = body.get("system");
        if (system == null) {
            return;
        }
        String text = contents.text(body, "system");
        if (!text.isBlank()) {
            conversation.instruct(text);
        }
        if (!system.isTextual()) {
            body.objects("system").forEach(block -> contents.breakpoint(block).ifPresent(marks::add));
        }
    }

    private static List<Tool> tools(
            ClientFields body, AnthropicContentReader contents, List<Part> marks, List<String> ignored) {
        List<Tool> tools = new ArrayList<>();
        for (ClientFields tool : body.objects("tools")) {
            String type = tool.text("type");
            if (type != null && !type.equals("custom")) {
                throw tool.notOneOf("type", type, "custom: no route has the tools of one vendor");
            }
            tool.check(TOOL, IGNORABLE_OF_TOOL, ignored);
            String description = tool.text("description");
            ClientFields schema = tool.requiredObject("input_schema");
            tools.add(tool.checked(
                    "name",
                    () -> new Tool(
                            tool.requiredText("name"),
                            description == null ? "" : description,
                            schema.json().toString())));
            contents.breakpoint(tool).ifPresent(marks::add);
        }
        return tools;
    }

    private static ToolChoice choice(ClientFields stated) {
        String type = stated.requiredText("type");
        ToolChoice choice = switch (type) {
            case "auto" -> ToolChoice.AUTO;
            case "any" -> ToolChoice.REQUIRED;
            case "none" -> ToolChoice.NONE;
            case "tool" -> ToolChoice.named(stated.requiredText("name"));
            default -> throw stated.notOneOf("type", type, "auto, any, none, tool");
        };
        return stated.truth("disable_parallel_tool_use", false) ? choice.oneAtATime() : choice;
    }

    private static @Nullable ReasoningEffort effort(ClientFields body, @Nullable ClientFields output) {
        String word = output == null ? null : output.text("effort");
        if (output != null && word != null) {
            ReasoningEffort effort = EFFORTS.get(word);
            if (effort == null) {
                throw output.notOneOf("effort", word, "low, medium, high, xhigh, max");
            }
            return effort;
        }
        ClientFields thinking = body.object("thinking");
        String type = thinking == null ? "disabled" : thinking.requiredText("type");
        if (thinking == null || !type.equals("enabled")) {
            return null;
        }
        Integer budget = thinking.integer("budget_tokens");
        if (budget == null || budget <= LOW_UP_TO) {
            return ReasoningEffort.LOW;
        }
        return budget <= MEDIUM_UP_TO ? ReasoningEffort.MEDIUM : ReasoningEffort.HIGH;
    }

    private static @Nullable OutputSchema format(@Nullable ClientFields output) {
        ClientFields format = output == null ? null : output.object("format");
        if (format == null) {
            return null;
        }
        String type = format.requiredText("type");
        if (!type.equals("json_schema")) {
            throw format.notOneOf("type", type, "json_schema");
        }
        String schema = format.requiredObject("schema").json().toString();
        return new OutputSchema("answer", schema);
    }

    private static Optional<String> user(ClientFields body, List<String> ignored) {
        ClientFields metadata = body.object("metadata");
        String user = metadata == null ? null : metadata.text("user_id");
        if (metadata == null || user == null || user.isBlank() || user.length() > MAX_USER_CHARACTERS) {
            if (metadata != null && user != null) {
                ignored.add(metadata.path("user_id"));
            }
            return Optional.empty();
        }
        return Optional.of(user);
    }
}
