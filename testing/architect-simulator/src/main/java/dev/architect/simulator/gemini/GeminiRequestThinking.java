package dev.architect.simulator.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.ParsedRequest;
import dev.architect.simulator.wire.StrictFields;
import java.util.Locale;
import java.util.Set;

/**
 * The thinking parameters of a request: a level from version 3 on, a token budget before; the fourth generation accepts no budget.
 *
 * @param effort the level in lower case; {@code none} when thinking is off, empty when the request does not set it
 * @param shown whether summaries of the reasoning are sent
 */
record GeminiRequestThinking(String effort, boolean shown) {

    private static final StrictFields FIELDS = GeminiErrorWriter.FIELDS;
    private static final String PATH = "generationConfig.thinkingConfig";
    private static final Set<String> LEVELS = Set.of("minimal", "low", "medium", "high");

    static GeminiRequestThinking read(JsonNode config, GeminiModelTraits model) throws ErrorResponseException {
        JsonNode thinking = config.path("thinkingConfig");
        if (thinking.isMissingNode() || thinking.isNull()) {
            return new GeminiRequestThinking("", false);
        }
        FIELDS.allowOnly(thinking, PATH, Set.of("includeThoughts", "thinkingBudget", "thinkingLevel"));
        boolean shown = FIELDS.bool(thinking, PATH, "includeThoughts", false);
        boolean budget = thinking.hasNonNull("thinkingBudget");
        boolean level = thinking.hasNonNull("thinkingLevel");
        if (!model.thinks()) {
            throw GeminiErrorWriter.invalid("Thinking is not supported by this model.");
        }
        if (budget && level) {
            throw GeminiErrorWriter.invalid("You can only set only one of thinking budget and thinking level.");
        }
        if (level) {
            return new GeminiRequestThinking(level(thinking, model), shown);
        }
        if (budget) {
            return new GeminiRequestThinking(budget(thinking.get("thinkingBudget"), model), shown);
        }
        return new GeminiRequestThinking(shown ? "dynamic" : "", shown);
    }

    private static String level(JsonNode thinking, GeminiModelTraits model) throws ErrorResponseException {
        String level = FIELDS.text(thinking, PATH, "thinkingLevel").toLowerCase(Locale.ROOT);
        if (!LEVELS.contains(level)) {
            throw GeminiErrorWriter.MESSAGES.invalidValue(
                    PATH + ".thinkingLevel",
                    "type.googleapis.com/google.ai.generativelanguage.v1beta.ThinkingConfig.ThinkingLevel");
        }
        if (!model.isThirdGeneration()) {
            throw GeminiErrorWriter.invalid("Thinking level is not supported for this model.");
        }
        if (model.pro() && (level.equals("minimal") || (level.equals("medium") && model.version() == 30))) {
            throw GeminiErrorWriter.invalid("Thinking level " + level.toUpperCase(Locale.ROOT)
                    + " is not supported for this model. Please retry with other thinking level.");
        }
        return level;
    }

    private static String budget(JsonNode budget, GeminiModelTraits model) throws ErrorResponseException {
        if (model.version() >= 40) {
            throw GeminiErrorWriter.invalid("Thinking budget is not supported for this model.");
        }
        if (!budget.isIntegralNumber()) {
            throw GeminiErrorWriter.MESSAGES.invalidValue(PATH + ".thinkingBudget", "TYPE_INT32");
        }
        long tokens = budget.longValue();
        if (tokens == 0 && (model.isThirdGeneration() || model.pro())) {
            throw GeminiErrorWriter.invalid("Budget 0 is invalid. This model only works in thinking mode.");
        }
        long max = model.pro() ? 32_768 : 24_576;
        if (tokens < -1 || tokens > max) {
            throw GeminiErrorWriter.invalid(
                    "The thinking budget " + tokens + " is invalid. Please choose a value between 0 and " + max + ".");
        }
        if (tokens <= 0) {
            return tokens == 0 ? ParsedRequest.Chat.NO_EFFORT : "dynamic";
        }
        return tokens <= 2_048 ? "low" : tokens < 16_384 ? "medium" : "high";
    }
}
