package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.chat.StopReason;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolCallDelta;
import dev.architect.chat.ToolChoice;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.spi.ProviderAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Tools that the model asks for, and their results. */
abstract class ProviderToolCases extends ProviderCases {

    private static final Tool WEATHER = new Tool("weather", "Tells the weather of a city.", """
            {"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},
             "required":["city","days"],"additionalProperties":false}""");
    private static final Tool CLOCK = new Tool("clock", "Tells the time.", """
            {"type":"object","properties":{}}""");

    ProviderToolCases(ModelProviderContract contract) {
        super(contract);
    }

    @Test
    void asksForATool() {
        ask(Capability.TOOLS, offering("Call weather for Lisbon please.").build())
                .ifPresent(answer -> {
                    assertThat(answer.stopReason()).isEqualTo(StopReason.TOOL_CALLS);
                    Part.ToolCall call = onlyCall(answer);
                    assertThat(call.name()).isEqualTo("weather");
                    assertThat(call.id()).isNotBlank();
                    assertThat(JsonTextReader.read(call.arguments())
                                    .path("city")
                                    .isTextual())
                            .isTrue();
                    assertThat(JsonTextReader.read(call.arguments())
                                    .path("days")
                                    .isIntegralNumber())
                            .isTrue();
                    assertThat(received().toolsOffered()).isEqualTo(2);
                    assertUsage(answer, received());
                });
    }

    @Test
    void asksForAToolWithoutArguments() {
        ask(Capability.TOOLS, offering("What does the clock say?").build()).ifPresent(answer -> {
            assertThat(onlyCall(answer).name()).isEqualTo("clock");
            assertThat(JsonTextReader.read(onlyCall(answer).arguments())).isEqualTo(JsonTextReader.read("{}"));
        });
    }

    @Test
    void asksForSeveralToolsAtOnce() {
        ask(
                        Capability.TOOLS,
                        offering("Call weather for Lisbon, and the clock.").build())
                .ifPresent(answer -> {
                    assertThat(names(answer)).containsExactly("weather", "clock");
                    assertThat(answer.toolCalls().stream()
                                    .map(Part.ToolCall::id)
                                    .collect(Collectors.toSet()))
                            .as("ids")
                            .hasSize(2);
                });
    }

    @Test
    void goesOnWithTheResults() {
        ChatRequest first = offering("Call weather for Lisbon, and the clock.").build();
        ask(Capability.TOOLS, first).ifPresent(answer -> {
            ProviderAnswer last = provider().chat(call(Capability.TOOLS, withResults(first, answer, "sunny", "noon")));

            assertThat(last.text()).contains("sunny").contains("noon");
            assertThat(last.stopReason()).isEqualTo(StopReason.COMPLETE);
            assertThat(last.toolCalls()).isEmpty();
        });
    }

    @Test
    void goesOnWithResultsOfSeveralRounds() {
        ChatRequest first = offering("Call weather for Lisbon.").build();
        ask(Capability.TOOLS, first).ifPresent(answer -> {
            ChatRequest second = withResults(first, answer, "sunny");
            ProviderAnswer told = provider().chat(call(Capability.TOOLS, second));
            ChatRequest third = offering("And what does the clock say?")
                    .earlier(second.messages())
                    .earlier(assistant(told))
                    .build();

            ProviderAnswer asked = provider().chat(call(Capability.TOOLS, third));
            assertThat(onlyCall(asked).name()).isEqualTo("clock");
            assertThat(onlyCall(asked).id()).isNotEqualTo(onlyCall(answer).id());
            assertThat(provider()
                            .chat(call(Capability.TOOLS, withResults(third, asked, "noon")))
                            .text())
                    .contains("noon");
        });
    }

    @Test
    void tellsTheModelThatAToolFailed() {
        ChatRequest first = offering("Call weather for Lisbon.").build();
        ask(Capability.TOOLS, first).ifPresent(answer -> {
            Message failed = Message.user(Part.ToolResult.failed(onlyCall(answer), "no such city"));
            ChatRequest second = ChatRequest.builder(failed)
                    .earlier(first.messages())
                    .earlier(assistant(answer))
                    .tools(first.tools())
                    .build();

            assertThat(provider().chat(call(Capability.TOOLS, second)).text()).contains("no such city");
        });
    }

    @Test
    void streamsTheCallsThatTheWholeAnswerHas() {
        ChatRequest request =
                offering("Call weather for Lisbon, and the clock.").build();
        List<ToolCallDelta> pieces = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        listen(Capability.TOOLS, request, new ChatListener() {
                    @Override
                    public void onText(String piece) {
                        text.append(piece);
                    }

                    @Override
                    public void onToolCall(ToolCallDelta piece) {
                        pieces.add(piece);
                    }
                })
                .ifPresent(streamed -> {
                    ProviderAnswer whole = provider().chat(call(Capability.TOOLS, request));

                    assertThat(streamed.stopReason()).isEqualTo(StopReason.TOOL_CALLS);
                    assertThat(streamed.text()).isEqualTo(whole.text()).isEqualTo(text.toString());
                    assertThat(names(streamed)).isEqualTo(names(whole));
                    TreeMap<Integer, String> joined = new TreeMap<>();
                    pieces.forEach(piece -> joined.merge(piece.index(), piece.arguments(), String::concat));
                    for (int i = 0; i < whole.toolCalls().size(); i++) {
                        String arguments = streamed.toolCalls().get(i).arguments();
                        assertThat(JsonTextReader.read(arguments))
                                .isEqualTo(JsonTextReader.read(
                                        whole.toolCalls().get(i).arguments()));
                        assertThat(joined.get(i)).isEqualTo(arguments);
                    }
                    assertUsage(streamed, simulator().log().get(0));
                });
    }

    @Test
    void mustCallAToolWhenItIsToldTo() {
        ask(
                        Capability.TOOL_CHOICE,
                        offering("Good morning.")
                                .toolChoice(ToolChoice.REQUIRED)
                                .build())
                .ifPresent(answer -> assertThat(names(answer)).containsExactly("weather"));
    }

    @Test
    void mustCallTheToolThatIsNamed() {
        ask(
                        Capability.TOOL_CHOICE,
                        offering("Call weather for Lisbon.")
                                .toolChoice(ToolChoice.named("clock"))
                                .build())
                .ifPresent(answer -> assertThat(names(answer)).containsExactly("clock"));
    }

    @Test
    void callsNoneWhenItIsForbidden() {
        ask(
                        Capability.TOOL_CHOICE,
                        offering("Call weather for Lisbon.")
                                .toolChoice(ToolChoice.NONE)
                                .build())
                .ifPresent(answer -> {
                    assertThat(answer.toolCalls()).isEmpty();
                    assertThat(answer.text()).isNotBlank();
                });
    }

    @Test
    void callsOneAtATimeWhenItIsToldTo() {
        ask(
                        Capability.SINGLE_TOOL_CALL,
                        offering("Call weather for Lisbon, and the clock.")
                                .toolChoice(ToolChoice.AUTO.oneAtATime())
                                .build())
                .ifPresent(answer -> assertThat(names(answer)).containsExactly("weather"));
    }

    /** After a failover the conversation holds ids, reasoning and signatures that another provider gave. */
    @Test
    void goesOnWithTheConversationOfAnotherProvider() {
        Part.ToolCall foreign = new Part.ToolCall(
                "call|7.\u00e4 of somebody:else",
                "weather",
                "{\"city\":\"Lisbon\",\"days\":1}",
                new Signature("nobody", "proof"));
        ChatRequest request = ChatRequest.builder(Message.user(Part.ToolResult.of(foreign, "sunny")))
                .earlier(Message.user("Call weather for Lisbon."))
                .earlier(new Message(
                        Role.ASSISTANT, List.of(new Part.Reasoning("Hm.", new Signature("nobody", "proof")), foreign)))
                .tools(WEATHER, CLOCK)
                .build();

        ask(Capability.TOOLS, request)
                .ifPresent(answer -> assertThat(answer.text()).contains("sunny"));
    }

    /** A model may leave the arguments out. */
    @Test
    void goesOnAfterACallWithoutArguments() {
        ask(Capability.TOOLS, after(Part.ToolCall.of("call_1", "clock", "")))
                .ifPresent(answer -> assertThat(answer.text()).contains("no such city"));
    }

    /** Models write arguments, and may be cut short. What one vendor cannot be told, another one may take. */
    @Test
    void goesOnAfterArgumentsThatAreNoObjectOrLeavesThatToOthers() {
        try {
            ask(Capability.TOOLS, after(Part.ToolCall.of("call_1", "clock", "{\"city\":\"Lis")))
                    .ifPresent(answer -> assertThat(answer.text()).contains("no such city"));
        } catch (ProviderException refusal) {
            assertThat(refusal.kind()).isEqualTo(FailureKind.UNSUPPORTED);
            assertThat(refusal.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
            assertThat(refusal.getMessage()).contains("clock").doesNotContain("Lis");
        }
    }

    @Test
    void refusesASchemaThatIsNotJsonBeforeAnythingIsSent() {
        ChatRequest request = ChatRequest.builder(PROMPT)
                .tools(new Tool("weather", "Tells the weather.", "city: text"))
                .build();

        ProviderException failure = failure(() -> provider().chat(call(Capability.TOOLS, request)));

        assertThat(failure.kind())
                .isEqualTo(can(Capability.TOOLS) ? FailureKind.INVALID_REQUEST : FailureKind.UNSUPPORTED);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
        assertThat(failure.getMessage())
                .contains(can(Capability.TOOLS) ? "weather" : "TOOLS")
                .doesNotContain("city");
        assertThat(simulator().log()).isEmpty();
    }

    private static ChatRequest.Builder offering(String prompt) {
        return ChatRequest.builder(prompt).tools(WEATHER, CLOCK);
    }

    /** The request that tells of a call that failed. */
    private static ChatRequest after(Part.ToolCall failed) {
        return ChatRequest.builder(Message.user(Part.ToolResult.failed(failed, "no such city")))
                .earlier(Message.user("Call the clock."))
                .earlier(new Message(Role.ASSISTANT, List.of(failed)))
                .tools(WEATHER, CLOCK)
                .build();
    }

    /** The request that continues {@code first} after {@code answer}, with a result for each of its calls. */
    private static ChatRequest withResults(ChatRequest first, ProviderAnswer answer, String... results) {
        List<Part.ToolResult> parts = new ArrayList<>();
        for (int i = 0; i < results.length; i++) {
            parts.add(Part.ToolResult.of(answer.toolCalls().get(i), results[i]));
        }
        return ChatRequest.builder(Message.toolResults(parts))
                .earlier(first.messages())
                .earlier(assistant(answer))
                .tools(first.tools())
                .build();
    }

    private static Message assistant(ProviderAnswer answer) {
        return new Message(Role.ASSISTANT, answer.content());
    }

    private static Part.ToolCall onlyCall(ProviderAnswer answer) {
        assertThat(answer.toolCalls()).hasSize(1);
        return answer.toolCalls().get(0);
    }

    private static List<String> names(ProviderAnswer answer) {
        return answer.toolCalls().stream().map(Part.ToolCall::name).toList();
    }
}
