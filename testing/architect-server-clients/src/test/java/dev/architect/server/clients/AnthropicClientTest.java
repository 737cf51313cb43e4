package dev.architect.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.ContentTooLargeException;
import com.anthropic.errors.GatewayTimeoutException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.OverloadedException;
import com.anthropic.errors.PaymentRequiredException;
import com.anthropic.errors.PermissionDeniedException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.SseException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import com.anthropic.models.models.ModelInfo;
import dev.architect.budget.Budget;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.Money;
import dev.architect.simulator.script.ErrorRate;
import dev.architect.simulator.script.Outage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Anthropic's own client, with only base URL and key changed. It validates every answer against its own models. */
final class AnthropicClientTest {

    private final GatewayServer server = new GatewayServer();
    private final AnthropicClient client = client(GatewayServer.KEY).build();

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private AnthropicOkHttpClient.Builder client(String key) {
        return AnthropicOkHttpClient.builder().baseUrl(server.url()).apiKey(key).responseValidation(true);
    }

    @Test
    void completesAMessage() {
        Message answer = client.messages().create(ask("auto").build());

        assertThat(text(answer)).isNotBlank();
        assertThat(answer.stopReason()).hasValue(StopReason.END_TURN);
        assertThat(answer.usage().outputTokens()).isPositive();
        assertThat(server.ledger()).hasSize(1);
    }

    @Test
    void streamsAMessage() {
        MessageAccumulator whole = MessageAccumulator.create();

        try (StreamResponse<RawMessageStreamEvent> stream =
                client.messages().createStreaming(ask("gpt-4o-mini").build())) {
            stream.stream().map(RawMessageStreamEvent::validate).forEach(whole::accumulate);
        }

        assertThat(text(whole.message())).isNotBlank();
        assertThat(whole.message().usage().outputTokens()).isPositive();
    }

    @Test
    void reasoningIsAccumulatedWithItsProof() {
        MessageAccumulator whole = MessageAccumulator.create();

        try (StreamResponse<RawMessageStreamEvent> stream = client.messages()
                .createStreaming(ask("claude-sonnet-4-6")
                        .enabledThinking(2_048)
                        .maxTokens(9_000)
                        .build())) {
            stream.stream().map(RawMessageStreamEvent::validate).forEach(whole::accumulate);
        }

        assertThat(whole.message().content().get(0).asThinking().thinking()).isNotBlank();
        assertThat(whole.message().content().get(0).asThinking().signature()).startsWith("claude|");
        Message next = client.messages()
                .create(ask("claude-sonnet-4-6")
                        .addMessage(whole.message())
                        .addUserMessage("Go on.")
                        .build());
        assertThat(text(next)).isNotBlank();
    }

    @Test
    void callsToolsOfAModelOfEitherVendorWholeAndStreamed() {
        for (String model : List.of("openai/gpt-4o-mini", "claude/claude-haiku-4-5")) {
            MessageCreateParams.Builder request = MessageCreateParams.builder()
                    .model(model)
                    .maxTokens(900)
                    .addUserMessage("Ask weather for Oslo and tides for Bergen.")
                    .addTool(tool("weather"))
                    .addTool(tool("tides"));
            MessageAccumulator whole = MessageAccumulator.create();
            try (StreamResponse<RawMessageStreamEvent> stream =
                    client.messages().createStreaming(request.build())) {
                stream.stream().map(RawMessageStreamEvent::validate).forEach(whole::accumulate);
            }
            Message first = client.messages().create(request.build());
            assertThat(calls(first)).extracting(ToolUseBlock::name).containsExactly("weather", "tides");
            assertThat(calls(whole.message()))
                    .extracting(ToolUseBlock::_input)
                    .containsExactlyElementsOf(
                            calls(first).stream().map(ToolUseBlock::_input).toList());

            Message second = client.messages()
                    .create(request.addMessage(first)
                            .addUserMessageOfContentBlockParams(List.of(
                                    result(calls(first).get(0), "Rain in Oslo."),
                                    result(calls(first).get(1), "High water at six.")))
                            .build());

            assertThat(text(second)).contains("Rain in Oslo.", "High water at six.");
        }
    }

    @Test
    void countsTokensAndListsModels() {
        long tokens = client.messages()
                .countTokens(MessageCountTokensParams.builder()
                        .model("auto")
                        .addUserMessage("Why is the sky blue?")
                        .build())
                .inputTokens();

        assertThat(tokens).isPositive();
        assertThat(client.models().list().data()).extracting(ModelInfo::id).contains("auto", "claude-haiku-4-5");
        assertThat(client.models().retrieve("claude-haiku-4-5").displayName()).isEqualTo("claude-haiku-4-5");
    }

    @Test
    void everyErrorClassIsRaisedByItsFailure() {
        assertRaised(
                UnauthorizedException.class,
                () -> client("wrong").build().messages().create(ask("auto").build()),
                "authentication_error");
        assertRaised(
                NotFoundException.class,
                () -> client.messages().create(ask("no-such-model").build()),
                "not_found_error");
        assertRaised(
                BadRequestException.class,
                () -> client.messages()
                        .create(ask("auto")
                                .putAdditionalBodyProperty("top_p", JsonValue.from(0.5))
                                .build()),
                "top_p");
        assertRaised(
                PermissionDeniedException.class,
                () -> client.messages()
                        .create(ask("auto")
                                .putAdditionalHeader("Host", "evil.example")
                                .build()),
                "permission_error");
        assertRaised(
                ContentTooLargeException.class,
                () -> client.messages()
                        .create(ask("auto").system("x".repeat(33 * 1024 * 1024)).build()),
                "request_too_large");
        server.simulator.setOutage("openai", Outage.SILENT);
        assertRaised(
                GatewayTimeoutException.class,
                () -> client.messages()
                        .create(ask("gpt-4o-mini")
                                .putAdditionalHeader("architect-timeout-ms", "500")
                                .build()),
                "timeout_error");
        server.simulator.update(script ->
                script.with("claude", one -> one.withErrors(ErrorRate.rateLimited(1, Duration.ofSeconds(30)))));
        assertRaised(
                RateLimitException.class,
                () -> client.messages()
                        .create(ask("claude-haiku-4-5")
                                .putAdditionalHeader("architect-timeout-ms", "4000")
                                .build()),
                "rate_limit_error");
        server.architect
                .budgets()
                .set(new Budget(
                        "tiny", BudgetScope.ALL, BudgetPeriod.DAY, Money.ofUsd("0.000000001"), BudgetMode.HARD));
        assertRaised(
                PaymentRequiredException.class,
                () -> client.messages().create(ask("gpt-4o-mini").build()),
                "billing_error");
    }

    @Test
    void withEveryProviderDownItSendsOneRequest() {
        server.outage(Outage.HTTP_503);
        server.proxy.takeRequests();

        assertRaised(
                OverloadedException.class,
                () -> client.messages().create(ask("auto").build()),
                "overloaded_error");

        assertThat(server.proxy.takeRequests()).isEqualTo(1);
    }

    @Test
    void aStreamThatBreaksRaisesAnErrorAndItsCallsAreInTheLedger() {
        server.outage(Outage.CUT);
        server.proxy.takeRequests();

        assertThatThrownBy(() -> {
                    try (StreamResponse<RawMessageStreamEvent> stream = client.messages()
                            .createStreaming(ask("claude-haiku-4-5").build())) {
                        stream.stream().forEach(event -> {});
                    }
                })
                .isInstanceOf(SseException.class)
                .hasMessageContaining("overloaded_error");

        assertThat(server.proxy.takeRequests()).isEqualTo(1);
        assertThat(server.ledger())
                .isNotEmpty()
                .allSatisfy(call -> assertThat(call.outcome()).isIn(CallOutcome.FAILED, CallOutcome.CANCELLED));
    }

    private static void assertRaised(
            Class<? extends AnthropicServiceException> type, Runnable request, String inMessage) {
        assertThatThrownBy(request::run).isInstanceOf(type).hasMessageContaining(inMessage);
    }

    private static MessageCreateParams.Builder ask(String model) {
        return MessageCreateParams.builder().model(model).maxTokens(900).addUserMessage("Why is the sky blue?");
    }

    private static String text(Message answer) {
        return answer.content().stream()
                .map(ContentBlock::text)
                .flatMap(Optional::stream)
                .map(block -> block.text())
                .reduce("", String::concat);
    }

    private static List<ToolUseBlock> calls(Message answer) {
        return answer.content().stream()
                .map(ContentBlock::toolUse)
                .flatMap(Optional::stream)
                .toList();
    }

    private static Tool tool(String name) {
        return Tool.builder()
                .name(name)
                .description("Looks it up.")
                .inputSchema(Tool.InputSchema.builder()
                        .properties(Tool.InputSchema.Properties.builder()
                                .putAdditionalProperty("city", JsonValue.from(Map.of("type", "string")))
                                .build())
                        .required(List.of("city"))
                        .putAdditionalProperty("additionalProperties", JsonValue.from(false))
                        .build())
                .build();
    }

    private static ContentBlockParam result(ToolUseBlock call, String text) {
        return ContentBlockParam.ofToolResult(ToolResultBlockParam.builder()
                .toolUseId(call.id())
                .content(text)
                .build());
    }
}
