package dev.architect.router.pricing;

import dev.architect.cost.Price;
import dev.architect.cost.PromptTier;
import dev.architect.cost.Rate;
import dev.architect.router.yaml.YamlObject;
import dev.architect.usage.UsageBucket;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a price file and the rows it stands for: one for each period in which no rate changes, for each prompt tier,
 * and for each way its model is written.
 */
final class PriceEntry {

    private static final List<String> FIELDS = List.of(
            "provider",
            "model",
            "match",
            "serviceTier",
            "region",
            "validFrom",
            "validTo",
            "usdPerMillionTokens",
            "usdPerThousand",
            "usdPerHour",
            "tiers",
            "source",
            "checked");
    private static final Set<String> MATCHES = Set.of("exact", "dated", "prefix", "all");
    private static final LocalDate FAR = LocalDate.of(2100, 1, 1);

    private final YamlObject entry;

    PriceEntry(YamlObject entry) {
        this.entry = entry.allowOnly(FIELDS)
                .require("provider", "the name of a provider")
                .require("source", "where the price was read")
                .require("checked", "the day it was read");
    }

    List<Price> prices() {
        Optional<String> provider = entry.text("provider", "a name without a slash", PriceEntry::providerName);
        List<Pattern> patterns = patterns();
        List<String> serviceTiers = entry.text(
                        "serviceTier", "names of different tiers, separated by commas", PriceEntry::names)
                .orElse(List.of(Price.STANDARD));
        Optional<String> region = entry.text("region");
        Instant from = entry.instant("validFrom").orElse(Instant.EPOCH);
        Instant to = entry.instant("validTo").orElse(null);
        if (to != null && !to.isAfter(from)) {
            entry.problem("validTo", "is " + to + ", expected after " + from);
            return List.of();
        }
        List<Tier> tiers = tiers();
        Optional<String> source = entry.text("source");
        Optional<LocalDate> checked = entry.day("checked", FAR);
        List<Price> prices = new ArrayList<>();
        // After everything was read: one run names all problems of the entry.
        if (provider.isEmpty() || source.isEmpty() || checked.isEmpty()) {
            return prices;
        }
        for (ValidityPeriod period : validityPeriods(from, to, tiers)) {
            for (Tier tier : tiers) {
                Map<UsageBucket, Rate> rates = tier.rates(period.from);
                for (Pattern pattern : rates.isEmpty() ? List.<Pattern>of() : patterns) {
                    for (String serviceTier : serviceTiers) {
                        prices.add(new Price(
                                provider.get(),
                                pattern.text,
                                pattern.match,
                                tier.tier,
                                serviceTier,
                                rates,
                                period.from,
                                period.to,
                                source.get(),
                                checked.get(),
                                region));
                    }
                }
            }
        }
        return prices;
    }

    private static @Nullable String providerName(String text) {
        return text.isBlank() || text.indexOf('/') >= 0 ? null : text;
    }

    private static @Nullable List<String> names(String text) {
        List<String> names = Stream.of(text.split(",", -1)).map(String::strip).toList();
        boolean isRepeated = names.stream().map(Price::tierOf).distinct().count() < names.size();
        return isRepeated || names.stream().anyMatch(String::isEmpty) ? null : names;
    }

    private List<Pattern> patterns() {
        String match = entry.text("match", "exact, dated, prefix or all", text -> MATCHES.contains(text) ? text : null)
                .orElse("exact");
        if (match.equals("all")) {
            if (entry.has("model")) {
                entry.problem("model", "is given, expected none with match: all");
            }
            return List.of(new Pattern("", Price.Match.PREFIX));
        }
        entry.require("model", "the id of a model");
        return entry.text("model")
                .map(model -> switch (match) {
                    case "dated" ->
                        List.of(new Pattern(model, Price.Match.EXACT), new Pattern(model, Price.Match.DATED));
                    case "prefix" -> List.of(new Pattern(model, Price.Match.PREFIX));
                    default -> List.of(new Pattern(model, Price.Match.EXACT));
                })
                .orElse(List.of());
    }

    /** The tier for every prompt first; fees hold for all tiers unless one names its own. */
    private List<Tier> tiers() {
        RateTable base = RateTable.of(entry);
        if (base.isEmpty() && !entry.has("usdPerMillionTokens") && !entry.has("usdPerThousand")) {
            entry.require("usdPerMillionTokens", "rates by kind of token");
        }
        List<Tier> tiers = new ArrayList<>();
        tiers.add(new Tier(PromptTier.ANY, base));
        for (YamlObject given : entry.objects("tiers")) {
            given.allowOnly(List.of("above", "from", "usdPerMillionTokens", "usdPerThousand"))
                    .require("usdPerMillionTokens", "rates by kind of token");
            RateTable own = RateTable.of(given);
            base.tokenBuckets().stream()
                    .filter(bucket -> !own.tokenBuckets().contains(bucket))
                    .forEach(bucket -> given.problem(
                            "usdPerMillionTokens",
                            "lacks " + RateTable.name(bucket) + ", expected every rate of the entry"));
            promptTier(given)
                    .filter(tier -> isNew(given, tier, tiers))
                    .ifPresent(tier -> tiers.add(new Tier(tier, own.withFeesOf(base))));
        }
        return tiers;
    }

    /** Of two tiers with one threshold, both could claim the same prompt. */
    private static boolean isNew(YamlObject given, PromptTier tier, List<Tier> before) {
        boolean isRepeated = before.stream().anyMatch(other -> other.tier().tokens() == tier.tokens());
        if (isRepeated) {
            given.problem(
                    given.has("above") ? "above" : "from",
                    "is " + tier.tokens() + " as of a tier before it, expected each threshold once");
        }
        return !isRepeated;
    }

    private static Optional<PromptTier> promptTier(YamlObject given) {
        Optional<PromptTier> above = given.integer("above", 1, Integer.MAX_VALUE)
                .map(tokens -> new PromptTier(tokens, PromptTier.Bound.ABOVE));
        Optional<PromptTier> from = given.integer("from", 1, Integer.MAX_VALUE)
                .map(tokens -> new PromptTier(tokens, PromptTier.Bound.FROM));
        if (given.has("above") == given.has("from")) {
            given.problem(
                    "above",
                    (given.has("above") ? "and from are both given" : "is missing")
                            + ", expected one of above and from with a number of prompt tokens");
        }
        return above.or(() -> from);
    }

    /** The periods between two changes of any rate. */
    private static List<ValidityPeriod> validityPeriods(Instant from, @Nullable Instant to, List<Tier> tiers) {
        TreeSet<Instant> starts = new TreeSet<>();
        starts.add(from);
        tiers.stream()
                .map(tier -> tier.rates.changes())
                .flatMap(Collection::stream)
                .filter(change -> change.isAfter(from) && (to == null || change.isBefore(to)))
                .forEach(starts::add);
        List<ValidityPeriod> validityPeriods = new ArrayList<>();
        for (Instant start : starts) {
            Instant next = starts.higher(start);
            validityPeriods.add(new ValidityPeriod(start, next == null ? to : next));
        }
        return validityPeriods;
    }

    private record Pattern(String text, Price.Match match) {}

    private record ValidityPeriod(Instant from, @Nullable Instant to) {}

    private record Tier(PromptTier tier, RateTable rates) {

        /** The rates at an instant; none when a tier for large prompts has only fees left, because then it has ended. */
        Map<UsageBucket, Rate> rates(Instant at) {
            Map<UsageBucket, Rate> found = rates.at(at);
            return tier.equals(PromptTier.ANY) || found.keySet().stream().anyMatch(rates.tokenBuckets()::contains)
                    ? found
                    : Map.of();
        }
    }
}
