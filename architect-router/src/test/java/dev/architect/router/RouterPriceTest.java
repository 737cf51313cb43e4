package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.ChatRequest;
import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.event.Event;
import dev.architect.ledger.Rerating;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.router.pricing.Prices;
import dev.architect.spi.PriceSource;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Prices that are missing, that are old, and that come from a source of the host. */
@Timeout(60)
final class RouterPriceTest {

    private static final ModelId CHEAP = new ModelId("openai", "gpt-4o-mini");
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 22);

    private static PriceCatalogue prices(String version, String usd, LocalDate checked) {
        return new PriceCatalogue(
                version,
                List.of(Price.builder(CHEAP, "a test", checked)
                        .usdPerMillionTokens(UsageBucket.INPUT, usd)
                        .usdPerMillionTokens(UsageBucket.OUTPUT, usd)
                        .build()));
    }

    private static RouterFixture fixture(PriceCatalogue catalogue) {
        return new RouterFixture(RouterFixture.POLICY, setup -> setup.prices(catalogue));
    }

    private static void ask(RouterFixture fixture) {
        fixture.chat(ChatRequest.builder("Hi").model(CHEAP).build());
    }

    @Test
    void tellsOnceADayThatAModelHasNoPrice() {
        try (RouterFixture fixture = fixture(new PriceCatalogue("empty", List.of()))) {
            ask(fixture);
            ask(fixture);

            assertThat(fixture.ledger.get(0).charge().cost().status()).isEqualTo(CostStatus.UNPRICED);
            assertThat(fixture.events(Event.PriceMissing.class))
                    .containsExactly(new Event.PriceMissing(RouterFixture.NOW, CHEAP, "empty"));
            fixture.time.advance(Duration.ofDays(1));
            ask(fixture);
            assertThat(fixture.events(Event.PriceMissing.class)).hasSize(2);
            assertThat(fixture.events(Event.PriceAged.class)).isEmpty();
        }
    }

    @Test
    void tellsOnceADayThatAPriceWasCheckedLongAgo() {
        LocalDate old = TODAY.minusDays(31);
        try (RouterFixture fixture = fixture(prices("old", "1", old))) {
            ask(fixture);
            ask(fixture);

            assertThat(fixture.events(Event.PriceAged.class))
                    .containsExactly(new Event.PriceAged(RouterFixture.NOW, CHEAP, old));
            assertThat(fixture.events(Event.PriceMissing.class)).isEmpty();
        }
    }

    @Test
    void saysNothingOfPricesOfThisMonthAndOfModelsThatAreFree() {
        for (PriceCatalogue quiet :
                List.of(prices("new", "1", TODAY.minusDays(29)), prices("free", "0", TODAY.minusDays(400)))) {
            try (RouterFixture fixture = fixture(quiet)) {
                ask(fixture);

                assertThat(fixture.events(Event.PriceAged.class)).isEmpty();
                assertThat(fixture.events(Event.PriceMissing.class)).isEmpty();
            }
        }
    }

    @Test
    void followsTheSourceOfPricesAndKeepsThemWhileItFails() {
        AtomicInteger asked = new AtomicInteger();
        List<PriceCatalogue> changes = new ArrayList<>();
        PriceSource source = () -> switch (asked.incrementAndGet()) {
            case 1 -> prices("first", "1", TODAY);
            case 2 -> throw new UncheckedIOException(new IOException("no network"));
            case 3 -> throw new NoClassDefFoundError("absent/Host");
            default -> prices("second", "2", TODAY);
        };
        try (RouterFixture fixture = fixture(prices("first", "1", TODAY))) {
            PriceRefresh refresh = new PriceRefresh(source, Duration.ofHours(1), "first", changes::add, fixture.time);

            for (int look = 0; look < 5; look++) {
                look(refresh);
            }

            assertThat(changes).extracting(PriceCatalogue::version).containsExactly("second");
            refresh.close();
        }
    }

    private static void look(PriceRefresh refresh) {
        try {
            refresh.look();
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    @Test
    void pricesTheNextCallsByWhatTheSourceSays() {
        AtomicInteger asked = new AtomicInteger();
        PriceSource source = () -> {
            asked.incrementAndGet();
            return prices("newer", "2", TODAY);
        };
        try (RouterFixture fixture = new RouterFixture(
                RouterFixture.POLICY,
                setup -> setup.prices(prices("first", "1", TODAY)).priceSource(source, Duration.ofHours(1)))) {
            while (fixture.ledger.stream()
                    .noneMatch(entry -> entry.charge().catalogueVersion().equals("newer"))) {
                ask(fixture);
            }

            // 110 tokens at $2 a million.
            assertThat(fixture.ledger
                            .get(fixture.ledger.size() - 1)
                            .charge()
                            .cost()
                            .amount())
                    .contains(Money.ofUsd("0.00022"));
            assertThat(asked.get()).isEqualTo(1);
        }
    }

    @Test
    void aModelWithAPriceOfTimeCostsWhatItsMachineDoes() {
        PriceCatalogue hourly = Prices.parse("""
                version: hourly
                base: none
                prices:
                  - provider: ollama
                    match: all
                    usdPerMillionTokens: {input: 0, output: 0}
                    usdPerHour: 0.36
                    source: a test
                    checked: 2026-11-22
                """);
        ModelId local = new ModelId("ollama", "llama3.2");
        try (RouterFixture fixture = fixture(hourly)) {
            fixture.ollama.always(ScriptedStep.after(
                    fixture.time, Duration.ofSeconds(2), ScriptedStep.answer("free", TokenUsage.of(100, 10))));
            fixture.chat(ChatRequest.builder("Hi").model(local).build());
            LedgerEntry answered = fixture.onlyEntry();

            assertThat(answered.charge().cost()).isEqualTo(Cost.priced(Money.ofUsd("0.0002")));
            assertThat(answered.metering().usage().count(UsageBucket.COMPUTE_MILLIS))
                    .isEqualTo(2_000);
            assertThat(answered.metering().usage().completionTokens()).isEqualTo(10);
            assertThat(Rerating.by(hourly).rate(answered))
                    .isEqualTo(answered.charge().cost());

            // What nobody heard the end of has kept the machine busy as well.
            fixture.ollama.always(ScriptedStep.after(
                    fixture.time,
                    Duration.ofSeconds(3),
                    ScriptedStep.fail(FailureKind.TIMEOUT, failure -> failure.delivery(DeliveryStatus.UNKNOWN))));
            assertThatThrownBy(() ->
                            fixture.chat(ChatRequest.builder("Hi").model(local).build()))
                    .isInstanceOf(RuntimeException.class);
            assertThat(fixture.ledger.get(1).charge().cost())
                    .isEqualTo(Cost.priced(Money.ofUsd("0.0003")).estimated());
        }
    }

    @Test
    void refusesAnIntervalOutOfRange() {
        for (Duration wrong : List.of(Duration.ofSeconds(59), Duration.ofDays(31))) {
            assertThatThrownBy(() -> new RouterFixture(
                            RouterFixture.POLICY, setup -> setup.priceSource(() -> prices("x", "1", TODAY), wrong)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("interval is " + wrong + ", expected PT1M to PT720H");
        }
    }
}
