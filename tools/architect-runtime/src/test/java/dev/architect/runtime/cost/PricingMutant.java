package dev.architect.runtime.cost;

import dev.architect.chat.ChatListener;
import dev.architect.cost.Money;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.cost.PromptTier;
import dev.architect.cost.Rate;
import dev.architect.model.Capability;
import dev.architect.model.ModelInfo;
import dev.architect.model.ProviderHealth;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A defect that the checks of known errors have to find: what another gateway did with usage, tiers, models or prices. */
enum PricingMutant {

    /** No defect. */
    NONE,

    /** What was read from a cache is input. */
    CACHE_READS_AS_INPUT {
        @Override
        ProviderAnswer answer(ProviderCall call, ProviderAnswer answer) {
            TokenUsage usage = answer.usage();
            return with(
                    answer,
                    answer.model(),
                    plus(
                            without(usage, UsageBucket.CACHE_READ),
                            UsageBucket.INPUT,
                            usage.count(UsageBucket.CACHE_READ)),
                    answer.serviceTier());
        }
    },

    /** What was written to a cache is input, and written as well. */
    CACHE_WRITES_TWICE {
        @Override
        ProviderAnswer answer(ProviderCall call, ProviderAnswer answer) {
            TokenUsage usage = answer.usage();
            return with(
                    answer,
                    answer.model(),
                    plus(usage, UsageBucket.INPUT, usage.count(UsageBucket.CACHE_WRITE)),
                    answer.serviceTier());
        }
    },

    /** Reasoning that is part of the output is added to it. */
    REASONING_TWICE {
        @Override
        ProviderAnswer answer(ProviderCall call, ProviderAnswer answer) {
            TokenUsage usage = answer.usage();
            return with(
                    answer,
                    answer.model(),
                    plus(usage, UsageBucket.OUTPUT, usage.count(UsageBucket.REASONING_IN_OUTPUT)),
                    answer.serviceTier());
        }
    },

    /** Every call is one of the usual service tier. */
    SERVICE_TIER_IGNORED {
        @Override
        ProviderAnswer answer(ProviderCall call, ProviderAnswer answer) {
            return with(answer, answer.model(), answer.usage(), Price.STANDARD);
        }
    },

    /** The model that was asked for is the one that is priced. */
    MODEL_THAT_WAS_ASKED {
        @Override
        ProviderAnswer answer(ProviderCall call, ProviderAnswer answer) {
            return with(answer, call.model(), answer.usage(), answer.serviceTier());
        }
    },

    /** Large prompts have no rates of their own. */
    PROMPT_TIERS_IGNORED {
        @Override
        PriceCatalogue prices(PriceCatalogue prices) {
            return new PriceCatalogue(
                    prices.version(),
                    prices.prices().stream()
                            .filter(row -> row.tier().equals(PromptTier.ANY))
                            .toList());
        }
    },

    /** The last rates of a model have always been in force. */
    DATES_IGNORED {
        @Override
        PriceCatalogue prices(PriceCatalogue prices) {
            Map<List<Object>, Price> last = new LinkedHashMap<>();
            for (Price row : prices.prices()) {
                last.merge(
                        List.of(row.provider(), row.model(), row.match(), row.tier(), row.serviceTier(), row.region()),
                        row,
                        (one, other) -> one.validFrom().isAfter(other.validFrom()) ? one : other);
            }
            List<Price> rows = last.values().stream()
                    .map(row -> new Price(
                            row.provider(),
                            row.model(),
                            row.match(),
                            row.tier(),
                            row.serviceTier(),
                            row.rates(),
                            Instant.EPOCH,
                            null,
                            row.source(),
                            row.checked(),
                            row.region()))
                    .toList();
            return new PriceCatalogue(prices.version(), rows);
        }
    },

    /** A model without a price costs nothing. */
    UNPRICED_IS_FREE {
        @Override
        PriceCatalogue prices(PriceCatalogue prices) {
            Map<UsageBucket, Rate> free = new EnumMap<>(UsageBucket.class);
            for (UsageBucket bucket : UsageBucket.values()) {
                free.put(bucket, new Rate(Money.ZERO, 1));
            }
            List<Price> rows = new ArrayList<>();
            prices.prices().stream().filter(row -> !row.model().isEmpty()).forEach(rows::add);
            Set<String> providers =
                    Set.copyOf(prices.prices().stream().map(Price::provider).toList());
            for (String provider : providers) {
                rows.add(new Price(
                        provider,
                        "",
                        Price.Match.PREFIX,
                        PromptTier.ANY,
                        Price.STANDARD,
                        free,
                        Instant.EPOCH,
                        null,
                        "none",
                        LocalDate.EPOCH));
            }
            return new PriceCatalogue(prices.version(), rows);
        }
    };

    ProviderAnswer answer(ProviderCall call, ProviderAnswer answer) {
        return answer;
    }

    PriceCatalogue prices(PriceCatalogue prices) {
        return prices;
    }

    /** Returns the provider with the defect in its answers. */
    ModelProvider provider(ModelProvider provider) {
        return this == NONE ? provider : new Changed(provider, this);
    }

    private static TokenUsage without(TokenUsage usage, UsageBucket left) {
        Map<UsageBucket, Long> counts = new EnumMap<>(UsageBucket.class);
        counts.putAll(usage.counts());
        counts.remove(left);
        return new TokenUsage(counts);
    }

    private static TokenUsage plus(TokenUsage usage, UsageBucket bucket, long count) {
        TokenUsage.Builder sum = TokenUsage.builder();
        usage.counts().forEach(sum::add);
        return sum.add(bucket, count).build();
    }

    private static ProviderAnswer with(ProviderAnswer answer, String model, TokenUsage usage, String serviceTier) {
        return new ProviderAnswer(
                model,
                answer.content(),
                answer.stopReason(),
                usage,
                answer.usageSource(),
                serviceTier,
                answer.statedCost(),
                answer.citations(),
                answer.transmission(),
                answer.region(),
                answer.wire());
    }

    private record Changed(ModelProvider provider, PricingMutant mutant) implements ModelProvider {

        @Override
        public String name() {
            return provider.name();
        }

        @Override
        public Set<Capability> capabilities(String model) {
            return provider.capabilities(model);
        }

        @Override
        public ProviderAnswer chat(ProviderCall call) {
            return mutant.answer(call, provider.chat(call));
        }

        @Override
        public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
            return mutant.answer(call, provider.stream(call, listener));
        }

        @Override
        public List<ModelInfo> models(Duration timeout) {
            return provider.models(timeout);
        }

        @Override
        public ProviderHealth probe() {
            return provider.probe();
        }

        @Override
        public void close() {
            provider.close();
        }
    }
}
