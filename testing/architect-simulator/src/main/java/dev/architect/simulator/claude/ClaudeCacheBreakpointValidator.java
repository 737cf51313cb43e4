package dev.architect.simulator.claude;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;
import java.util.Set;

/** Checks the cache breakpoints of one request: at most four, those of one hour before those of five minutes. */
final class ClaudeCacheBreakpointValidator {

    private static final int MAX = 4;

    private int count;
    private boolean shortSeen;

    /** Sets the cache breakpoint of a block that was just added to the prompt, if it has {@code cache_control}. */
    void read(JsonNode block, String path, Prompt prompt) throws ErrorResponseException {
        if (!block.hasNonNull("cache_control")) {
            return;
        }
        JsonNode breakpoint = block.get("cache_control");
        String at = StrictFields.fieldPath(path, "cache_control");
        ClaudeErrorWriter.FIELDS.allowOnly(breakpoint, at, Set.of("type", "ttl"));
        ClaudeErrorWriter.FIELDS.oneOf(breakpoint, at, "type", Set.of("ephemeral"));
        boolean isLong = breakpoint.hasNonNull("ttl")
                && ClaudeErrorWriter.FIELDS
                        .oneOf(breakpoint, at, "ttl", Set.of("5m", "1h"))
                        .equals("1h");
        if (isLong && shortSeen) {
            throw ClaudeErrorWriter.invalid(at + ".ttl: a ttl='1h' cache_control block must not come after a ttl='5m'"
                    + " cache_control block. Note that blocks are processed in the following order: `tools`, `system`,"
                    + " `messages`.");
        }
        shortSeen |= !isLong;
        if (++count > MAX) {
            throw ClaudeErrorWriter.invalid(
                    "A maximum of 4 blocks with cache_control may be provided. Found " + count + ".");
        }
        prompt.cacheBreakpoint(isLong ? Prompt.CacheLifetime.LONG : Prompt.CacheLifetime.SHORT);
    }
}
