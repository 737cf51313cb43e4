package dev.architect.provider.openai;

import dev.architect.model.StopReason;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplyHeaders;
import dev.architect.spi.ModelProvider;
import dev.architect.testkit.replay.CannedReply;
import dev.architect.testkit.replay.RecordedReply;
import dev.architect.testkit.replay.RecordingContract;
import dev.architect.testkit.replay.RecordingView;
import dev.architect.usage.UsageBucket;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

class OpenAiResponsesReplayTest extends RecordingContract {

    @Override
    protected String folder() {
        return "openai-responses";
    }

    @Override
    protected String model() {
        return "gpt-5-nano";
    }

    @Override
    protected RecordingView view() {
        return RecordingView.text("/text")
                .model("/model")
                .toolCalls("/tool_calls", "/call_id", "/name", "/arguments")
                .stop("/status", Map.of("completed", StopReason.COMPLETE, "incomplete", StopReason.LENGTH))
                .count(
                        UsageBucket.INPUT,
                        "/usage/input_tokens",
                        "-/usage/input_tokens_details/cached_tokens",
                        "-/usage/input_tokens_details/cache_write_tokens")
                .count(UsageBucket.CACHE_READ, "/usage/input_tokens_details/cached_tokens")
                .count(UsageBucket.CACHE_WRITE, "/usage/input_tokens_details/cache_write_tokens")
                .count(UsageBucket.OUTPUT, "/usage/output_tokens")
                .count(UsageBucket.REASONING_IN_OUTPUT, "/usage/output_tokens_details/reasoning_tokens");
    }

    @Override
    protected ModelProvider open(Supplier<CannedReply> replies) {
        return provider(replies);
    }

    /** A response that goes on in the background has to be fetched later, which no call does. */
    @Override
    protected boolean isChat(RecordedReply reply) {
        return !reply.body().contains("\"background\": true");
    }

    static OpenAiProvider provider(Supplier<CannedReply> replies) {
        return OpenAiProvider.builder(name -> Optional.of("key"))
                .api(OpenAiApi.RESPONSES)
                .replies(request -> {
                    CannedReply reply = replies.get();
                    return new Reply(reply.status(), ReplyHeaders.of(reply.headers()), reply.body());
                })
                .build();
    }
}
