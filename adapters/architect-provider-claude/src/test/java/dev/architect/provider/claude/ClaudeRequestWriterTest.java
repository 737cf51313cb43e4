package dev.architect.provider.claude;

import static dev.architect.provider.claude.StubbedClaude.ANSWER;
import static dev.architect.provider.claude.StubbedClaude.NEWER;
import static dev.architect.provider.claude.StubbedClaude.OLDER;
import static dev.architect.provider.claude.StubbedClaude.call;
import static dev.architect.provider.claude.StubbedClaude.json;
import static dev.architect.provider.claude.StubbedClaude.refused;
import static dev.architect.provider.claude.StubbedClaude.sent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClaudeRequestWriterTest {

    private static final String DELTA = """
            {"type":"message_start","message":{"model":"m","usage":{"input_tokens":3}}}
            {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Hello."}}
            {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}
            {"type":"message_stop"}""";

    @Test
    void writesEveryPlainField() {
        ChatRequest request = ChatRequest.builder("And now?")
                .system("Be brief.")
                .earlier(Message.user("Hello"))
                .earlier(Message.assistant("Hi"))
                .maxOutputTokens(99)
                .temperature(0.25)
                .stopSequences(List.of("END", "STOP"))
                .build();

        assertThat(sent(OLDER, request)).isEqualTo(json("""
                {"model":"claude-haiku-4-5","max_tokens":99,"system":"Be brief.",
                 "messages":[{"role":"user","content":"Hello"},{"role":"assistant","content":"Hi"},
                             {"role":"user","content":"And now?"}],
                 "temperature":0.25,"stop_sequences":["END","STOP"]}"""));
    }

    @Test
    void writesTheOutputLimitEvenWithoutOneInTheRequest() {
        assertThat(sent(NEWER, ChatRequest.of("Hello?"))).isEqualTo(json("""
                {"model":"claude-opus-5","max_tokens":8192,"messages":[{"role":"user","content":"Hello?"}]}"""));
    }

    /** The vendor's own client refuses to wait for them: the connection would be silent for more than ten minutes. */
    @Test
    void longAnswersAreStreamedWhereTheWholeOneIsRequested() {
        ChatRequest.Builder request = ChatRequest.builder("Hello?");
        try (StubbedClaude claude = StubbedClaude.answering(ANSWER, StubbedClaude.stream(DELTA))) {
            var whole = claude.provider.chat(
                    call(NEWER, request.maxOutputTokens(21_333).build()));
            var streamed = claude.provider.chat(
                    call(NEWER, request.maxOutputTokens(21_334).build()));

            assertThat(streamed.text()).isEqualTo(whole.text()).isEqualTo("Hello.");
            assertThat(streamed.usage()).isEqualTo(whole.usage());
            assertThat(claude.sent)
                    .extracting(
                            sent -> String.valueOf(sent.body().orElseThrow()).contains("\"stream\":true"))
                    .containsExactly(false, true);
        }
    }

    @Test
    void requestsAStreamOnlyWhenItReadsOne() {
        try (StubbedClaude claude = StubbedClaude.answering(StubbedClaude.stream(DELTA))) {
            claude.provider.stream(call(NEWER, ChatRequest.of("Hello?")), piece -> {});

            assertThat(json(String.valueOf(claude.sent.get(0).body().orElseThrow())))
                    .isEqualTo(json("""
                    {"model":"claude-opus-5","max_tokens":8192,"stream":true,
                     "messages":[{"role":"user","content":"Hello?"}]}"""));
        }
    }

    @Test
    void turnsOfOneRoleBecomeOne() {
        ChatRequest request = ChatRequest.builder("Three.")
                .earlier(Message.user("One."))
                .earlier(Message.user(new Part.Text("Two."), new Part.Text("")))
                .build();

        assertThat(sent(OLDER, request).path("messages")).isEqualTo(json("""
                [{"role":"user","content":[{"type":"text","text":"One."},{"type":"text","text":"Two."},
                                           {"type":"text","text":"Three."}]}]"""));
    }

    @Test
    void leavesOutEmptyContent() {
        ChatRequest request = ChatRequest.builder("Hello?")
                .system(" ")
                .earlier(Message.user("Good morning."))
                .earlier(new Message(
                        Role.ASSISTANT,
                        List.of(
                                new Part.Text("\n"),
                                new Part.Reasoning("Hm.", Optional.of(new Signature("openai", "proof"))))))
                .build();

        assertThat(sent(OLDER, request)).isEqualTo(json("""
                {"model":"claude-haiku-4-5","max_tokens":8192,
                 "messages":[{"role":"user","content":"Good morning."},{"role":"user","content":"Hello?"}]}"""));
    }

    @Test
    void refusesAConversationThatClaudeDoesNotBegin() {
        assertThat(refused(
                        OLDER,
                        ChatRequest.builder("Hello?")
                                .earlier(Message.assistant("Welcome."))
                                .build()))
                .contains("first message is of ASSISTANT, expected one of USER");
    }

    @Test
    void refusesValuesThatClaudeDoesNotTake() {
        ChatRequest.Builder request = ChatRequest.builder("Hello?");

        assertThat(refused(OLDER, ChatRequest.builder("Hello?").temperature(1.5).build()))
                .contains("temperature is 1.5, expected 0.0..1.0");
        assertThat(refused(NEWER, ChatRequest.builder("Hello?").temperature(0.5).build()))
                .contains("TEMPERATURE");
        assertThat(refused(OLDER, request.stopSequences(List.of("END", "\n\n")).build()))
                .contains("stop sequence is blank, expected one with more than white space");
    }

    @Test
    void writesTheFormOfTheAnswer() {
        String schema = """
                {"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";
        ChatRequest request = ChatRequest.builder("Where?")
                .outputSchema(new OutputSchema("place", schema))
                .build();

        assertThat(sent(OLDER, request).path("output_config"))
                .isEqualTo(json("{\"format\":{\"type\":\"json_schema\",\"schema\":" + schema + "}}"));
        assertThat(refused("claude-sonnet-4-20250514", request)).contains("JSON_SCHEMA");
    }

    @Test
    void writesItsOptionsAndPassesOverThoseOfOthers() {
        ChatRequest request = ChatRequest.builder("Hello?")
                .option("claude.service_tier", "standard_only")
                .option("claude.user", "u-17")
                .option("openai.service_tier", "flex")
                .build();

        assertThat(sent(OLDER, request)).isEqualTo(json("""
                {"model":"claude-haiku-4-5","max_tokens":8192,"service_tier":"standard_only",
                 "metadata":{"user_id":"u-17"},"messages":[{"role":"user","content":"Hello?"}]}"""));
    }

    @Test
    void refusesOptionsThatItDoesNotKnowOrTake() {
        assertThat(refused(OLDER, option("tier", "auto")))
                .contains("option is 'claude.tier', expected one of [citations, service_tier, user]");
        assertThat(refused(OLDER, option("service_tier", "flex")))
                .contains("option claude.service_tier is 'flex', expected auto or standard_only");
        assertThat(refused(OLDER, option("citations", "yes")))
                .contains("option claude.citations is 'yes', expected true or false");
        assertThat(refused(
                        OLDER,
                        ChatRequest.builder("Hello?")
                                .option("claude.citations", "true")
                                .outputSchema(new OutputSchema("place", "{\"type\":\"object\"}"))
                                .build()))
                .contains("option claude.citations is 'true', expected false with an outputSchema");
    }

    private static ChatRequest option(String name, String value) {
        return ChatRequest.builder("Hello?").option("claude." + name, value).build();
    }
}
