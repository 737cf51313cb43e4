package dev.architect.simulator.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.script.SimulatedModel;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.ParsedRequest;
import dev.architect.simulator.wire.StrictFields;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The thinking parameters of a request.
 *
 * @param effort the effort as the provider names it; {@code none} when thinking is off, empty when the request does not set it
 * @param shown whether the thinking text is sent, or its signature alone
 * @param manual whether thinking was switched on with a budget, which has rules of its own for tools
 */
record ClaudeRequestThinking(String effort, boolean shown, boolean manual) {

    private static final StrictFields FIELDS = ClaudeErrorWriter.FIELDS;

    /** Models older than the effort parameter, which accept a thinking budget only. */
    private static final Pattern BUDGET_ONLY =
            Pattern.compile("claude-(3.*|(opus|sonnet)-4(-[01])?(-\\d{8})?|(sonnet|haiku)-4-5(-\\d{8})?)");

    /** Models that accept an effort, but not {@code xhigh}, which came later. */
    private static final Pattern WITHOUT_XHIGH = Pattern.compile("claude-(opus|sonnet)-4-6");

    /** Models whose thinking cannot be disabled. */
    private static final Pattern ALWAYS_ON = Pattern.compile("claude-((fable|mythos)-|opus-5-5).*");

    private static final Set<String> EFFORTS = Set.of("low", "medium", "high", "xhigh", "max");
    private static final long MIN_BUDGET = 1024;

    static ClaudeRequestThinking read(ObjectNode body, String id, SimulatedModel model, long limit)
            throws ErrorResponseException {
        boolean budgetOnly = BUDGET_ONLY.matcher(id).matches();
        String effort = effort(body, id, budgetOnly);
        JsonNode thinking = body.path("thinking");
        if (thinking.isMissingNode() || thinking.isNull()) {
            return new ClaudeRequestThinking("", true, false);
        }
        String type =
                FIELDS.oneOf(thinking, "thinking", "type", Set.of("adaptive", "enabled", "disabled", "between_tools"));
        String path = "thinking." + type;
        FIELDS.allowOnly(
                thinking,
                path,
                switch (type) {
                    case "enabled" -> Set.of("type", "budget_tokens", "display");
                    case "disabled" -> Set.of("type");
                    default -> Set.of("type", "display");
                });
        boolean shown = !thinking.hasNonNull("display")
                || FIELDS.oneOf(thinking, path, "display", Set.of("summarized", "omitted"))
                        .equals("summarized");
        return switch (type) {
            case "disabled" -> {
                if (ALWAYS_ON.matcher(id).matches()) {
                    throw ClaudeErrorWriter.invalid("\"thinking.type.disabled\" is not supported for this model.");
                }
                yield new ClaudeRequestThinking(ParsedRequest.Chat.NO_EFFORT, true, false);
            }
            case "enabled" -> {
                if (model.strictParameters()) {
                    throw ClaudeErrorWriter.invalid("\"thinking.type.enabled\" is not supported for this model. Use"
                            + " \"thinking.type.adaptive\" and \"output_config.effort\" to control thinking behavior.");
                }
                String byBudget = byBudget(FIELDS.required(thinking, path, "budget_tokens"), path, limit);
                yield new ClaudeRequestThinking(effort.isEmpty() ? byBudget : effort, shown, true);
            }
            default -> {
                if (budgetOnly) {
                    throw ClaudeErrorWriter.invalid(type + " thinking is not supported on this model");
                }
                yield new ClaudeRequestThinking(effort.isEmpty() ? "high" : effort, shown, false);
            }
        };
    }

    boolean isOn() {
        return !effort.isEmpty() && !effort.equals(ParsedRequest.Chat.NO_EFFORT);
    }

    private static String effort(ObjectNode body, String id, boolean budgetOnly) throws ErrorResponseException {
        JsonNode config = body.path("output_config");
        if (config.isMissingNode() || config.isNull()) {
            return "";
        }
        FIELDS.allowOnly(config, "output_config", Set.of("effort", "format"));
        if (!config.hasNonNull("effort")) {
            return "";
        }
        if (budgetOnly) {
            throw ClaudeErrorWriter.invalid("This model does not support the effort parameter.");
        }
        String effort = FIELDS.oneOf(config, "output_config", "effort", EFFORTS);
        if (effort.equals("xhigh") && WITHOUT_XHIGH.matcher(id).matches()) {
            Set<String> supported = new TreeSet<>(EFFORTS);
            supported.remove(effort);
            throw ClaudeErrorWriter.invalid("This model does not support effort level '" + effort
                    + "'. Supported levels: " + String.join(", ", supported) + ".");
        }
        return effort;
    }

    private static String byBudget(JsonNode budget, String path, long limit) throws ErrorResponseException {
        if (!budget.isIntegralNumber() || budget.longValue() < MIN_BUDGET) {
            throw ClaudeErrorWriter.invalid(path + ".budget_tokens: Input should be greater than or equal to 1024");
        }
        if (budget.longValue() >= limit) {
            throw ClaudeErrorWriter.invalid("`max_tokens` must be greater than `thinking.budget_tokens`.");
        }
        return budget.longValue() < 4_096 ? "low" : budget.longValue() < 16_384 ? "medium" : "high";
    }
}
