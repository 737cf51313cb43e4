package dev.architect.provider.openai;

import dev.architect.chat.CacheLifetime;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.chat.Tool;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Conversations that both request writers write. */
final class OpenAiConversations {

    static final Tool WEATHER = new Tool("weather", "Tells the weather.", """
            {"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""");
    static final Tool CLOCK = new Tool("clock", "", "{\"type\":\"object\",\"properties\":{}}");

    static final Part.ToolCall LISBON = Part.ToolCall.of("call_1", "weather", "{\"city\":\"Lisbon\"}");
    static final Part.ToolCall NOON = Part.ToolCall.of("call_2", "clock", "{}");

    static final Part.Reasoning OWN =
            new Part.Reasoning("They want both.", Optional.of(new Signature("openai", "gAAAA==")));
    static final Part.Reasoning FOREIGN = new Part.Reasoning("Hm.", Optional.of(new Signature("claude", "proof")));

    static final Part SHORT = new Part.CacheBreakpoint(CacheLifetime.SHORT);
    static final Part LONG = new Part.CacheBreakpoint(CacheLifetime.LONG);

    private OpenAiConversations() {}

    /** Calls with reasoning, results in two messages among other words, and an assistant's message without a word for us. */
    static ChatRequest afterTools() {
        return ChatRequest.builder(Message.user(
                        new Part.Text("Thanks."), Part.ToolResult.failed(NOON, "no clock"), new Part.Text("And now?")))
                .earlier(Message.user("Weather and time?"))
                .earlier(assistant(OWN, new Part.Text("Let me see."), LISBON))
                .earlier(assistant(FOREIGN, NOON))
                .earlier(Message.user(Part.ToolResult.of(LISBON, "sunny")))
                .tools(WEATHER, CLOCK)
                .build();
    }

    static Message assistant(Part... parts) {
        return new Message(Role.ASSISTANT, List.of(parts));
    }

    static ChatRequest showing(Part... parts) {
        return ChatRequest.builder(Message.user(parts)).build();
    }

    static Part image(String type) {
        return new Part.Image(Media.of(type, "picture".getBytes(StandardCharsets.US_ASCII)));
    }

    static Part document(String type) {
        return new Part.Document(Media.of(type, "%PDF".getBytes(StandardCharsets.US_ASCII)), "report.pdf");
    }
}
