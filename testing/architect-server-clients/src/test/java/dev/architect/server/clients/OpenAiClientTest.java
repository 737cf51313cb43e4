package dev.architect.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import com.openai.errors.UnexpectedStatusCodeException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.inputtokens.InputTokenCountParams;
import dev.architect.budget.Budget;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.Money;
import dev.architect.simulator.script.Outage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's own client, with only base URL and key changed. It validates every answer against its own models. */
final class OpenAiClientTest {

    private final GatewayServer server = new GatewayServer();
    private final OpenAIClient client = client(GatewayServer.KEY).build();

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private OpenAIOkHttpClient.Builder client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(server.url() + "/v1")
                .apiKey(key)
                .responseValidation(true);
    }

    @Test
    void completesAChat() {
        ChatCompletion answer = client.chat().completions().create(ask("auto").build());

        assertThat(answer.choices().get(0).message().content().orElseThrow()).isNotBlank();
        assertThat(answer.usage().orElseThrow().totalTokens()).isPositive();
        assertThat(server.ledger()).hasSize(1);
    }

    @Test
    void getsVectorsAsTheClientWantsThem(@TempDir Path folder) throws IOException {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), """
                baseline: openai/gpt-4o-mini
                models:
                  - {model: openai/gpt-4o-mini, quality: 66, contextTokens: 128000}
                  - {model: openai/text-embedding-3-small, quality: 1, contextTokens: 300000}
                """);
        try (GatewayServer embedding = new GatewayServer(Optional.of(policy))) {
            OpenAIClient own = OpenAIOkHttpClient.builder()
                    .baseUrl(embedding.url() + "/v1")
                    .apiKey(GatewayServer.KEY)
                    .responseValidation(true)
                    .build();
            EmbeddingCreateParams.Builder request = EmbeddingCreateParams.builder()
                    .model("text-embedding-3-small")
                    .inputOfArrayOfStrings(List.of("a cat", "a dog"))
                    .dimensions(256);

            CreateEmbeddingResponse usual = own.embeddings().create(request.build());
            CreateEmbeddingResponse numbers = own.embeddings()
                    .create(request.encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT)
                            .build());

            assertThat(numbers.data()).hasSize(2);
            assertThat(numbers.data().get(1).embedding()).hasSize(256);
            assertThat(usual.data().get(1).embedding())
                    .isEqualTo(numbers.data().get(1).embedding());
            assertThat(numbers.usage().promptTokens()).isPositive();
            assertThat(embedding.ledger()).hasSize(2).allMatch(entry -> entry.outcome() == CallOutcome.ANSWERED);
            assertThatThrownBy(
                            () -> own.embeddings().create(request.model("auto").build()))
                    .isInstanceOf(BadRequestException.class)
                    .hasMessageContaining("cannot be compared");
            own.close();
        }
    }

    @Test
    void streamsAChat() {
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();

        try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                .completions()
                .createStreaming(ask("auto:best")
                        .streamOptions(ChatCompletionStreamOptions.builder()
                                .includeUsage(true)
                                .build())
                        .build())) {
            stream.stream().map(ChatCompletionChunk::validate).forEach(whole::accumulate);
        }

        ChatCompletion answer = whole.chatCompletion();
        assertThat(answer.choices().get(0).message().content().orElseThrow()).isNotBlank();
        assertThat(answer.choices().get(0).finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(answer.usage().orElseThrow().completionTokens()).isPositive();
    }

    @Test
    void callsToolsOfAModelOfEitherVendor() {
        for (String model : List.of("openai/gpt-4o-mini", "claude/claude-haiku-4-5")) {
            ChatCompletionCreateParams.Builder request = ChatCompletionCreateParams.builder()
                    .model(model)
                    .addUserMessage("Ask weather for Oslo and tides for Bergen.")
                    .addFunctionTool(tool("weather"))
                    .addFunctionTool(tool("tides"));
            ChatCompletion first = client.chat().completions().create(request.build());
            List<ChatCompletionMessageFunctionToolCall> calls =
                    first.choices().get(0).message().toolCalls().orElseThrow().stream()
                            .map(ChatCompletionMessageToolCall::asFunction)
                            .toList();
            assertThat(calls).extracting(call -> call.function().name()).containsExactly("weather", "tides");

            ChatCompletion second = client.chat()
                    .completions()
                    .create(request.addMessage(first.choices().get(0).message())
                            .addMessage(result(calls.get(0).id(), "Rain in Oslo."))
                            .addMessage(result(calls.get(1).id(), "High water at six."))
                            .build());

            assertThat(second.choices().get(0).message().content().orElseThrow())
                    .contains("Rain in Oslo.", "High water at six.");
        }
    }

    @Test
    void completesAResponseWholeAndStreamed() {
        ResponseCreateParams request = ResponseCreateParams.builder()
                .model("gpt-4o-mini")
                .input("Why is the sky blue?")
                .build();

        Response whole = client.responses().create(request);
        ResponseAccumulator streamed = ResponseAccumulator.create();
        try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(request)) {
            stream.stream().map(ResponseStreamEvent::validate).forEach(streamed::accumulate);
        }

        assertThat(whole.status()).hasValue(ResponseStatus.COMPLETED);
        assertThat(text(whole)).isNotBlank().isEqualTo(text(streamed.response()));
        assertThat(streamed.response().usage().orElseThrow().outputTokens()).isPositive();
    }

    @Test
    void countsTokensAndListsModels() {
        long tokens = client.responses()
                .inputTokens()
                .count(InputTokenCountParams.builder()
                        .model("auto")
                        .input("Why is the sky blue?")
                        .build())
                .inputTokens();

        assertThat(tokens).isPositive();
        assertThat(client.models().list().data()).extracting(Model::id).contains("auto", "gpt-4o-mini");
        assertThat(client.models().retrieve("gpt-4o-mini").ownedBy()).isEqualTo("openai");
    }

    @Test
    void everyErrorClassIsRaisedByItsFailure() {
        assertRaised(
                UnauthorizedException.class,
                () -> client("wrong")
                        .build()
                        .chat()
                        .completions()
                        .create(ask("auto").build()),
                "the key is missing or wrong");
        assertRaised(
                NotFoundException.class,
                () -> client.chat().completions().create(ask("no-such-model").build()),
                "not served here");
        assertRaised(
                BadRequestException.class,
                () -> client.chat().completions().create(ask("auto").n(2).build()),
                "n is the number 2");
        assertRaised(
                PermissionDeniedException.class,
                () -> client.chat()
                        .completions()
                        .create(ask("auto")
                                .putAdditionalHeader("Host", "evil.example")
                                .build()),
                "Host");
        assertRaised(
                UnexpectedStatusCodeException.class,
                () -> client.chat()
                        .completions()
                        .create(ask("auto")
                                .putAdditionalBodyProperty("user", JsonValue.from("x".repeat(33 * 1024 * 1024)))
                                .build()),
                "413");
        server.architect
                .budgets()
                .set(new Budget(
                        "tiny", BudgetScope.ALL, BudgetPeriod.DAY, Money.ofUsd("0.000000001"), BudgetMode.HARD));
        assertRaised(
                RateLimitException.class,
                () -> client.chat().completions().create(ask("gpt-4o-mini").build()),
                "budget 'tiny'");
    }

    @Test
    void aServerThatIsGoneIsAnIoException() {
        String gone = "http://127.0.0.1:1/v1";

        assertThatThrownBy(() -> client(GatewayServer.KEY)
                        .baseUrl(gone)
                        .build()
                        .chat()
                        .completions()
                        .create(ask("auto").build()))
                .isInstanceOf(OpenAIIoException.class);
    }

    @Test
    void withEveryProviderDownItSendsOneRequest() {
        server.outage(Outage.HTTP_503);
        server.proxy.takeRequests();

        assertRaised(
                InternalServerException.class,
                () -> client.chat().completions().create(ask("auto").build()),
                "503");

        assertThat(server.proxy.takeRequests()).isEqualTo(1);
    }

    @Test
    void aStreamThatBreaksRaisesAnErrorAndItsCallsAreInTheLedger() {
        server.outage(Outage.CUT);
        server.proxy.takeRequests();

        assertThatThrownBy(() -> {
                    try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                            .completions()
                            .createStreaming(ask("gpt-4o-mini").build())) {
                        stream.stream().forEach(chunk -> {});
                    }
                })
                .isInstanceOf(SseException.class);

        assertThat(server.proxy.takeRequests()).isEqualTo(1);
        assertThat(server.ledger())
                .isNotEmpty()
                .allSatisfy(call -> assertThat(call.outcome()).isIn(CallOutcome.FAILED, CallOutcome.CANCELLED));
    }

    private static void assertRaised(Class<? extends OpenAIServiceException> type, Runnable request, String inMessage) {
        assertThatThrownBy(request::run).isInstanceOf(type).hasMessageContaining(inMessage);
    }

    private static ChatCompletionCreateParams.Builder ask(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage("Why is the sky blue?");
    }

    private static String text(Response response) {
        return response.output()
                .get(0)
                .asMessage()
                .content()
                .get(0)
                .asOutputText()
                .text();
    }

    private static FunctionDefinition tool(String name) {
        return FunctionDefinition.builder()
                .name(name)
                .description("Looks it up.")
                .parameters(FunctionParameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .putAdditionalProperty("properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                        .putAdditionalProperty("required", JsonValue.from(List.of("city")))
                        .putAdditionalProperty("additionalProperties", JsonValue.from(false))
                        .build())
                .build();
    }

    private static ChatCompletionToolMessageParam result(String id, String text) {
        return ChatCompletionToolMessageParam.builder()
                .toolCallId(id)
                .content(text)
                .build();
    }
}
