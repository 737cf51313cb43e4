package dev.architect.spring.ai;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.definition.ToolDefinition;

/** What goes to a chat model of Spring AI and what comes back, whole answers. */
final class SpringAiProviderTest {

    private static final Tool WEATHER = new Tool(
            "weather", "Tells the weather.", "{\"type\":\"object\",\"properties\":{\"unit\":{\"type\":\"string\"}}}");

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

        List<org.springframework.ai.chat.messages.Message> sent = model.only().getInstructions();
        assertThat(sent).hasSize(5);
        assertThat(sent.get(0)).isEqualTo(new SystemMessage("Be brief."));
        UserMessage question = (UserMessage) sent.get(1);
        assertThat(question.getText()).isEqualTo("What is this?");
        assertThat(question.getMedia())
                .extracting(media -> media.getMimeType().toString())
                .containsExactly("image/png", "image/*", "application/pdf");
        assertThat(question.getMedia().get(0).getDataAsByteArray()).containsExactly(1, 2, 3);
        assertThat(question.getMedia().get(1).getData()).isEqualTo("https://example.org/a.png");
        assertThat(question.getMedia().get(2).getName()).isEqualTo("a.pdf");
        AssistantMessage asked = (AssistantMessage) sent.get(2);
        assertThat(asked.getText()).isEqualTo("Let me see.");
        assertThat(asked.getToolCalls())
                .containsExactly(
                        new AssistantMessage.ToolCall("c1", "function", "weather", "{\"unit\":\"C\"}"),
                        new AssistantMessage.ToolCall("c2", "function", "clock", "{}"));
        ToolResponseMessage results = (ToolResponseMessage) sent.get(3);
        assertThat(results.getResponses())
                .containsExactly(
                        new ToolResponseMessage.ToolResponse("c1", "weather", "12 degrees"),
                        new ToolResponseMessage.ToolResponse("c2", "clock", "no clock"));
        assertThat(results.getMetadata()).containsEntry("architect.failedCalls", List.of("c2"));
        assertThat(sent.get(4)).isEqualTo(new UserMessage("And now?"));
    }

    @Test
    void changesTheModelsOwnOptionsOnlyWhereTheRequestSetsThem() {
        FakeChatModel model = FakeChatModel.saying("{}");
        provider(model).chat(ProviderCalls.of("Hi"));
        provider(model)
                .chat(ProviderCalls.of(ChatRequest.builder("Weather?")
                        .maxOutputTokens(99)
                        .temperature(0.5)
                        .stopSequences(List.of("END"))
                        .tools(WEATHER)
                        .outputSchema(new OutputSchema("answer", "{\"type\":\"object\"}"))
                        .build()));

        ArchitectSpringAiChatOptions plain =
                (ArchitectSpringAiChatOptions) model.prompts.get(0).getOptions();
        ArchitectSpringAiChatOptions full =
                (ArchitectSpringAiChatOptions) model.prompts.get(1).getOptions();
        assertThat(plain).isEqualTo(model.getOptions());
        assertThat(full.getModel()).isEqualTo("large-2");
        assertThat(full.getTopP()).isEqualTo(0.9);
        assertThat(full.getMaxTokens()).isEqualTo(99);
        assertThat(full.getTemperature()).isEqualTo(0.5);
        assertThat(full.getStopSequences()).containsExactly("END");
        assertThat(full.getOutputSchema()).isEqualTo("{\"type\":\"object\"}");
        assertThat(full.getToolCallbacks()).singleElement().satisfies(callback -> {
            ToolDefinition tool = callback.getToolDefinition();
            assertThat(tool.name()).isEqualTo("weather");
            assertThat(tool.description()).isEqualTo("Tells the weather.");
            assertThat(tool.inputSchema()).isEqualTo(WEATHER.inputSchema());
        });
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
    void readsReasoningAndCallsWhichComeBackUnchanged() {
        AssistantMessage thought = AssistantMessage.builder()
                .content("Hm.")
                .properties(Map.of("reasoningContent", "It may rain.", "thoughtSignatures", List.of("a", "b")))
                .toolCalls(List.of(
                        new AssistantMessage.ToolCall("c7", "function", "weather", "{\"unit\":\"C\"}"),
                        new AssistantMessage.ToolCall("", "function", "clock", "")))
                .build();
        FakeChatModel model = FakeChatModel.answering(prompt -> FakeChatModel.answer(thought, "tool_calls"));
        SpringAiProvider provider = provider(model);

        ProviderAnswer answer = provider.chat(
                ProviderCalls.of(ChatRequest.builder("Rain?").tools(WEATHER).build()));
        provider.chat(ProviderCalls.of(ChatRequest.builder(Message.toolResults(answer.toolCalls().stream()
                        .map(call -> Part.ToolResult.of(call, "no"))
                        .toList()))
                .earlier(Message.user("Rain?"))
                .earlier(new Message(Role.ASSISTANT, answer.content()))
                .build()));

        assertThat(answer.stopReason()).isEqualTo(StopReason.TOOL_CALLS);
        assertThat(answer.content().get(0))
                .isInstanceOfSatisfying(
                        Part.Reasoning.class, part -> assertThat(part.text()).isEqualTo("It may rain."));
        assertThat(answer.toolCalls())
                .containsExactly(
                        Part.ToolCall.of("c7", "weather", "{\"unit\":\"C\"}"),
                        Part.ToolCall.of("call_1", "clock", "{}"));
        AssistantMessage back =
                (AssistantMessage) model.prompts.get(1).getInstructions().get(1);
        assertThat(back.getMetadata()).isEqualTo(thought.getMetadata());
        assertThat(back.getText()).isEqualTo("Hm.");
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
                                        new Part.Text("Yes."))))
                        .build()));

        assertThat(model.only().getInstructions().get(0)).isEqualTo(new AssistantMessage("Yes."));
    }

    @ParameterizedTest
    @CsvSource({
        "stop, COMPLETE",
        "end_turn, COMPLETE",
        "LENGTH, LENGTH",
        "MAX_TOKENS, LENGTH",
        "stop_sequence, STOP_SEQUENCE",
        "tool_use, TOOL_CALLS",
        "content_filter, REFUSED",
        "SAFETY, REFUSED",
        "MODEL_ARMOR, REFUSED",
        "compaction, PAUSED",
        "pause_turn, PAUSED",
        "eh, OTHER"
    })
    void readsReasonsOfEveryVendor(String word, StopReason reason) {
        FakeChatModel model = FakeChatModel.answering(prompt -> FakeChatModel.answer(new AssistantMessage("x"), word));

        assertThat(provider(model).chat(ProviderCalls.of("Hi")).stopReason()).isEqualTo(reason);
    }

    @Test
    void cachedTokensArePartOfThePromptUnlessTheVendorCountsThemBeside() {
        assertThat(SpringAiUsageReader.read(new DefaultUsage(100, 5, 105, null, 80L, null)))
                .isEqualTo(TokenUsage.builder()
                        .add(UsageBucket.INPUT, 20)
                        .add(UsageBucket.CACHE_READ, 80)
                        .add(UsageBucket.OUTPUT, 5)
                        .build());
        assertThat(SpringAiUsageReader.read(new DefaultUsage(10, 5, 15, null, 80L, 7L)))
                .isEqualTo(TokenUsage.builder()
                        .add(UsageBucket.INPUT, 10)
                        .add(UsageBucket.CACHE_READ, 80)
                        .add(UsageBucket.CACHE_WRITE, 7)
                        .add(UsageBucket.OUTPUT, 5)
                        .build());
        assertThat(SpringAiUsageReader.read(new DefaultUsage(0, 0)).isUnknown()).isTrue();
    }

    @Test
    void vendorsOwnCountsCanBeRead() {
        SpringAiProvider provider = SpringAiProvider.builder("mistral")
                .model("large", FakeChatModel.saying("fine"))
                .usage(counts -> TokenUsage.of(counts.getPromptTokens() + 1, 0))
                .build();

        assertThat(provider.chat(ProviderCalls.of("Why?")).usage()).isEqualTo(TokenUsage.of(13, 0));
    }

    static List<ChatRequest> unsupportedRequests() {
        return List.of(
                ChatRequest.builder("Hi").effort(ReasoningEffort.HIGH).build(),
                ChatRequest.builder("Hi").needs(Set.of(Capability.WEB_SEARCH)).build(),
                ChatRequest.builder("Hi").option("mistral.safe_prompt", "true").build(),
                ChatRequest.builder("Hi")
                        .tools(WEATHER)
                        .toolChoice(ToolChoice.REQUIRED)
                        .build(),
                ChatRequest.builder("Hi")
                        .tools(WEATHER)
                        .toolChoice(ToolChoice.AUTO.oneAtATime())
                        .build(),
                ChatRequest.builder(Message.user(new Part.CacheBreakpoint(CacheLifetime.SHORT), new Part.Text("Hi")))
                        .build());
    }

    @ParameterizedTest
    @MethodSource("unsupportedRequests")
    void refusesBeforeTheCallWhatHasNoPlace(ChatRequest request) {
        FakeChatModel model = FakeChatModel.saying("never");
        SpringAiProvider assumed = provider(model);
        SpringAiProvider boasting = SpringAiProvider.builder("mistral")
                .model("large", model, Set.of(Capability.values()))
                .build();

        for (SpringAiProvider provider : List.of(assumed, boasting)) {
            if (provider == boasting && !request.selection().needs().isEmpty()) {
                continue;
            }
            ProviderException failure = ProviderCalls.failure(() -> provider.chat(ProviderCalls.of(request)));
            assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
            assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
        }
        assertThat(model.prompts).isEmpty();
    }

    @Test
    void capabilitiesAreWhatTheOptionsCanExpress() {
        ChatModel silent = prompt -> FakeChatModel.chunk("x");
        SpringAiProvider provider = SpringAiProvider.builder("mistral")
                .model("full", FakeChatModel.saying("x"))
                .model(
                        "calling",
                        FakeChatModel.saying("x")
                                .options(ToolCallingChatOptions.builder().build()))
                .model(
                        "plain",
                        FakeChatModel.saying("x").options(ChatOptions.builder().build()))
                .model("silent", silent)
                .build();

        assertThat(provider.capabilities("full")).contains(Capability.TOOLS, Capability.JSON_SCHEMA);
        assertThat(provider.capabilities("calling")).contains(Capability.TOOLS).doesNotContain(Capability.JSON_SCHEMA);
        assertThat(provider.capabilities("plain"))
                .contains(Capability.STREAMING)
                .doesNotContain(Capability.TOOLS, Capability.JSON_SCHEMA);
        assertThat(provider.capabilities("silent")).doesNotContain(Capability.STREAMING);
        assertThat(provider.capabilities("other")).isEmpty();
        assertThat(provider.models(Duration.ofSeconds(1))).hasSize(4);
    }

    @Test
    void answerWithMediaIsNoAnswer() {
        FakeChatModel model =
                FakeChatModel.answering(prompt -> new ChatResponse(List.of(new Generation(AssistantMessage.builder()
                        .content("Look")
                        .media(List.of(org.springframework.ai.content.Media.builder()
                                .mimeType(org.springframework.util.MimeTypeUtils.IMAGE_PNG)
                                .data(new byte[] {1})
                                .build()))
                        .build()))));

        assertThat(ProviderCalls.failure(() -> provider(model).chat(ProviderCalls.of("Draw")))
                        .kind())
                .isEqualTo(FailureKind.PROTOCOL);
    }

    @Test
    void modelThatPerformsToolsItselfFailsClearly() {
        FakeChatModel model = FakeChatModel.answering(prompt -> {
            ToolCallingChatOptions options = (ToolCallingChatOptions) prompt.getOptions();
            return FakeChatModel.chunk(options.getToolCallbacks().get(0).call("{}"));
        });

        ProviderException failure = ProviderCalls.failure(() -> provider(model)
                .chat(ProviderCalls.of(ChatRequest.builder("Hi").tools(WEATHER).build())));

        assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
    }

    @Test
    void emptyAnswerIsEmpty() {
        ProviderAnswer answer = provider(FakeChatModel.answering((Prompt prompt) -> new ChatResponse(List.of())))
                .chat(ProviderCalls.of("Hi"));

        assertThat(answer.content()).isEmpty();
        assertThat(answer.stopReason()).isEqualTo(StopReason.OTHER);
        assertThat(answer.usageSource()).isEqualTo(UsageSource.ESTIMATED);
    }

    static SpringAiProvider provider(FakeChatModel model) {
        return SpringAiProvider.builder("mistral").model("large", model).build();
    }
}
