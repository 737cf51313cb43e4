package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.ChatRequest;
import dev.architect.cost.Cost;
import dev.architect.cost.Money;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.request.CostForecast;
import dev.architect.request.RequestScope;
import dev.architect.route.NoRouteException;
import dev.architect.route.OutputForecast;
import dev.architect.router.pricing.Prices;
import dev.architect.usage.TokenUsage;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a request would cost is forecast from the lengths of earlier answers. */
final class RouterForecastTest {

    private static final ModelId DEAR = ModelId.parse("claude/claude-sonnet-4-6");

    private final RouterFixture fixture = new RouterFixture();

    @AfterEach
    void close() {
        fixture.router.close();
    }

    private CostForecast forecast(ChatRequest request, RequestScope scope) {
        return fixture.router.forecastCost(request, scope);
    }

    private static ChatRequest named(ModelId model) {
        return ChatRequest.builder("Hi").model(model).build();
    }

    private static Cost cost(long prompt, long answer) {
        return Prices.standard().cost(DEAR, "standard", "", TokenUsage.of(prompt, answer), RouterFixture.NOW);
    }

    @Test
    void withoutEarlierAnswersItIsTheEstimateOfTheRoute() {
        CostForecast forecast = forecast(named(DEAR), RequestScope.create());

        assertThat(forecast.model()).isEqualTo(DEAR);
        assertThat(forecast.basis()).isEmpty();
        assertThat(forecast.calls()).isZero();
        assertThat(forecast.low()).isEqualTo(new CostForecast.Level(0, cost(forecast.promptTokens(), 0)));
        assertThat(forecast.p50()).isEqualTo(new CostForecast.Level(120, cost(forecast.promptTokens(), 120)));
        assertThat(forecast.p90()).isEqualTo(forecast.p50());
        assertThat(forecast.p50().cost())
                .isEqualTo(fixture.router
                        .route(named(DEAR))
                        .candidates()
                        .get(0)
                        .estimate()
                        .cost());
        assertThat(fixture.claude.callCount()).isZero();
    }

    @Test
    void earlierAnswersSayHowLongHalfAndNineOfTenAre() {
        for (int i = 0; i < 40; i++) {
            fixture.router.outputs().add(DEAR, Complexity.SIMPLE, 10, i < 30 ? 100 : 700);
        }

        CostForecast forecast = forecast(named(DEAR), RequestScope.create());
        CostForecast limited = forecast(
                ChatRequest.builder("Hi").model(DEAR).maxOutputTokens(300).build(), RequestScope.create());

        assertThat(forecast.basis()).isPresent();
        assertThat(forecast.calls()).isEqualTo(40);
        assertThat(forecast.p50().answerTokens()).isEqualTo(100);
        assertThat(forecast.p90()).isEqualTo(new CostForecast.Level(700, cost(forecast.promptTokens(), 700)));
        assertThat(limited.p90().answerTokens()).isEqualTo(300);
        assertThat(limited.p50().answerTokens()).isEqualTo(100);
    }

    @Test
    void aLimitOfTheRequestIsTheLongestAnswerWhileNothingIsKnown() {
        CostForecast forecast = forecast(
                ChatRequest.builder("Hi").model(DEAR).maxOutputTokens(5_000).build(), RequestScope.create());

        assertThat(forecast.p50().answerTokens()).isEqualTo(120);
        assertThat(forecast.p90().answerTokens()).isEqualTo(5_000);
    }

    @Test
    void theTypeOfTheTaskIsNearest() {
        for (int i = 0; i < 30; i++) {
            fixture.router.outputs().add(DEAR, Complexity.SIMPLE, 10, 700);
            fixture.router.outputs().add(DEAR, Optional.of("summary"), Complexity.SIMPLE, 100_000, 50);
        }

        CostForecast forecast = forecast(named(DEAR), RequestScope.create().withTaskType("summary"));

        assertThat(forecast.basis()).contains(OutputForecast.Basis.TASK_TYPE);
        assertThat(forecast.p90().answerTokens()).isEqualTo(50);
    }

    @Test
    void whatIsFreeCostsNothingWhateverItsLength() {
        CostForecast forecast = forecast(named(ModelId.parse("ollama/llama3.2")), RequestScope.create());

        assertThat(forecast.p90().cost().amount()).contains(Money.ZERO);
    }

    @Test
    void withoutAModelThereIsNothingToForecast() {
        ChatRequest request = named(ModelId.parse("claude/unknown"));

        assertThatThrownBy(() -> forecast(request, RequestScope.create())).isInstanceOf(NoRouteException.class);
    }
}
