package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.provider.http.reading.UsageReader;
import dev.architect.usage.UsageBucket;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads counts. Cached, written, image and sound tokens are parts of the prompt's count, reasoning and sound parts of the
 * answer's. Nothing shows whether a cached token was one of an image; images and sound count apart only where they fit into
 * what is neither read from nor written to the cache.
 */
final class OpenAiUsageReader {

    private OpenAiUsageReader() {}

    static UsageReader ofChat(JsonNode counts) {
        return read(
                counts.path("prompt_tokens"),
                counts.path("prompt_tokens_details"),
                counts.path("completion_tokens"),
                counts.path("completion_tokens_details"));
    }

    /** An answer that was cut may report 0 of everything though it has text: that is no count. */
    static UsageReader ofResponse(JsonNode counts) {
        JsonNode prompt = counts.path("input_tokens");
        JsonNode produced = counts.path("output_tokens");
        if (prompt.asLong(-1) == 0 && produced.asLong(-1) == 0) {
            return new UsageReader();
        }
        return read(prompt, counts.path("input_tokens_details"), produced, counts.path("output_tokens_details"));
    }

    private static UsageReader read(JsonNode prompt, JsonNode parts, JsonNode produced, JsonNode producedParts) {
        JsonNode cached = parts.path("cached_tokens");
        JsonNode written = parts.path("cache_write_tokens");
        JsonNode image = parts.path("image_tokens");
        JsonNode audio = parts.path("audio_tokens");
        List<UsageBucket> apart = new ArrayList<>(List.of(UsageBucket.CACHE_READ, UsageBucket.CACHE_WRITE));
        UsageReader usage =
                new UsageReader().put(UsageBucket.CACHE_READ, cached).put(UsageBucket.CACHE_WRITE, written);
        if (image.asLong() + audio.asLong() <= prompt.asLong() - cached.asLong() - written.asLong()) {
            usage.put(UsageBucket.INPUT_IMAGE, image).put(UsageBucket.INPUT_AUDIO, audio);
            apart.addAll(List.of(UsageBucket.INPUT_IMAGE, UsageBucket.INPUT_AUDIO));
        }
        return usage.putRest(UsageBucket.INPUT, prompt, apart.toArray(UsageBucket[]::new))
                .put(UsageBucket.OUTPUT_AUDIO, producedParts.path("audio_tokens"))
                .putRest(UsageBucket.OUTPUT, produced, UsageBucket.OUTPUT_AUDIO)
                .put(UsageBucket.REASONING_IN_OUTPUT, producedParts.path("reasoning_tokens"));
    }
}
