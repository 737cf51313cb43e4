package dev.architect.provider.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.ToolChoice;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.spi.ProviderCall;

/**
 * Writes how hard to think. Models from version 4.6 on take an effort and decide themselves; earlier ones take a budget of
 * tokens, at least 1,024 (anthropic-java 3.12.0, 2026-11-21). How much it is for each effort is our judgement: the most leaves
 * space for an answer within 32,000 tokens, which the smallest of these models is known to give, not checked against the service.
 */
final class ClaudeThinkingWriter {

    // Claude's own minimum for budget_tokens, which must also be below max_tokens.
    private static final int LEAST_BUDGET = 1_024;

    private final ProviderHttp http;
    private final ProviderCall call;
    private final boolean takesEffort;

    ClaudeThinkingWriter(ProviderHttp http, ProviderCall call) {
        this.http = http;
        this.call = call;
        this.takesEffort = ClaudeModelCapabilities.takesEffort(call.model());
    }

    /** How many tokens of thinking the request should have, 0 where the model decides itself or does not think. */
    int budget() {
        ReasoningEffort effort = call.request().generation().effort().orElse(ReasoningEffort.NONE);
        return takesEffort ? 0 : budget(effort);
    }

    /** Adds what {@code effort} means to a body that has its messages. */
    void write(ReasoningEffort effort, int maxTokens, ObjectNode body) {
        if (effort == ReasoningEffort.NONE) {
            if (ClaudeModelCapabilities.alwaysReasons(call.model())) {
                throw unsupported(effort);
            }
            body.putObject("thinking").put("type", "disabled");
            return;
        }
        // Claude takes only its default temperature together with thinking.
        if (call.request().generation().temperature().orElse(1.0) != 1) {
            throw http.unsupported(
                    call,
                    "temperature is "
                            + call.request().generation().temperature().orElseThrow()
                            + " with reasoning, expected 1.0");
        }
        if (takesEffort) {
            body.putObject("thinking").put("type", "adaptive").put("display", "summarized");
            body.withObjectProperty("output_config").put("effort", wireName(effort));
        } else {
            writeBudget(budget(effort), maxTokens, body);
        }
    }

    /** In the middle of a tool loop Claude reasons only if it did before: the loop of another provider continues without reasoning. */
    private void writeBudget(int budget, int maxTokens, ObjectNode body) {
        if (maxTokens <= LEAST_BUDGET) {
            throw http.unsupported(
                    call, "maxOutputTokens is " + maxTokens + " with reasoning, expected more than " + LEAST_BUDGET);
        }
        ToolChoice.Mode mode = call.request().toolset().choice().mode();
        // Claude answers 400 to thinking together with a forced tool call.
        if (mode == ToolChoice.Mode.REQUIRED || mode == ToolChoice.Mode.NAMED) {
            throw http.unsupported(call, "toolChoice is " + mode + " with reasoning, expected AUTO or NONE");
        }
        if (!isToolLoopWithoutReasoning(body.path("messages"))) {
            // Thinking counts as part of max_tokens: half of the caller's limit stays for the text.
            int most = Math.max(LEAST_BUDGET, maxTokens / 2);
            body.putObject("thinking")
                    .put("type", "enabled")
                    .put(
                            "budget_tokens",
                            call.request().generation().maxOutputTokens().isPresent()
                                    ? Math.min(budget, most)
                                    : budget);
        }
    }

    private static boolean isToolLoopWithoutReasoning(JsonNode messages) {
        int last = messages.size() - 1;
        String answered = type(messages.path(last));
        String before = type(messages.path(last - 1));
        return answered.equals("tool_result") && !before.equals("thinking") && !before.equals("redacted_thinking");
    }

    private static String type(JsonNode message) {
        return message.path("content").path(0).path("type").asText("");
    }

    private String wireName(ReasoningEffort effort) {
        return switch (effort) {
            case LOW -> "low";
            case MEDIUM -> "medium";
            case HIGH -> "high";
            case VERY_HIGH -> {
                if (!ClaudeModelCapabilities.takesVeryHighEffort(call.model())) {
                    throw unsupported(effort);
                }
                yield "xhigh";
            }
            case MAX -> "max";
            case NONE, MINIMAL -> throw unsupported(effort);
        };
    }

    private int budget(ReasoningEffort effort) {
        return switch (effort) {
            case NONE -> 0;
            case LOW -> LEAST_BUDGET;
            case MEDIUM -> 4 * LEAST_BUDGET;
            case HIGH -> 16 * LEAST_BUDGET;
            case VERY_HIGH -> 20 * LEAST_BUDGET;
            case MAX -> 23 * LEAST_BUDGET;
            case MINIMAL -> throw unsupported(effort);
        };
    }

    private ProviderException unsupported(ReasoningEffort effort) {
        String none = ClaudeModelCapabilities.alwaysReasons(call.model()) ? "" : "NONE, ";
        boolean isFine = !takesEffort || ClaudeModelCapabilities.takesVeryHighEffort(call.model());
        String expected = none + "LOW, MEDIUM, HIGH" + (isFine ? ", VERY_HIGH" : "") + " or MAX";
        return http.unsupported(call, "effort is " + effort + ", expected " + expected);
    }
}
