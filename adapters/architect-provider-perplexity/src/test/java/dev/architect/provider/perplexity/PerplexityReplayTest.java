package dev.architect.provider.perplexity;

import dev.architect.spi.ModelProvider;
import dev.architect.testkit.replay.CannedReply;
import dev.architect.testkit.replay.RecordingContract;
import java.util.function.Supplier;

class PerplexityReplayTest extends RecordingContract {

    @Override
    protected String folder() {
        return "perplexity";
    }

    @Override
    protected String model() {
        return "openai/gpt-6-luna";
    }

    @Override
    protected ModelProvider open(Supplier<CannedReply> replies) {
        return PerplexityReplay.open(replies);
    }
}
