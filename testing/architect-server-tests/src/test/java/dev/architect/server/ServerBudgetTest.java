package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.budget.BudgetAmount;
import dev.architect.cost.Money;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Budgets over HTTP. */
final class ServerBudgetTest {

    private final ServerFixture fixture = new ServerFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private HttpResponse<String> put(String name, String json) {
        return fixture.send(fixture.request("/api/budgets/" + name)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(json)));
    }

    @Test
    void aBudgetIsSetListedAndRemoved() {
        HttpResponse<String> set = put(
                "search", "{\"scope\":\"tag:team=search\",\"period\":\"month\",\"limitUsd\":25.5,\"mode\":\"soft\"}");

        assertThat(set.statusCode()).as(set.body()).isEqualTo(200);
        JsonNode listed = fixture.getJson("/api/budgets").get("budgets");
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0)).isEqualTo(fixture.json(set));
        assertThat(listed.get(0).get("scope").textValue()).isEqualTo("tag:team=search");
        assertThat(listed.get(0).get("mode").textValue()).isEqualTo("soft");
        assertThat(listed.get(0).get("leftUsd").decimalValue()).isEqualByComparingTo("25.5");
        assertThat(listed.get(0).get("spentUsd").decimalValue()).isEqualByComparingTo("0");
        assertThat(listed.get(0).get("resetsAt").textValue()).endsWith("-01T00:00:00Z");

        HttpResponse<String> removed = remove("search", listed.get(0).get("version"));
        assertThat(removed.statusCode()).as(removed.body()).isEqualTo(200);
        assertThat(fixture.getJson("/api/budgets").get("budgets")).isEmpty();
        assertThat(fixture.get("/api/budgets/search").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> remove(String name, JsonNode version) {
        return fixture.send(fixture.request("/api/budgets/" + name)
                .header("If-Match", '"' + version.textValue() + '"')
                .DELETE());
    }

    @Test
    void aBudgetThatAnotherHasChangedIsNotRemoved() {
        JsonNode seen = fixture.json(put("search", "{\"period\":\"day\",\"limitUsd\":5}"));
        put("search", "{\"period\":\"day\",\"limitUsd\":6}");

        HttpResponse<String> stale = remove("search", seen.get("version"));

        assertThat(stale.statusCode()).as(stale.body()).isEqualTo(412);
        JsonNode problem = fixture.json(stale);
        assertThat(problem.get("code").textValue()).isEqualTo("stale-version");
        assertThat(problem.get("current")).isEqualTo(fixture.getJson("/api/budgets/search"));
        HttpResponse<String> unseen =
                fixture.send(fixture.request("/api/budgets/search").DELETE());
        assertThat(unseen.statusCode()).isEqualTo(428);
        assertThat(fixture.json(unseen).get("code").textValue()).isEqualTo("precondition-needed");
        assertThat(remove("none", seen.get("version")).statusCode()).isEqualTo(404);
        assertThat(remove("search", problem.at("/current/version")).statusCode())
                .isEqualTo(200);
        assertThat(fixture.getJson("/api/budgets").get("budgets")).isEmpty();
    }

    @Test
    void whatCallsOnTheirWayHoldBackIsListed() {
        put("search", "{\"period\":\"day\",\"limitUsd\":5}");
        fixture.store
                .budgets()
                .orElseThrow()
                .reserve("request-1", List.of(new BudgetAmount("search", Money.ofUsd("0.25"))), Duration.ofMinutes(5));

        JsonNode held =
                fixture.getJson("/api/budgets/search/reservations?limit=5").get("reservations");

        assertThat(held).hasSize(1);
        assertThat(held.get(0).get("id").textValue()).isEqualTo("request-1");
        assertThat(held.get(0).get("amountUsd").decimalValue()).isEqualByComparingTo("0.25");
        assertThat(held.get(0).get("periodStart").textValue()).endsWith("T00:00:00Z");
        assertThat(fixture.get("/api/budgets/none/reservations").statusCode()).isEqualTo(404);
        assertThat(fixture.get("/api/budgets/search/reservations?limit=1001").statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"period\":\"day\"} | limitUsd is missing",
                "{\"limitUsd\":1} | period is missing, expected one of hour, day, month, total",
                "{\"limitUsd\":0,\"period\":\"day\"} | limit is $0.00, expected more than $0.00",
                "{\"limitUsd\":1,\"period\":\"week\"} | period is 'week', expected one of",
                "{\"limitUsd\":1,\"period\":\"day\",\"scope\":\"team:x\"} | scope is 'team:x', expected all",
                "{\"limitUsd\":1,\"period\":\"day\",\"soft\":true} | soft"
            })
    void whatIsWrongIsRefused(String json, String message) {
        HttpResponse<String> answer = put("day", json);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(message);
        assertThat(fixture.getJson("/api/budgets").get("budgets")).isEmpty();
    }
}
