package dev.architect.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Lengths of answers, forecast from earlier ones. */
class OutputHistoryTest {

    private static final ModelId MODEL = new ModelId("claude", "small");

    private final OutputHistory history = new OutputHistory();

    private OutputForecast forecast(Complexity complexity, long prompt) {
        return history.forecast(MODEL, complexity, prompt).orElseThrow();
    }

    @Test
    void nothingIsForecastFromFewAnswers() {
        for (int i = 0; i < 29; i++) {
            history.add(MODEL, Complexity.SIMPLE, 100, 10);
        }
        assertThat(history.forecast(MODEL, Complexity.SIMPLE, 100)).isEmpty();

        history.add(MODEL, Complexity.COMPLEX, 9_000, 10);

        assertThat(forecast(Complexity.SIMPLE, 100))
                .isEqualTo(new OutputForecast(10, 10, 30, OutputForecast.Basis.MODEL));
        assertThat(history.forecast(new ModelId("claude", "large"), Complexity.SIMPLE, 100))
                .isEmpty();
    }

    @Test
    void theNearestKindOfPromptCounts() {
        for (int i = 0; i < 30; i++) {
            history.add(MODEL, Complexity.SIMPLE, 64 + i, 10);
            history.add(MODEL, Complexity.SIMPLE, 5_000, 200);
            history.add(MODEL, Complexity.COMPLEX, 100, 3_000);
        }

        assertThat(forecast(Complexity.SIMPLE, 127))
                .isEqualTo(new OutputForecast(10, 10, 30, OutputForecast.Basis.PROMPT_SIZE));
        assertThat(forecast(Complexity.SIMPLE, 128).basis()).isEqualTo(OutputForecast.Basis.COMPLEXITY);
        assertThat(forecast(Complexity.SIMPLE, 128).calls()).isEqualTo(60);
        assertThat(forecast(Complexity.COMPLEX, 0).p50()).isEqualTo(3_000);
        assertThat(forecast(Complexity.MEDIUM, 0).basis()).isEqualTo(OutputForecast.Basis.MODEL);
    }

    @Test
    void theTypeOfTheTaskComesFirst() {
        Optional<String> summary = Optional.of("summary");
        for (int i = 0; i < 30; i++) {
            history.add(MODEL, Complexity.SIMPLE, 100, 10);
            history.add(MODEL, summary, Complexity.SIMPLE, 100, 50);
        }

        assertThat(history.forecast(MODEL, summary, Complexity.SIMPLE, 100))
                .contains(new OutputForecast(50, 50, 30, OutputForecast.Basis.TASK_TYPE_AND_SIZE));
        assertThat(history.forecast(MODEL, summary, Complexity.COMPLEX, 9_000))
                .contains(new OutputForecast(50, 50, 30, OutputForecast.Basis.TASK_TYPE));
        // Another model has no such tasks, and another type none on this one.
        assertThat(history.forecast(new ModelId("claude", "large"), summary, Complexity.SIMPLE, 100))
                .isEmpty();
        assertThat(history.forecast(MODEL, Optional.of("review"), Complexity.SIMPLE, 100))
                .contains(new OutputForecast(50, 50, 60, OutputForecast.Basis.PROMPT_SIZE));
    }

    /** Against the quantiles of the last answers, sorted anew. */
    @Test
    void quantilesAreThoseOfTheLastAnswers() {
        Random random = new Random(5);
        int[] all = new int[2_000];
        for (int i = 0; i < all.length; i++) {
            all[i] = random.nextInt(40);
            history.add(MODEL, Complexity.MEDIUM, 1, all[i]);
            if (i >= 29) {
                int[] last = Arrays.copyOfRange(all, Math.max(0, i - 255), i + 1);
                Arrays.sort(last);
                OutputForecast seen = forecast(Complexity.MEDIUM, 1);
                assertThat(seen.calls()).isEqualTo(last.length);
                assertThat(seen.p50()).isEqualTo(last[(int) Math.ceil((last.length + 1) * 0.5) - 1]);
                assertThat(seen.p90()).isEqualTo(last[(int) Math.ceil((last.length + 1) * 0.9) - 1]);
            }
        }
    }

    @Test
    void theNextAnswersAreWithinTheirQuantiles() {
        Random random = new Random(11);
        int forecasts = 0;
        int withinP50 = 0;
        int withinP90 = 0;
        for (int i = 0; i < 20_000; i++) {
            long answer = (long) Math.exp(5 + random.nextGaussian());
            OutputForecast forecast =
                    history.forecast(MODEL, Complexity.MEDIUM, 500).orElse(null);
            if (forecast != null) {
                forecasts++;
                withinP50 += answer <= forecast.p50() ? 1 : 0;
                withinP90 += answer <= forecast.p90() ? 1 : 0;
            }
            history.add(MODEL, Complexity.MEDIUM, 500, answer);
        }

        assertThat(100.0 * withinP50 / forecasts).isCloseTo(50, within(1.5));
        assertThat(100.0 * withinP90 / forecasts).isCloseTo(90, within(1.5));
    }

    @Test
    void whatIsWrongIsRefused() {
        assertThatThrownBy(() -> history.add(MODEL, Complexity.SIMPLE, -1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("promptTokens is -1");
        assertThatThrownBy(() -> new OutputForecast(5, 4, 30, OutputForecast.Basis.MODEL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("p90 is 4, expected 5 or more");
    }
}
