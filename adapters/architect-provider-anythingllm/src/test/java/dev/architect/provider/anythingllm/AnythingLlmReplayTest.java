package dev.architect.provider.anythingllm;

import dev.architect.spi.ModelProvider;
import dev.architect.testkit.replay.CannedReply;
import dev.architect.testkit.replay.RecordedReply;
import dev.architect.testkit.replay.RecordingContract;
import java.util.function.Supplier;

class AnythingLlmReplayTest extends RecordingContract {

    @Override
    protected String folder() {
        return "anythingllm";
    }

    @Override
    protected String model() {
        return "sample-workspace";
    }

    @Override
    protected ModelProvider open(Supplier<CannedReply> replies) {
        return AnythingLlmReplay.open(replies);
    }

    @Override
    protected boolean isChat(RecordedReply reply) {
        return reply.path().endsWith("chat");
    }

    @Override
    protected boolean isStreamed(RecordedReply reply) {
        return reply.path().endsWith("/stream-chat");
    }
}
