package dev.architect.provider.ollama;

import static dev.architect.provider.ollama.StubbedOllama.body;
import static dev.architect.provider.ollama.StubbedOllama.refused;
import static dev.architect.provider.ollama.StubbedOllama.tree;
import static dev.architect.provider.ollama.StubbedOllama.unsupported;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import dev.architect.model.FailureKind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent, as JSON, and what is refused instead. */
class OllamaRequestWriterTest {

    private static final String MODEL = "qwen3:8b";
    private static final Tool WEATHER = new Tool(
            "get_weather",
            "Tells the weather.",
            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}");
    private static final Part PICTURE =
            new Part.Image(Media.of("image/png", "pixels".getBytes(StandardCharsets.UTF_8)));

    @Test
    void offersTools() {
        JsonNode body = body(MODEL, ChatRequest.builder("Rain?").tools(WEATHER).build());

        assertThat(body.path("tools"))
                .isEqualTo(
                        tree("[{'type':'function','function':{'name':'get_weather','description':'Tells the weather.',"
                                + "'parameters':{'type':'object','properties':{'city':{'type':'string'}}}}}]"));
    }

    @Test
    void sendsCallsAndTheirResultsInTheirOrder() {
        Part.ToolCall first = Part.ToolCall.of("call_1", "get_weather", "{\"city\":\"Oslo\"}");
        Part.ToolCall second = Part.ToolCall.of("toolu_ab", "get_weather", "{}");
        ChatRequest request = ChatRequest.builder(Message.user(
                        new Part.Text("Both, please."),
                        Part.ToolResult.of(first, "rain"),
                        Part.ToolResult.failed(second, "no such city")))
                .earlier(Message.user("Rain?"))
                .earlier(new Message(Role.ASSISTANT, List.of(new Part.Text("I look."), first, second)))
                .tools(WEATHER)
                .build();

        assertThat(body(MODEL, request).path("messages"))
                .isEqualTo(
                        tree("[{'role':'user','content':'Rain?'},{'role':'assistant','content':'I look.','tool_calls':["
                                + "{'id':'call_1','function':{'name':'get_weather','arguments':{'city':'Oslo'}}},"
                                + "{'id':'toolu_ab','function':{'name':'get_weather','arguments':{}}}]},"
                                + "{'role':'tool','content':'rain','tool_name':'get_weather','tool_call_id':'call_1'},"
                                + "{'role':'tool','content':'no such city','tool_name':'get_weather','tool_call_id':'toolu_ab'},"
                                + "{'role':'user','content':'Both, please.'}]"));
    }

    @Test
    void argumentsThatAreNoObjectAreNotSent() {
        Part.ToolCall broken = Part.ToolCall.of("call_1", "get_weather", "{\"city\":");
        ChatRequest request = ChatRequest.builder(Message.toolResults(List.of(Part.ToolResult.of(broken, "rain"))))
                .earlier(new Message(Role.ASSISTANT, List.of(broken)))
                .tools(WEATHER)
                .build();

        assertThat(refused(MODEL, request).kind()).isEqualTo(FailureKind.UNSUPPORTED);
    }

    @ParameterizedTest
    @EnumSource(
            value = ToolChoice.Mode.class,
            names = {"REQUIRED", "NONE", "NAMED"})
    void noModelTakesAToolChoice(ToolChoice.Mode mode) {
        ToolChoice choice = mode == ToolChoice.Mode.NAMED
                ? ToolChoice.named("get_weather")
                : new ToolChoice(mode, Optional.empty(), ToolChoice.Parallel.ALLOWED);

        assertThat(unsupported(
                        MODEL,
                        ChatRequest.builder("Rain?")
                                .tools(WEATHER)
                                .toolChoice(choice)
                                .build()))
                .hasMessageContaining("TOOL_CHOICE");
        assertThat(unsupported(
                        MODEL,
                        ChatRequest.builder("Rain?")
                                .tools(WEATHER)
                                .toolChoice(ToolChoice.AUTO.oneAtATime())
                                .build()))
                .hasMessageContaining("SINGLE_TOOL_CALL");
    }

    @Test
    void sendsImagesBesideTheText() {
        ChatRequest request = ChatRequest.builder(
                        Message.user(new Part.Text("What "), PICTURE, new Part.Text("is this?")))
                .build();

        assertThat(body("gemma4", request).path("messages"))
                .isEqualTo(tree("[{'role':'user','content':'What is this?','images':['cGl4ZWxz']}]"));
        assertThat(body("gemma4", ChatRequest.builder(Message.user(PICTURE)).build())
                        .path("messages"))
                .isEqualTo(tree("[{'role':'user','content':'','images':['cGl4ZWxz']}]"));
    }

    @Test
    void refusesMediaThatItCannotSend() {
        Part gif = new Part.Image(Media.of("image/gif", new byte[] {1, 2, 3}));
        Part link = new Part.Image(Media.at(URI.create("https://example.com/secret.png")));
        Part document = new Part.Document(Media.of("application/pdf", new byte[] {1, 2, 3}), "a.pdf");

        assertThat(unsupported("gemma4", ChatRequest.builder(Message.user(gif)).build()))
                .hasMessageContaining(
                        "image is of type image/gif, expected one of [image/jpeg, image/png, image/webp]");
        assertThat(unsupported("gemma4", ChatRequest.builder(Message.user(link)).build()))
                .hasMessageContaining("MEDIA_LINKS");
        assertThat(unsupported(
                        "gemma4", ChatRequest.builder(Message.user(document)).build()))
                .hasMessageContaining("DOCUMENT_INPUT");
        assertThat(unsupported(MODEL, ChatRequest.builder(Message.user(PICTURE)).build()))
                .hasMessageContaining("IMAGES");
        assertThat(unsupported(
                        MODEL,
                        ChatRequest.builder(
                                        Message.user(new Part.Text("a"), new Part.CacheBreakpoint(CacheLifetime.SHORT)))
                                .build()))
                .hasMessageContaining("CACHE_BREAKPOINTS");
    }

    @Test
    void sendsTheSchemaAsTheFormat() {
        String schema = "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}},\"required\":[\"n\"]}";
        ChatRequest request = ChatRequest.builder("Count.")
                .outputSchema(new OutputSchema("count", schema))
                .build();

        assertThat(body(MODEL, request).path("format"))
                .isEqualTo(tree("{'type':'object','properties':{'n':{'type':'integer'}},'required':['n']}"));
        assertThat(refused(
                                MODEL,
                                ChatRequest.builder("Count.")
                                        .outputSchema(new OutputSchema("count", "[]"))
                                        .build())
                        .kind())
                .isEqualTo(FailureKind.INVALID_REQUEST);
    }

    /** The vendor's machines answer 200 and pass over the schema. */
    @Test
    void aRemoteModelIsNotTrustedWithASchema() {
        ChatRequest request = ChatRequest.builder("Count.")
                .outputSchema(new OutputSchema("count", "{}"))
                .build();

        assertThat(unsupported("gpt-oss:120b-cloud", request)).hasMessageContaining("JSON_SCHEMA");
        assertThat(unsupported("glm-4.6:cloud", request)).hasMessageContaining("JSON_SCHEMA");
    }

    @ParameterizedTest
    @CsvSource({"NONE, false", "LOW, \"low\"", "MEDIUM, \"medium\"", "HIGH, \"high\"", "MAX, \"max\""})
    void writesTheReasoningEffort(ReasoningEffort effort, String value) {
        assertThat(body(MODEL, ChatRequest.builder("Why?").effort(effort).build())
                        .path("think"))
                .isEqualTo(tree(value));
    }

    @Test
    void refusesEffortsThatOllamaDoesNotKnow() {
        assertThat(unsupported(
                        MODEL,
                        ChatRequest.builder("Why?")
                                .effort(ReasoningEffort.VERY_HIGH)
                                .build()))
                .hasMessageContaining("effort is VERY_HIGH, expected one of [NONE, LOW, MEDIUM, HIGH, MAX]");
        assertThat(unsupported(
                        "gpt-oss:20b",
                        ChatRequest.builder("Why?").effort(ReasoningEffort.NONE).build()))
                .hasMessageContaining("effort is NONE, expected one of [LOW, MEDIUM, HIGH, MAX]");
        assertThat(unsupported(
                        "llama3.2",
                        ChatRequest.builder("Why?").effort(ReasoningEffort.LOW).build()))
                .hasMessageContaining("REASONING_EFFORT");
    }

    @Test
    void reasoningIsSentBackToItsOwnModelOnly() {
        ChatRequest request = ChatRequest.builder("And?")
                .earlier(Message.user("Why?"))
                .earlier(new Message(
                        Role.ASSISTANT,
                        List.of(
                                new Part.Reasoning("mine", Optional.of(new Signature("ollama", MODEL))),
                                new Part.Reasoning("of another", Optional.of(new Signature("claude", "EqQB"))),
                                new Part.Reasoning("unsigned", Optional.empty()),
                                new Part.Text("Because."))))
                .build();

        assertThat(body(MODEL, request).path("messages").path(1))
                .isEqualTo(tree("{'role':'assistant','content':'Because.','thinking':'mine'}"));
        assertThat(body("gpt-oss:20b", request).path("messages").path(1))
                .isEqualTo(tree("{'role':'assistant','content':'Because.'}"));
    }

    @Test
    void aTurnWithNothingToSendIsLeftOut() {
        ChatRequest request = ChatRequest.builder("And?")
                .earlier(Message.user("Why?"))
                .earlier(new Message(
                        Role.ASSISTANT, List.of(new Part.Reasoning("", Optional.of(new Signature("openai", "gAAA"))))))
                .build();

        assertThat(body(MODEL, request).path("messages"))
                .isEqualTo(tree("[{'role':'user','content':'Why?'},{'role':'user','content':'And?'}]"));
    }

    @Test
    void sendsItsOwnOptionsWhereTheyBelong() {
        JsonNode body = body(
                MODEL,
                ChatRequest.builder("Why?")
                        .option("ollama.num_ctx", "16384")
                        .option("ollama.keep_alive", "10m")
                        .option("ollama.truncate", "true")
                        .option("ollama.seed", "42")
                        .option("ollama.top_k", "20")
                        .option("ollama.top_p", "0.9")
                        .option("ollama.min_p", "0.05")
                        .option("ollama.repeat_penalty", "1.1")
                        .option("openai.service_tier", "flex")
                        .build());

        assertThat(body.path("options"))
                .isEqualTo(
                        tree("{'min_p':0.05,'num_ctx':16384,'repeat_penalty':1.1,'seed':42,'top_k':20,'top_p':0.9}"));
        assertThat(body.path("keep_alive").asText()).isEqualTo("10m");
        assertThat(body.path("truncate").asBoolean(false)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "300"})
    void aTimeWithoutAUnitIsANumber(String seconds) {
        assertThat(body(
                                MODEL,
                                ChatRequest.builder("Why?")
                                        .option("ollama.keep_alive", seconds)
                                        .build())
                        .path("keep_alive"))
                .isEqualTo(tree(seconds));
    }

    @ParameterizedTest
    @CsvSource({
        "num_ctx, 0, 'option ollama.num_ctx is ''0'', expected 1 or more'",
        "num_ctx, many, expected 1 or more",
        "keep_alive, soon, expected a time such as 5m",
        "truncate, yes, expected true or false",
        "seed, 1.5, expected a whole number",
        "top_p, -1, expected a number of 0 or more",
        "num_thread, 4, 'option is ''ollama.num_thread'', expected one of [keep_alive, min_p, num_ctx,'"
    })
    void refusesOptionsThatAreUnknownOrBad(String name, String value, String expected) {
        assertThat(unsupported(
                        MODEL,
                        ChatRequest.builder("Why?")
                                .option("ollama." + name, value)
                                .build()))
                .hasMessageContaining(expected);
    }
}
