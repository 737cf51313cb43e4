package dev.architect.cli.cost;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cost.Price;
import dev.architect.cost.PromptTier;
import dev.architect.cost.Rate;
import dev.architect.json.JsonFields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Prints prices in tables and as JSON. */
final class PriceText {

    private static final long MILLION = 1_000_000;
    private static final long THOUSAND = 1_000;
    private static final long MILLIS_OF_HOUR = 3_600_000;

    private PriceText() {}

    /** The model; what else begins so where the price is for that, too. */
    static String model(Price price) {
        return price.provider() + "/" + price.model() + (price.match() == Price.Match.PREFIX ? "*" : "");
    }

    /** The service tier, the region and the size of prompts, as far as they are not the usual ones. */
    static String tier(Price price) {
        List<String> parts = new ArrayList<>(List.of(price.serviceTier()));
        price.region().ifPresent(parts::add);
        if (smallestPrompt(price.tier()) > 0) {
            parts.add("prompts from " + smallestPrompt(price.tier()));
        }
        return String.join(", ", parts);
    }

    /** The rates, such as {@code input $3.00/M, output $15.00/M}. */
    static String rates(Price price) {
        return price.rates().entrySet().stream()
                .map(each ->
                        JsonFields.wordOf(each.getKey()) + " " + each.getValue().amount() + "/" + unit(each.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String unit(Rate rate) {
        if (rate.units() == MILLION) {
            return "M";
        }
        if (rate.units() == THOUSAND) {
            return "k";
        }
        return rate.units() == MILLIS_OF_HOUR ? "h" : Long.toString(rate.units());
    }

    static String from(Price price) {
        return price.validFrom().equals(Instant.EPOCH)
                ? "always"
                : price.validFrom().toString();
    }

    static String until(Price price) {
        Instant end = price.validTo();
        return end == null ? "" : end.toString();
    }

    /** Amounts are texts, so that no reader rounds them. */
    static ObjectNode json(Price price) {
        Instant end = price.validTo();
        ObjectNode json = CostText.object()
                .put("provider", price.provider())
                .put("model", price.model())
                .put("match", JsonFields.wordOf(price.match()))
                .put("serviceTier", price.serviceTier())
                .put("region", price.region().orElse(null))
                .put("promptsFrom", smallestPrompt(price.tier()));
        ArrayNode rates = json.putArray("rates");
        price.rates()
                .forEach((kind, rate) -> rates.addObject()
                        .put("kind", JsonFields.wordOf(kind))
                        .put("usd", rate.amount().usd().stripTrailingZeros().toPlainString())
                        .put("units", rate.units()));
        return json.put("validFrom", price.validFrom().toString())
                .put("validTo", end == null ? null : end.toString())
                .put("source", price.source())
                .put("checked", price.checked().toString());
    }

    /** The tokens of the smallest prompt that a price is for. */
    private static long smallestPrompt(PromptTier tier) {
        return switch (tier.bound()) {
            case FROM -> tier.tokens();
            case ABOVE -> tier.tokens() + 1;
        };
    }
}
