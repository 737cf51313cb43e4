package dev.architect.benchmarks.failover.wire;

/**
 * An answer that is being sent.
 *
 * @param request what was asked for
 * @param text the whole text that is sent when nothing fails
 * @param hasUsage whether the tokens used are reported
 */
public record WireAnswer(WireRequest request, String text, boolean hasUsage) {

    /** The model, named as it was asked for. */
    public String model() {
        return request.model();
    }

    /** The tokens of the prompt. */
    public int promptTokens() {
        return request.promptTokens();
    }

    /** The words of the text. */
    public int completionTokens() {
        return WireRequest.words(text);
    }

    /** All tokens. */
    public int totalTokens() {
        return promptTokens() + completionTokens();
    }
}
