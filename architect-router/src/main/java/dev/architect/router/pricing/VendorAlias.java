package dev.architect.router.pricing;

import dev.architect.cost.Price;
import dev.architect.cost.Rate;
import dev.architect.router.yaml.YamlObject;
import dev.architect.usage.UsageBucket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a price file for the models of another vendor behind a provider, which names them with a prefix, for example
 * {@code openai/gpt-5.2} behind Perplexity. Each model costs what its vendor charges on the standard tier; fees are those of the
 * entry, because the provider runs the tools.
 */
final class VendorAlias {

    private static final List<String> FIELDS =
            List.of("provider", "model", "pricesOf", "usdPerThousand", "source", "checked");

    private VendorAlias() {}

    /** Returns a row for each row of the vendor among {@code listed} and each period in which no fee changes. */
    static List<Price> prices(YamlObject entry, List<Price> listed) {
        entry.allowOnly(FIELDS)
                .require("provider", "the name of a provider")
                .require("model", "what precedes the vendor's ids")
                .require("source", "where it was read")
                .require("checked", "the day it was read");
        Optional<String> provider = entry.text("provider");
        Optional<String> prefix = entry.text("model");
        Optional<String> vendor = entry.text("pricesOf");
        RateTable fees = RateTable.of(entry);
        List<Price> prices = new ArrayList<>();
        if (provider.isEmpty() || prefix.isEmpty() || vendor.isEmpty()) {
            return prices;
        }
        List<Price> ofVendor = listed.stream()
                .filter(price -> price.provider().equals(vendor.get())
                        && price.serviceTier().equals(Price.STANDARD)
                        && price.region().isEmpty())
                .toList();
        if (ofVendor.isEmpty()) {
            entry.problem("pricesOf", "is '" + vendor.get() + "', expected a provider with prices in this file");
        }
        for (Price price : ofVendor) {
            TreeSet<Instant> starts = new TreeSet<>();
            starts.add(price.validFrom());
            fees.changes().stream()
                    .filter(change -> change.isAfter(price.validFrom())
                            && (price.validTo() == null || change.isBefore(price.validTo())))
                    .forEach(starts::add);
            for (Instant start : starts) {
                Instant next = starts.higher(start);
                prices.add(row(
                        price,
                        provider.get(),
                        prefix.get() + price.model(),
                        rates(price, fees, start),
                        start,
                        next == null ? price.validTo() : next));
            }
        }
        return prices;
    }

    /**
     * Returns all rows of the vendor under the name of another provider: a second key or account of it, with every tier, region and fee.
     * Such an entry has neither a prefix of models nor fees of its own.
     */
    static List<Price> samePrices(YamlObject entry, List<Price> known) {
        entry.allowOnly(List.of("provider", "pricesOf", "source", "checked"))
                .require("provider", "the name of a provider");
        Optional<String> provider = entry.text("provider");
        Optional<String> vendor = entry.text("pricesOf");
        if (provider.isEmpty() || vendor.isEmpty()) {
            return List.of();
        }
        List<Price> same = known.stream()
                .filter(price -> price.provider().equals(vendor.get()))
                .map(price -> new Price(
                        provider.get(),
                        price.model(),
                        price.match(),
                        price.tier(),
                        price.serviceTier(),
                        price.rates(),
                        price.validFrom(),
                        price.validTo(),
                        price.source(),
                        price.checked(),
                        price.region()))
                .toList();
        if (same.isEmpty()) {
            entry.problem("pricesOf", "is '" + vendor.get() + "', expected a provider with prices");
        }
        return same;
    }

    private static Map<UsageBucket, Rate> rates(Price price, RateTable fees, Instant at) {
        Map<UsageBucket, Rate> rates = new EnumMap<>(UsageBucket.class);
        price.rates().forEach((bucket, rate) -> {
            if (bucket.side() != UsageBucket.Side.FEE) {
                rates.put(bucket, rate);
            }
        });
        rates.putAll(fees.at(at));
        return rates;
    }

    private static Price row(
            Price price,
            String provider,
            String model,
            Map<UsageBucket, Rate> rates,
            Instant from,
            @Nullable Instant to) {
        return new Price(
                provider,
                model,
                price.match(),
                price.tier(),
                Price.STANDARD,
                rates,
                from,
                to,
                price.source(),
                price.checked());
    }
}
