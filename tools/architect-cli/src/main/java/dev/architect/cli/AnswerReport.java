package dev.architect.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatResponse;
import dev.architect.cost.Cost;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import dev.architect.model.FinishState;
import dev.architect.route.Candidate;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints which model answered, why, and what it cost. */
final class AnswerReport {

    private static final int SHOWN_CANDIDATES = 4;
    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);

    private AnswerReport() {}

    /** For a person. */
    static List<String> lines(ChatResponse response, Duration took) {
        List<Candidate> candidates = response.route().candidates();
        String order = candidates.stream()
                .limit(SHOWN_CANDIDATES)
                .map(candidate -> candidate.model().toString())
                .collect(Collectors.joining(" → "));
        Candidate chosen = candidates.get(response.position());
        return List.of(
                "route: " + word(response.route().classification().complexity()) + "; " + order
                        + (candidates.size() > SHOWN_CANDIDATES ? " → …" : "")
                        + (response.position() == 0 ? "" : "; " + chosen.model() + " answered instead")
                        + (response.finish() == FinishState.RESCUED ? ", after a stream that broke" : ""),
                "cost: " + money(response.cost().answer()) + " (baseline "
                        + money(response.cost().baseline()) + "), "
                        + response.usage().promptTokens() + " tokens in, "
                        + response.usage().completionTokens() + " out, " + response.model() + " in " + seconds(took)
                        + " s");
    }

    /** For a script. */
    static String json(ChatResponse response, Duration took) throws JsonProcessingException {
        ObjectNode json = JSON.createObjectNode()
                .put("text", response.text())
                .put("stopReason", word(response.stopReason()))
                .put("finish", word(response.finish()))
                .put("model", response.model().toString())
                .put("position", response.position())
                .put("complexity", word(response.route().classification().complexity()));
        ArrayNode route = json.putArray("route");
        for (Candidate candidate : response.route().candidates()) {
            route.addObject()
                    .put("model", candidate.model().toString())
                    .put("selection", word(candidate.selection()))
                    .put("quality", candidate.quality())
                    .put("estimatedUsd", usd(candidate.estimate().cost()))
                    .put("reason", candidate.reason());
        }
        json.put("inputTokens", response.usage().promptTokens())
                .put("outputTokens", response.usage().completionTokens())
                .put("costUsd", usd(response.cost().answer()))
                .put("costStatus", word(response.cost().answer().status()))
                .put("baselineUsd", usd(response.cost().baseline()))
                .put("spentUsd", response.cost().spent().usd().stripTrailingZeros())
                .put("seconds", seconds(took));
        return JSON.writeValueAsString(json);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static @Nullable BigDecimal usd(Cost cost) {
        return cost.amount().map(Money::usd).map(BigDecimal::stripTrailingZeros).orElse(null);
    }

    private static String money(Cost cost) {
        return cost.amount()
                .map(amount -> MoneyTotal.ZERO.plus(amount).display())
                .orElse("unknown");
    }

    private static BigDecimal seconds(Duration took) {
        return BigDecimal.valueOf(took.toMillis(), 3).setScale(2, RoundingMode.HALF_UP);
    }
}
