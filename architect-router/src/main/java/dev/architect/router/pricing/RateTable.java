package dev.architect.router.pricing;

import dev.architect.cost.Money;
import dev.architect.cost.Rate;
import dev.architect.router.yaml.YamlObject;
import dev.architect.usage.UsageBucket;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rates of one prompt tier of a price entry, each with its own period of validity. */
final class RateTable {

    private static final Map<String, UsageBucket> TOKENS = Map.ofEntries(
            Map.entry("input", UsageBucket.INPUT),
            Map.entry("inputImage", UsageBucket.INPUT_IMAGE),
            Map.entry("inputAudio", UsageBucket.INPUT_AUDIO),
            Map.entry("cacheRead", UsageBucket.CACHE_READ),
            Map.entry("cacheReadAudio", UsageBucket.CACHE_READ_AUDIO),
            Map.entry("cacheWrite5m", UsageBucket.CACHE_WRITE_5M),
            Map.entry("cacheWrite1h", UsageBucket.CACHE_WRITE_1H),
            Map.entry("cacheWrite", UsageBucket.CACHE_WRITE),
            Map.entry("output", UsageBucket.OUTPUT),
            Map.entry("outputImage", UsageBucket.OUTPUT_IMAGE),
            Map.entry("outputAudio", UsageBucket.OUTPUT_AUDIO),
            Map.entry("reasoning", UsageBucket.REASONING),
            Map.entry("citation", UsageBucket.CITATION));
    private static final Map<String, UsageBucket> FEES = Map.of(
            "webSearch", UsageBucket.WEB_SEARCH, "webFetch", UsageBucket.WEB_FETCH, "request", UsageBucket.REQUEST);
    // Price lists state tokens per million and fees per thousand; the file keeps their form, so that it can be
    // compared.
    private static final long MILLION = 1_000_000;
    private static final long THOUSAND = 1_000;
    private static final String PER_HOUR = "usdPerHour";
    private static final long MILLIS_OF_HOUR = 3_600_000;

    /** More than a million dollars for a million tokens is a mistake in the file. */
    private static final BigDecimal MAX_USD = BigDecimal.valueOf(1_000_000);

    private final Map<UsageBucket, List<DatedRate>> rates = new EnumMap<>(UsageBucket.class);

    static RateTable of(YamlObject entry) {
        RateTable table = new RateTable();
        entry.object("usdPerMillionTokens").ifPresent(given -> table.read(given, TOKENS, MILLION));
        entry.object("usdPerThousand").ifPresent(given -> table.read(given, FEES, THOUSAND));
        rate(entry, PER_HOUR, MILLIS_OF_HOUR)
                .ifPresent(rate ->
                        table.rates.put(UsageBucket.COMPUTE_MILLIS, List.of(new DatedRate(rate, Instant.EPOCH, null))));
        return table;
    }

    static String name(UsageBucket bucket) {
        return TOKENS.entrySet().stream()
                .filter(entry -> entry.getValue() == bucket)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(bucket.name());
    }

    boolean isEmpty() {
        return rates.isEmpty();
    }

    Set<UsageBucket> tokenBuckets() {
        Set<UsageBucket> buckets = new HashSet<>(rates.keySet());
        // A fee does not depend on the length of the prompt, so a prompt tier need not repeat it.
        buckets.removeIf(bucket -> bucket.side() == UsageBucket.Side.FEE);
        return buckets;
    }

    RateTable withFeesOf(RateTable base) {
        base.rates.forEach((bucket, dated) -> {
            if (bucket.side() == UsageBucket.Side.FEE) {
                rates.putIfAbsent(bucket, dated);
            }
        });
        return this;
    }

    /** When any rate begins or ends. */
    Set<Instant> changes() {
        Set<Instant> changes = new HashSet<>();
        rates.values().stream().flatMap(List::stream).forEach(dated -> {
            changes.add(dated.from);
            if (dated.to != null) {
                // An end is a change too: from then on the bucket has no rate, and a call with it is unpriced.
                changes.add(dated.to);
            }
        });
        return changes;
    }

    /** The rates at an instant. */
    Map<UsageBucket, Rate> at(Instant instant) {
        Map<UsageBucket, Rate> found = new EnumMap<>(UsageBucket.class);
        rates.forEach((bucket, dates) -> dates.stream()
                .filter(dated -> dated.isValidAt(instant))
                .forEach(dated -> found.put(bucket, dated.rate)));
        return found;
    }

    private void read(YamlObject given, Map<String, UsageBucket> known, long units) {
        given.allowOnly(known.keySet().stream().sorted().toList());
        for (String name : given.names()) {
            UsageBucket bucket = known.get(name);
            // Reported as a problem by allowOnly above; reading on finds the further problems of the file.
            if (bucket == null) {
                continue;
            }
            if (given.isList(name)) {
                rates.put(bucket, dated(given.objects(name), units));
            } else {
                rate(given, name, units)
                        .ifPresent(rate -> rates.put(bucket, List.of(new DatedRate(rate, Instant.EPOCH, null))));
            }
        }
    }

    private static List<DatedRate> dated(List<YamlObject> periods, long units) {
        List<DatedRate> dates = new ArrayList<>();
        for (YamlObject period : periods) {
            period.allowOnly(List.of("rate", "validFrom", "validTo")).require("rate", "a number of dollars");
            Instant from = period.instant("validFrom").orElse(Instant.EPOCH);
            Instant to = period.instant("validTo").orElse(null);
            if (to != null && !to.isAfter(from)) {
                period.problem("validTo", "is " + to + ", expected after " + from);
            }
            rate(period, "rate", units)
                    .map(rate -> new DatedRate(rate, from, to))
                    .ifPresent(dated -> {
                        // Which of two rates holds would depend on the order of the file.
                        if (dates.stream().anyMatch(dated::overlaps)) {
                            period.problem(
                                    "rate", "holds at the same time as one before it, expected one rate at a time");
                        }
                        dates.add(dated);
                    });
        }
        return dates;
    }

    private static Optional<Rate> rate(YamlObject given, String field, long units) {
        Optional<BigDecimal> usd = given.amount(field);
        if (usd.isPresent() && usd.get().compareTo(MAX_USD) > 0) {
            given.problem(field, "is " + usd.get() + ", expected 0.." + MAX_USD);
            return Optional.empty();
        }
        if (usd.isPresent()
                // More decimal places than a pico-dollar has would be rounded, and no price may change in silence.
                && usd.get().stripTrailingZeros().scale()
                        > Money.ofUsd("1").usd().scale()) {
            given.problem(field, "is " + usd.get() + ", expected at most 12 decimal places");
            return Optional.empty();
        }
        return usd.map(amount -> new Rate(Money.ofUsd(amount), units));
    }

    private record DatedRate(
            Rate rate, Instant from, @Nullable Instant to) {

        boolean isValidAt(Instant at) {
            return !at.isBefore(from) && (to == null || at.isBefore(to));
        }

        boolean overlaps(DatedRate other) {
            // Half-open periods: one that ends where the next begins does not overlap it.
            return (to == null || other.from.isBefore(to)) && (other.to == null || from.isBefore(other.to));
        }
    }
}
