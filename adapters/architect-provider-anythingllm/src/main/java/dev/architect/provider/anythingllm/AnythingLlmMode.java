package dev.architect.provider.anythingllm;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a workspace answers. */
public enum AnythingLlmMode {
    /** As {@link #CHAT}, and the workspace's own tools may be used. */
    AUTOMATIC,
    /** From what the model knows, the documents, and what was said before. */
    CHAT,
    /** From documents alone; without a fitting one the answer is a refusal that no model wrote. */
    QUERY;

    /** The word on the wire and in the option {@code anythingllm.mode}. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<AnythingLlmMode> of(String word) {
        return Arrays.stream(values()).filter(mode -> mode.word().equals(word)).findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(AnythingLlmMode::word).toList();
    }
}
