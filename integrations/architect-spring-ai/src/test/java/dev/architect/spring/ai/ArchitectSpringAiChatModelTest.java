package dev.architect.spring.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Part;
import dev.architect.chat.Quality;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolChoice;
import dev.architect.cost.CostStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ProviderAnswer;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.testkit.provider.ArchitectFixture;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.DefaultChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;
import org.springframework.util.MimeTypeUtils;
import reactor.core.scheduler.Schedulers;

/** Architect as a chat model of Spring AI, over the real router and store. */
final class ArchitectSpringAiChatModelTest {

    private static final ProviderAnswer FINE = answer(List.of(new Part.Text("fine")), StopReason.COMPLETE);
    private static final Tool WEATHER = new Tool("weather", "Tells the weather.", "{\"type\":\"object\"}");

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
        model = ArchitectSpringAiChatModel.of(fixture.architect());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void answersAreRoutedPricedAndBooked() {
        fixture.answering(ProviderAnswer.builder("gpt-4o-mini", "fine", StopReason.COMPLETE)
                .usage(
                        TokenUsage.builder()
                                .add(UsageBucket.INPUT, 900)
                                .add(UsageBucket.CACHE_READ, 100)
                                .add(UsageBucket.OUTPUT, 50)
                                .build(),
                        UsageSource.REPORTED)
                .build());

        ChatResponse answer = model.call(new Prompt("Hi"));

        assertThat(answer.getResult().getOutput().getText()).isEqualTo("fine");
        assertThat(answer.getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
        assertThat(answer.getMetadata().getModel()).isEqualTo("openai/gpt-4o-mini");
        assertThat(answer.getMetadata().getUsage().getPromptTokens()).isEqualTo(1000);
        assertThat(answer.getMetadata().getUsage().getCompletionTokens()).isEqualTo(50);
        assertThat(answer.getMetadata().getUsage().getTotalTokens()).isEqualTo(1050);
        assertThat(answer.getMetadata().getUsage().getCacheReadInputTokens()).isEqualTo(100);
        assertThat(ArchitectSpringAiResponseMetadata.cost(answer).orElseThrow().status())
                .isEqualTo(CostStatus.PRICED);
        assertThat(ArchitectSpringAiResponseMetadata.baseline(answer)
                        .orElseThrow()
                        .amount()
                        .orElseThrow())
                .isGreaterThan(ArchitectSpringAiResponseMetadata.cost(answer)
                        .orElseThrow()
                        .amount()
                        .orElseThrow());
        assertThat(ArchitectSpringAiResponseMetadata.answer(answer)
                        .orElseThrow()
                        .model())
                .isEqualTo(new ModelId("openai", "gpt-4o-mini"));
        assertThat(ArchitectSpringAiResponseMetadata.answer(FakeChatModel.chunk("x")))
                .isEmpty();
    }

    @Test
    void failsOverWhenAProviderIsDown() {
        fixture.openai().always(ScriptedStep.fail(FailureKind.UNAVAILABLE));
        fixture.claude().always(ScriptedStep.answer("saved", TokenUsage.of(1000, 100)));

        ChatResponse answer = model.call(new Prompt("Hi"));

        assertThat(answer.getResult().getOutput().getText()).isEqualTo("saved");
        assertThat(ArchitectSpringAiResponseMetadata.answer(answer)
                        .orElseThrow()
                        .position())
                .isEqualTo(1);
    }

    @Test
    void failuresAreArchitectsOwn() {
        fixture.openai().always(ScriptedStep.fail(FailureKind.CONTENT_REFUSED));

        assertThatThrownBy(() -> model.call(new Prompt("Hi")))
                .isInstanceOfSatisfying(
                        ProviderException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.CONTENT_REFUSED));
    }

    @Test
    void readsEveryKindOfTurn() {
        fixture.answering(FINE);

        model.call(new Prompt(
                new SystemMessage("Be brief."),
                new SystemMessage("Be kind."),
                UserMessage.builder()
                        .text("What is this?")
                        .media(List.of(
                                media("image/png").data(new byte[] {1, 2, 3}).build(),
                                media("image/png").data("AQID").build(),
                                media("image/png")
                                        .data(URI.create("https://example.org/a.png"))
                                        .build(),
                                media("application/pdf")
                                        .data(new byte[] {4})
                                        .name("a.pdf")
                                        .build()))
                        .build(),
                AssistantMessage.builder()
                        .content("Let me see.")
                        .properties(Map.of("reasoningContent", "Hm."))
                        .toolCalls(List.of(
                                new AssistantMessage.ToolCall("c1", "function", "weather", "{}"),
                                new AssistantMessage.ToolCall("", "function", "clock", "{}")))
                        .build(),
                ToolResponseMessage.builder()
                        .responses(List.of(new ToolResponseMessage.ToolResponse("c1", "weather", "12 degrees")))
                        .build(),
                ToolResponseMessage.builder()
                        .responses(List.of(new ToolResponseMessage.ToolResponse("", "clock", "no clock")))
                        .metadata(Map.of("architect.failedCalls", List.of("")))
                        .build()));

        ChatRequest asked = fixture.lastRequest();
        assertThat(asked.system()).hasValue("Be brief.\n\nBe kind.");
        assertThat(asked.messages())
                .containsExactly(
                        Message.user(
                                new Part.Text("What is this?"),
                                new Part.Image(Media.of("image/png", new byte[] {1, 2, 3})),
                                new Part.Image(Media.of("image/png", new byte[] {1, 2, 3})),
                                new Part.Image(new Media.Link(
                                        URI.create("https://example.org/a.png"), Optional.of("image/png"))),
                                new Part.Document(Media.of("application/pdf", new byte[] {4}), "a.pdf")),
                        new Message(
                                Role.ASSISTANT,
                                List.of(
                                        new Part.Reasoning("Hm.", Optional.empty()),
                                        new Part.Text("Let me see."),
                                        Part.ToolCall.of("c1", "weather", "{}"),
                                        Part.ToolCall.of("clock", "clock", "{}"))),
                        Message.user(
                                new Part.ToolResult("c1", "weather", "12 degrees", false),
                                new Part.ToolResult("clock", "clock", "no clock", true)));
    }

    @Test
    void readsEveryOption() {
        fixture.answering(FINE);

        model.call(new Prompt(
                "Weather?",
                ArchitectSpringAiChatOptions.builder()
                        .model("openai/gpt-4o-mini")
                        .maxTokens(99)
                        .temperature(0.5)
                        .stopSequences(List.of("END"))
                        .toolCallbacks(new DefinitionOnlyToolCallback(WEATHER))
                        .toolContext("user", "Bob")
                        .outputSchema("{\"type\":\"object\"}")
                        .toolChoice(ToolChoice.named("weather"))
                        .quality(Quality.STANDARD)
                        .effort(ReasoningEffort.LOW)
                        .build()));

        ChatRequest asked = fixture.lastRequest();
        assertThat(asked.selection().model()).hasValue(new ModelId("openai", "gpt-4o-mini"));
        assertThat(asked.generation().maxOutputTokens()).hasValue(99);
        assertThat(asked.generation().temperature()).hasValue(0.5);
        assertThat(asked.generation().stopSequences()).containsExactly("END");
        assertThat(asked.toolset().tools()).containsExactly(WEATHER);
        assertThat(asked.toolset().choice()).isEqualTo(ToolChoice.named("weather"));
        assertThat(asked.generation().outputSchema()).hasValue(new OutputSchema("answer", "{\"type\":\"object\"}"));
        assertThat(asked.selection().quality()).isEqualTo(Quality.STANDARD);
        assertThat(asked.generation().effort()).hasValue(ReasoningEffort.LOW);
    }

    @Test
    void takesSpringAisOwnOptions() {
        fixture.answering(FINE);

        model.call(new Prompt("Hi", ChatOptions.builder().temperature(0.1).build()));
        assertThat(fixture.lastRequest().generation().temperature()).hasValue(0.1);
        model.call(new Prompt(
                "Hi",
                ToolCallingChatOptions.builder()
                        .toolCallbacks(new DefinitionOnlyToolCallback(WEATHER))
                        .build()));
        assertThat(fixture.lastRequest().toolset().tools()).containsExactly(WEATHER);
        model.call(new Prompt(
                "Hi",
                StructuredOutputChatOptions.builder()
                        .outputSchema("{\"type\":\"object\"}")
                        .build()));
        assertThat(fixture.lastRequest().generation().outputSchema()).isPresent();
    }

    @Test
    void whatSpringAiCannotExpressIsAdded() {
        fixture.answering(FINE);
        ChatModel flexible = ArchitectSpringAiChatModel.of(
                fixture.architect(),
                request -> request.option("openai.service_tier", "default"),
                Schedulers.boundedElastic());

        flexible.call("Hi");

        assertThat(fixture.lastRequest().options("openai")).containsEntry("service_tier", "default");
    }

    @Test
    void callsOfToolsGoRoundWithTheirProofs() {
        List<Part> content = List.of(
                new Part.Reasoning("It may rain.", Optional.of(new Signature("openai", "pr00f"))),
                new Part.ToolCall("c1", "weather", "{}", Optional.of(new Signature("openai", "call-pr00f"))),
                new Part.Text("after"));
        fixture.answering(answer(content, StopReason.TOOL_CALLS));
        ChatResponse first = model.call(new Prompt("Rain?"));

        AssistantMessage message = first.getResult().getOutput();
        model.call(new Prompt(
                new UserMessage("Rain?"),
                message,
                ToolResponseMessage.builder()
                        .responses(List.of(new ToolResponseMessage.ToolResponse("c1", "weather", "no")))
                        .build()));

        assertThat(first.getResult().getMetadata().getFinishReason()).isEqualTo("TOOL_CALLS");
        assertThat(first.hasToolCalls()).isTrue();
        assertThat(message.getMetadata()).containsEntry("reasoningContent", "It may rain.");
        assertThat(fixture.lastRequest().messages().get(1).parts()).isEqualTo(content);
    }

    static List<Prompt> unsupported() {
        return List.of(
                new Prompt("Hi", ChatOptions.builder().topP(0.5).build()),
                new Prompt("Hi", ChatOptions.builder().topK(5).build()),
                new Prompt("Hi", ChatOptions.builder().frequencyPenalty(0.5).build()),
                new Prompt("Hi", ChatOptions.builder().presencePenalty(0.5).build()),
                new Prompt("Hi", ChatOptions.builder().model("gpt-4o").build()),
                new Prompt("Hi", ChatOptions.builder().temperature(3.0).build()),
                new Prompt("Hi", new VendorOptions()),
                new Prompt(new UserMessage("Hi"), new SystemMessage("late"), new UserMessage("Ho")),
                new Prompt(new UserMessage("Hi"), new AssistantMessage("last")),
                new Prompt(new SystemMessage("alone")),
                new Prompt(UserMessage.builder()
                        .text("Listen")
                        .media(media("audio/mp3").data(new byte[] {1}).build())
                        .build()),
                new Prompt(
                        AssistantMessage.builder()
                                .content("Look")
                                .media(List.of(
                                        media("image/png").data(new byte[] {1}).build()))
                                .build(),
                        new UserMessage("Hi")));
    }

    @ParameterizedTest
    @MethodSource("unsupported")
    void refusesByNameWhatArchitectCannotExpress(Prompt prompt) {
        fixture.answering(FINE);

        assertThatThrownBy(() -> model.call(prompt))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
        assertThatThrownBy(() -> model.stream(prompt)).isInstanceOf(IllegalArgumentException.class);
        assertThat(fixture.openai().callCount()).isZero();
    }

    @Test
    void optionsCombineAsSpringAiDoesIt() {
        ToolCallback tool = new DefinitionOnlyToolCallback(WEATHER);
        ArchitectSpringAiChatOptions own = ArchitectSpringAiChatOptions.builder()
                .quality(Quality.HIGH)
                .effort(ReasoningEffort.LOW)
                .toolChoice(ToolChoice.NONE)
                .temperature(0.1)
                .build();

        ArchitectSpringAiChatOptions all = own.mutate()
                .combineWith(
                        ToolCallingChatOptions.builder().toolCallbacks(tool).maxTokens(7))
                .combineWith(StructuredOutputChatOptions.builder().outputSchema("{}"))
                .combineWith(ArchitectSpringAiChatOptions.builder().effort(ReasoningEffort.MAX))
                .build();

        assertThat(own.mutate().build()).isEqualTo(own).hasSameHashCodeAs(own);
        assertThat(all).isNotEqualTo(own);
        assertThat(all.getQuality()).isEqualTo(Quality.HIGH);
        assertThat(all.getEffort()).isEqualTo(ReasoningEffort.MAX);
        assertThat(all.getToolChoice()).isEqualTo(ToolChoice.NONE);
        assertThat(all.getTemperature()).isEqualTo(0.1);
        assertThat(all.getMaxTokens()).isEqualTo(7);
        assertThat(all.getToolCallbacks()).containsExactly(tool);
        assertThat(all.getOutputSchema()).isEqualTo("{}");
        assertThat(tool.getToolDefinition()).isInstanceOf(ToolDefinition.class);
    }

    static ProviderAnswer answer(List<Part> content, StopReason reason) {
        return ProviderAnswer.builder("gpt-4o-mini", content, reason)
                .usage(TokenUsage.of(1000, 100), UsageSource.REPORTED)
                .build();
    }

    private static org.springframework.ai.content.Media.Builder media(String type) {
        return org.springframework.ai.content.Media.builder().mimeType(MimeTypeUtils.parseMimeType(type));
    }

    /** Options as a vendor's integration adds them. */
    private static final class VendorOptions extends DefaultChatOptions {
        VendorOptions() {
            super(null, null, null, null, null, null, null, null);
        }
    }
}
