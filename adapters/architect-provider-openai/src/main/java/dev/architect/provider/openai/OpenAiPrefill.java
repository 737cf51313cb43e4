package dev.architect.provider.openai;

/**
 * How a service that is compatible with OpenAI is asked to continue an answer whose beginning is the assistant's last message. OpenAI
 * itself continues none. From the documentation of the services, read on 2026-11-28; what they do without it is not defined.
 */
public enum OpenAiPrefill {
    /** It cannot; a last message of the assistant would be answered like any other. */
    NONE,
    /** By the message alone: llama.cpp's server (ggml-org/llama.cpp pull request 13174). */
    LAST_MESSAGE,
    /** By {@code prefix: true} in the message: Mistral, and DeepSeek at its address for beta features. */
    PREFIX_FIELD,
    /** By {@code continue_final_message: true} and {@code add_generation_prompt: false} beside the messages: vLLM. */
    CONTINUE_FINAL_MESSAGE
}
