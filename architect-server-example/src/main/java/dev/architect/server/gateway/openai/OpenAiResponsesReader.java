package dev.architect.server.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.chat.Tool;
import dev.architect.server.gateway.dialect.ClientFields;
import dev.architect.server.gateway.dialect.Conversation;
import dev.architect.server.gateway.dialect.GatewayRequest;
import dev.architect.server.gateway.dialect.ModelCatalogue;
import dev.architect.server.gateway.dialect.ProviderSignatures;
import dev.architect.server.gateway.dialect.ToolCallNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the body of {@code POST /v1/responses} and of {@code input_tokens}. Safe for use by several threads. */
final class OpenAiResponsesReader {

    private static final Set<String> KNOWN = Set.of(
            "model",
            "input",
            "instructions",
            "max_output_tokens",
            "temperature",
            "stream",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "text",
            "reasoning",
            "include",
            "user",
            "metadata",
            // Taken where they state what holds anyway.
            "top_p",
            "top_logprobs",
            "background",
            "truncation");

    private static final Set<String> IGNORABLE = Set.of(
            "store",
            "stream_options",
            "service_tier",
            "prompt_cache_key",
            "prompt_cache_retention",
            "prompt_cache_options",
            "safety_identifier",
            "max_tool_calls");

    /** What the client may ask to be included: all of it comes in any case. */
    private static final Set<String> INCLUDED = Set.of("reasoning.encrypted_content");

    private final ModelCatalogue models;

    OpenAiResponsesReader(ModelCatalogue models) {
        this.models = models;
    }

    GatewayRequest read(ObjectNode json) {
        ClientFields body = ClientFields.of(json);
        List<String> ignored = new ArrayList<>();
        body.check(KNOWN, IGNORABLE, ignored);
        rejectWhatNoRouteFollows(body);
        String model = body.requiredText("model");
        Conversation conversation = conversation(body, ignored);
        ChatRequest.Builder request = conversation.begin(body, "input");
        models.select(model, request);
        request.maxOutputTokens(body.integer("max_output_tokens"))
                .temperature(body.number("temperature"))
                .tools(tools(body, ignored));
        if (body.has("tool_choice") || body.has("parallel_tool_calls")) {
            request.toolChoice(OpenAiParts.choice(body, choice -> choice.requiredText("name")));
        }
        ClientFields reasoning = body.object("reasoning");
        if (reasoning != null) {
            request.effort(OpenAiParts.effort(reasoning, "effort"));
        }
        ClientFields text = body.object("text");
        if (text != null && text.has("verbosity")) {
            ignored.add(text.path("verbosity"));
        }
        ClientFields format = text == null ? null : text.object("format");
        if (format != null) {
            request.outputSchema(OpenAiParts.format(format, one -> one));
        }
        return new GatewayRequest(
                request.build(),
                model,
                body.truth("stream", false),
                true,
                OpenAiParts.user(body, ignored),
                OpenAiParts.tags(body, ignored),
                ignored);
    }

    private static void rejectWhatNoRouteFollows(ClientFields body) {
        OpenAiChatReader.neutral(body, "top_p", 1);
        Integer top = body.integer("top_logprobs");
        body.rejectUnless(top != null && top == 0, "top_logprobs", "none");
        body.rejectUnless(!body.truth("background", false), "background", "false");
        body.rejectUnless("disabled".equals(body.text("truncation")), "truncation", "disabled");
        for (String included : body.texts("include")) {
            if (!INCLUDED.contains(included)) {
                throw body.notOneOf("include", included, INCLUDED.toString());
            }
        }
    }

    private static List<Tool> tools(ClientFields body, List<String> ignored) {
        List<Tool> tools = new ArrayList<>();
        for (ClientFields tool : body.objects("tools")) {
            String type = tool.requiredText("type");
            if (!type.equals("function")) {
                throw tool.notOneOf("type", type, "function");
            }
            tools.add(OpenAiParts.tool(tool, ignored));
        }
        return tools;
    }

    private static Conversation conversation(ClientFields body, List<String> ignored) {
        Conversation conversation = new Conversation();
        String instructions = body.text("instructions");
        if (instructions != null && !instructions.isBlank()) {
            conversation.instruct(instructions);
        }
        JsonNode input = body.get("input");
        if (input != null && input.isTextual()) {
            conversation.add(Role.USER, List.of(new Part.Text(input.textValue())));
            return conversation;
        }
        ToolCallNames names = new ToolCallNames();
        for (ClientFields item : body.objects("input")) {
            String type = item.has("type") ? item.requiredText("type") : "message";
            switch (type) {
                case "message" -> addMessage(item, conversation, ignored);
                case "function_call" ->
                    conversation.add(
                            Role.ASSISTANT,
                            List.of(item.checked(
                                    "call_id",
                                    () -> names.add(Part.ToolCall.of(
                                            item.requiredText("call_id"),
                                            item.requiredText("name"),
                                            item.requiredText("arguments"))))));
                case "function_call_output" ->
                    conversation.add(
                            Role.USER, List.of(names.result(item, "call_id", OpenAiParts.text(item, "output"), false)));
                case "reasoning" -> conversation.add(Role.ASSISTANT, List.of(reasoning(item)));
                default -> throw item.notOneOf("type", type, "message, function_call, function_call_output, reasoning");
            }
        }
        return conversation;
    }

    private static void addMessage(ClientFields item, Conversation conversation, List<String> ignored) {
        String role = item.requiredText("role");
        switch (role) {
            case "system", "developer" -> conversation.instruct(OpenAiParts.text(item, "content"));
            case "user" -> conversation.add(Role.USER, OpenAiParts.content(item, "content", ignored));
            case "assistant" -> conversation.add(Role.ASSISTANT, OpenAiParts.content(item, "content", ignored));
            default -> throw item.notOneOf("role", role, "system, developer, user, assistant");
        }
    }

    private static Part reasoning(ClientFields item) {
        StringBuilder summary = new StringBuilder();
        for (ClientFields part : item.objects("summary")) {
            summary.append(part.requiredText("text"));
        }
        return new Part.Reasoning(summary.toString(), ProviderSignatures.read(item.text("encrypted_content")));
    }
}
