package dev.architect.provider.perplexity;

import dev.architect.provider.http.Reply;
import dev.architect.provider.http.ReplyHeaders;
import dev.architect.spi.ModelProvider;
import dev.architect.testkit.CannedReply;
import dev.architect.testkit.RecordingContract;
import java.util.Optional;
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
        return PerplexityProvider.builder(name -> Optional.of("key"))
                .replies(request -> {
                    CannedReply reply = replies.get();
                    return new Reply(reply.status(), ReplyHeaders.of(reply.headers()), reply.body());
                })
                .build();
    }
}
