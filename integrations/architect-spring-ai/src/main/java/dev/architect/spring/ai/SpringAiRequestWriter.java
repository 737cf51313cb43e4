package dev.architect.spring.ai;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.ToolChoice;
import dev.architect.model.ProviderException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;

/** Writes requests as Spring AI's prompts. Options are the model's own, changed where the request sets them. */
final class SpringAiRequestWriter {

    private final SpringAiMessageWriter messages;
    private final Function<String, ProviderException> unsupported;

    /**
     * Creates a writer.
     *
     * @param provider whose reasoning goes back
     * @param unsupported makes the failure for what has no place in Spring AI's vocabulary
     */
    SpringAiRequestWriter(String provider, Function<String, ProviderException> unsupported) {
        this.messages = new SpringAiMessageWriter(provider, unsupported);
        this.unsupported = unsupported;
    }

    Prompt write(ChatRequest request, ChatOptions defaults) {
        List<org.springframework.ai.chat.messages.Message> all = new ArrayList<>();
        request.system().filter(text -> !text.isBlank()).map(SystemMessage::new).ifPresent(all::add);
        for (Message message : request.messages()) {
            all.addAll(messages.write(message));
        }
        // Not new options: the model's own have its settings, and may be of a vendor's type.
        ChatOptions.Builder<?> options = defaults.mutate();
        request.generation().maxOutputTokens().ifPresent(options::maxTokens);
        request.generation().temperature().ifPresent(options::temperature);
        if (!request.generation().stopSequences().isEmpty()) {
            options.stopSequences(request.generation().stopSequences());
        }
        if (!request.toolset().tools().isEmpty()) {
            tools(request, options);
        }
        request.generation().outputSchema().ifPresent(schema -> schema(schema, options));
        if (request.generation().effort().isPresent()) {
            throw unsupported.apply("effort is " + request.generation().effort().get() + ", expected none");
        }
        return new Prompt(all, options.build());
    }

    private void tools(ChatRequest request, ChatOptions.Builder<?> options) {
        if (!request.toolset().choice().equals(ToolChoice.AUTO)) {
            throw unsupported.apply("toolChoice is " + request.toolset().choice() + ", expected AUTO");
        }
        if (!(options instanceof ToolCallingChatOptions.Builder<?> withTools)) {
            throw unsupported.apply("options of the model take no tools, expected ToolCallingChatOptions");
        }
        withTools.toolCallbacks(request.toolset().tools().stream()
                .<ToolCallback>map(DefinitionOnlyToolCallback::new)
                .toList());
    }

    private void schema(OutputSchema schema, ChatOptions.Builder<?> options) {
        if (!(options instanceof StructuredOutputChatOptions.Builder<?> withSchema)) {
            throw unsupported.apply("options of the model take no schema, expected StructuredOutputChatOptions");
        }
        withSchema.outputSchema(schema.schema());
    }
}
