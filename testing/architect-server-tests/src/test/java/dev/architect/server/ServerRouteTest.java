package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.Quality;
import dev.architect.cost.Money;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.project.ProjectId;
import dev.architect.record.DecisionCandidate;
import dev.architect.record.DecisionOutcome;
import dev.architect.record.DecisionRecord;
import dev.architect.record.DecisionResult;
import dev.architect.record.RequestFeatures;
import dev.architect.usage.TokenUsage;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records of decisions over HTTP, and what they would have cost under another policy. */
final class ServerRouteTest {

    private static final Instant NOW = Instant.parse("2026-11-29T09:00:00Z");
    private static final String DEAR = "claude/claude-sonnet-4-6";
    private static final String CHEAP = "openai/gpt-4o-mini";
    private static final String POLICY =
            "baseline: openai/gpt-4o-mini\\nmodels: [{model: openai/gpt-4o-mini, quality: 66, contextTokens: 128000}]";

    private final ServerFixture fixture = new ServerFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private HttpResponse<String> replay(String rest) {
        return fixture.post("/api/routes/replay", "{\"policy\":\"" + POLICY + "\"" + rest + "}");
    }

    @Test
    void recordedRequestsAreReplayedUnderAnotherPolicy() {
        fixture.store
                .records()
                .append(List.of(
                        record("r1", DEAR, "0.018"), record("r2", CHEAP, "0.00075"), record("r3", DEAR, "0.018")));

        JsonNode all = fixture.json(replay(""));
        JsonNode newest = fixture.json(replay(",\"limit\":1"));
        JsonNode ofOne = fixture.json(replay(",\"model\":\"" + CHEAP + "\""));
        JsonNode none = fixture.json(replay(",\"until\":\"2026-11-29T00:00:00Z\""));

        assertThat(all.get("requests").intValue()).isEqualTo(3);
        assertThat(all.get("changed").intValue()).isEqualTo(2);
        assertThat(all.get("recordedUsd").decimalValue()).isEqualByComparingTo("0.03675");
        assertThat(all.get("replayedUsd").decimalValue()).isEqualByComparingTo("0.00225");
        assertThat(all.get("differenceUsd").decimalValue()).isEqualByComparingTo("-0.0345");
        assertThat(all.get("shifts")).hasSize(2);
        assertThat(all.get("shifts").get(0).get("model").textValue()).isEqualTo(DEAR);
        assertThat(all.get("shifts").get(0).get("chosen").textValue()).isEqualTo(CHEAP);
        assertThat(all.get("shifts").get(0).get("requests").intValue()).isEqualTo(2);
        assertThat(newest.get("requests").intValue()).isEqualTo(1);
        assertThat(newest.get("shifts").get(0).get("model").textValue()).isEqualTo(DEAR);
        assertThat(ofOne.get("changed").intValue()).isZero();
        assertThat(ofOne.get("requests").intValue()).isEqualTo(1);
        assertThat(none.get("requests").intValue()).isZero();
        assertThat(none.get("differenceUsd").decimalValue()).isEqualByComparingTo("0");
        assertThat(fixture.getJson("/api/routes").get("decisions")).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | policy is missing",
                "{\"policy\":\"models: []\"} | policy:1",
                "{\"policy\":\"POLICY\",\"prices\":\"prices: 5\"} | prices:1",
                "{\"policy\":\"POLICY\",\"limit\":0} | limit is 0, expected 1..100000",
                "{\"policy\":\"POLICY\",\"from\":\"now\"} | from is 'now', expected a time in UTC",
                "{\"policy\":\"POLICY\",\"model\":\"gpt\"} | model is 'gpt', expected provider/model",
                "{\"policy\":\"POLICY\",\"polcy\":\"\"} | polcy"
            })
    void whatIsWrongIsRefused(String json, String message) {
        HttpResponse<String> answer = fixture.post("/api/routes/replay", json.replace("POLICY", POLICY));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains(message);
    }

    private static DecisionRecord record(String id, String model, String usd) {
        return new DecisionRecord(
                0,
                id,
                NOW,
                "v1",
                ProjectId.DEFAULT,
                Optional.empty(),
                new RequestFeatures(Complexity.SIMPLE, Quality.AUTO, Optional.empty(), Set.of()),
                List.of(new DecisionCandidate(ModelId.parse(model), 66, 1_000, 1_000, Optional.empty())),
                List.of(),
                new DecisionResult(
                        DecisionOutcome.ANSWERED,
                        Optional.empty(),
                        Optional.of(ModelId.parse(model)),
                        0,
                        1,
                        0,
                        TokenUsage.of(1_000, 1_000),
                        Optional.of(Money.ofUsd(usd)),
                        Money.ofUsd(usd),
                        Duration.ofMillis(5),
                        AnswerVerdict.unchecked()),
                Optional.empty(),
                Optional.empty());
    }
}
