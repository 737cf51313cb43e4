package dev.architect.examples;

import dev.architect.Architect;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Part;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolCallDelta;
import dev.architect.model.StopReason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The examples of {@code docs/how-to/conversations.md}, compiled and run. {@link ConversationDocumentTest} holds both to the same text. */
final class ConversationExample {

    private ConversationExample() {}

    static String tools(Architect architect, UnaryOperator<String> weather) {
        Tool tool = new Tool("weather", "Returns the weather of a city.", """
                {"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""");
        ChatRequest request = ChatRequest.builder("What is the weather in Lisbon?")
                .tools(tool)
                .build();
        ChatResponse answer = architect.chat(request);
        while (answer.stopReason() == StopReason.TOOL_CALLS) {
            List<Part.ToolResult> results = new ArrayList<>();
            for (Part.ToolCall call : answer.toolCalls()) {
                results.add(Part.ToolResult.of(call, weather.apply(call.arguments())));
            }
            request = request.followedBy(answer.message(), Message.toolResults(results));
            answer = architect.chat(request);
        }
        return answer.text();
    }

    static String structuredOutput(Architect architect, byte[] picture) {
        ChatRequest request = ChatRequest.builder(Message.user(
                        new Part.Image(Media.of("image/png", picture)), new Part.Text("Which animal is this?")))
                .outputSchema(new OutputSchema("animal", """
                        {"type":"object","properties":{"name":{"type":"string"},"legs":{"type":"integer"}},
                         "required":["name","legs"],"additionalProperties":false}"""))
                .build();
        return architect.chat(request).text();
    }

    static void stream(Architect architect) {
        ChatRequest request = ChatRequest.builder("Why is the sky blue?")
                .effort(ReasoningEffort.HIGH)
                .build();
        architect.chat(request, new ChatListener() {
            @Override
            public void onText(String delta) {
                System.out.print(delta);
            }

            @Override
            public void onReasoning(String delta) {
                System.err.print(delta);
            }

            @Override
            public void onToolCall(ToolCallDelta call) {
                System.err.print(call.name());
            }

            @Override
            public void onRestart() {
                System.out.println("\n--- the model failed, another one starts again ---");
            }
        });
    }
}
