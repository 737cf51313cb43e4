package dev.architect.server.routing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cost.Price;
import dev.architect.cost.PromptTier;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonResponseWriter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Prices as JSON. */
final class PriceView {

    /** A price. */
    static final Schema PRICE = Schema.object()
            .required(List.of("provider", "model", "serviceTier", "source"), Schema.text())
            .required("match", Schema.words(Price.Match.class))
            .required("region", Schema.text().orNull())
            .required("promptsFrom", Schema.integer())
            .required(
                    "rates",
                    Schema.list(Schema.object()
                            .required("kind", Schema.text())
                            .required("usd", Schema.number())
                            .required("units", Schema.integer())
                            .open()))
            .required("validFrom", Schema.instant())
            .required("validTo", Schema.instant().orNull())
            .required("checked", Schema.text())
            .required("ageDays", Schema.integer())
            .required("override", Schema.text().orNull())
            .open()
            .named("Price");

    private PriceView() {}

    /** Returns a price; {@code override} is the id of what it comes from, empty for the catalogue. */
    static ObjectNode json(Price price, Optional<String> override, Instant now) {
        ObjectNode json = JsonResponseWriter.object()
                .put("provider", price.provider())
                .put("model", price.model())
                .put("match", EnumWords.of(price.match()))
                .put("serviceTier", price.serviceTier())
                .put("region", price.region().orElse(null))
                .put("promptsFrom", firstOf(price.tier()));
        ArrayNode rates = json.putArray("rates");
        price.rates().forEach((bucket, rate) -> {
            ObjectNode row = rates.addObject().put("kind", EnumWords.of(bucket));
            JsonResponseWriter.putUsd(row, "usd", Optional.of(rate.amount()));
            row.put("units", rate.units());
        });
        return json.put("validFrom", price.validFrom().toString())
                .put("validTo", price.validTo() == null ? null : price.validTo().toString())
                .put("source", price.source())
                .put("checked", price.checked().toString())
                .put("ageDays", ageDays(price, now))
                .put("override", override.orElse(null));
    }

    /** The tokens of the smallest prompt that it is for. */
    private static long firstOf(PromptTier tier) {
        return switch (tier.bound()) {
            case FROM -> tier.tokens();
            case ABOVE -> tier.tokens() + 1;
        };
    }

    static long ageDays(Price price, Instant now) {
        return Math.max(0, ChronoUnit.DAYS.between(price.checked(), LocalDate.ofInstant(now, ZoneOffset.UTC)));
    }
}
