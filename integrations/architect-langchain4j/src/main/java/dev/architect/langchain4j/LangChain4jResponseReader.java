package dev.architect.langchain4j;

import dev.architect.chat.Part;
import dev.architect.chat.Signature;
import dev.architect.chat.StopReason;
import dev.architect.library.bridge.LibraryAnswerAssembler;
import dev.architect.library.bridge.TextCodec;
import dev.architect.model.ProviderException;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads LangChain4j's answers. The attributes of an answer, where vendors keep the proofs of their reasoning, travel as the
 * signature of a reasoning part and come back with the history.
 */
final class LangChain4jResponseReader {

    private final String provider;
    private final String model;
    private final ToolCallIds ids;
    private final Function<ChatResponse, TokenUsage> usage;
    private final Function<String, ProviderException> broken;

    /** Creates a reader; {@code broken} makes the failure for what no answer can be made of. */
    LangChain4jResponseReader(
            String provider,
            String model,
            ToolCallIds ids,
            Function<ChatResponse, TokenUsage> usage,
            Function<String, ProviderException> broken) {
        this.provider = provider;
        this.model = model;
        this.ids = ids;
        this.usage = usage;
        this.broken = broken;
    }

    /** Completes what was heard by what only the whole answer says. */
    ProviderAnswer of(ChatResponse response, LibraryAnswerAssembler heard) {
        AiMessage message = response.aiMessage();
        if (!message.images().isEmpty()) {
            throw broken.apply("answer holds images, expected text, reasoning and tool calls");
        }
        if (!heard.hasReasoning() && message.thinking() != null) {
            heard.reasoning(message.thinking());
        }
        if (!heard.hasText() && message.text() != null) {
            heard.text(message.text());
        }
        List<ToolExecutionRequest> calls = message.toolExecutionRequests();
        for (int i = heard.toolCalls(); i < calls.size(); i++) {
            ToolExecutionRequest call = calls.get(i);
            heard.toolCall(i, ids.of(i, call.id()), call.name(), call.arguments() == null ? "" : call.arguments());
        }
        Map<String, Object> attributes = TextCodec.plainOf(message.attributes());
        if (heard.hasReasoning() || !attributes.isEmpty()) {
            heard.sign(new Signature(provider, TextCodec.pack(attributes)));
        }
        TokenUsage used = usage.apply(response);
        heard.usage(used);
        StopReason stopReason = stopReason(response.finishReason(), heard);
        heard.stop(stopReason);
        return ProviderAnswer.builder(
                        response.modelName() == null ? model : response.modelName(), content(heard), stopReason)
                .usage(used, used.isUnknown() ? UsageSource.ESTIMATED : UsageSource.REPORTED)
                .requestId(response.id())
                .build();
    }

    private List<Part> content(LibraryAnswerAssembler heard) {
        try {
            return heard.content();
        } catch (IllegalArgumentException badPart) {
            throw broken.apply(String.valueOf(badPart.getMessage()));
        }
    }

    /** The two counts that LangChain4j has for every vendor. */
    static TokenUsage usage(ChatResponse response) {
        dev.langchain4j.model.output.@Nullable TokenUsage counts = response.tokenUsage();
        TokenUsage.Builder usage = TokenUsage.builder();
        if (counts != null && counts.inputTokenCount() != null) {
            usage.add(UsageBucket.INPUT, counts.inputTokenCount());
        }
        if (counts != null && counts.outputTokenCount() != null) {
            usage.add(UsageBucket.OUTPUT, counts.outputTokenCount());
        }
        return usage.build();
    }

    private static StopReason stopReason(@Nullable FinishReason reason, LibraryAnswerAssembler heard) {
        if (reason == null) {
            return heard.toolCalls() > 0 ? StopReason.TOOL_CALLS : StopReason.OTHER;
        }
        return switch (reason) {
            case STOP -> heard.toolCalls() > 0 ? StopReason.TOOL_CALLS : StopReason.COMPLETE;
            case LENGTH -> StopReason.LENGTH;
            case TOOL_EXECUTION -> StopReason.TOOL_CALLS;
            case CONTENT_FILTER -> StopReason.REFUSED;
            case OTHER -> StopReason.OTHER;
        };
    }
}
