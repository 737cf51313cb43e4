package dev.architect.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.CacheLifetime;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Part;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolChoice;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.testkit.provider.ProviderCalls;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.pdf.PdfFile;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.output.FinishReason;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes to a chat model of LangChain4j and what comes back, whole answers. */
final class LangChain4jProviderTest {

    private static final Tool WEATHER = new Tool(
            "weather",
            "Tells the weather.",
            "{\"type\":\"object\",\"properties\":{\"unit\":{\"type\":\"string\",\"enum\":[\"C\",\"F\"]},"
                    + "\"days\":{\"type\":\"integer\",\"minimum\":1}},\"required\":[\"unit\"]}");

    @Test
    void sendsEveryKindOfTurn() {
        FakeChatModel model = FakeChatModel.saying("fine");
        Part.ToolCall call = Part.ToolCall.of("c1", "weather", "{\"unit\":\"C\"}");
        Part.ToolCall other = Part.ToolCall.of("c2", "clock", "{}");

        provider(model)
                .chat(ProviderCalls.of(ChatRequest.builder(Message.user(
                                Part.ToolResult.of(call, "12 degrees"),
                                Part.ToolResult.failed(other, "no clock"),
                                new Part.Text("And now?")))
                        .system("Be brief.")
                        .earlier(Message.user(
                                new Part.Text("What is this?"),
                                new Part.Image(Media.of("image/png", new byte[] {1, 2, 3})),
                                new Part.Image(Media.at(URI.create("https://example.org/a.png"))),
                                new Part.Document(Media.of("application/pdf", new byte[] {4}), "a.pdf")))
                        .earlier(new Message(Role.ASSISTANT, List.of(new Part.Text("Let me see."), call, other)))
                        .tools(WEATHER)
                        .build()));

        assertThat(model.only().messages())
                .containsExactly(
                        SystemMessage.from("Be brief."),
                        UserMessage.from(
                                TextContent.from("What is this?"),
                                ImageContent.from(
                                        Image.builder()
                                                .base64Data("AQID")
                                                .mimeType("image/png")
                                                .build(),
                                        ImageContent.DetailLevel.AUTO),
                                ImageContent.from(
                                        URI.create("https://example.org/a.png"), ImageContent.DetailLevel.AUTO),
                                PdfFileContent.from(PdfFile.builder()
                                        .base64Data("BA==")
                                        .mimeType("application/pdf")
                                        .build())),
                        AiMessage.from(
                                "Let me see.",
                                List.of(
                                        ToolExecutionRequest.builder()
                                                .id("c1")
                                                .name("weather")
                                                .arguments("{\"unit\":\"C\"}")
                                                .build(),
                                        ToolExecutionRequest.builder()
                                                .id("c2")
                                                .name("clock")
                                                .arguments("{}")
                                                .build())),
                        ToolExecutionResultMessage.builder()
                                .id("c1")
                                .toolName("weather")
                                .text("12 degrees")
                                .isError(false)
                                .build(),
                        ToolExecutionResultMessage.builder()
                                .id("c2")
                                .toolName("clock")
                                .text("no clock")
                                .isError(true)
                                .build(),
                        UserMessage.from(TextContent.from("And now?")));
    }

    @Test
    void sendsToolsWithoutParameters() {
        FakeChatModel model = FakeChatModel.saying("noon");

        provider(model)
                .chat(ProviderCalls.of(ChatRequest.builder("Time?")
                        .tools(
                                new Tool("clock", "Tells the time.", "{}"),
                                new Tool("date", "Tells the day.", "{\"type\":\"object\"}"))
                        .build()));

        assertThat(model.only().toolSpecifications())
                .extracting(ToolSpecification::parameters)
                .containsOnly(JsonObjectSchema.builder().build());
    }

    @Test
    void sendsLimitsToolsAndSchema() {
        FakeChatModel model = FakeChatModel.saying("{}");
        String schema = "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}},\"required\":[\"n\"]}";

        provider(model)
                .chat(ProviderCalls.of(ChatRequest.builder("Weather?")
                        .maxOutputTokens(99)
                        .temperature(0.5)
                        .stopSequences(List.of("END"))
                        .tools(WEATHER)
                        .toolChoice(ToolChoice.REQUIRED)
                        .outputSchema(new OutputSchema("answer", schema))
                        .build()));

        dev.langchain4j.model.chat.request.ChatRequest sent = model.only();
        assertThat(sent.maxOutputTokens()).isEqualTo(99);
        assertThat(sent.temperature()).isEqualTo(0.5);
        assertThat(sent.stopSequences()).containsExactly("END");
        assertThat(sent.toolChoice()).isEqualTo(dev.langchain4j.model.chat.request.ToolChoice.REQUIRED);
        assertThat(sent.toolSpecifications())
                .containsExactly(ToolSpecification.builder()
                        .name("weather")
                        .description("Tells the weather.")
                        .parameters(JsonObjectSchema.builder()
                                .addProperty(
                                        "unit",
                                        JsonEnumSchema.builder()
                                                .enumValues("C", "F")
                                                .build())
                                .addProperty("days", JsonRawSchema.from("{\"type\":\"integer\",\"minimum\":1}"))
                                .required("unit")
                                .build())
                        .build());
        assertThat(sent.responseFormat().type()).isEqualTo(ResponseFormatType.JSON);
        assertThat(sent.responseFormat().jsonSchema().name()).isEqualTo("answer");
        assertThat(sent.responseFormat().jsonSchema().rootElement())
                .isEqualTo(JsonObjectSchema.builder()
                        .addIntegerProperty("n")
                        .required("n")
                        .build());
    }

    @Test
    void toolThatMustBeCalledIsTheOnlyOneOffered() {
        FakeChatModel model = FakeChatModel.saying("fine");
        Tool clock = new Tool("clock", "", "{\"type\":\"object\",\"properties\":{}}");

        provider(model)
                .chat(ProviderCalls.of(ChatRequest.builder("Time?")
                        .tools(WEATHER, clock)
                        .toolChoice(ToolChoice.named("clock"))
                        .build()));

        assertThat(model.only().toolSpecifications())
                .extracting(ToolSpecification::name)
                .containsExactly("clock");
        assertThat(model.only().toolChoice()).isEqualTo(dev.langchain4j.model.chat.request.ToolChoice.REQUIRED);
    }

    @Test
    void readsAnAnswer() {
        ProviderAnswer answer = provider(FakeChatModel.saying("Because.")).chat(ProviderCalls.of("Why?"));

        assertThat(answer.model()).isEqualTo("large-2");
        assertThat(answer.content()).containsExactly(new Part.Text("Because."));
        assertThat(answer.stopReason()).isEqualTo(StopReason.COMPLETE);
        assertThat(answer.usage()).isEqualTo(TokenUsage.of(12, 3));
        assertThat(answer.usageSource()).isEqualTo(UsageSource.REPORTED);
        assertThat(answer.requestId()).hasValue("answer-1");
    }

    @Test
    void readsThinkingAndCallsAndMakesUpMissingIds() {
        FakeChatModel model = new FakeChatModel(request -> FakeChatModel.answer(
                AiMessage.builder()
                        .thinking("It may rain.")
                        .toolExecutionRequests(List.of(
                                ToolExecutionRequest.builder()
                                        .id("c7")
                                        .name("weather")
                                        .arguments("{\"unit\":\"C\"}")
                                        .build(),
                                ToolExecutionRequest.builder().name("clock").build()))
                        .build(),
                FinishReason.TOOL_EXECUTION));

        ProviderAnswer answer = provider(model)
                .chat(ProviderCalls.of(
                        ChatRequest.builder("Rain?").tools(WEATHER).build()));

        assertThat(answer.content().get(0))
                .isInstanceOfSatisfying(
                        Part.Reasoning.class, part -> assertThat(part.text()).isEqualTo("It may rain."));
        assertThat(answer.toolCalls())
                .containsExactly(
                        Part.ToolCall.of("c7", "weather", "{\"unit\":\"C\"}"),
                        Part.ToolCall.of("call_1", "clock", "{}"));
        assertThat(answer.stopReason()).isEqualTo(StopReason.TOOL_CALLS);
    }

    @Test
    void reasoningAndItsSignatureComeBackUnchanged() {
        Map<String, Object> proofs =
                Map.of("thinking_signature", "s3cr3t", "redacted_thinking", List.of("a", "b"), "step", 3);
        AiMessage thought = AiMessage.builder()
                .text("Hm.")
                .thinking("It may rain.")
                .attributes(proofs)
                .build();
        FakeChatModel model = new FakeChatModel(request -> FakeChatModel.answer(thought, FinishReason.STOP));
        LangChain4jProvider provider = provider(model);
        ProviderAnswer answer = provider.chat(ProviderCalls.of("Rain?"));

        provider.chat(ProviderCalls.of(ChatRequest.builder("Sure?")
                .earlier(Message.user("Rain?"))
                .earlier(new Message(Role.ASSISTANT, answer.content()))
                .build()));

        assertThat(model.requests.get(1).messages().get(1)).isEqualTo(thought);
    }

    @Test
    void reasoningOfOtherProvidersIsLeftOut() {
        FakeChatModel model = FakeChatModel.saying("fine");

        provider(model)
                .chat(ProviderCalls.of(ChatRequest.builder("Sure?")
                        .earlier(new Message(
                                Role.ASSISTANT,
                                List.of(
                                        new Part.Reasoning("secret", Optional.of(new Signature("claude", "x"))),
                                        new Part.Reasoning("unsigned", Optional.empty()),
                                        new Part.Text("Yes."))))
                        .build()));

        assertThat(model.only().messages().get(0)).isEqualTo(AiMessage.from("Yes."));
    }

    @Test
    void unknownUsageIsUnknown() {
        FakeChatModel model = new FakeChatModel(request -> dev.langchain4j.model.chat.response.ChatResponse.builder()
                .aiMessage(AiMessage.from("hm"))
                .build());

        ProviderAnswer answer = provider(model).chat(ProviderCalls.of("Why?"));

        assertThat(answer.usage().isUnknown()).isTrue();
        assertThat(answer.usageSource()).isEqualTo(UsageSource.ESTIMATED);
        assertThat(answer.stopReason()).isEqualTo(StopReason.OTHER);
        assertThat(answer.model()).isEqualTo("large");
    }

    @Test
    void vendorsOwnCountsCanBeRead() {
        LangChain4jProvider provider = LangChain4jProvider.builder("mistral")
                .model("large", FakeChatModel.saying("fine"))
                .usage(response -> TokenUsage.builder()
                        .add(UsageBucket.INPUT, 2)
                        .add(UsageBucket.CACHE_READ, 10)
                        .build())
                .build();

        assertThat(provider.chat(ProviderCalls.of("Why?")).usage().count(UsageBucket.CACHE_READ))
                .isEqualTo(10);
    }

    static List<ChatRequest> unsupportedRequests() {
        return List.of(
                ChatRequest.builder("Hi").effort(ReasoningEffort.HIGH).build(),
                ChatRequest.builder("Hi").needs(Set.of(Capability.WEB_SEARCH)).build(),
                ChatRequest.builder("Hi").option("mistral.safe_prompt", "true").build(),
                ChatRequest.builder("Hi")
                        .tools(WEATHER)
                        .toolChoice(ToolChoice.AUTO.oneAtATime())
                        .build(),
                ChatRequest.builder("Hi")
                        .tools(new Tool("odd", "", "{\"type\":\"object\",\"minProperties\":1}"))
                        .build(),
                ChatRequest.builder("Hi").tools(new Tool("odd", "", "nonsense")).build(),
                ChatRequest.builder(Message.user(new Part.CacheBreakpoint(CacheLifetime.SHORT), new Part.Text("Hi")))
                        .build(),
                ChatRequest.builder(Message.user(
                                new Part.Document(Media.of("text/plain", new byte[] {1}), "a.txt"),
                                new Part.Text("Hi")))
                        .build());
    }

    @ParameterizedTest
    @MethodSource("unsupportedRequests")
    void refusesBeforeTheCallWhatHasNoPlace(ChatRequest request) {
        FakeChatModel model = FakeChatModel.saying("never");

        ProviderException failure = ProviderCalls.failure(() -> provider(model).chat(ProviderCalls.of(request)));

        assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
        assertThat(model.requests).isEmpty();
    }

    @Test
    void refusesModelsThatWereNotGivenAndStreamsOfThoseThatDoNotStream() {
        LangChain4jProvider provider = provider(FakeChatModel.saying("fine"));

        assertThat(provider.capabilities("large"))
                .contains(Capability.JSON_SCHEMA)
                .doesNotContain(Capability.STREAMING);
        assertThat(provider.capabilities("other")).isEmpty();
        assertThat(ProviderCalls.failure(() -> provider.stream(ProviderCalls.of("Hi"), piece -> {})))
                .extracting(ProviderException::kind)
                .isEqualTo(FailureKind.UNSUPPORTED);
        assertThatThrownBy(() -> provider.chat(
                        new dev.architect.spi.ProviderCall("other", ChatRequest.of("Hi"), Duration.ofSeconds(1))))
                .hasMessageContaining("mistral/other failed: UNSUPPORTED");
        assertThat(provider.models(Duration.ofSeconds(1))).extracting("id").containsExactly("large");
    }

    @Test
    void answerWithImagesIsNoAnswer() {
        FakeChatModel model = new FakeChatModel(request -> FakeChatModel.answer(
                AiMessage.builder()
                        .text("Look")
                        .attributes(Map.of(
                                AiMessage.GENERATED_IMAGES_KEY,
                                List.of(Image.builder().base64Data("AQID").build())))
                        .build(),
                FinishReason.STOP));

        assertThat(ProviderCalls.failure(() -> provider(model).chat(ProviderCalls.of("Draw")))
                        .kind())
                .isEqualTo(FailureKind.PROTOCOL);
    }

    static LangChain4jProvider provider(FakeChatModel model) {
        return LangChain4jProvider.builder("mistral").model("large", model).build();
    }
}
