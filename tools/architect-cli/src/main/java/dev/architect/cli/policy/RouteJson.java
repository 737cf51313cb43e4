package dev.architect.cli.policy;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cost.Money;
import dev.architect.route.Candidate;
import dev.architect.route.Exclusion;
import dev.architect.route.Route;
import dev.architect.route.StrategyValue;
import java.util.Locale;

/** A route as JSON, for scripts. */
final class RouteJson {

    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);

    private RouteJson() {}

    static String of(Route route) throws JsonProcessingException {
        ObjectNode json = JSON.createObjectNode()
                .put("complexity", word(route.classification().complexity()))
                .put("score", route.classification().score())
                .put("rule", route.basis().rule().orElse(null))
                .put("experiment", route.basis().experiment().orElse(null))
                .put("arm", route.basis().arm().orElse(null));
        route.basis().choice().ifPresent(choice -> {
            ObjectNode learned = json.putObject("learned")
                    .put("by", choice.by())
                    .put("reason", word(choice.reason()))
                    .put("chosen", choice.chosen().toString())
                    .put("score", choice.score())
                    .put("threshold", choice.threshold())
                    .put("propensity", choice.propensity());
            choice.expectedQuality().ifPresent(quality -> learned.put("expectedQuality", quality));
            choice.expectedSaving().ifPresent(saving -> learned.put("expectedSaving", saving));
        });
        ArrayNode candidates = json.putArray("candidates");
        for (Candidate candidate : route.candidates()) {
            ObjectNode one = candidates
                    .addObject()
                    .put("model", candidate.model().toString())
                    .put("selection", word(candidate.selection()))
                    .put("quality", candidate.quality())
                    .put("floor", candidate.floor().minimum())
                    .put("promptTokens", candidate.estimate().promptTokens())
                    .put("answerTokens", candidate.estimate().answerTokens())
                    .put(
                            "estimatedUsd",
                            candidate.estimate().cost().amount().map(Money::usd).orElse(null));
            ArrayNode values = one.putArray("strategies");
            for (StrategyValue value : candidate.values()) {
                ObjectNode seen = values.addObject().put("strategy", value.strategy());
                if (value.value().isPresent()) {
                    seen.put("value", value.value().getAsDouble());
                } else {
                    seen.putNull("value");
                }
                seen.put("unit", value.unit());
            }
            one.put("reason", candidate.reason());
        }
        ArrayNode exclusions = json.putArray("exclusions");
        for (Exclusion exclusion : route.exclusions()) {
            exclusions
                    .addObject()
                    .put("model", exclusion.model().toString())
                    .put("code", word(exclusion.code()))
                    .put("reason", exclusion.reason());
        }
        return JSON.writeValueAsString(json);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
