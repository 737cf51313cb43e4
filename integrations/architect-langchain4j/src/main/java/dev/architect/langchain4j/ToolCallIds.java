package dev.architect.langchain4j;

import org.jspecify.annotations.Nullable;

/**
 * The ids of the calls of one answer, made up where the vendor has none: from the length of the conversation and the place of
 * the call, so that no two calls of a conversation share one.
 */
record ToolCallIds(int turns) {

    String of(int index, @Nullable String given) {
        return given == null || given.isBlank() ? "call-" + turns + "-" + index : given;
    }
}
