package dev.architect.provider.claude;

import static dev.architect.provider.claude.StubbedClaude.OLDER;
import static dev.architect.provider.claude.StubbedClaude.json;
import static dev.architect.provider.claude.StubbedClaude.sent;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.CacheLifetime;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.chat.Tool;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClaudeCacheBreakpointTest {

    private static final Part SHORT = new Part.CacheBreakpoint(CacheLifetime.SHORT);
    private static final Part LONG = new Part.CacheBreakpoint(CacheLifetime.LONG);
    private static final Part TEXT = new Part.Text("Words.");
    private static final Tool CLOCK = new Tool("clock", "Tells the time.", "{\"type\":\"object\"}");

    @Test
    void aBreakpointAtTheBeginningIsOnSystemTextAndTools() {
        assertThat(sent(
                        OLDER,
                        ChatRequest.builder(Message.user(LONG, TEXT))
                                .system("Be brief.")
                                .tools(CLOCK)
                                .build()))
                .isEqualTo(json("""
                {"model":"claude-haiku-4-5","max_tokens":8192,
                 "tools":[{"name":"clock","description":"Tells the time.","input_schema":{"type":"object","properties":{}}}],
                 "system":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral","ttl":"1h"}}],
                 "messages":[{"role":"user","content":[{"type":"text","text":"Words."}]}]}"""));
        assertThat(sent(
                                OLDER,
                                ChatRequest.builder(Message.user(SHORT, TEXT))
                                        .tools(CLOCK)
                                        .build())
                        .at("/tools/0/cache_control"))
                .isEqualTo(json("{\"type\":\"ephemeral\"}"));
    }

    @Test
    void aBreakpointWithNothingBeforeItIsLeftOut() {
        assertThat(content(SHORT, TEXT)).isEqualTo(json("[{\"type\":\"text\",\"text\":\"Words.\"}]"));
    }

    @Test
    void everyBreakpointIsOnTheBlockBeforeIt() {
        assertThat(content(TEXT, LONG, TEXT, SHORT, TEXT)).isEqualTo(json("""
                [{"type":"text","text":"Words.","cache_control":{"type":"ephemeral","ttl":"1h"}},
                 {"type":"text","text":"Words.","cache_control":{"type":"ephemeral"}},
                 {"type":"text","text":"Words."}]"""));
    }

    /** Claude wants the longer lifetimes first, and what is kept long begins with all that stands before. */
    @Test
    void breakpointsBeforeALongOneAreLong() {
        assertThat(content(TEXT, SHORT, TEXT, LONG)).isEqualTo(json("""
                [{"type":"text","text":"Words.","cache_control":{"type":"ephemeral","ttl":"1h"}},
                 {"type":"text","text":"Words.","cache_control":{"type":"ephemeral","ttl":"1h"}}]"""));
        assertThat(content(TEXT, LONG, SHORT)).isEqualTo(json("""
                [{"type":"text","text":"Words.","cache_control":{"type":"ephemeral","ttl":"1h"}}]"""));
    }

    @Test
    void resultsTakeTheirMarksWithThem() {
        Part.ToolCall call = Part.ToolCall.of("a", "clock", "{}");
        ChatRequest request = ChatRequest.builder(
                        Message.user(TEXT, SHORT, Part.ToolResult.of(call, "noon"), LONG, new Part.Text("More.")))
                .earlier(Message.user("Time?"))
                .earlier(new Message(Role.ASSISTANT, List.of(call)))
                .tools(CLOCK)
                .build();

        assertThat(sent(OLDER, request).at("/messages/2/content")).isEqualTo(json("""
                [{"type":"tool_result","tool_use_id":"a","content":"noon",
                  "cache_control":{"type":"ephemeral","ttl":"1h"}},
                 {"type":"text","text":"Words.","cache_control":{"type":"ephemeral"}},
                 {"type":"text","text":"More."}]"""));
    }

    /** Thinking blocks take no mark. */
    @Test
    void aBreakpointAfterReasoningIsOnTheBlockBeforeTheReasoning() {
        ChatRequest request = ChatRequest.builder("And?")
                .earlier(Message.user("Two and two?"))
                .earlier(new Message(
                        Role.ASSISTANT,
                        List.of(new Part.Reasoning("Hm.", Optional.of(new Signature("claude", "proof"))), SHORT, TEXT)))
                .build();

        assertThat(sent(OLDER, request).path("messages")).isEqualTo(json("""
                [{"role":"user","content":[{"type":"text","text":"Two and two?","cache_control":{"type":"ephemeral"}}]},
                 {"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"proof"},
                                                {"type":"text","text":"Words."}]},
                 {"role":"user","content":[{"type":"text","text":"And?"}]}]"""));
    }

    private static JsonNode content(Part... parts) {
        return sent(OLDER, ChatRequest.builder(Message.user(parts)).build()).at("/messages/0/content");
    }
}
