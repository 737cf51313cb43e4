package dev.architect.langchain4j;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.ToolChoice;
import dev.architect.model.ProviderException;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Writes requests as LangChain4j's. */
final class LangChain4jRequestWriter {

    private final LangChain4jMessageWriter messages;
    private final Function<String, ProviderException> unsupported;

    /**
     * Creates a writer.
     *
     * @param provider whose reasoning goes back
     * @param unsupported makes the failure for what has no place in LangChain4j's vocabulary
     */
    LangChain4jRequestWriter(String provider, Function<String, ProviderException> unsupported) {
        this.messages = new LangChain4jMessageWriter(provider, unsupported);
        this.unsupported = unsupported;
    }

    dev.langchain4j.model.chat.request.ChatRequest write(ChatRequest request) {
        List<ChatMessage> all = new ArrayList<>();
        request.system()
                .filter(text -> !text.isBlank())
                .map(SystemMessage::from)
                .ifPresent(all::add);
        for (Message message : request.messages()) {
            all.addAll(messages.write(message));
        }
        dev.langchain4j.model.chat.request.ChatRequest.Builder builder =
                dev.langchain4j.model.chat.request.ChatRequest.builder()
                        .messages(all)
                        .maxOutputTokens(request.generation().maxOutputTokens().orElse(null))
                        .temperature(request.generation().temperature().orElse(null))
                        .stopSequences(request.generation().stopSequences());
        if (!request.toolset().tools().isEmpty()) {
            tools(request, builder);
        }
        request.generation().outputSchema().ifPresent(schema -> builder.responseFormat(format(schema)));
        if (request.generation().effort().isPresent()) {
            throw unsupported.apply("effort is " + request.generation().effort().get() + ", expected none");
        }
        return builder.build();
    }

    /** LangChain4j cannot name the tool that must be called, but a tool that is alone and required is called. */
    private void tools(ChatRequest request, dev.langchain4j.model.chat.request.ChatRequest.Builder builder) {
        ToolChoice choice = request.toolset().choice();
        if (choice.parallel() == ToolChoice.Parallel.FORBIDDEN) {
            throw unsupported.apply("toolChoice forbids parallel calls, expected that it allows them");
        }
        builder.toolSpecifications(request.toolset().tools().stream()
                .filter(tool -> choice.name().isEmpty() || choice.name().get().equals(tool.name()))
                .map(tool -> LangChain4jSchemaConverter.specification(tool)
                        .orElseThrow(() -> unsupported.apply("inputSchema of tool " + tool.name()
                                + " is not of an object with type, description, properties, required,"
                                + " additionalProperties and $defs alone")))
                .toList());
        builder.toolChoice(
                switch (choice.mode()) {
                    case AUTO -> dev.langchain4j.model.chat.request.ToolChoice.AUTO;
                    case NONE -> dev.langchain4j.model.chat.request.ToolChoice.NONE;
                    case REQUIRED, NAMED -> dev.langchain4j.model.chat.request.ToolChoice.REQUIRED;
                });
    }

    private static ResponseFormat format(OutputSchema schema) {
        return ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder()
                        .name(schema.name())
                        .rootElement(LangChain4jSchemaConverter.element(schema.schema()))
                        .build())
                .build();
    }
}
