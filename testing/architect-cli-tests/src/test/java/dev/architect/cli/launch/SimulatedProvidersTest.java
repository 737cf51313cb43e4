package dev.architect.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.cost.Rate;
import dev.architect.model.ModelId;
import dev.architect.router.pricing.Prices;
import dev.architect.simulator.script.SimulatedModel;
import dev.architect.simulator.script.SimulatedPrices;
import dev.architect.usage.UsageBucket;
import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The demo compares the ledger with the simulator's bill: one price on either side only would be a contradiction in it. */
final class SimulatedProvidersTest {

    private static final long PROMPT = 1_000;

    @Test
    void everyModelBillsThePricesOfTheCatalogue() {
        PriceCatalogue catalogue = Prices.standard();
        Instant now = Instant.now();

        SimulatedProviders.healthy()
                .providers()
                .forEach((provider, script) -> script.models().forEach((name, model) -> {
                    if (model.embeddingDimensions() > 0) {
                        return; // no task of the demo asks for one
                    }
                    ModelId id = answering(provider, name, model);
                    SimulatedPrices billed = model.prices();
                    assertThat(catalogue.find(id, Price.STANDARD, now, PROMPT))
                            .as(id.toString())
                            .hasValueSatisfying(price -> {
                                assertThat(rate(price, UsageBucket.INPUT)).isEqualTo(billed.inputPicoUsd());
                                assertThat(rate(price, UsageBucket.OUTPUT)).isEqualTo(billed.outputPicoUsd());
                                assertThat(rate(price, UsageBucket.CACHE_READ)).isEqualTo(billed.cacheReadPicoUsd());
                                assertThat(rate(price, UsageBucket.REQUEST)).isEqualTo(billed.requestPicoUsd());
                                assertThat(searched(provider, price)).isEqualTo(billed.searchPicoUsd());
                            });
                }));
    }

    /** A workspace is billed as the model that answers in it. */
    private static ModelId answering(String provider, String name, SimulatedModel model) {
        return model.servedModel().isEmpty()
                ? new ModelId(provider, name)
                : new ModelId(provider, model.servedProvider() + "/" + model.servedModel());
    }

    /** The vendors of other providers bill searches as well, but no call of ours asks them for one. */
    private static long searched(String provider, Price price) {
        boolean asked = provider.equals("gemini") || provider.equals("perplexity");
        return asked ? rate(price, UsageBucket.WEB_SEARCH) : 0;
    }

    private static long rate(Price price, UsageBucket bucket) {
        Rate rate = price.rates().getOrDefault(bucket, Rate.each(BigDecimal.ZERO));
        return rate.cost(1).picoUsd();
    }
}
