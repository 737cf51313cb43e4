package dev.architect.provider.openai;

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

class OpenAiChatReplayTest extends RecordingContract {

    @Override
    protected String folder() {
        return "openai-chat";
    }

    @Override
    protected String model() {
        return "gpt-4o-mini";
    }

    @Override
    protected RecordingView view() {
        return RecordingView.text("/choices/0/text")
                .model("/model")
                .toolCalls("/choices/0/tool_calls", "/id", "/name", "/arguments")
                .stop(
                        "/choices/0/finish_reason",
                        Map.of(
                                "stop", StopReason.COMPLETE,
                                "length", StopReason.LENGTH,
                                "tool_calls", StopReason.TOOL_CALLS,
                                "", StopReason.OTHER))
                .count(
                        UsageBucket.INPUT,
                        "/usage/prompt_tokens",
                        "-/usage/prompt_tokens_details/cached_tokens",
                        "-/usage/prompt_tokens_details/audio_tokens")
                .count(UsageBucket.INPUT_AUDIO, "/usage/prompt_tokens_details/audio_tokens")
                .count(UsageBucket.CACHE_READ, "/usage/prompt_tokens_details/cached_tokens")
                .count(UsageBucket.OUTPUT, "/usage/completion_tokens", "-/usage/completion_tokens_details/audio_tokens")
                .count(UsageBucket.OUTPUT_AUDIO, "/usage/completion_tokens_details/audio_tokens")
                .count(UsageBucket.REASONING_IN_OUTPUT, "/usage/completion_tokens_details/reasoning_tokens");
    }

    @Override
    protected ModelProvider open(Supplier<CannedReply> replies) {
        return provider(replies);
    }

    static OpenAiProvider provider(Supplier<CannedReply> replies) {
        return OpenAiProvider.builder(name -> Optional.of("key"))
                .replies(request -> {
                    CannedReply reply = replies.get();
                    return new Reply(reply.status(), ReplyHeaders.of(reply.headers()), reply.body());
                })
                .build();
    }
}
