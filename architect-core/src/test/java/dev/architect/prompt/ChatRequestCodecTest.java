package dev.architect.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.AcceptedAnswers;
import dev.architect.chat.CacheLifetime;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.ModelSelection;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Part;
import dev.architect.chat.Quality;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolChoice;
import dev.architect.cost.Money;
import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonText;
import dev.architect.model.Capability;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.model.WireBody;
import dev.architect.model.WireFormat;
import dev.architect.task.TaskRequest;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatRequestCodecTest {

    private static final Signature SIGNATURE = new Signature("claude", "c2lnbmVk");
    private static final Part.ToolCall CALL =
            new Part.ToolCall("call_1", "weather", "{\"city\":\"Rome\"", Optional.of(SIGNATURE));

    /** Holds a value other than the default in every field. */
    private static final ChatRequest EVERYTHING = ChatRequest.builder(Message.user(
                    new Part.ToolResult("call_1", "weather", "rain", true),
                    new Part.Text("And tomorrow?"),
                    new Part.Image(Media.of("image/png", new byte[] {1, 2, 3})),
                    new Part.Image(new Media.Link(URI.create("https://example.com/a.png"), Optional.of("image/png"))),
                    new Part.Document(Media.at(URI.create("https://example.com/a.pdf")), "a.pdf"),
                    new Part.CacheBreakpoint(CacheLifetime.LONG)))
            .earlier(Message.user("What is the weather in Rome?"))
            .earlier(new Message(
                    Role.ASSISTANT,
                    List.of(
                            new Part.Reasoning("It must be looked up.", Optional.of(SIGNATURE)),
                            new Part.Reasoning("", Optional.empty()),
                            new Part.Text("A moment."),
                            CALL)))
            .system("Be brief.")
            .maxOutputTokens(300)
            .temperature(0.25)
            .stopSequences(List.of("END", "\n\n"))
            .quality(Quality.HIGH)
            .needs(Set.of(Capability.WEB_SEARCH, Capability.STREAMING))
            .model(ModelId.parse("claude/claude-sonnet-5"))
            .onRefusal(ModelSelection.OnRefusal.NEXT_MODEL)
            .provider(ModelSelection.Provider.ANY)
            .preference(ModelSelection.Preference.CHEAPEST)
            .maxCost(Money.ofUsd("0.000000000001"))
            .tools(new Tool(
                    "weather", "Looks it up.", "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}"))
            .toolChoice(ToolChoice.named("weather").oneAtATime())
            .outputSchema(new OutputSchema("answer", "{\"type\":\"object\",\"maximum\":1.50}"))
            .effort(ReasoningEffort.VERY_HIGH)
            .option("openai.store", "false")
            .accepted(new AcceptedAnswers(Set.of(StopReason.COMPLETE, StopReason.TOOL_CALLS), true)
                    .checkedBy("arithmetic"))
            .wireBody(new WireBody(WireFormat.ANTHROPIC_MESSAGES, "{}", Map.of("anthropic-beta", "context-1m, files")))
            .build();

    @Test
    void keepsEverythingThatARequestHolds() {
        assertThat(ChatRequestCodec.read(ChatRequestCodec.write(EVERYTHING))).isEqualTo(EVERYTHING);
        assertThat(PromptTasks.requestOf(PromptTasks.of(EVERYTHING))).isEqualTo(EVERYTHING);
    }

    /** A new component of the request that the codec forgets makes this fail. */
    @Test
    void writesEveryField() {
        Set<String> written =
                JsonText.readObject(ChatRequestCodec.write(EVERYTHING)).keySet();

        assertThat(written).isEqualTo(without(ChatRequestCodec.FIELDS, "prompt"));
    }

    private static Set<String> without(Set<String> names, String name) {
        return Set.copyOf(names.stream().filter(each -> !each.equals(name)).toList());
    }

    @Test
    void leavesOutDefaults() {
        assertThat(ChatRequestCodec.write(ChatRequest.of("hello")))
                .isEqualTo("{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}");
    }

    @Test
    void readsWhichAnswersAreAccepted() {
        assertThat(ChatRequestCodec.read("{\"prompt\":\"x\",\"accepted\":{\"stopReasons\":[\"stop-sequence\"]}}")
                        .accepted())
                .isEqualTo(new AcceptedAnswers(Set.of(StopReason.STOP_SEQUENCE), false));
        assertThat(ChatRequestCodec.read("{\"prompt\":\"x\",\"accepted\":{\"empty\":true}}")
                        .accepted())
                .isEqualTo(new AcceptedAnswers(AcceptedAnswers.DEFAULT.stopReasons(), true));
        assertThat(ChatRequestCodec.read("{\"prompt\":\"x\"}").accepted()).isEqualTo(AcceptedAnswers.DEFAULT);
        assertThat(AcceptedAnswers.DEFAULT.stopReasons()).doesNotContain(StopReason.REFUSED);
        assertThat(AcceptedAnswers.DEFAULT.empty()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"stopReasons\":[\"lenght\"]}|accepted.stopReasons is 'lenght', expected one of complete, length,",
                "{\"stopReasons\":[]}|accepted.stopReasons is empty, expected 1 stop reason or more",
                "{\"empty\":\"yes\"}|accepted.empty",
                "[\"length\"]|accepted"
            })
    void namesTheWrongPartOfWhatIsAccepted(String accepted, String message) {
        assertThatThrownBy(() -> ChatRequestCodec.read("{\"prompt\":\"x\",\"accepted\":" + accepted + "}"))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void readsAPromptAsOneTurn() {
        assertThat(ChatRequestCodec.read("{\"prompt\":\"hello\"}")).isEqualTo(ChatRequest.of("hello"));
        assertThat(PromptTasks.requestOf(TaskRequest.prompt("say \"hello\"\n🙂")))
                .isEqualTo(ChatRequest.of("say \"hello\"\n🙂"));
    }

    @Test
    void readsEachConstantAsItWritesIt() {
        for (ReasoningEffort effort : ReasoningEffort.values()) {
            ChatRequest request = ChatRequest.builder("x").effort(effort).build();
            assertThat(ChatRequestCodec.read(ChatRequestCodec.write(request))).isEqualTo(request);
        }
        ChatRequest all = ChatRequest.builder("x")
                .needs(Set.copyOf(Arrays.asList(Capability.values())))
                .build();
        assertThat(ChatRequestCodec.read(ChatRequestCodec.write(all))).isEqualTo(all);
        for (ToolChoice choice : List.of(ToolChoice.AUTO.oneAtATime(), ToolChoice.REQUIRED, ToolChoice.NONE)) {
            ChatRequest request = ChatRequest.builder("x")
                    .tools(new Tool("t", "", "{}"))
                    .toolChoice(choice)
                    .build();
            assertThat(ChatRequestCodec.read(ChatRequestCodec.write(request))).isEqualTo(request);
        }
    }

    @Test
    void keepsTheBodyOfAVendorToTheLastCharacter() {
        for (WireFormat format : WireFormat.values()) {
            ChatRequest request = ChatRequest.builder("x")
                    .wireBody(new WireBody(format, "{\"n\": 1.50,\n \"a\":\"🙂\"}"))
                    .build();

            assertThat(ChatRequestCodec.read(ChatRequestCodec.write(request))).isEqualTo(request);
            assertThat(request.requiredCapabilities()).containsExactly(format.capability());
            assertThat(request.toBuilder().build()).isEqualTo(request);
            assertThat(request.toString()).doesNotContain("1.50");
        }
        assertThatThrownBy(() -> ChatRequestCodec.read(
                        "{\"prompt\":\"x\",\"wireBody\":{\"format\":\"telnet\",\"json\":\"{}\"}}"))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("wireBody.format");
        assertThatThrownBy(() -> ChatRequestCodec.read("{\"prompt\":\"x\",\"wireBody\":{\"format\":\"openai-chat\","
                        + "\"json\":\"{}\",\"headers\":{\"openai-beta\":\"a\\nb\"}}}"))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("headers has openai-beta with 3 characters, expected 1..1000");
        assertThatThrownBy(() -> new WireBody(WireFormat.ANTHROPIC_MESSAGES, "{}", Map.of("x-api-key", "another key")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("headers has one that does not go along, expected some of [anthropic-beta]");
    }

    @Test
    void keepsSchemasThatAreNotJsonAsText() {
        ChatRequest request = ChatRequest.builder("x")
                .tools(new Tool("t", "", "not JSON"))
                .outputSchema(new OutputSchema("o", "{broken"))
                .build();

        assertThat(ChatRequestCodec.read(ChatRequestCodec.write(request))).isEqualTo(request);
    }

    @Test
    void ignoresFieldsOfANewerVersionInStoredTasksAlone() {
        String newer = "{\"prompt\":\"hello\",\"mood\":\"good\"}";

        assertThat(ChatRequestCodec.readLenient(newer)).isEqualTo(ChatRequest.of("hello"));
        assertThatThrownBy(() -> ChatRequestCodec.read(newer)).hasMessageContaining("field 'mood' is unknown");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {} | prompt | prompt is missing, expected text, or messages
            {"prompt":" "} | prompt | prompt is blank, expected text
            {"messages":[]} | messages | messages is empty, expected one turn or more
            {"messages":{}} | messages | messages is an object, expected a list of objects
            {"messages":[{"content":"x"}]} | messages[0].role | messages[0].role is missing, expected user or assistant
            {"messages":[{"role":"system","content":"x"}]} | messages[0].role | messages[0].role is 'system', expected one of user, assistant
            {"messages":[{"role":"user","content":[{"type":"video"}]}]} | messages[0].content[0].type | messages[0].content[0].type is 'video', expected text, image
            {"messages":[{"role":"user","content":[{"type":"image","mediaType":"image/png"}]}]} | messages[0].content[0].data | messages[0].content[0].data is missing, expected base64
            {"messages":[{"role":"user","content":[{"type":"image","mediaType":"image/png","data":"?"}]}]} | messages[0].content[0].data | messages[0].content[0].data: base64 has 1 characters that are not base64
            {"prompt":"x","tools":[{"name":"a b","inputSchema":{}}]} | tools[0].name | tools[0].name: tool name is 'a b', expected
            {"prompt":"x","tools":[{"name":"a"}]} | tools[0].inputSchema | tools[0].inputSchema is missing, expected a JSON Schema
            {"prompt":"x","toolChoice":"named"} | toolChoice | toolChoice is 'named', expected an object with the tool's name
            {"prompt":"x","provider":"any"} | provider | provider is ANY without a model, expected a model
            {"prompt":"x","preference":"best"} | preference | preference is 'best', expected one of policy, cheapest, fastest
            {"prompt":"x","maxCostUsd":-1} | maxCostUsd | maxCostUsd is -1, expected 0.0..1000000.0
            {"prompt":"x","maxCostUsd":1e-13} | maxCostUsd | maxCostUsd is 1E-13, expected at most 12 decimal places
            {"prompt":"x","parallelToolCalls":"no"} | parallelToolCalls | parallelToolCalls is text, expected true or false
            {"prompt":"x","outputSchema":{"name":"n"}} | outputSchema.schema | outputSchema.schema is missing, expected a JSON Schema
            {"prompt":"x","options":{"openai.store":false}} | options.openai.store | options.openai.store is false, expected text
            """)
    void namesPathValueAndExpectation(String json, String field, String message) {
        InvalidFieldException failure =
                catchThrowableOfType(InvalidFieldException.class, () -> ChatRequestCodec.read(json));

        assertThat(failure.field()).isEqualTo(field);
        assertThat(failure.getMessage()).startsWith(message);
    }

    @Test
    void rejectsRequestsThatAreTooLargeForATask() {
        ChatRequest large = ChatRequest.builder(Message.user(
                        new Part.Image(Media.of("image/png", new byte[1_000_000])), new Part.Text("What is this?")))
                .build();

        assertThatThrownBy(() -> PromptTasks.of(large))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("characters as JSON, expected at most 1000000");
    }

    @Test
    void copiesOfABuilderAreEqual() {
        assertThat(EVERYTHING.toBuilder().build()).isEqualTo(EVERYTHING);
        assertThat(EVERYTHING.toBuilder().temperature(null).build().generation().temperature())
                .isEmpty();
        assertThat(Map.copyOf(EVERYTHING.options())).containsEntry("openai.store", "false");
    }
}
