package dev.architect.provider.claude;

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

class ClaudeReplayTest extends RecordingContract {

    @Override
    protected String folder() {
        return "anthropic";
    }

    @Override
    protected String model() {
        return "claude-haiku-4-5";
    }

    @Override
    protected RecordingView view() {
        return RecordingView.text("/text")
                .model("/model")
                .reasoning("/thinking")
                .toolCalls("/tool_calls", "/id", "/name", "/input")
                .stop(
                        "/stop_reason",
                        Map.of(
                                "end_turn", StopReason.COMPLETE,
                                "max_tokens", StopReason.LENGTH,
                                "tool_use", StopReason.TOOL_CALLS))
                .count(UsageBucket.INPUT, "/usage/input_tokens")
                .count(UsageBucket.CACHE_READ, "/usage/cache_read_input_tokens")
                .count(
                        UsageBucket.CACHE_WRITE,
                        "/usage/cache_creation_input_tokens",
                        "-/usage/cache_creation/ephemeral_5m_input_tokens",
                        "-/usage/cache_creation/ephemeral_1h_input_tokens")
                .count(UsageBucket.CACHE_WRITE_5M, "/usage/cache_creation/ephemeral_5m_input_tokens")
                .count(UsageBucket.CACHE_WRITE_1H, "/usage/cache_creation/ephemeral_1h_input_tokens")
                .count(UsageBucket.OUTPUT, "/usage/output_tokens")
                .count(UsageBucket.REASONING_IN_OUTPUT, "/usage/output_tokens_details/thinking_tokens");
    }

    @Override
    protected ModelProvider open(Supplier<CannedReply> replies) {
        return ClaudeProvider.builder(name -> Optional.of("key"))
                .replies(request -> {
                    CannedReply reply = replies.get();
                    return new Reply(reply.status(), ReplyHeaders.of(reply.headers()), reply.body());
                })
                .build();
    }
}
