package dev.architect.provider.http.reading;

import dev.architect.model.FailureKind;
import dev.architect.model.StopReason;
import java.util.Locale;

/**
 * Reads the words with which OpenAI, Ollama, Perplexity and the services that speak their formats name the reason of an end. Words
 * that name a failure make the answer one: its text was cut off, however complete the reply looks.
 */
public final class StopWordReader {

    private StopWordReader() {}

    /**
     * Returns the reason that {@code word} names; {@link StopReason#OTHER} for one that is not known, which is logged.
     *
     * @throws dev.architect.model.ProviderException when the word names a failure
     */
    public static StopReason read(String word, Exchange exchange) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "stop", "end_turn", "eos", "eos_token" -> StopReason.COMPLETE;
            case "stop_sequence" -> StopReason.STOP_SEQUENCE;
            // model_length is Mistral's word for a window that is full.
            case "length", "max_tokens", "max_output_tokens", "model_length" -> StopReason.LENGTH;
            // function_call is OpenAI's older word, tool_use that of gateways before Claude.
            case "tool_calls", "function_call", "tool_use" -> StopReason.TOOL_CALLS;
            case "content_filter", "safety", "sensitive", "refusal" -> StopReason.REFUSED;
            case "insufficient_system_resource" -> throw exchange.stopFailure(FailureKind.OVERLOADED, word);
            // AnythingLLM's words for an answer that it gave up or that is empty; others' for a model or a line behind
            // them that failed.
            case "abort", "no_content", "error", "network_error" ->
                throw exchange.stopFailure(FailureKind.UNAVAILABLE, word);
            // AnythingLLM has text of its own in place of an answer then.
            case "streaming_disabled" -> throw exchange.stopFailure(FailureKind.UNSUPPORTED, word);
            default -> exchange.unknownStopReason(word);
        };
    }
}
