package dev.architect.provider.openai;

import static dev.architect.provider.openai.OpenAiApi.RESPONSES;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Part;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.ToolChoice;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is sent over Responses. */
class OpenAiResponsesRequestWriterTest {

    @Test
    void writesTheRequestAsTheVendorDocumentsIt() {
        ChatRequest request = ChatRequest.builder("And now?")
                .system("Be brief.")
                .earlier(Message.user("Hello"))
                .earlier(Message.assistant("Hi"))
                .maxOutputTokens(99)
                .temperature(0.5)
                .build();

        assertThat(body("gpt-4o-mini", request)).isEqualTo(StubbedOpenAi.json("""
                {"model":"gpt-4o-mini","instructions":"Be brief.","store":false,"temperature":0.5,"max_output_tokens":99,
                 "input":[{"role":"user","content":"Hello"},{"role":"assistant","content":"Hi"},
                          {"role":"user","content":"And now?"}]}"""));
    }

    @Test
    void requestsEncryptedReasoningOfReasoningModels() {
        ChatRequest.Builder asked = ChatRequest.builder("Think.");

        assertThat(body("gpt-5-nano", asked.build())).isEqualTo(StubbedOpenAi.json("""
                {"model":"gpt-5-nano","store":false,"include":["reasoning.encrypted_content"],
                 "input":[{"role":"user","content":"Think."}]}"""));
        assertThat(body(
                                "gpt-5-nano",
                                asked.effort(ReasoningEffort.HIGH)
                                        .option("openai.reasoning_summary", "auto")
                                        .build())
                        .path("reasoning"))
                .isEqualTo(StubbedOpenAi.json("{\"effort\":\"high\",\"summary\":\"auto\"}"));
    }

    @Test
    void sendsReasoningBackBeforeWhatItLedTo() {
        assertThat(body("gpt-5.4", OpenAiConversations.afterTools()).path("input"))
                .isEqualTo(StubbedOpenAi.json("""
                [{"role":"user","content":"Weather and time?"},
                 {"type":"reasoning","summary":[{"type":"summary_text","text":"They want both."}],"encrypted_content":"gAAAA=="},
                 {"role":"assistant","content":"Let me see."},
                 {"type":"function_call","call_id":"call_1","name":"weather","arguments":"{\\"city\\":\\"Lisbon\\"}"},
                 {"type":"function_call","call_id":"call_2","name":"clock","arguments":"{}"},
                 {"type":"function_call_output","call_id":"call_1","output":"sunny"},
                 {"type":"function_call_output","call_id":"call_2","output":"Error: no clock"},
                 {"role":"user","content":[{"type":"input_text","text":"Thanks."},{"type":"input_text","text":"And now?"}]}]"""));
    }

    @Test
    void leavesOutReasoningThatNothingFollows() {
        ChatRequest request = ChatRequest.builder("Go on.")
                .earlier(Message.user("Think."))
                .earlier(OpenAiConversations.assistant(new Part.Text("Hm."), OpenAiConversations.OWN))
                .build();

        assertThat(body("gpt-5.4", request).path("input")).isEqualTo(StubbedOpenAi.json("""
                [{"role":"user","content":"Think."},{"role":"assistant","content":"Hm."},{"role":"user","content":"Go on."}]"""));
    }

    @Test
    void leavesOutReasoningForAModelThatDoesNotReason() {
        assertThat(body("gpt-4o", OpenAiConversations.afterTools())
                        .path("input")
                        .findValuesAsText("type"))
                .doesNotContain("reasoning")
                .contains("function_call", "function_call_output");
    }

    @Test
    void writesToolsFlat() {
        JsonNode sent = body(
                "gpt-5.4",
                ChatRequest.builder("Weather?")
                        .tools(OpenAiConversations.CLOCK)
                        .toolChoice(ToolChoice.named("clock").oneAtATime())
                        .effort(ReasoningEffort.HIGH)
                        .build());

        assertThat(sent.path("tools")).isEqualTo(StubbedOpenAi.json("""
                [{"type":"function","name":"clock","parameters":{"type":"object","properties":{}},"strict":false}]"""));
        assertThat(sent.path("tool_choice"))
                .isEqualTo(StubbedOpenAi.json("{\"type\":\"function\",\"name\":\"clock\"}"));
        assertThat(sent.path("parallel_tool_calls").asBoolean(true)).isFalse();
        assertThat(sent.at("/reasoning/effort").asText()).isEqualTo("high");
    }

    @Test
    void writesImagesAndDocuments() {
        JsonNode sent = body(
                "gpt-4o-mini",
                OpenAiConversations.showing(
                        OpenAiConversations.image("image/webp"),
                        OpenAiConversations.document("application/pdf"),
                        new Part.Document(Media.at(URI.create("https://example.com/a.pdf")), "a.pdf")));

        assertThat(sent.at("/input/0/content")).isEqualTo(StubbedOpenAi.json("""
                [{"type":"input_image","image_url":"data:image/webp;base64,cGljdHVyZQ==","detail":"auto"},
                 {"type":"input_file","filename":"report.pdf","file_data":"data:application/pdf;base64,JVBERg=="},
                 {"type":"input_file","file_url":"https://example.com/a.pdf"}]"""));
    }

    @Test
    void holdsAnswersToTheSchema() {
        ChatRequest request = ChatRequest.builder("A city?")
                .outputSchema(new OutputSchema("city", "{\"type\":\"object\"}"))
                .option("openai.verbosity", "high")
                .build();

        assertThat(body("gpt-5.4", request).path("text")).isEqualTo(StubbedOpenAi.json("""
                {"format":{"type":"json_schema","name":"city","strict":true,"schema":{"type":"object"}},"verbosity":"high"}"""));
    }

    /** Neither instructions nor answers carry a mark. */
    @Test
    void marksTheNearestContentThatTakesAMark() {
        ChatRequest request = ChatRequest.builder(
                        Message.user(Part.ToolResult.of(OpenAiConversations.NOON, "noon"), OpenAiConversations.LONG))
                .system("Be brief.")
                .earlier(Message.user(OpenAiConversations.SHORT, new Part.Text("Hello")))
                .earlier(OpenAiConversations.assistant(
                        new Part.Text("Hi"), OpenAiConversations.SHORT, OpenAiConversations.NOON))
                .tools(OpenAiConversations.CLOCK)
                .build();

        JsonNode sent = body("gpt-5.6-terra", request);

        assertThat(sent.has("instructions")).isFalse();
        assertThat(sent.path("input")).isEqualTo(StubbedOpenAi.json("""
                [{"role":"developer","content":[
                   {"type":"input_text","text":"Be brief.","prompt_cache_breakpoint":{"mode":"explicit"}}]},
                 {"role":"user","content":[
                   {"type":"input_text","text":"Hello","prompt_cache_breakpoint":{"mode":"explicit"}}]},
                 {"role":"assistant","content":"Hi"},
                 {"type":"function_call","call_id":"call_2","name":"clock","arguments":"{}"},
                 {"type":"function_call_output","call_id":"call_2","output":[
                   {"type":"input_text","text":"noon","prompt_cache_breakpoint":{"mode":"explicit","ttl":"12h"}}]}]"""));
        assertThat(sent.path("prompt_cache_options")).isEqualTo(StubbedOpenAi.json("{\"mode\":\"explicit\"}"));
    }

    @Test
    void refusesWhatTheApiDoesNotTake() {
        assertUnsupported(
                "gpt-4o-mini",
                ChatRequest.builder("x").maxOutputTokens(15).build(),
                "maxOutputTokens is 15, expected 16 or more");
        assertUnsupported(
                "gpt-4o-mini",
                ChatRequest.builder("x").stopSequences(List.of("END")).build(),
                "STOP_SEQUENCES");
        assertUnsupported(
                "gpt-4o-mini",
                ChatRequest.builder("x")
                        .option("openai.reasoning_summary", "auto")
                        .build(),
                "expected a reasoning model");
        assertUnsupported("text-embedding-3-small", ChatRequest.of("x"), "model makes vectors");
    }

    private static JsonNode body(String model, ChatRequest request) {
        return StubbedOpenAi.body(RESPONSES, model, request);
    }

    private static void assertUnsupported(String model, ChatRequest request, String expected) {
        ProviderException refusal = StubbedOpenAi.refusal(RESPONSES, model, request);
        assertThat(refusal.kind()).isEqualTo(FailureKind.UNSUPPORTED);
        assertThat(refusal).hasMessageContaining(expected);
    }
}
