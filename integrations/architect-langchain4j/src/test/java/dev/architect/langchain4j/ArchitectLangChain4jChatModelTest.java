package dev.architect.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Part;
import dev.architect.chat.Quality;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolChoice;
import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.error.ArchitectException;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ProviderAnswer;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.testkit.provider.ArchitectFixture;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.data.message.CustomMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Architect as a chat model of LangChain4j, over the real router and store. */
final class ArchitectLangChain4jChatModelTest {

    private static final ProviderAnswer FINE = answer(List.of(new Part.Text("fine")), StopReason.COMPLETE);

    @TempDir
    private Path directory;

    private ArchitectFixture fixture;
    private ChatModel model;

    static ArchitectFixture fixture(Path directory) {
        return new ArchitectFixture(
                CostAwareRouter.with(RoutingPolicy.parse(ArchitectFixture.POLICY)),
                SqliteStore.at(directory.resolve("architect.db")));
    }

    @BeforeEach
    void open() {
        fixture = fixture(directory);
        model = ArchitectLangChain4jChatModel.of(fixture.architect());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void answersAreRoutedPricedAndBooked() {
        fixture.answering(FINE);

        ChatResponse answer = model.chat(UserMessage.from("Hi"));

        ArchitectLangChain4jResponseMetadata metadata = (ArchitectLangChain4jResponseMetadata) answer.metadata();
        assertThat(answer.aiMessage()).isEqualTo(AiMessage.from("fine"));
        assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(answer.tokenUsage()).isEqualTo(new dev.langchain4j.model.output.TokenUsage(1000, 100));
        assertThat(answer.modelName()).isEqualTo("openai/gpt-4o-mini");
        assertThat(metadata.model()).isEqualTo(new ModelId("openai", "gpt-4o-mini"));
        assertThat(metadata.cost().status()).isEqualTo(CostStatus.PRICED);
        assertThat(metadata.baseline().amount().orElseThrow())
                .isGreaterThan(metadata.cost().amount().orElseThrow());
        assertThat(metadata.spent().picoUsd().longValueExact())
                .isEqualTo(metadata.cost().amount().orElseThrow().picoUsd());
        assertThat(metadata.toBuilder().id("x").build())
                .isInstanceOfSatisfying(
                        ArchitectLangChain4jResponseMetadata.class,
                        kept -> assertThat(kept.answer()).isEqualTo(metadata.answer()));
    }

    @Test
    void failsOverWhenAProviderIsDown() {
        fixture.openai().always(ScriptedStep.fail(FailureKind.UNAVAILABLE));
        fixture.claude().always(ScriptedStep.answer("saved", TokenUsage.of(1000, 100)));

        ChatResponse answer = model.chat(UserMessage.from("Hi"));

        ArchitectLangChain4jResponseMetadata metadata = (ArchitectLangChain4jResponseMetadata) answer.metadata();
        assertThat(answer.aiMessage().text()).isEqualTo("saved");
        assertThat(metadata.model().provider()).isEqualTo("claude");
        assertThat(metadata.answer().position()).isEqualTo(1);
    }

    @Test
    void readsEveryKindOfTurn() {
        fixture.answering(FINE);

        model.chat(
                SystemMessage.from("Be brief."),
                SystemMessage.from("Be kind."),
                UserMessage.from(
                        TextContent.from("What is this?"),
                        ImageContent.from("AQID", "image/png"),
                        ImageContent.from(URI.create("https://example.org/a.png")),
                        PdfFileContent.from("BA==", "application/pdf")),
                AiMessage.builder()
                        .thinking("Hm.")
                        .text("Let me see.")
                        .toolExecutionRequests(
                                List.of(request("c1", "weather", "{\"unit\":\"C\"}"), request(null, "clock", null)))
                        .build(),
                ToolExecutionResultMessage.from("c1", "weather", "12 degrees"),
                ToolExecutionResultMessage.builder()
                        .toolName("clock")
                        .text("no clock")
                        .isError(true)
                        .build());

        ChatRequest asked = fixture.lastRequest();
        assertThat(asked.system()).hasValue("Be brief.\n\nBe kind.");
        assertThat(asked.messages())
                .containsExactly(
                        Message.user(
                                new Part.Text("What is this?"),
                                new Part.Image(Media.of("image/png", new byte[] {1, 2, 3})),
                                new Part.Image(Media.at(URI.create("https://example.org/a.png"))),
                                new Part.Document(Media.of("application/pdf", new byte[] {4}), "document.pdf")),
                        new Message(
                                Role.ASSISTANT,
                                List.of(
                                        new Part.Reasoning("Hm.", Optional.empty()),
                                        new Part.Text("Let me see."),
                                        Part.ToolCall.of("c1", "weather", "{\"unit\":\"C\"}"),
                                        Part.ToolCall.of("clock", "clock", "{}"))),
                        Message.user(
                                new Part.ToolResult("c1", "weather", "12 degrees", false),
                                new Part.ToolResult("clock", "clock", "no clock", true)));
    }

    @Test
    void readsEveryParameter() {
        fixture.answering(FINE);

        model.chat(dev.langchain4j.model.chat.request.ChatRequest.builder()
                .messages(UserMessage.from("Weather?"))
                .modelName("openai/gpt-4o-mini")
                .maxOutputTokens(99)
                .temperature(0.5)
                .stopSequences(List.of("END"))
                .toolSpecifications(ToolSpecification.builder()
                        .name("weather")
                        .description("Tells the weather.")
                        .parameters(JsonObjectSchema.builder()
                                .addStringProperty("unit", "C or F")
                                .required("unit")
                                .additionalProperties(false)
                                .build())
                        .build())
                .toolChoice(dev.langchain4j.model.chat.request.ToolChoice.REQUIRED)
                .responseFormat(format(
                        JsonArraySchema.builder().items(new JsonIntegerSchema()).build()))
                .build());

        ChatRequest asked = fixture.lastRequest();
        assertThat(asked.selection().model()).hasValue(new ModelId("openai", "gpt-4o-mini"));
        assertThat(asked.generation().maxOutputTokens()).hasValue(99);
        assertThat(asked.generation().temperature()).hasValue(0.5);
        assertThat(asked.generation().stopSequences()).containsExactly("END");
        assertThat(asked.toolset().tools())
                .containsExactly(new Tool(
                        "weather",
                        "Tells the weather.",
                        "{\"type\":\"object\",\"properties\":{\"unit\":{\"type\":\"string\",\"description\":\"C or F\"}},"
                                + "\"required\":[\"unit\"],\"additionalProperties\":false}"));
        assertThat(asked.toolset().choice()).isEqualTo(ToolChoice.REQUIRED);
        assertThat(asked.generation().outputSchema())
                .hasValue(new OutputSchema("numbers", "{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}"));
    }

    @Test
    void whatLangChain4jCannotExpressIsAdded() {
        fixture.answering(FINE);
        ChatModel careful = ArchitectLangChain4jChatModel.of(
                fixture.architect(),
                request -> request.quality(Quality.STANDARD).option("openai.service_tier", "default"));

        careful.chat("Hi");

        assertThat(fixture.lastRequest().selection().quality()).isEqualTo(Quality.STANDARD);
        assertThat(fixture.lastRequest().options("openai")).containsEntry("service_tier", "default");
    }

    @Test
    void callsOfToolsGoRoundWithTheirProofs() {
        List<Part> content = List.of(
                new Part.Reasoning("It may rain.", Optional.of(new Signature("openai", "pr00f"))),
                new Part.ToolCall("c1", "weather", "{}", Optional.of(new Signature("openai", "call-pr00f"))),
                new Part.Text("after"));
        fixture.answering(answer(content, StopReason.TOOL_CALLS));
        ChatResponse first = model.chat(UserMessage.from("Rain?"));

        ChatMessage stored =
                ChatMessageDeserializer.messageFromJson(ChatMessageSerializer.messageToJson(first.aiMessage()));
        model.chat(UserMessage.from("Rain?"), stored, ToolExecutionResultMessage.from("c1", "weather", "no"));

        assertThat(first.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        assertThat(first.aiMessage().thinking()).isEqualTo("It may rain.");
        assertThat(first.aiMessage().toolExecutionRequests()).containsExactly(request("c1", "weather", "{}"));
        assertThat(fixture.lastRequest().messages().get(1).parts()).isEqualTo(content);
    }

    @Test
    void historyThatWasChangedIsTakenAsItReads() {
        fixture.answering(answer(
                List.of(new Part.Reasoning("x", Optional.of(new Signature("openai", "p"))), new Part.Text("old")),
                StopReason.COMPLETE));
        AiMessage first = model.chat(UserMessage.from("Hi")).aiMessage();

        model.chat(UserMessage.from("Hi"), first.withText("new"), UserMessage.from("Go on"));

        assertThat(fixture.lastRequest().messages().get(1).parts())
                .containsExactly(new Part.Reasoning("x", Optional.empty()), new Part.Text("new"));
    }

    static List<UnaryOperator<dev.langchain4j.model.chat.request.ChatRequest.Builder>> unsupported() {
        return List.of(
                request -> request.topP(0.5),
                request -> request.topK(5),
                request -> request.frequencyPenalty(0.5),
                request -> request.presencePenalty(0.5),
                request -> request.responseFormat(ResponseFormat.JSON),
                request -> request.toolSpecifications(
                        ToolSpecification.builder().name("x").strict(true).build()),
                request -> request.parameters(new VendorParameters()),
                request -> request.messages(UserMessage.from("Hi"), SystemMessage.from("late"), UserMessage.from("Ho")),
                request -> request.messages(UserMessage.from("Bob", "Hi")),
                request -> request.messages(CustomMessage.from(Map.of("a", "b"))),
                request -> request.messages(UserMessage.from(AudioContent.from(URI.create("https://example.org/a")))),
                request -> request.messages(UserMessage.from(
                        ImageContent.from(URI.create("https://example.org/a.png"), ImageContent.DetailLevel.HIGH))),
                request -> request.messages(ToolExecutionResultMessage.builder()
                        .id("c1")
                        .toolName("x")
                        .contents(ImageContent.from(URI.create("https://example.org/a.png")))
                        .build()));
    }

    @ParameterizedTest
    @MethodSource("unsupported")
    void refusesByNameWhatArchitectCannotExpress(
            UnaryOperator<dev.langchain4j.model.chat.request.ChatRequest.Builder> field) {
        fixture.answering(FINE);

        assertThatThrownBy(() -> model.chat(field.apply(dev.langchain4j.model.chat.request.ChatRequest.builder()
                                .messages(UserMessage.from("Hi")))
                        .build()))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("expected");
        assertThat(fixture.openai().callCount()).isZero();
    }

    static List<Arguments> failures() {
        return List.of(
                Arguments.of(FailureKind.RATE_LIMITED, RateLimitException.class),
                Arguments.of(FailureKind.TIMEOUT, TimeoutException.class),
                Arguments.of(FailureKind.OVERLOADED, InternalServerException.class),
                Arguments.of(FailureKind.UNAVAILABLE, InternalServerException.class),
                Arguments.of(FailureKind.PROTOCOL, InternalServerException.class),
                Arguments.of(FailureKind.AUTHENTICATION, AuthenticationException.class),
                Arguments.of(FailureKind.CONTENT_REFUSED, ContentFilteredException.class),
                Arguments.of(FailureKind.INVALID_REQUEST, InvalidRequestException.class),
                Arguments.of(FailureKind.MODEL_NOT_FOUND, ModelNotFoundException.class),
                Arguments.of(FailureKind.CONTEXT_TOO_LONG, InvalidRequestException.class),
                Arguments.of(FailureKind.QUOTA_EXHAUSTED, NonRetriableException.class));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failsWithLangChain4jsTypes(FailureKind kind, Class<? extends LangChain4jException> type) {
        fixture.openai().always(ScriptedStep.fail(kind));
        fixture.claude().always(ScriptedStep.fail(kind));

        assertThatThrownBy(() -> model.chat("Hi"))
                .isExactlyInstanceOf(type)
                .hasCauseInstanceOf(ArchitectException.class);
    }

    @Test
    void differentFailuresAreWorthARetryWhenOneIs() {
        fixture.openai().always(ScriptedStep.fail(FailureKind.AUTHENTICATION));
        fixture.claude().always(ScriptedStep.fail(FailureKind.OVERLOADED));

        assertThatThrownBy(() -> model.chat("Hi")).isInstanceOf(dev.langchain4j.exception.RetriableException.class);
    }

    @Test
    void unpricedUsageIsNotFree() {
        fixture.answering(ProviderAnswer.builder("odd-model", "fine", StopReason.COMPLETE)
                .usage(TokenUsage.UNKNOWN, UsageSource.ESTIMATED)
                .build());

        ArchitectLangChain4jResponseMetadata metadata = (ArchitectLangChain4jResponseMetadata)
                model.chat(UserMessage.from("Hi")).metadata();

        assertThat(metadata.cost()).isNotEqualTo(Cost.NOT_BILLED);
    }

    static ProviderAnswer answer(List<Part> content, StopReason reason) {
        return ProviderAnswer.builder("gpt-4o-mini", content, reason)
                .usage(TokenUsage.of(1000, 100), UsageSource.REPORTED)
                .build();
    }

    private static ToolExecutionRequest request(String id, String name, String arguments) {
        return ToolExecutionRequest.builder()
                .id(id)
                .name(name)
                .arguments(arguments)
                .build();
    }

    private static ResponseFormat format(JsonArraySchema root) {
        return ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(
                        JsonSchema.builder().name("numbers").rootElement(root).build())
                .build();
    }

    /** Parameters as a vendor's integration adds them. */
    private static final class VendorParameters extends DefaultChatRequestParameters {
        VendorParameters() {
            super(new Builder<>());
        }

        @Override
        public ChatRequestParameters overrideWith(ChatRequestParameters parameters) {
            return this;
        }

        @Override
        public ChatRequestParameters defaultedBy(ChatRequestParameters parameters) {
            return this;
        }
    }
}
