package dev.architect.examples;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Message;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Part;
import dev.architect.chat.Tool;
import dev.architect.json.JsonFields;
import dev.architect.model.StopReason;
import dev.architect.provider.claude.ClaudeProvider;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.SecretSource;
import dev.architect.store.sqlite.SqliteStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Lets the model call a tool until it can answer, and asks another model for an answer that a program can read. */
public final class ToolsAndStructuredOutput {

    private ToolsAndStructuredOutput() {}

    public static void main(String[] args) {
        ClaudeProvider.Builder claude = ClaudeProvider.builder(SecretSource.environment()); // ANTHROPIC_API_KEY
        if (args.length > 0) { // The address of a simulator, in place of the vendor's.
            claude.baseUrl(URI.create(args[0] + "/claude"));
        }
        try (Architect architect = Architect.builder()
                .store(SqliteStore.at(Path.of("tools.db")))
                .provider(claude.build())
                .router(CostAwareRouter.with(RoutingPolicy.standard()))
                .build()) {
            useTool(architect);
            readFields(architect);
        }
    }

    private static void useTool(Architect architect) {
        Tool stock = new Tool("stock", "Returns how many pieces of an article are in stock.", """
                {"type":"object","properties":{"article":{"type":"string"}},"required":["article"],"additionalProperties":false}""");
        ChatRequest request = ChatRequest.builder("What is the stock of blue lamps?")
                .tools(stock)
                .build();
        ChatResponse answer = architect.chat(request);
        while (answer.stopReason() == StopReason.TOOL_CALLS) {
            List<Part.ToolResult> results = new ArrayList<>();
            for (Part.ToolCall call : answer.toolCalls()) {
                // A model wrote the arguments: text that is no such object is a JsonException here.
                String article = JsonFields.parse(call.arguments()).requiredText("article");
                System.out.println(call.name() + " of '" + article + "'");
                results.add(Part.ToolResult.of(call, "17 pieces"));
            }
            request = request.followedBy(answer.message(), Message.toolResults(results));
            answer = architect.chat(request);
        }
        System.out.println(answer.text());
    }

    private static void readFields(Architect architect) {
        ChatRequest request = ChatRequest.builder("Order: three blue lamps for Ada, please.")
                .outputSchema(new OutputSchema("order", """
                        {"type":"object","properties":{"article":{"type":"string"},"pieces":{"type":"integer"}},
                         "required":["article","pieces"],"additionalProperties":false}"""))
                .build();
        JsonFields order = JsonFields.parse(architect.chat(request).text());
        System.out.println("article " + order.requiredText("article"));
        System.out.println(
                "pieces " + order.integer("pieces", 0, Integer.MAX_VALUE).orElseThrow());
    }
}
