package dev.architect.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.budget.Budget;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.server.gateway.GatewayFixture.StreamEvent;
import dev.architect.simulator.script.ErrorRate;
import dev.architect.simulator.script.Outage;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every failure in the words of the client's dialect. */
final class GatewayFailureTest {

    private static final String CHAT =
            "{\"model\":\"MODEL\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello.\"}]}";
    private static final String MESSAGES =
            "{\"model\":\"MODEL\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"Hello.\"}]}";

    private final GatewayFixture gateway = new GatewayFixture();

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void aWrongKeyIs401InBothDialects() {
        HttpResponse<String> openAi =
                gateway.post(gateway.anonymous("/v1/chat/completions").header("Authorization", "Bearer wrong"), CHAT);
        HttpResponse<String> anthropic =
                gateway.post(gateway.anonymous("/v1/messages").header("x-api-key", "wrong"), MESSAGES);
        HttpResponse<String> none = gateway.post(gateway.anonymous("/v1/responses"), "{}");

        assertOpenAi(openAi, 401, "invalid_request_error", "invalid_api_key", null);
        assertAnthropic(anthropic, 401, "authentication_error");
        assertOpenAi(none, 401, "invalid_request_error", "invalid_api_key", null);
    }

    @Test
    void theKeyHeaderOpensNothingButTheGateway() {
        HttpResponse<String> response =
                gateway.send(gateway.anonymous("/api/status").header("x-api-key", GatewayFixture.SECRET));

        assertThat(response.statusCode()).isEqualTo(401);
    }

    @Test
    void anUnknownModelIs404AndTheNearestIsNamed() {
        HttpResponse<String> openAi = gateway.chat(CHAT.replace("MODEL", "gpt-4o-mimi"));
        HttpResponse<String> anthropic = gateway.messages(MESSAGES.replace("MODEL", "nothing-like-it"));

        assertOpenAi(openAi, 404, "invalid_request_error", "model_not_found", "model");
        assertThat(openAi.body()).contains("did you mean 'gpt-4o-mini'?");
        assertAnthropic(anthropic, 404, "not_found_error");
    }

    @Test
    void anUnknownPathAndAWrongMethodAreInTheDialectToo() {
        HttpResponse<String> path = gateway.post(gateway.openAi("/v1/images/generations"), "{}");
        HttpResponse<String> method = gateway.send(gateway.anthropic("/v1/messages"));

        assertOpenAi(path, 404, "invalid_request_error", null, null);
        assertAnthropic(method, 405, "invalid_request_error");
        assertThat(GatewayFixture.header(method, "allow")).contains("POST");
    }

    static Stream<Arguments> wrongFields() {
        return Stream.of(
                Arguments.of("messages", "{\"model\":\"auto\"}"),
                Arguments.of("messages", "{\"model\":\"auto\",\"messages\":[]}"),
                Arguments.of("model", "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"),
                Arguments.of("messages[0].role", chat("{\"role\":\"robot\",\"content\":\"Hi\"}", "")),
                Arguments.of(
                        "messages[0].content[0].type",
                        chat("{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\"}]}", "")),
                Arguments.of(
                        "messages[0].tool_call_id",
                        chat("{\"role\":\"tool\",\"tool_call_id\":\"x\",\"content\":\"Hi\"}", "")),
                Arguments.of("n", chat("", "\"n\":2")),
                Arguments.of("logprobs", chat("", "\"logprobs\":true")),
                Arguments.of("top_p", chat("", "\"top_p\":0.5")),
                Arguments.of("presence_penalty", chat("", "\"presence_penalty\":1")),
                Arguments.of("logit_bias", chat("", "\"logit_bias\":{\"7\":1}")),
                Arguments.of("modalities", chat("", "\"modalities\":[\"text\",\"audio\"]")),
                Arguments.of("audio", chat("", "\"audio\":{}")),
                Arguments.of("temprature", chat("", "\"temprature\":1")),
                Arguments.of("temperature", chat("", "\"temperature\":\"hot\"")),
                Arguments.of("response_format.type", chat("", "\"response_format\":{\"type\":\"json_object\"}")),
                Arguments.of("tools[0].type", chat("", "\"tools\":[{\"type\":\"web_search\"}]")),
                Arguments.of("tool_choice", chat("", "\"tool_choice\":\"always\"")),
                Arguments.of("reasoning_effort", chat("", "\"reasoning_effort\":\"much\"")),
                Arguments.of("stop", chat("", "\"stop\":[\"1\",\"2\",\"3\",\"4\",\"5\"]")),
                Arguments.of("max_completion_tokens", chat("", "\"max_tokens\":0")),
                Arguments.of("tool_choice", chat("", "\"tool_choice\":\"required\"")),
                Arguments.of("stream", chat("", "\"stream\":\"yes\"")));
    }

    private static String chat(String message, String more) {
        return "{\"model\":\"auto\",\"messages\":["
                + (message.isEmpty() ? "{\"role\":\"user\",\"content\":\"Hi\"}" : message) + "]"
                + (more.isEmpty() ? "" : "," + more) + "}";
    }

    @ParameterizedTest
    @MethodSource("wrongFields")
    void aFieldThatIsWrongOrCannotBeFollowedIsNamed(String field, String body) {
        HttpResponse<String> response = gateway.chat(body);

        assertOpenAi(response, 400, "invalid_request_error", null, field);
        assertThat(gateway.calls()).isEmpty();
    }

    @Test
    void fieldsOfTheOtherDialectsAreNamedToo() {
        assertOpenAi(
                gateway.responses("{\"model\":\"auto\",\"input\":\"Hi\",\"previous_response_id\":\"resp_1\"}"),
                400,
                "invalid_request_error",
                null,
                "previous_response_id");
        HttpResponse<String> tool = gateway.messages(MESSAGES.replace("MODEL", "auto")
                .replace(
                        "\"max_tokens\"",
                        "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}],\"max_tokens\""));
        assertAnthropic(tool, 400, "invalid_request_error");
        assertThat(tool.body()).contains("tools[0].type");
        HttpResponse<String> none = gateway.messages("{\"model\":\"auto\",\"messages\":[]}");
        assertAnthropic(none, 400, "invalid_request_error");
        assertThat(none.body()).contains("max_tokens");
    }

    @Test
    void wrongHeadersAreNamed() {
        for (Map.Entry<String, String> header : Map.of(
                        "architect-project", "No Such",
                        "architect-quality", "best",
                        "architect-max-cost-usd", "1e-3",
                        "architect-tags", "no-value",
                        "architect-timeout-ms", "0",
                        "architect-no-store", "yes",
                        "architect-details", "maybe")
                .entrySet()) {
            HttpResponse<String> response = gateway.post(
                    gateway.openAi("/v1/chat/completions").header(header.getKey(), header.getValue()),
                    CHAT.replace("MODEL", "auto"));
            assertOpenAi(response, 400, "invalid_request_error", null, header.getKey());
        }
    }

    @Test
    void whatIsNoJsonIs400AndNoText415() {
        assertOpenAi(gateway.chat("{\"model\":"), 400, "invalid_request_error", null, null);
        HttpResponse<String> plain = gateway.send(gateway.openAi("/v1/chat/completions")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("Hello")));
        assertOpenAi(plain, 415, "invalid_request_error", null, "Content-Type");
    }

    @Test
    void aBodyMayHave32MegabytesAndNotMore() {
        String body = "{\"model\":\"openai/gpt-4o-mini\",\"metadata\":{\"x\":\"FILL\"},"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

        HttpResponse<String> large = gateway.chat(body.replace("FILL", "A".repeat(31 * 1024 * 1024)));
        HttpResponse<String> tooLarge = gateway.messages(body.replace("FILL", "A".repeat(33 * 1024 * 1024)));

        assertThat(large.statusCode()).as(large.body()).isEqualTo(200);
        assertThat(GatewayFixture.header(large, "architect-ignored")).isEqualTo("metadata.x");
        assertAnthropic(tooLarge, 413, "request_too_large");
    }

    @Test
    void whenEveryProviderIsDownTheClientIsNotToRepeatTheRequest() {
        gateway.outage(Outage.HTTP_503);

        HttpResponse<String> openAi = gateway.chat(CHAT.replace("MODEL", "auto"));
        HttpResponse<String> anthropic = gateway.messages(MESSAGES.replace("MODEL", "auto"));
        HttpResponse<String> stream =
                gateway.chat(CHAT.replace("MODEL", "auto").replace("\"messages\"", "\"stream\":true,\"messages\""));

        assertOpenAi(openAi, 503, "server_error", "no_route", null);
        assertAnthropic(anthropic, 529, "overloaded_error");
        assertOpenAi(stream, 503, "server_error", "no_route", null);
        for (HttpResponse<String> one : List.of(openAi, anthropic, stream)) {
            assertThat(GatewayFixture.header(one, "x-should-retry")).isEqualTo("false");
        }
        assertThat(gateway.calls()).isNotEmpty();
    }

    @Test
    void aProvidersLimitIs429AndAnswersInTimeAre504Otherwise() {
        gateway.simulator.update(script ->
                script.with("openai", one -> one.withErrors(ErrorRate.rateLimited(1, Duration.ofSeconds(30)))));
        HttpResponse<String> limited = gateway.post(
                gateway.openAi("/v1/chat/completions").header("architect-timeout-ms", "5000"),
                CHAT.replace("MODEL", "openai/gpt-4o-mini"));
        gateway.simulator.setOutage("claude", Outage.SILENT);
        HttpResponse<String> late = gateway.post(
                gateway.anthropic("/v1/messages").header("architect-timeout-ms", "3000"),
                MESSAGES.replace("MODEL", "claude/claude-haiku-4-5"));

        assertOpenAi(limited, 429, "rate_limit_error", "rate_limit_exceeded", null);
        assertThat(Integer.parseInt(GatewayFixture.header(limited, "retry-after")))
                .isBetween(1, 30);
        assertAnthropic(late, 504, "timeout_error");
        assertThat(GatewayFixture.header(late, "x-should-retry")).isEqualTo("false");
    }

    @Test
    void aBudgetThatIsUsedUpIs429And402() {
        gateway.architect
                .budgets()
                .set(new Budget(
                        "tiny", BudgetScope.ALL, BudgetPeriod.DAY, Money.ofUsd("0.000000001"), BudgetMode.HARD));

        HttpResponse<String> openAi = gateway.chat(CHAT.replace("MODEL", "openai/gpt-4o-mini"));
        HttpResponse<String> anthropic = gateway.messages(MESSAGES.replace("MODEL", "openai/gpt-4o-mini"));

        assertOpenAi(openAi, 429, "insufficient_quota", "insufficient_quota", null);
        assertAnthropic(anthropic, 402, "billing_error");
        assertThat(GatewayFixture.header(openAi, "x-should-retry")).isEqualTo("false");
        assertThat(gateway.calls()).isEmpty();
    }

    @Test
    void aStreamThatBreaksWithoutAnotherModelEndsInTheErrorOfTheDialect() {
        gateway.outage(Outage.CUT);

        HttpResponse<String> openAi = gateway.chat(
                CHAT.replace("MODEL", "openai/gpt-4o-mini").replace("\"messages\"", "\"stream\":true,\"messages\""));
        HttpResponse<String> anthropic = gateway.messages(MESSAGES.replace("MODEL", "openai/gpt-4o-mini")
                .replace("\"messages\"", "\"stream\":true,\"messages\""));
        HttpResponse<String> responses =
                gateway.responses("{\"model\":\"openai/gpt-4o-mini\",\"stream\":true,\"input\":\"Hello.\"}");

        StreamEvent chat = last(openAi);
        assertThat(chat.json().at("/error/code").textValue()).isEqualTo("no_route");
        assertThat(openAi.body()).doesNotContain("[DONE]");
        assertThat(last(anthropic).name()).isEqualTo("error");
        assertThat(last(anthropic).json().at("/error/type").textValue()).isEqualTo("overloaded_error");
        assertThat(last(responses).json().get("type").textValue()).isEqualTo("error");
        assertThat(last(responses).json().get("sequence_number").intValue())
                .isEqualTo(GatewayFixture.events(responses).size() - 1);
        List<LedgerEntry> calls = gateway.ledger(GatewayFixture.header(openAi, "x-request-id"));
        assertThat(calls)
                .isNotEmpty()
                .allSatisfy(call -> assertThat(call.outcome()).isIn(CallOutcome.FAILED, CallOutcome.CANCELLED));
    }

    private static StreamEvent last(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        List<StreamEvent> events = GatewayFixture.events(response);
        return events.get(events.size() - 1);
    }

    private static void assertOpenAi(
            HttpResponse<String> response, int status, String type, @Nullable String code, @Nullable String param) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode error = GatewayFixture.json(response).get("error");
        assertThat(error.properties().stream().map(Map.Entry::getKey))
                .containsExactlyInAnyOrder("message", "type", "param", "code");
        assertThat(error.get("message").textValue()).isNotBlank();
        assertThat(error.get("type").textValue()).isEqualTo(type);
        assertThat(error.get("code").textValue()).isEqualTo(code);
        assertThat(error.get("param").textValue()).isEqualTo(param);
        assertThat(GatewayFixture.header(response, "x-request-id")).isNotBlank();
    }

    private static void assertAnthropic(HttpResponse<String> response, int status, String type) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode body = GatewayFixture.json(response);
        assertThat(body.get("type").textValue()).isEqualTo("error");
        assertThat(body.at("/error/type").textValue()).isEqualTo(type);
        assertThat(body.at("/error/message").textValue()).isNotBlank();
        assertThat(body.get("request_id").textValue()).isEqualTo(GatewayFixture.header(response, "request-id"));
    }
}
