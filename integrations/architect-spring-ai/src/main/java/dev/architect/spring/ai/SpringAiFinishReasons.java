package dev.architect.spring.ai;

import dev.architect.model.StopReason;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finish reasons, as Spring AI's integrations pass them on from their vendors. */
final class SpringAiFinishReasons {

    private SpringAiFinishReasons() {}

    static StopReason read(@Nullable String word, boolean hasCalls) {
        StopReason reason = word == null ? StopReason.OTHER : read(word.toLowerCase(Locale.ROOT));
        return hasCalls && (word == null || reason == StopReason.COMPLETE) ? StopReason.TOOL_CALLS : reason;
    }

    private static StopReason read(String word) {
        return switch (word) {
            case "stop", "end_turn", "complete", "completed", "finish", "eos" -> StopReason.COMPLETE;
            case "length", "max_tokens", "max_output_tokens", "model_length", "model_context_window_exceeded" ->
                StopReason.LENGTH;
            case "stop_sequence" -> StopReason.STOP_SEQUENCE;
            case "tool_calls", "tool_call", "tool_use", "function_call" -> StopReason.TOOL_CALLS;
            case "content_filter",
                    "content_filtered",
                    "guardrail_intervened",
                    "refusal",
                    "safety",
                    "recitation",
                    "blocklist",
                    "prohibited_content",
                    "spii",
                    "language",
                    "model_armor",
                    "jailbreak",
                    "image_safety",
                    "image_prohibited_content",
                    "image_recitation" -> StopReason.REFUSED;
            case "pause_turn", "paused", "compaction", "continuation" -> StopReason.PAUSED;
            default -> StopReason.OTHER;
        };
    }

    /** The finish reason of most integrations. */
    static String write(StopReason reason) {
        return switch (reason) {
            case COMPLETE -> "STOP";
            case STOP_SEQUENCE -> "STOP_SEQUENCE";
            case LENGTH -> "LENGTH";
            case TOOL_CALLS -> "TOOL_CALLS";
            case REFUSED -> "CONTENT_FILTER";
            case PAUSED -> "PAUSED";
            case OTHER -> "OTHER";
        };
    }
}
