package dev.architect.provider.openai;

import static dev.architect.provider.openai.OpenAiApi.CHAT_COMPLETIONS;
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
import dev.architect.provider.http.reading.PortableToolCallId;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is sent over Chat Completions. */
class OpenAiChatRequestWriterTest {

    @Test
    void writesToolsAndTheirChoice() {
        JsonNode sent = body(ChatRequest.builder("Weather?")
                .tools(OpenAiConversations.WEATHER, OpenAiConversations.CLOCK)
                .toolChoice(ToolChoice.named("clock").oneAtATime())
                .build());

        assertThat(sent.path("tools")).isEqualTo(StubbedOpenAi.json("""
                [{"type":"function","function":{"name":"weather","description":"Tells the weather.","parameters":
                   {"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}}},
                 {"type":"function","function":{"name":"clock","parameters":{"type":"object","properties":{}}}}]"""));
        assertThat(sent.path("tool_choice"))
                .isEqualTo(StubbedOpenAi.json("{\"type\":\"function\",\"function\":{\"name\":\"clock\"}}"));
        assertThat(sent.path("parallel_tool_calls").asBoolean(true)).isFalse();
    }

    @Test
    void writesDemandedAndForbiddenTools() {
        ChatRequest.Builder asked = ChatRequest.builder("Weather?").tools(OpenAiConversations.WEATHER);

        assertThat(body(asked.build()).has("tool_choice")).isFalse();
        assertThat(body(asked.toolChoice(ToolChoice.REQUIRED).build())
                        .path("tool_choice")
                        .asText())
                .isEqualTo("required");
        assertThat(body(asked.toolChoice(ToolChoice.NONE).build())
                        .path("tool_choice")
                        .asText())
                .isEqualTo("none");
    }

    @Test
    void putsEveryResultRightAfterTheCalls() {
        assertThat(body(OpenAiConversations.afterTools()).path("messages")).isEqualTo(StubbedOpenAi.json("""
                [{"role":"user","content":"Weather and time?"},
                 {"role":"assistant","content":"Let me see.","tool_calls":[
                   {"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"Lisbon\\"}"}},
                   {"id":"call_2","type":"function","function":{"name":"clock","arguments":"{}"}}]},
                 {"role":"tool","tool_call_id":"call_1","content":"sunny"},
                 {"role":"tool","tool_call_id":"call_2","content":"Error: no clock"},
                 {"role":"user","content":[{"type":"text","text":"Thanks."},{"type":"text","text":"And now?"}]}]"""));
    }

    @Test
    void leavesOutEmptyMessages() {
        ChatRequest request = ChatRequest.builder("Hello?")
                .earlier(Message.user("Hi"))
                .earlier(OpenAiConversations.assistant(OpenAiConversations.FOREIGN))
                .build();

        assertThat(body(request).path("messages")).isEqualTo(StubbedOpenAi.json("""
                [{"role":"user","content":"Hi"},{"role":"user","content":"Hello?"}]"""));
    }

    @Test
    void givesIdsThatOpenAiWouldRefuseAnotherOne() {
        Part.ToolCall foreign = Part.ToolCall.of("toolu|ä".repeat(9), "weather", "{}");
        JsonNode messages = body(ChatRequest.builder(Message.user(Part.ToolResult.of(foreign, "sunny")))
                        .earlier(Message.user("Weather?"))
                        .earlier(OpenAiConversations.assistant(foreign))
                        .tools(OpenAiConversations.WEATHER)
                        .build())
                .path("messages");

        String id = messages.at("/1/tool_calls/0/id").asText();
        assertThat(id).matches("call_[0-9a-f]{32}");
        assertThat(messages.at("/2/tool_call_id").asText()).isEqualTo(id);
        assertThat(PortableToolCallId.shortened("call_9")).isEqualTo("call_9");
    }

    @Test
    void writesImagesAndDocuments() {
        JsonNode sent = body(OpenAiConversations.showing(
                OpenAiConversations.image("image/png"),
                new Part.Image(Media.at(URI.create("https://example.com/a.jpg"))),
                OpenAiConversations.document("application/pdf"),
                new Part.Text("What is it?")));

        assertThat(sent.at("/messages/0/content")).isEqualTo(StubbedOpenAi.json("""
                [{"type":"image_url","image_url":{"url":"data:image/png;base64,cGljdHVyZQ=="}},
                 {"type":"image_url","image_url":{"url":"https://example.com/a.jpg"}},
                 {"type":"file","file":{"filename":"report.pdf","file_data":"data:application/pdf;base64,JVBERg=="}},
                 {"type":"text","text":"What is it?"}]"""));
    }

    @Test
    void refusesMediaThatOpenAiDoesNotTake() {
        assertUnsupported(
                OpenAiConversations.showing(OpenAiConversations.image("image/tiff")),
                "image type is image/tiff",
                "image/webp");
        assertUnsupported(
                OpenAiConversations.showing(OpenAiConversations.document("text/csv")),
                "document type is text/csv",
                "application/pdf");
        assertUnsupported(
                OpenAiConversations.showing(new Part.Image(Media.at(URI.create("gs://bucket/a.png")))),
                "gs",
                "http or https");
        assertUnsupported(
                OpenAiConversations.showing(
                        new Part.Document(Media.at(URI.create("https://example.com/a.pdf")), "a.pdf")),
                "document is a link",
                "Responses");
    }

    @Test
    void holdsAnswersToTheSchema() {
        ChatRequest request = ChatRequest.builder("A city?")
                .outputSchema(new OutputSchema("city", "{\"type\":\"object\"}"))
                .build();

        assertThat(body(request).path("response_format")).isEqualTo(StubbedOpenAi.json("""
                {"type":"json_schema","json_schema":{"name":"city","strict":true,"schema":{"type":"object"}}}"""));
    }

    @Test
    void marksWhatStandsBeforeTheMark() {
        ChatRequest request = ChatRequest.builder(Message.user(new Part.Text("And now?"), OpenAiConversations.LONG))
                .system("Be brief.")
                .earlier(Message.user(OpenAiConversations.SHORT, new Part.Text("Hello")))
                .earlier(Message.assistant("Hi"))
                .build();

        JsonNode sent = StubbedOpenAi.body(CHAT_COMPLETIONS, "gpt-5.6-terra", request);

        assertThat(sent.path("messages")).isEqualTo(StubbedOpenAi.json("""
                [{"role":"system","content":[{"type":"text","text":"Be brief.","prompt_cache_breakpoint":{"mode":"explicit"}}]},
                 {"role":"user","content":"Hello"},{"role":"assistant","content":"Hi"},
                 {"role":"user","content":[
                   {"type":"text","text":"And now?","prompt_cache_breakpoint":{"mode":"explicit","ttl":"12h"}}]}]"""));
        assertThat(sent.path("prompt_cache_options")).isEqualTo(StubbedOpenAi.json("{\"mode\":\"explicit\"}"));
    }

    @Test
    void aMarkWithNothingBeforeItIsLeftOut() {
        JsonNode sent = StubbedOpenAi.body(
                CHAT_COMPLETIONS,
                "gpt-5.6-terra",
                OpenAiConversations.showing(OpenAiConversations.SHORT, new Part.Text("Hello")));

        assertThat(sent).isEqualTo(StubbedOpenAi.json("""
                {"model":"gpt-5.6-terra","messages":[{"role":"user","content":"Hello"}]}"""));
    }

    @Test
    void writesOptions() {
        JsonNode sent = body(ChatRequest.builder("Hello?")
                .option("openai.service_tier", "flex")
                .option("openai.verbosity", "low")
                .option("openai.prompt_cache_key", "tenant-7")
                .option("openai.safety_identifier", "user-9")
                .option("claude.service_tier", "auto")
                .build());

        assertThat(sent).isEqualTo(StubbedOpenAi.json("""
                {"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello?"}],"service_tier":"flex","verbosity":"low",
                 "prompt_cache_key":"tenant-7","safety_identifier":"user-9"}"""));
    }

    @Test
    void refusesOptionsThatItDoesNotKnow() {
        assertUnsupported(
                ChatRequest.builder("x").option("openai.service_tier", "cheap").build(), "'cheap'", "[auto, default");
        assertUnsupported(ChatRequest.builder("x").option("openai.seed", "1").build(), "'openai.seed'", "service_tier");
        assertUnsupported(
                ChatRequest.builder("x")
                        .option("openai.reasoning_summary", "auto")
                        .build(),
                "reasoning_summary",
                "Responses");
    }

    @Test
    void requestsEffort() {
        ChatRequest request =
                ChatRequest.builder("Think.").effort(ReasoningEffort.MINIMAL).build();

        assertThat(StubbedOpenAi.body(CHAT_COMPLETIONS, "gpt-5-nano", request)
                        .path("reasoning_effort")
                        .asText())
                .isEqualTo("minimal");
        ProviderException refusal = StubbedOpenAi.refusal(CHAT_COMPLETIONS, "gpt-5.4", request);
        assertThat(refusal.kind()).isEqualTo(FailureKind.UNSUPPORTED);
        assertThat(refusal)
                .hasMessageContaining("effort is MINIMAL, expected one of [NONE, LOW, MEDIUM, HIGH, VERY_HIGH]");
    }

    /** "Function tools with reasoning_effort are not supported for gpt-5.4 in /v1/chat/completions", by OpenAI's error. */
    @Test
    void lateModelsUseToolsWithoutReasoningOnly() {
        ChatRequest.Builder asked = ChatRequest.builder("Weather?").tools(OpenAiConversations.WEATHER);

        for (String model : List.of("gpt-5.4", "gpt-5.6-terra", "gpt-6-luna")) {
            assertThat(StubbedOpenAi.body(
                                    CHAT_COMPLETIONS, model, asked.effort(null).build())
                            .path("reasoning_effort")
                            .asText())
                    .as(model)
                    .isEqualTo("none");
            assertThat(StubbedOpenAi.refusal(
                            CHAT_COMPLETIONS,
                            model,
                            asked.effort(ReasoningEffort.HIGH).build()))
                    .hasMessageContaining("effort is HIGH together with tools, expected NONE, or the Responses API");
        }
        assertThat(StubbedOpenAi.body(
                                CHAT_COMPLETIONS,
                                "gpt-5-nano",
                                asked.effort(ReasoningEffort.HIGH).build())
                        .path("reasoning_effort")
                        .asText())
                .isEqualTo("high");
    }

    private static JsonNode body(ChatRequest request) {
        return StubbedOpenAi.body(CHAT_COMPLETIONS, "gpt-4o-mini", request);
    }

    private static void assertUnsupported(ChatRequest request, String... expected) {
        ProviderException refusal = StubbedOpenAi.refusal(CHAT_COMPLETIONS, "gpt-4o-mini", request);
        assertThat(refusal.kind()).isEqualTo(FailureKind.UNSUPPORTED);
        assertThat(refusal.getMessage()).contains(expected);
    }
}
