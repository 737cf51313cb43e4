package dev.architect.provider.anythingllm;

import dev.architect.provider.http.Reply;
import dev.architect.provider.http.ReplyHeaders;
import dev.architect.spi.ModelProvider;
import dev.architect.testkit.CannedReply;
import dev.architect.testkit.RecordedReply;
import dev.architect.testkit.RecordingContract;
import java.util.Optional;
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
        return AnythingLlmProvider.builder(name -> Optional.of("key"))
                .replies(request -> {
                    CannedReply reply = replies.get();
                    return new Reply(reply.status(), ReplyHeaders.of(reply.headers()), reply.body());
                })
                .build();
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
