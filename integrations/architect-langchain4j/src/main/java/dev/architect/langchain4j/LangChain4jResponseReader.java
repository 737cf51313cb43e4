package dev.architect.langchain4j;

import dev.architect.library.bridge.TextCodec;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.spi.AnswerAssembler;
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

    private final Function<ChatResponse, TokenUsage> usage;

    LangChain4jResponseReader(Function<ChatResponse, TokenUsage> usage) {
        this.usage = usage;
    }

    /** Completes what was streamed by what only the whole answer has. */
    ProviderAnswer read(ChatResponse response, AnswerAssembler answer) {
        AiMessage message = response.aiMessage();
        answer.reportModel(orEmpty(response.modelName()));
        if (!message.images().isEmpty()) {
            throw protocolFailure(answer, "answer holds images, expected text, reasoning and tool calls");
        }
        // The whole answer repeats what was streamed; it is used only where no delta came.
        if (!answer.hasReasoning()) {
            answer.appendReasoning(orEmpty(message.thinking()));
        }
        if (!answer.hasText()) {
            answer.appendText(orEmpty(message.text()));
        }
        List<ToolExecutionRequest> calls = message.toolExecutionRequests();
        for (int i = answer.toolCallCount(); i < calls.size(); i++) {
            // Keys below zero are no index of a streamed call, which a library may count from 1.
            appendToolCall(~i, calls.get(i), answer);
        }
        if (answer.hasUnnamedToolCall()) {
            throw protocolFailure(answer, "tool call has no name");
        }
        Map<String, Object> attributes = TextCodec.encodableEntries(message.attributes());
        if (answer.hasReasoning() || !attributes.isEmpty()) {
            // Vendors keep the proofs of their reasoning in the attributes and want them back with the history.
            answer.signLastReasoning(TextCodec.encode(attributes));
        }
        answer.reportUsage(usage.apply(response), UsageSource.REPORTED);
        StopReason stopReason = stopReason(response.finishReason(), answer);
        answer.finish(stopReason);
        return answer.answer(stopReason).requestId(response.id()).build();
    }

    static void appendToolCall(int key, ToolExecutionRequest call, AnswerAssembler answer) {
        answer.appendToolCall(key, orEmpty(call.id()), orEmpty(call.name()), orEmpty(call.arguments()));
    }

    static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static ProviderException protocolFailure(AnswerAssembler answer, String explanation) {
        return answer.failure(FailureKind.PROTOCOL).explanation(explanation).build();
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

    private static StopReason stopReason(@Nullable FinishReason reason, AnswerAssembler answer) {
        if (reason == null) {
            return answer.toolCallCount() > 0 ? StopReason.TOOL_CALLS : StopReason.OTHER;
        }
        return switch (reason) {
            case STOP -> answer.stopReason(StopReason.COMPLETE);
            case LENGTH -> StopReason.LENGTH;
            case TOOL_EXECUTION -> StopReason.TOOL_CALLS;
            case CONTENT_FILTER -> StopReason.REFUSED;
            case OTHER -> StopReason.OTHER;
        };
    }
}
