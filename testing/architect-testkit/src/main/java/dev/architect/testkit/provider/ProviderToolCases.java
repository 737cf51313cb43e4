package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolCallDelta;
import dev.architect.chat.ToolChoice;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.simulator.script.Outage;
import dev.architect.spi.ProviderAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Tool calls and tool results. */
abstract class ProviderToolCases extends ProviderCases {

    private static final Tool WEATHER = new Tool("weather", "Tells the weather of a city.", """
            {"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},
             "required":["city","days"],"additionalProperties":false}""");
    private static final Tool CLOCK = new Tool("clock", "Tells the time.", """
            {"type":"object","properties":{}}""");

    private static final List<String> INCOMPLETE_SCHEMAS = List.of("{}", """
            {"type":"object"}""", """
            {"type":"object","properties":null,"required":null}""", """
            {"type":"object","properties":[],"additionalProperties":false}""", """
            {"type":["object","null"]}""", """
            {"properties":{"zone":{"type":"string"}},"required":["zone"]}""", """
            {"type":"object","properties":{"options":{"type":"object"},"zones":{"type":"array"},
             "marks":{"type":"array","items":{"type":"object"}},"any":{"anyOf":[{"type":"object"},{"type":"null"}]}},
             "required":["options","zones"]}""", """
            {"$ref":"#/$defs/Input","$defs":{"Input":{"type":"object","properties":{"options":{"type":"object"}}}}}""");

    ProviderToolCases(ModelProviderContract contract) {
        super(contract);
    }

    @Test
    void callsATool() {
        chatIfSupported(
                        Capability.TOOLS,
                        requestWithTools("Call weather for Lisbon please.").build())
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
                    assertThat(loggedCall().toolsOffered()).isEqualTo(2);
                    assertUsage(answer, loggedCall());
                });
    }

    @Test
    void callsAToolWithoutArguments() {
        chatIfSupported(
                        Capability.TOOLS,
                        requestWithTools("What does the clock say?").build())
                .ifPresent(answer -> {
                    assertThat(onlyCall(answer).name()).isEqualTo("clock");
                    assertThat(JsonTextReader.read(onlyCall(answer).arguments()))
                            .isEqualTo(JsonTextReader.read("{}"));
                });
    }

    /** MCP servers leave out whatever the protocol does not demand, and some add null or an empty list in its place. */
    @Test
    void takesSchemasThatAreNotComplete() {
        for (String schema : INCOMPLETE_SCHEMAS) {
            ChatRequest request = ChatRequest.builder("What does the clock say?")
                    .tools(new Tool("clock", "Tells the time.", schema))
                    .build();
            chatIfSupported(Capability.TOOLS, request).ifPresent(answer -> {
                assertThat(onlyCall(answer).name()).as(schema).isEqualTo("clock");
                assertThat(JsonTextReader.read(onlyCall(answer).arguments()).isObject())
                        .as(schema)
                        .isTrue();
            });
        }
    }

    @Test
    void callsSeveralToolsInParallel() {
        chatIfSupported(
                        Capability.TOOLS,
                        requestWithTools("Call weather for Lisbon, and the clock.")
                                .build())
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
    void continuesWithTheResults() {
        ChatRequest first =
                requestWithTools("Call weather for Lisbon, and the clock.").build();
        chatIfSupported(Capability.TOOLS, first).ifPresent(answer -> {
            ProviderAnswer last = provider().chat(call(Capability.TOOLS, withResults(first, answer, "sunny", "noon")));

            assertThat(last.text()).contains("sunny").contains("noon");
            assertThat(last.stopReason()).isEqualTo(StopReason.COMPLETE);
            assertThat(last.toolCalls()).isEmpty();
        });
    }

    @Test
    void continuesWithResultsOfSeveralRounds() {
        ChatRequest first = requestWithTools("Call weather for Lisbon.").build();
        chatIfSupported(Capability.TOOLS, first).ifPresent(answer -> {
            ChatRequest second = withResults(first, answer, "sunny");
            ProviderAnswer answered = provider().chat(call(Capability.TOOLS, second));
            ChatRequest third = requestWithTools("And what does the clock say?")
                    .earlier(second.messages())
                    .earlier(assistant(answered))
                    .build();

            ProviderAnswer called = provider().chat(call(Capability.TOOLS, third));
            assertThat(onlyCall(called).name()).isEqualTo("clock");
            assertThat(onlyCall(called).id()).isNotEqualTo(onlyCall(answer).id());
            assertThat(provider()
                            .chat(call(Capability.TOOLS, withResults(third, called, "noon")))
                            .text())
                    .contains("noon");
        });
    }

    @Test
    void sendsFailedToolResults() {
        ChatRequest first = requestWithTools("Call weather for Lisbon.").build();
        chatIfSupported(Capability.TOOLS, first).ifPresent(answer -> {
            Message failed = Message.user(Part.ToolResult.failed(onlyCall(answer), "no such city"));
            ChatRequest second = ChatRequest.builder(failed)
                    .earlier(first.messages())
                    .earlier(assistant(answer))
                    .tools(first.toolset().tools())
                    .build();

            assertThat(provider().chat(call(Capability.TOOLS, second)).text()).contains("no such city");
        });
    }

    /** The cut comes half-way through the answer, which ends with a call. */
    @Test
    void aStreamThatIsCutInsideACallDeliversNothingOfIt() {
        List<ToolCallDelta> calls = new ArrayList<>();
        ChatListener listener = new ChatListener() {
            @Override
            public void onText(String delta) {}

            @Override
            public void onToolCall(ToolCallDelta call) {
                calls.add(call);
            }
        };
        ChatRequest request = ChatRequest.builder("Call weather for Lisbon, " + "please, ".repeat(100) + "now.")
                .tools(WEATHER)
                .build();
        if (!supports(Capability.TOOLS)) {
            streamIfSupported(Capability.TOOLS, request, listener);
            return;
        }
        configure(script -> script.withTokensPerChunk(1).withOutage(Outage.CUT));

        assertFails(FailureKind.PROTOCOL, () -> provider().stream(call(Capability.TOOLS, request), listener));

        assertThat(calls).isEmpty();
    }

    @Test
    void streamsTheToolCallsOfTheWholeAnswer() {
        ChatRequest request =
                requestWithTools("Call weather for Lisbon, and the clock.").build();
        List<ToolCallDelta> chunks = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        streamIfSupported(Capability.TOOLS, request, new ChatListener() {
                    @Override
                    public void onText(String chunk) {
                        text.append(chunk);
                    }

                    @Override
                    public void onToolCall(ToolCallDelta chunk) {
                        chunks.add(chunk);
                    }
                })
                .ifPresent(streamed -> {
                    ProviderAnswer whole = provider().chat(call(Capability.TOOLS, request));

                    assertThat(streamed.stopReason()).isEqualTo(StopReason.TOOL_CALLS);
                    assertThat(streamed.text()).isEqualTo(whole.text()).isEqualTo(text.toString());
                    assertThat(names(streamed)).isEqualTo(names(whole));
                    assertThat(chunks)
                            .as("each call once and whole")
                            .extracting(ToolCallDelta::index)
                            .containsExactly(0, 1);
                    for (int i = 0; i < whole.toolCalls().size(); i++) {
                        String arguments = streamed.toolCalls().get(i).arguments();
                        assertThat(JsonTextReader.read(arguments))
                                .isEqualTo(JsonTextReader.read(
                                        whole.toolCalls().get(i).arguments()));
                        assertThat(chunks.get(i).arguments()).isEqualTo(arguments);
                        assertThat(chunks.get(i).id())
                                .isEqualTo(streamed.toolCalls().get(i).id());
                    }
                    assertUsage(streamed, simulator().log().get(0));
                });
    }

    @Test
    void callsAToolWhenRequired() {
        chatIfSupported(
                        Capability.TOOL_CHOICE,
                        requestWithTools("Good morning.")
                                .toolChoice(ToolChoice.REQUIRED)
                                .build())
                .ifPresent(answer -> assertThat(names(answer)).containsExactly("weather"));
    }

    @Test
    void callsTheNamedTool() {
        chatIfSupported(
                        Capability.TOOL_CHOICE,
                        requestWithTools("Call weather for Lisbon.")
                                .toolChoice(ToolChoice.named("clock"))
                                .build())
                .ifPresent(answer -> assertThat(names(answer)).containsExactly("clock"));
    }

    @Test
    void callsNoToolWhenForbidden() {
        chatIfSupported(
                        Capability.TOOL_CHOICE,
                        requestWithTools("Call weather for Lisbon.")
                                .toolChoice(ToolChoice.NONE)
                                .build())
                .ifPresent(answer -> {
                    assertThat(answer.toolCalls()).isEmpty();
                    assertThat(answer.text()).isNotBlank();
                });
    }

    @Test
    void callsOneToolAtATimeOnRequest() {
        chatIfSupported(
                        Capability.SINGLE_TOOL_CALL,
                        requestWithTools("Call weather for Lisbon, and the clock.")
                                .toolChoice(ToolChoice.AUTO.oneAtATime())
                                .build())
                .ifPresent(answer -> assertThat(names(answer)).containsExactly("weather"));
    }

    /** After a failover the conversation has ids, reasoning and signatures of another provider. */
    @Test
    void continuesTheConversationOfAnotherProvider() {
        Part.ToolCall ofOtherProvider = new Part.ToolCall(
                "call|7.\u00e4 of another:provider",
                "weather",
                "{\"city\":\"Lisbon\",\"days\":1}",
                Optional.of(new Signature("elsewhere", "signature")));
        ChatRequest request = ChatRequest.builder(Message.user(Part.ToolResult.of(ofOtherProvider, "sunny")))
                .earlier(Message.user("Call weather for Lisbon."))
                .earlier(new Message(
                        Role.ASSISTANT,
                        List.of(
                                new Part.Reasoning("Hm.", Optional.of(new Signature("elsewhere", "signature"))),
                                ofOtherProvider)))
                .tools(WEATHER, CLOCK)
                .build();

        chatIfSupported(Capability.TOOLS, request)
                .ifPresent(answer -> assertThat(answer.text()).contains("sunny"));
    }

    /** A model may omit the arguments. */
    @Test
    void continuesAfterACallWithoutArguments() {
        chatIfSupported(Capability.TOOLS, requestAfterFailure(Part.ToolCall.of("call_1", "clock", "")))
                .ifPresent(answer -> assertThat(answer.text()).contains("no such city"));
    }

    /** Models write arguments, and may be truncated. A vendor that cannot represent them must reject the call, so that the router can fail over. */
    @Test
    void continuesAfterInvalidArgumentsOrRejectsThem() {
        try {
            chatIfSupported(
                            Capability.TOOLS,
                            requestAfterFailure(Part.ToolCall.of("call_1", "clock", "{\"city\":\"Lis")))
                    .ifPresent(answer -> assertThat(answer.text()).contains("no such city"));
        } catch (ProviderException failure) {
            assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
            assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
            assertThat(failure.getMessage()).contains("clock").doesNotContain("Lis");
        }
    }

    @Test
    void rejectsAToolSchemaThatIsNotJsonBeforeSending() {
        ChatRequest request = ChatRequest.builder(PROMPT)
                .tools(new Tool("weather", "Tells the weather.", "city: text"))
                .build();

        ProviderException failure = failure(() -> provider().chat(call(Capability.TOOLS, request)));

        assertThat(failure.kind())
                .isEqualTo(supports(Capability.TOOLS) ? FailureKind.INVALID_REQUEST : FailureKind.UNSUPPORTED);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
        assertThat(failure.getMessage())
                .contains(supports(Capability.TOOLS) ? "weather" : "TOOLS")
                .doesNotContain("city");
        assertThat(simulator().log()).isEmpty();
    }

    private static ChatRequest.Builder requestWithTools(String prompt) {
        return ChatRequest.builder(prompt).tools(WEATHER, CLOCK);
    }

    /** The request after a call that failed. */
    private static ChatRequest requestAfterFailure(Part.ToolCall failed) {
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
                .tools(first.toolset().tools())
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
