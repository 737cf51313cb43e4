package dev.architect.router.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.Cost;
import dev.architect.cost.Money;
import dev.architect.model.ModelId;
import dev.architect.router.pricing.Prices;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallPricerTest {

    @Test
    void baselineLeavesOutFeesAndTranslatesBucketsThatItLacks() {
        CallPricer prices = new CallPricer(Prices.parse("""
                version: v
                base: none
                prices:
                  - {provider: p, model: base, usdPerMillionTokens: {input: 1, output: 2}, source: s, checked: 2026-11-22}
                """), ModelId.parse("p/base"), List.of());
        TokenUsage usage = TokenUsage.builder()
                .add(UsageBucket.INPUT, 1)
                .add(UsageBucket.CACHE_READ, 10)
                .add(UsageBucket.CACHE_WRITE, 100)
                .add(UsageBucket.OUTPUT, 1_000)
                .add(UsageBucket.REASONING, 10_000)
                .add(UsageBucket.CITATION, 77)
                .add(UsageBucket.WEB_SEARCH, 3)
                .add(UsageBucket.REQUEST, 1)
                .build();

        assertThat(prices.baseline(usage, Cost.priced(Money.ZERO), Instant.parse("2026-11-22T12:00:00Z")))
                .isEqualTo(Cost.priced(new Money(111_000_000L + 22_000_000_000L)));
    }
}
