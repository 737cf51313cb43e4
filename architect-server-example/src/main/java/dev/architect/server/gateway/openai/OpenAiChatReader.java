package dev.architect.server.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.chat.Tool;
import dev.architect.server.gateway.dialect.ClientFields;
import dev.architect.server.gateway.dialect.Conversation;
import dev.architect.server.gateway.dialect.GatewayRequest;
import dev.architect.server.gateway.dialect.ModelCatalogue;
import dev.architect.server.gateway.dialect.ToolCallNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the body of {@code POST /v1/chat/completions}. Safe for use by several threads. */
final class OpenAiChatReader {

    private static final Set<String> KNOWN = Set.of(
            "model",
            "messages",
            "max_tokens",
            "max_completion_tokens",
            "temperature",
            "stop",
            "stream",
            "stream_options",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "response_format",
            "reasoning_effort",
            "user",
            "metadata",
            // Taken where they state what holds anyway.
            "n",
            "logprobs",
            "top_logprobs",
            "top_p",
            "frequency_penalty",
            "presence_penalty",
            "logit_bias",
            "modalities");

    private static final Set<String> IGNORABLE = Set.of(
            "store",
            "seed",
            "service_tier",
            "prompt_cache_key",
            "prompt_cache_retention",
            "prompt_cache_options",
            "safety_identifier",
            "prediction");

    private final ModelCatalogue models;

    OpenAiChatReader(ModelCatalogue models) {
        this.models = models;
    }

    GatewayRequest read(ObjectNode json) {
        ClientFields body = ClientFields.of(json);
        List<String> ignored = new ArrayList<>();
        body.check(KNOWN, IGNORABLE, ignored);
        rejectWhatNoRouteFollows(body);
        String model = body.requiredText("model");
        Conversation conversation = conversation(body, ignored);
        ChatRequest.Builder request = conversation.begin(body, "messages");
        models.select(model, request);
        Integer most = body.integer("max_completion_tokens");
        request.maxOutputTokens(most == null ? body.integer("max_tokens") : most)
                .temperature(body.number("temperature"))
                .stopSequences(body.texts("stop"))
                .effort(OpenAiParts.effort(body, "reasoning_effort"))
                .tools(tools(body, ignored));
        if (body.has("tool_choice") || body.has("parallel_tool_calls")) {
            request.toolChoice(OpenAiParts.choice(
                    body, choice -> choice.requiredObject("function").requiredText("name")));
        }
        ClientFields format = body.object("response_format");
        if (format != null) {
            request.outputSchema(OpenAiParts.format(format, one -> one.requiredObject("json_schema")));
        }
        ClientFields options = body.object("stream_options");
        return new GatewayRequest(
                request.build(),
                model,
                body.truth("stream", false),
                options != null && options.truth("include_usage", false),
                OpenAiParts.user(body, ignored),
                OpenAiParts.tags(body, ignored),
                ignored);
    }

    private static void rejectWhatNoRouteFollows(ClientFields body) {
        Integer choices = body.integer("n");
        body.rejectUnless(choices != null && choices == 1, "n", "1");
        body.rejectUnless(!body.truth("logprobs", false), "logprobs", "false");
        Integer top = body.integer("top_logprobs");
        body.rejectUnless(top != null && top == 0, "top_logprobs", "none");
        neutral(body, "top_p", 1);
        neutral(body, "frequency_penalty", 0);
        neutral(body, "presence_penalty", 0);
        ClientFields bias = body.object("logit_bias");
        body.rejectUnless(bias != null && bias.json().isEmpty(), "logit_bias", "none");
        body.rejectUnless(body.texts("modalities").equals(List.of("text")), "modalities", "text alone");
    }

    static void neutral(ClientFields body, String name, double value) {
        Double stated = body.number(name);
        body.rejectUnless(stated != null && stated == value, name, "none or " + (int) value);
    }

    private static List<Tool> tools(ClientFields body, List<String> ignored) {
        List<Tool> tools = new ArrayList<>();
        for (ClientFields tool : body.objects("tools")) {
            String type = tool.requiredText("type");
            if (!type.equals("function")) {
                throw tool.notOneOf("type", type, "function");
            }
            tools.add(OpenAiParts.tool(tool.requiredObject("function"), ignored));
        }
        return tools;
    }

    private static Conversation conversation(ClientFields body, List<String> ignored) {
        Conversation conversation = new Conversation();
        ToolCallNames names = new ToolCallNames();
        for (ClientFields message : body.objects("messages")) {
            if (message.has("name")) {
                ignored.add(message.path("name"));
            }
            String role = message.requiredText("role");
            switch (role) {
                case "system", "developer" -> conversation.instruct(OpenAiParts.text(message, "content"));
                case "user" -> conversation.add(Role.USER, OpenAiParts.content(message, "content", ignored));
                case "assistant" -> conversation.add(Role.ASSISTANT, assistant(message, names, ignored));
                case "tool" ->
                    conversation.add(
                            Role.USER,
                            List.of(names.result(
                                    message, "tool_call_id", OpenAiParts.text(message, "content"), false)));
                default -> throw message.notOneOf("role", role, "system, developer, user, assistant, tool");
            }
        }
        return conversation;
    }

    private static List<Part> assistant(ClientFields message, ToolCallNames names, List<String> ignored) {
        if (message.has("audio")) {
            throw message.notMapped("audio", message.path("audio") + " is set, expected text and tool calls");
        }
        List<Part> parts = new ArrayList<>(OpenAiParts.content(message, "content", ignored));
        String refusal = message.text("refusal");
        if (refusal != null) {
            parts.add(new Part.Text(refusal));
        }
        for (ClientFields call : message.objects("tool_calls")) {
            String type = call.requiredText("type");
            if (!type.equals("function")) {
                throw call.notOneOf("type", type, "function");
            }
            ClientFields function = call.requiredObject("function");
            parts.add(call.checked(
                    "id",
                    () -> names.add(Part.ToolCall.of(
                            call.requiredText("id"),
                            function.requiredText("name"),
                            function.requiredText("arguments")))));
        }
        return parts;
    }
}
