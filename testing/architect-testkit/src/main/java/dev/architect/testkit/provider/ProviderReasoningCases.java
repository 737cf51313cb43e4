package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.chat.Tool;
import dev.architect.model.Capability;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Reasoning before the answer. */
abstract class ProviderReasoningCases extends ProviderCases {

    private static final Tool WEATHER = new Tool("weather", "Tells the weather of a city.", """
            {"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""");

    ProviderReasoningCases(ModelProviderContract contract) {
        super(contract);
    }

    @Test
    void sendsTheReasoningEffort() {
        chatIfSupported(Capability.REASONING_EFFORT, withEffort(PROMPT).build()).ifPresent(answer -> {
            assertThat(loggedCall().effort()).isNotEmpty();
            assertThat(answer.text()).isNotBlank();
            assertThat(answer.stopReason()).isEqualTo(StopReason.COMPLETE);
            assertUsage(answer, loggedCall());
        });
    }

    @Test
    void streamsReasoningSeparatelyFromText() {
        StringBuilder text = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        streamIfSupported(Capability.REASONING_EFFORT, withEffort(PROMPT).build(), new ChatListener() {
                    @Override
                    public void onText(String chunk) {
                        text.append(chunk);
                    }

                    @Override
                    public void onReasoning(String chunk) {
                        reasoning.append(chunk);
                    }
                })
                .ifPresent(streamed -> {
                    ProviderAnswer whole = provider()
                            .chat(call(
                                    Capability.REASONING_EFFORT,
                                    withEffort(PROMPT).build()));

                    assertThat(streamed.text()).isEqualTo(text.toString()).isEqualTo(whole.text());
                    assertThat(reasoning(streamed)).isEqualTo(reasoning.toString());
                    assertThat(reasoning(whole))
                            .isEqualTo(contract.wholeAnswersIncludeReasoning() ? reasoning.toString() : "");
                });
    }

    /** Vendors that sign reasoning reject a conversation that comes back without it. */
    @Test
    void continuesAfterToolCallsWithItsReasoning() {
        ChatRequest first =
                withEffort("Call weather for Lisbon.").tools(WEATHER).build();
        chatIfSupported(Capability.REASONING_EFFORT, first).ifPresent(called -> {
            assertThat(called.toolCalls()).hasSize(1);
            Message result = Message.user(Part.ToolResult.of(called.toolCalls().get(0), "sunny"));
            ChatRequest second = ChatRequest.builder(result)
                    .earlier(first.messages())
                    .earlier(new Message(Role.ASSISTANT, called.content()))
                    .tools(WEATHER)
                    .effort(ReasoningEffort.HIGH)
                    .build();

            ProviderAnswer whole = provider().chat(call(Capability.REASONING_EFFORT, second));
            ProviderAnswer streamed = provider().stream(call(Capability.REASONING_EFFORT, second), chunk -> {});

            assertThat(whole.text()).contains("sunny");
            assertThat(streamed.text()).isEqualTo(whole.text());
        });
    }

    @Test
    void omitsTheReasoningOfOtherProviders() {
        List<Part> ofOtherProvider = List.of(
                new Part.Reasoning("Hm.", Optional.of(new Signature("elsewhere", "signature"))),
                new Part.Text("Hello."));
        ChatRequest request = withEffort(PROMPT)
                .earlier(Message.user("Good morning."))
                .earlier(new Message(Role.ASSISTANT, ofOtherProvider))
                .build();

        chatIfSupported(Capability.REASONING_EFFORT, request)
                .ifPresent(answer -> assertThat(answer.text()).isNotBlank());
    }

    private static ChatRequest.Builder withEffort(String prompt) {
        return ChatRequest.builder(prompt).effort(ReasoningEffort.HIGH);
    }

    private static String reasoning(ProviderAnswer answer) {
        return answer.content().stream()
                .filter(Part.Reasoning.class::isInstance)
                .map(part -> ((Part.Reasoning) part).text())
                .collect(Collectors.joining());
    }
}
