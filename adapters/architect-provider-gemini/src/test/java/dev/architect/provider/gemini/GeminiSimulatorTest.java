package dev.architect.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Part;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.Role;
import dev.architect.chat.Tool;
import dev.architect.model.Capability;
import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.SimulatorScript;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.usage.UsageBucket;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only Gemini does, against a service that is as strict as Gemini. */
class GeminiSimulatorTest {

    private static final Tool WEATHER = new Tool(
            "weather",
            "Tells the weather.",
            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}");

    private ProviderSimulator simulator;
    private GeminiProvider provider;

    @BeforeEach
    void start() throws IOException {
        simulator = ProviderSimulator.start(SimulatorScript.standard());
        provider = GeminiProvider.builder(name -> Optional.of("key"))
                .baseUrl(simulator.baseUrl("gemini"))
                .build();
    }

    @AfterEach
    void stop() {
        provider.close();
        simulator.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gemini-2.5-flash", "gemini-3.5-flash"})
    void searchesTheWebAndCitesWhatItFound(String model) {
        ChatRequest request = ChatRequest.builder("What is new?")
                .needs(Set.of(Capability.WEB_SEARCH))
                .build();

        for (ProviderAnswer answer : both(model, request)) {
            assertThat(answer.citations()).hasSize(2).allSatisfy(citation -> {
                assertThat(citation.url()).isPresent();
                assertThat(citation.title()).isNotBlank();
            });
            assertThat(answer.usage().count(UsageBucket.WEB_SEARCH)).isEqualTo(1);
        }
        assertThat(simulator.log()).extracting(SimulatedCall::searches).containsExactly(1L, 1L);
    }

    /** Every turn is streamed, signed in its last event, and goes back in one piece. */
    @Test
    void signaturesOfStreamsGoBack() {
        ChatRequest first = ChatRequest.builder("Call weather for Lisbon.")
                .tools(WEATHER)
                .effort(ReasoningEffort.LOW)
                .build();
        ProviderAnswer asked = stream("gemini-3.5-flash", first);
        ChatRequest second = next(
                first, asked, Message.user(Part.ToolResult.of(asked.toolCalls().get(0), "sunny")));
        ProviderAnswer answered = stream("gemini-3.5-flash", second);
        ProviderAnswer more = stream(
                "gemini-3.5-flash", next(second, answered, Message.user("Thank you, and once more: weather Rome?")));

        assertThat(asked.toolCalls())
                .singleElement()
                .satisfies(call -> assertThat(call.signature()).isPresent());
        assertThat(answered.text()).contains("sunny");
        assertThat(answered.content().get(answered.content().size() - 1))
                .isInstanceOfSatisfying(
                        Part.Reasoning.class,
                        sign -> assertThat(sign.signature()).isPresent());
        assertThat(more.toolCalls())
                .singleElement()
                .satisfies(call -> assertThat(call.id())
                        .isNotEqualTo(asked.toolCalls().get(0).id()));
    }

    /** A router may move a conversation from a cheap model to a strong one and back. */
    @Test
    void conversationsMoveBetweenGenerations() {
        ChatRequest first =
                ChatRequest.builder("Call weather for Lisbon.").tools(WEATHER).build();
        ProviderAnswer asked = chat("gemini-2.5-flash-lite", first);
        ChatRequest second = next(
                first, asked, Message.user(Part.ToolResult.of(asked.toolCalls().get(0), "sunny")));

        assertThat(asked.toolCalls().get(0).signature())
                .as("a model that does not think signs nothing")
                .isEmpty();
        assertThat(both("gemini-3.5-flash", second))
                .allSatisfy(answer -> assertThat(answer.text()).contains("sunny"));
        assertThat(chat("gemini-2.5-flash", second).text()).contains("sunny");
    }

    @ParameterizedTest
    @EnumSource(
            value = ReasoningEffort.class,
            names = {"NONE", "MINIMAL", "LOW", "MEDIUM", "HIGH"})
    void takesTheEffortInEveryGeneration(ReasoningEffort effort) {
        ChatRequest request =
                ChatRequest.builder("Why does it rain?").effort(effort).build();

        for (String model : List.of("gemini-2.5-flash", "gemini-3.5-flash")) {
            if (effort != ReasoningEffort.NONE || model.startsWith("gemini-2")) {
                for (ProviderAnswer answer : both(model, request)) {
                    boolean thought = answer.usage().count(UsageBucket.REASONING_IN_OUTPUT) > 0;
                    assertThat(thought).as(model).isEqualTo(effort != ReasoningEffort.NONE);
                    assertThat(answer.content().get(0) instanceof Part.Reasoning)
                            .as(model)
                            .isEqualTo(thought);
                }
            }
        }
    }

    @Test
    void toolsAndASchemaGoTogetherFromVersion3On() {
        ChatRequest request = ChatRequest.builder("Good morning.")
                .tools(WEATHER)
                .outputSchema(new OutputSchema(
                        "mood",
                        "{\"type\":\"object\",\"properties\":{\"ok\":{\"type\":\"boolean\"}},\"required\":[\"ok\"]}"))
                .build();

        assertThat(both("gemini-3.5-flash", request))
                .allSatisfy(answer -> assertThat(answer.text()).isEqualTo("{\"ok\":true}"));
    }

    @Test
    void reportsTheTierThatServed() {
        ChatRequest request = ChatRequest.builder("Hello?")
                .option("gemini.service_tier", "flex")
                .build();

        assertThat(both("gemini-2.5-flash", request))
                .allSatisfy(answer -> assertThat(answer.serviceTier()).isEqualTo("flex"));
    }

    private List<ProviderAnswer> both(String model, ChatRequest request) {
        return Stream.of(chat(model, request), stream(model, request)).toList();
    }

    private ProviderAnswer chat(String model, ChatRequest request) {
        return provider.chat(new ProviderCall(model, request, Duration.ofSeconds(20)));
    }

    private ProviderAnswer stream(String model, ChatRequest request) {
        return provider.stream(new ProviderCall(model, request, Duration.ofSeconds(20)), piece -> {});
    }

    private static ChatRequest next(ChatRequest before, ProviderAnswer answer, Message user) {
        return ChatRequest.builder(user)
                .earlier(before.messages())
                .earlier(new Message(Role.ASSISTANT, answer.content()))
                .tools(before.toolset().tools())
                .effort(before.generation().effort().orElse(null))
                .build();
    }
}
