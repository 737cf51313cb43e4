package dev.architect.provider.perplexity;

import dev.architect.model.StopReason;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplyHeaders;
import dev.architect.spi.ModelProvider;
import dev.architect.testkit.replay.CannedReply;
import dev.architect.testkit.replay.RecordingContract;
import dev.architect.testkit.replay.RecordingView;
import dev.architect.usage.UsageBucket;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Recordings of Sonar Chat, which lie in a folder of their own here. */
class PerplexitySonarReplayTest extends RecordingContract {

    @Override
    protected String folder() {
        return "perplexity-sonar";
    }

    @Override
    protected String model() {
        return "sonar";
    }

    /** The vendor's client puts the one choice of a stream at the top. */
    @Override
    protected RecordingView view() {
        return view("/text", "/finish_reason").orElse(view("/choices/0/text", "/choices/0/finish_reason"));
    }

    private static RecordingView view(String text, String stop) {
        return RecordingView.text(text)
                .stop(stop, Map.of("stop", StopReason.COMPLETE))
                .count(UsageBucket.INPUT, "/usage/prompt_tokens")
                .count(UsageBucket.OUTPUT, "/usage/completion_tokens")
                .countedOnce(UsageBucket.REQUEST, "/usage/cost/request_cost");
    }

    @Override
    protected ModelProvider open(Supplier<CannedReply> replies) {
        return PerplexityProvider.builder(name -> Optional.of("key"))
                .sonarChat()
                .replies(request -> {
                    CannedReply reply = replies.get();
                    return new Reply(reply.status(), ReplyHeaders.of(reply.headers()), reply.body());
                })
                .build();
    }
}
