package dev.architect.provider.anythingllm;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a workspace answers. */
public enum AnythingLlmMode {
    /** As {@link #CHAT}, and the workspace's own tools may be used. */
    AUTOMATIC,
    /** From what the model knows, the documents, and the earlier messages. */
    CHAT,
    /** From documents alone; without a fitting one the answer is a refusal that no model wrote. */
    QUERY;

    /** The name in requests and in the option {@code anythingllm.mode}. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<AnythingLlmMode> of(String name) {
        return Arrays.stream(values())
                .filter(mode -> mode.wireName().equals(name))
                .findFirst();
    }

    static List<String> wireNames() {
        return Arrays.stream(values()).map(AnythingLlmMode::wireName).toList();
    }
}
