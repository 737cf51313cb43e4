package dev.architect.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.model.Capability;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ChatRequestTest {

    private static final Tool TOOL = new Tool("add", "Adds.", "{\"type\":\"object\"}");

    @Test
    void requiresTheCapabilitiesThatItsFieldsImply() {
        ChatRequest request = ChatRequest.builder("And now?")
                .earlier(Message.user("Hello"))
                .earlier(Message.assistant("Hi"))
                .system("Be brief.")
                .temperature(0.5)
                .needs(Set.of(Capability.WEB_SEARCH))
                .build();

        assertThat(request.requiredCapabilities())
                .containsExactlyInAnyOrder(
                        Capability.MULTI_TURN, Capability.SYSTEM_TEXT, Capability.TEMPERATURE, Capability.WEB_SEARCH);
        assertThat(ChatRequest.of("Hello").requiredCapabilities()).isEmpty();
    }

    @Test
    void refusesWhatNoModelTakes() {
        assertThatThrownBy(() -> ChatRequest.of(" ")).hasMessage("prompt is blank, expected text");
        assertThatThrownBy(() -> ChatRequest.builder("x").temperature(2.5).build())
                .hasMessage("temperature is 2.5, expected 0.0..2.0");
        assertThatThrownBy(() -> ChatRequest.builder("x").maxOutputTokens(0).build())
                .hasMessageStartingWith("maxOutputTokens is 0, expected 1..");
        assertThatThrownBy(() -> ChatRequest.builder("x")
                        .stopSequences(List.of("1", "2", "3", "4", "5"))
                        .build())
                .hasMessage("stopSequences size is 5, expected 0..4");
        assertThatThrownBy(() ->
                        ChatRequest.builder("x").stopSequences(List.of("")).build())
                .hasMessage("stop sequence is empty, expected 1 character or more");
    }

    @Test
    void keepsTextOutOfItsOwn() {
        assertThat(ChatRequest.builder("a secret").system("a rule").build().toString())
                .doesNotContain("secret")
                .doesNotContain("rule");
        assertThat(new Part.Text("a secret").toString()).doesNotContain("secret");
    }

    @Test
    void requiresWhatItsPartsToolsAndSchemaNeed() {
        Media link = Media.at(URI.create("https://example.com/a.png"));
        ChatRequest request = ChatRequest.builder(Message.user(
                        new Part.Image(link),
                        new Part.Document(Media.of("application/pdf", new byte[] {1}), "a.pdf"),
                        new Part.CacheBreakpoint(CacheLifetime.LONG)))
                .tools(TOOL)
                .toolChoice(ToolChoice.REQUIRED.oneAtATime())
                .outputSchema(new OutputSchema("answer", "{}"))
                .effort(ReasoningEffort.LOW)
                .build();

        assertThat(request.requiredCapabilities())
                .containsExactlyInAnyOrder(
                        Capability.IMAGES,
                        Capability.MEDIA_LINKS,
                        Capability.DOCUMENT_INPUT,
                        Capability.CACHE_BREAKPOINTS,
                        Capability.TOOLS,
                        Capability.TOOL_CHOICE,
                        Capability.SINGLE_TOOL_CALL,
                        Capability.JSON_SCHEMA,
                        Capability.REASONING_EFFORT);
    }

    @Test
    void aConversationWithToolResultsNeedsToolsEvenWhenNoneIsOffered() {
        Part.ToolCall call = Part.ToolCall.of("1", "add", "{}");
        ChatRequest request = ChatRequest.builder(Message.toolResults(List.of(Part.ToolResult.of(call, "2"))))
                .earlier(Message.user("1 + 1?"))
                .earlier(new Message(Role.ASSISTANT, List.of(call)))
                .build();

        assertThat(request.requiredCapabilities()).containsExactlyInAnyOrder(Capability.TOOLS, Capability.MULTI_TURN);
        assertThat(request.prompt()).as("the user's last words").isEqualTo("1 + 1?");
    }

    @Test
    void refusesToolsThatContradictThemselves() {
        assertThatThrownBy(() -> ChatRequest.builder("x").tools(TOOL, TOOL).build())
                .hasMessage("tool add is given twice, expected once");
        assertThatThrownBy(() ->
                        ChatRequest.builder("x").toolChoice(ToolChoice.REQUIRED).build())
                .hasMessage("toolChoice or parallelToolCalls is set with 0 tools, expected 1 or more");
        assertThatThrownBy(() -> ChatRequest.builder("x")
                        .tools(TOOL)
                        .toolChoice(ToolChoice.named("sub"))
                        .build())
                .hasMessage("toolChoice names 'sub', expected one of [add]");
        assertThatThrownBy(() -> new ToolChoice(ToolChoice.Mode.NAMED, Optional.empty(), ToolChoice.Parallel.ALLOWED))
                .hasMessage("name is none with mode NAMED, expected one exactly with NAMED");
        assertThatThrownBy(() -> new Tool("a b", "", "{}"))
                .hasMessage("tool name is 'a b', expected 1 to 64 letters, digits, underscores and hyphens");
    }

    @Test
    void refusesMoreCacheMarksThanAnyVendorTakes() {
        Part[] marks = new Part[6];
        Arrays.fill(marks, new Part.CacheBreakpoint(CacheLifetime.SHORT));
        marks[5] = new Part.Text("x");

        assertThatThrownBy(() -> ChatRequest.builder(Message.user(marks)).build())
                .hasMessage("cache breakpoints is 5, expected 0..4");
    }

    @Test
    void keepsOptionsByProvider() {
        ChatRequest request = ChatRequest.builder("x")
                .option("ollama.num_ctx", "4096")
                .option("openai.service_tier", "flex")
                .build();

        assertThat(request.options("ollama")).containsExactly(Map.entry("num_ctx", "4096"));
        assertThat(request.options("olla")).isEmpty();
        assertThatThrownBy(() -> ChatRequest.builder("x").option("num_ctx", "1").build())
                .hasMessage("option is 'num_ctx', expected provider.option");
    }

    @Test
    void showsNoText() {
        String secret = "s3cret";
        List<Part> made = List.of(
                new Part.Reasoning(secret, Optional.of(new Signature("claude", secret))),
                new Part.ToolCall("1", "add", secret, Optional.of(new Signature("claude", secret))));
        List<Part> given = List.of(
                new Part.Text(secret),
                new Part.Image(Media.at(URI.create("https://example.com/" + secret))),
                new Part.Document(Media.of("text/plain", secret.getBytes(StandardCharsets.UTF_8)), secret),
                new Part.ToolResult("1", "add", secret, false));
        ChatRequest request = ChatRequest.builder(new Message(Role.USER, given))
                .earlier(new Message(Role.ASSISTANT, made))
                .build();

        assertThat(request + " " + made + " " + given + " "
                        + new Citation(
                                secret.substring(0, 1),
                                secret,
                                Optional.ofNullable(secret),
                                Optional.ofNullable(secret)))
                .doesNotContain(secret);
    }

    @Test
    void goesOnWithEverythingAsItWas() {
        Part.ToolCall call = Part.ToolCall.of("1", "add", "{}");
        ChatRequest first = ChatRequest.builder("1 + 1?")
                .system("Be brief.")
                .tools(TOOL)
                .effort(ReasoningEffort.LOW)
                .option("openai.service_tier", "flex")
                .build();
        Message answer = new Message(Role.ASSISTANT, List.of(call));
        Message results = Message.toolResults(List.of(Part.ToolResult.of(call, "2")));

        ChatRequest next = first.followedBy(answer, results);

        assertThat(next.messages()).containsExactly(Message.user("1 + 1?"), answer, results);
        assertThat(next).usingRecursiveComparison().ignoringFields("messages").isEqualTo(first);
    }

    @Test
    void refusesAnEmptyLastMessage() {
        assertThatThrownBy(() -> ChatRequest.builder(
                                Message.user(new Part.Text(" "), new Part.CacheBreakpoint(CacheLifetime.SHORT)))
                        .build())
                .hasMessage("last message is empty, expected text, media or tool results");
    }
}
