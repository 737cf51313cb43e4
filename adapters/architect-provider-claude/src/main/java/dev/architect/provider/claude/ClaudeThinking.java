package dev.architect.provider.claude;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ReasoningEffort;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.spi.ProviderCall;

/**
 * Writes how hard to think. Models from version 4.6 on take an effort and decide themselves; earlier ones take a budget of
 * tokens, which is our judgement for each effort, above their least of 1,024 and below the limit of the answer.
 */
final class ClaudeThinking {

    private static final int LEAST_BUDGET = 1_024;

    private ClaudeThinking() {}

    static void write(ProviderHttp http, ProviderCall call, ReasoningEffort effort, int maxTokens, ObjectNode body) {
        if (effort == ReasoningEffort.NONE) {
            body.putObject("thinking").put("type", "disabled");
        } else if (ClaudeModels.takesEffort(call.model())) {
            body.putObject("thinking").put("type", "adaptive").put("display", "summarized");
            body.withObjectProperty("output_config").put("effort", word(http, call, effort));
        } else {
            if (maxTokens <= LEAST_BUDGET) {
                throw http.unsupported(
                        call,
                        "maxOutputTokens is " + maxTokens + " with reasoning, expected more than " + LEAST_BUDGET);
            }
            if (call.request().temperature().orElse(1) != 1) {
                throw http.unsupported(
                        call,
                        "temperature is " + call.request().temperature().getAsDouble()
                                + " with reasoning, expected 1.0");
            }
            int budget = Math.min(budget(http, call, effort), maxTokens - 1);
            body.putObject("thinking").put("type", "enabled").put("budget_tokens", budget);
        }
    }

    private static String word(ProviderHttp http, ProviderCall call, ReasoningEffort effort) {
        return switch (effort) {
            case LOW -> "low";
            case MEDIUM -> "medium";
            case HIGH -> "high";
            case VERY_HIGH -> "xhigh";
            case MAX -> "max";
            case NONE, MINIMAL -> throw refused(http, call, effort);
        };
    }

    private static int budget(ProviderHttp http, ProviderCall call, ReasoningEffort effort) {
        return switch (effort) {
            case LOW -> LEAST_BUDGET;
            case MEDIUM -> 4 * LEAST_BUDGET;
            case HIGH -> 16 * LEAST_BUDGET;
            case VERY_HIGH -> 24 * LEAST_BUDGET;
            case MAX -> 32 * LEAST_BUDGET;
            case NONE, MINIMAL -> throw refused(http, call, effort);
        };
    }

    private static RuntimeException refused(ProviderHttp http, ProviderCall call, ReasoningEffort effort) {
        return http.unsupported(call, "effort is " + effort + ", expected NONE, LOW, MEDIUM, HIGH, VERY_HIGH or MAX");
    }
}
