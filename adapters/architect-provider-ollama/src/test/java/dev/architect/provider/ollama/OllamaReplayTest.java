package dev.architect.provider.ollama;

import dev.architect.model.StopReason;
import dev.architect.spi.ModelProvider;
import dev.architect.testkit.replay.CannedReply;
import dev.architect.testkit.replay.RecordedReply;
import dev.architect.testkit.replay.RecordingContract;
import dev.architect.testkit.replay.RecordingView;
import dev.architect.usage.UsageBucket;
import java.util.Map;
import java.util.function.Supplier;

class OllamaReplayTest extends RecordingContract {

    @Override
    protected String folder() {
        return "ollama";
    }

    @Override
    protected String model() {
        return "llama3.2";
    }

    @Override
    protected RecordingView view() {
        return RecordingView.text("/text")
                .reasoning("/thinking")
                .toolCalls("/tool_calls", "", "/name", "/arguments")
                .stop("/done_reason", Map.of("stop", StopReason.COMPLETE))
                .count(UsageBucket.INPUT, "/prompt_eval_count")
                .count(UsageBucket.OUTPUT, "/eval_count");
    }

    @Override
    protected ModelProvider open(Supplier<CannedReply> replies) {
        return OllamaReplay.open(replies);
    }

    /** The answers of the server's older call are read too, though it is not made. */
    @Override
    protected boolean isChat(RecordedReply reply) {
        return reply.path().equals("/api/chat") || reply.path().equals("/api/generate");
    }
}
