package dev.architect.provider.openai;

/** The two ways in which OpenAI takes calls. */
public enum OpenAiApi {
    /**
     * {@code POST /chat/completions}, which many compatible services offer too. What reasoning models think stays with OpenAI,
     * and GPT-5.4 and later cannot reason and use tools in one call.
     */
    CHAT_COMPLETIONS,
    /**
     * {@code POST /responses}. Nothing is stored at OpenAI: reasoning comes encrypted with the answer, and
     * goes back to it with the conversation. There are no stop sequences.
     */
    RESPONSES
}
