package dev.architect.provider.gemini;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ReasoningEffort;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.spi.ProviderCall;
import java.util.EnumSet;
import java.util.Set;

/**
 * Writes how hard to think. From version 3 on that is a level, and thinking cannot be switched off; version 2.5 takes a number
 * of tokens. The levels are those of Google's client library (google-genai 1.70.0, 2026-11-22). Which model takes which, and the
 * numbers of tokens, documented as those of Google's OpenAI-compatible endpoint, are from other libraries' documentation
 * (gemini_ex 0.10, Portkey), not checked against the service; for models after 3 they are our judgement. Thoughts are requested
 * along with an effort, and come as summaries.
 */
final class GeminiThinkingWriter {

    private GeminiThinkingWriter() {}

    static void write(ProviderCall call, ReasoningEffort effort, ObjectNode config, ProviderHttp http) {
        GeminiModel model = GeminiModel.of(call.model());
        Set<ReasoningEffort> supported = supportedEfforts(model);
        if (!supported.contains(effort)) {
            throw http.unsupported(call, "effort is " + effort + ", expected one of " + supported);
        }
        // Budget and level exclude each other: newer models reject the budget.
        ObjectNode thinking = config.putObject("thinkingConfig").put("includeThoughts", effort != ReasoningEffort.NONE);
        if (model.takesLevels()) {
            thinking.put("thinkingLevel", effort.name());
        } else {
            thinking.put("thinkingBudget", budget(effort));
        }
    }

    private static Set<ReasoningEffort> supportedEfforts(GeminiModel model) {
        EnumSet<ReasoningEffort> supported = EnumSet.range(ReasoningEffort.NONE, ReasoningEffort.HIGH);
        if (model.takesLevels() || model.isPro()) {
            supported.remove(ReasoningEffort.NONE);
        }
        if (model.takesLevels() && model.isPro()) {
            supported.remove(ReasoningEffort.MINIMAL);
            if (model.version() == 30) {
                supported.remove(ReasoningEffort.MEDIUM);
            }
        }
        return supported;
    }

    private static int budget(ReasoningEffort effort) {
        return switch (effort) {
            case NONE -> 0;
            case MINIMAL, LOW -> 1_024;
            case MEDIUM -> 8_192;
            case HIGH, VERY_HIGH, MAX -> 24_576;
        };
    }
}
