package dev.architect.provider.gemini;

import static dev.architect.provider.gemini.StubbedGemini.body;
import static dev.architect.provider.gemini.StubbedGemini.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What requests become. */
class GeminiRequestWriterTest {

    private static final String FLASH_2 = "gemini-2.5-flash";
    private static final String FLASH_3 = "gemini-3.5-flash";
    private static final Tool WEATHER =
            new Tool("weather", "Tells the weather.", "{\"type\":\"object\",\"properties\":{}}");

    @Test
    void declaresToolsWithTheirCompleteSchema() {
        JsonNode body = body(
                FLASH_2,
                ChatRequest.builder("Rain?")
                        .tools(List.of(WEATHER, new Tool("clock", "", "{\"type\":\"object\"}")))
                        .build());

        assertThat(body.path("tools"))
                .isEqualTo(tree("[{'functionDeclarations':[{'name':'weather','description':'Tells the weather.',"
                        + "'parametersJsonSchema':{'type':'object','properties':{}}},"
                        + "{'name':'clock','parametersJsonSchema':{'type':'object','properties':{}}}]}]"));
        assertThat(body.has("toolConfig")).isFalse();
    }

    @Test
    void writesTheToolChoice() {
        assertThat(choice(ToolChoice.REQUIRED)).isEqualTo(tree("{'functionCallingConfig':{'mode':'ANY'}}"));
        assertThat(choice(ToolChoice.NONE)).isEqualTo(tree("{'functionCallingConfig':{'mode':'NONE'}}"));
        assertThat(choice(ToolChoice.named("weather")))
                .isEqualTo(tree("{'functionCallingConfig':{'mode':'ANY','allowedFunctionNames':['weather']}}"));
    }

    @Test
    void sendsCallsBackWithTheirSignatureAndResultsAsObjects() {
        JsonNode contents = contents(
                FLASH_3,
                assistant(
                        new Part.ToolCall("a", "weather", "{\"city\":\"Rome\"}", Optional.ofNullable(gemini("sig-1"))),
                        Part.ToolCall.of("b", "clock", "{}")),
                Message.toolResults(List.of(
                        new Part.ToolResult("a", "weather", "sunny", false),
                        new Part.ToolResult("b", "clock", "broken", true))));

        assertThat(contents)
                .isEqualTo(tree("[{'role':'user','parts':[{'text':'First.'}]},{'role':'model','parts':["
                        + "{'functionCall':{'id':'a','name':'weather','args':{'city':'Rome'}},'thoughtSignature':'sig-1'},"
                        + "{'functionCall':{'id':'b','name':'clock','args':{}}}]},"
                        + "{'role':'user','parts':["
                        + "{'functionResponse':{'id':'a','name':'weather','response':{'output':'sunny'}}},"
                        + "{'functionResponse':{'id':'b','name':'clock','response':{'error':'broken'}}}]}]"));
    }

    /** Gemini 3 and later answer 400 to a call without a signature; of parallel calls the first one carries it. */
    @Test
    void callsOfOtherModelsSkipTheSignatureCheckWhereSignaturesAreRequired() {
        Message[] conversation = {
            assistant(
                    new Part.Reasoning("Hm.", Optional.of(new Signature("claude", "theirs"))),
                    new Part.ToolCall("toolu_1", "weather", "{}", Optional.of(new Signature("openai", "theirs"))),
                    Part.ToolCall.of("toolu_2", "clock", "{}")),
            Message.toolResults(List.of(
                    new Part.ToolResult("toolu_1", "weather", "sunny", false),
                    new Part.ToolResult("toolu_2", "clock", "noon", false)))
        };

        assertThat(contents(FLASH_3, conversation).path(1).path("parts"))
                .isEqualTo(tree("[{'functionCall':{'id':'toolu_1','name':'weather','args':{}},"
                        + "'thoughtSignature':'skip_thought_signature_validator'},"
                        + "{'functionCall':{'id':'toolu_2','name':'clock','args':{}}}]"));
        assertThat(contents(FLASH_2, conversation).toString()).doesNotContain("thoughtSignature", "theirs", "Hm.");
    }

    @Test
    void aSignatureGoesBackToTheTextItCameWith() {
        assertThat(contents(
                                FLASH_3,
                                assistant(
                                        new Part.Text("Two."),
                                        new Part.Reasoning("", Optional.ofNullable(gemini("sig")))),
                                Message.user("Go on."))
                        .path(1))
                .isEqualTo(tree("{'role':'model','parts':[{'text':'Two.','thoughtSignature':'sig'}]}"));
        assertThat(contents(
                                FLASH_3,
                                assistant(
                                        new Part.Reasoning("I think.", Optional.ofNullable(gemini("sig"))),
                                        new Part.Reasoning("", Optional.ofNullable(gemini("more"))),
                                        new Part.Reasoning("unsigned", Optional.empty())),
                                Message.user("Go on."))
                        .path(1))
                .isEqualTo(tree("{'role':'model','parts':[{'text':'I think.','thought':true,'thoughtSignature':'sig'},"
                        + "{'text':'','thoughtSignature':'more'}]}"));
    }

    @Test
    void turnsOfOneSpeakerBecomeOneAndEmptyTurnsNone() {
        assertThat(contents(
                        FLASH_3,
                        Message.user("Second."),
                        assistant(
                                new Part.Text(""),
                                new Part.Reasoning("theirs", Optional.of(new Signature("claude", "s")))),
                        Message.user("Third.")))
                .isEqualTo(tree("[{'role':'user','parts':[{'text':'First.'},{'text':'Second.'},{'text':'Third.'}]}]"));
    }

    /** The model refuses anything between calls and their results. */
    @Test
    void resultsComeBeforeOtherPartsOfTheUser() {
        JsonNode contents = contents(
                FLASH_2,
                assistant(Part.ToolCall.of("a", "weather", "{}")),
                Message.user(new Part.Text("By the way."), new Part.ToolResult("a", "weather", "sunny", false)));

        assertThat(contents.findValuesAsText("role")).containsExactly("user", "model", "user", "user");
        assertThat(contents.path(2).path("parts"))
                .isEqualTo(tree("[{'functionResponse':{'id':'a','name':'weather','response':{'output':'sunny'}}}]"));
        assertThat(contents.path(3).path("parts")).isEqualTo(tree("[{'text':'By the way.'}]"));
    }

    @Test
    void sendsMediaInlineOrAsLinks() {
        JsonNode parts = body(
                        FLASH_2,
                        ChatRequest.builder(Message.user(
                                        new Part.Image(Media.of("image/png", new byte[] {1, 2, 3})),
                                        new Part.Image(Media.at(URI.create("https://example.com/a.png"))),
                                        new Part.Document(Media.of("application/pdf", new byte[] {4}), "a.pdf"),
                                        new Part.Document(
                                                new Media.Link(
                                                        URI.create("https://example.com/b.pdf"),
                                                        Optional.of("application/pdf")),
                                                "b.pdf"),
                                        new Part.Text("What is this?")))
                                .build())
                .at("/contents/0/parts");

        assertThat(parts)
                .isEqualTo(tree("[{'inlineData':{'mimeType':'image/png','data':'AQID'}},"
                        + "{'fileData':{'fileUri':'https://example.com/a.png'}},"
                        + "{'inlineData':{'mimeType':'application/pdf','data':'BA=='}},"
                        + "{'fileData':{'fileUri':'https://example.com/b.pdf','mimeType':'application/pdf'}},"
                        + "{'text':'What is this?'}]"));
    }

    @Test
    void requestsJsonOfASchema() {
        JsonNode config = body(
                        FLASH_2,
                        ChatRequest.builder("City?")
                                .outputSchema(new OutputSchema("city", "{\"type\":\"object\"}"))
                                .build())
                .path("generationConfig");

        assertThat(config)
                .isEqualTo(tree("{'responseMimeType':'application/json','responseJsonSchema':{'type':'object'}}"));
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-3.5-flash, MINIMAL, thinkingLevel, MINIMAL, true",
        "gemini-3.5-flash, HIGH, thinkingLevel, HIGH, true",
        "gemini-3.1-pro-preview, MEDIUM, thinkingLevel, MEDIUM, true",
        "gemini-3-pro-preview, LOW, thinkingLevel, LOW, true",
        "gemini-4-argon, LOW, thinkingLevel, LOW, true",
        "gemini-flash-latest, LOW, thinkingLevel, LOW, true",
        "gemini-2.5-flash, NONE, thinkingBudget, 0, false",
        "gemini-2.5-flash-lite, LOW, thinkingBudget, 1024, true",
        "gemini-2.5-pro, HIGH, thinkingBudget, 24576, true"
    })
    void effortIsALevelFromVersion3OnAndABudgetBefore(
            String model, ReasoningEffort effort, String field, String value, boolean thoughts) {
        JsonNode thinking = body(
                        model, ChatRequest.builder("Hello?").effort(effort).build())
                .at("/generationConfig/thinkingConfig");

        assertThat(thinking.path(field).asText()).isEqualTo(value);
        assertThat(thinking.path("includeThoughts").booleanValue()).isEqualTo(thoughts);
        assertThat(thinking).hasSize(2);
    }

    @Test
    void searchesWhenTheRequestNeedsIt() {
        assertThat(body(
                                FLASH_2,
                                ChatRequest.builder("News?")
                                        .needs(Set.of(Capability.WEB_SEARCH))
                                        .build())
                        .path("tools"))
                .isEqualTo(tree("[{'googleSearch':{}}]"));
    }

    @Test
    void sendsItsOwnOptionsAndPassesOverThoseOfOthers() {
        JsonNode body = body(
                FLASH_2,
                ChatRequest.builder("Hello?")
                        .option("gemini.service_tier", "flex")
                        .option("gemini.cached_content", "cachedContents/abc-1")
                        .option("claude.service_tier", "auto")
                        .build());

        assertThat(body)
                .isEqualTo(tree("{'contents':[{'role':'user','parts':[{'text':'Hello?'}]}],'generationConfig':{},"
                        + "'serviceTier':'flex','cachedContent':'cachedContents/abc-1'}"));
    }

    private static JsonNode choice(ToolChoice choice) {
        return body(
                        FLASH_2,
                        ChatRequest.builder("Rain?")
                                .tools(List.of(WEATHER))
                                .toolChoice(choice)
                                .build())
                .path("toolConfig");
    }

    /** The contents of a conversation that the user begins with {@code First.} */
    private static JsonNode contents(String model, Message... more) {
        ChatRequest.Builder request = ChatRequest.builder(more[more.length - 1]);
        request.earlier(Message.user("First."));
        for (int index = 0; index < more.length - 1; index++) {
            request.earlier(more[index]);
        }
        return body(model, request.build()).path("contents");
    }

    private static Message assistant(Part... parts) {
        return new Message(Role.ASSISTANT, List.of(parts));
    }

    private static Signature gemini(String value) {
        return new Signature("gemini", value);
    }
}
