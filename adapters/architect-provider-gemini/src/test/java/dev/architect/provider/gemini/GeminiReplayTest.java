package dev.architect.provider.gemini;

import dev.architect.model.StopReason;
import dev.architect.spi.ModelProvider;
import dev.architect.testkit.replay.CannedReply;
import dev.architect.testkit.replay.RecordedReply;
import dev.architect.testkit.replay.RecordingContract;
import dev.architect.testkit.replay.RecordingView;
import dev.architect.usage.UsageBucket;
import java.util.Map;
import java.util.function.Supplier;

class GeminiReplayTest extends RecordingContract {

    @Override
    protected String folder() {
        return "gemini";
    }

    @Override
    protected String model() {
        return "gemini-2.5-flash";
    }

    @Override
    protected RecordingView view() {
        return RecordingView.text("/text")
                .model("/model_version")
                .reasoning("/thoughts")
                .toolCalls("/tool_calls", "", "/name", "/args")
                .stop(
                        "/finish_reason",
                        Map.of(
                                "STOP", StopReason.COMPLETE,
                                "MAX_TOKENS", StopReason.LENGTH,
                                "SAFETY", StopReason.REFUSED))
                .count(UsageBucket.INPUT, "/usage/promptTokenCount", "-/usage/cachedContentTokenCount")
                .count(UsageBucket.CACHE_READ, "/usage/cachedContentTokenCount")
                .count(UsageBucket.OUTPUT, "/usage/candidatesTokenCount", "/usage/thoughtsTokenCount")
                .count(UsageBucket.REASONING_IN_OUTPUT, "/usage/thoughtsTokenCount");
    }

    @Override
    protected ModelProvider open(Supplier<CannedReply> replies) {
        return GeminiReplay.open(replies);
    }

    @Override
    protected boolean isStreamed(RecordedReply reply) {
        return reply.isStreamed() || reply.path().endsWith(":streamGenerateContent");
    }
}
