package dev.architect.benchmarks.router;

import dev.architect.cost.PriceCatalogue;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.spi.ModelProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A policy of any number of models over six providers, all of which may answer a simple prompt, and their prices.
 *
 * @param policy the policy
 * @param prices a row for each model
 * @param providers they answer at once
 */
record BenchmarkPolicy(RoutingPolicy policy, PriceCatalogue prices, List<ModelProvider> providers) {

    private static final int PROVIDERS = 6;
    private static final int LOWEST_QUALITY = 40;
    private static final int QUALITIES = 60;
    private static final int PRICES = 17;

    static BenchmarkPolicy of(int models) {
        StringBuilder policy = new StringBuilder("baseline: p0/m0\nmodels:\n");
        StringBuilder prices = new StringBuilder("version: benchmark\nbase: none\ncurrency: USD\nprices:\n");
        for (int model = 0; model < models; model++) {
            String provider = "p" + model % PROVIDERS;
            policy.append(String.format(
                    Locale.ROOT,
                    "  - {model: %s/m%d, quality: %d, maxConcurrent: 64, contextTokens: 128000}%n",
                    provider,
                    model,
                    LOWEST_QUALITY + model * 7 % QUALITIES));
            // Not in the order of the policy, and some alike.
            prices.append(String.format(
                    Locale.ROOT,
                    "  - {provider: %s, model: m%d, usdPerMillionTokens: {input: %d.25, output: %d}, source: made up, checked: 2026-11-01}%n",
                    provider,
                    model,
                    1 + model * 5 % PRICES,
                    2 + model * 3 % PRICES));
        }
        List<ModelProvider> providers = new ArrayList<>();
        for (int provider = 0; provider < Math.min(PROVIDERS, models); provider++) {
            providers.add(new InstantProvider("p" + provider));
        }
        return new BenchmarkPolicy(RoutingPolicy.parse(policy.toString()), Prices.parse(prices.toString()), providers);
    }
}
