package dev.architect.provider.openai;

import static dev.architect.provider.openai.OpenAiApi.CHAT_COMPLETIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.chat.Tool;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What services that are compatible with Chat Completions do differently. */
class OpenAiCompatibleServiceTest {

    private static final Tool CLOCK = new Tool("clock", "Tells the time.", "{}");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"type\":\"text\",\"text\":\"hel\"},{\"type\":\"text\",\"text\":\"lo\"}]",
                "[{\"type\":\"output_text\",\"text\":\"hello\",\"annotations\":[]}]",
                "[{\"type\":\"text\",\"text\":\"hello\"},{\"type\":\"reference\",\"reference_ids\":[1]}]",
                "[\"hel\",\"lo\"]",
                "{\"type\":\"text\",\"text\":\"hello\"}"
            })
    void contentInPartsIsText(String content) {
        assertThat(chat(message("\"content\":" + content)).text()).isEqualTo("hello");
        StringBuilder received = new StringBuilder();
        assertThat(StubbedOpenAi.streamed(CHAT_COMPLETIONS, delta("\"content\":" + content), received::append)
                        .text())
                .isEqualTo("hello");
        assertThat(received).hasToString("hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{\"type\":\"hologram\",\"data\":\"AAAA\"}]", "{\"html\":\"<p>\"}", "42"})
    void contentThatCannotBeReadIsNoEmptyAnswer(String content) {
        assertThat(failure(() -> chat(message("\"content\":" + content))).kind())
                .isEqualTo(FailureKind.PROTOCOL);
        assertThat(failure(() -> StubbedOpenAi.streamed(CHAT_COMPLETIONS, delta("\"content\":" + content), piece -> {}))
                        .kind())
                .isEqualTo(FailureKind.PROTOCOL);
    }

    @Test
    void partsOfThinkingAreReasoning() {
        String content = """
                "content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm."}]},{"type":"text","text":"Yes."}]""";

        assertThat(chat(message(content)).content())
                .containsExactly(new Part.Reasoning("Hm.", Optional.empty()), new Part.Text("Yes."));
    }

    @Test
    void aChoiceWithoutAMessageThatWasFilteredIsARefusal() {
        ProviderAnswer answer = chat("""
                {"choices":[{"index":0,"finish_reason":"content_filter",
                  "content_filter_results":{"hate":{"filtered":true,"severity":"high"}}}]}""");

        assertThat(answer.stopReason()).isEqualTo(StopReason.REFUSED);
        assertThat(answer.content()).isEmpty();
        assertThat(failure(() -> chat("{\"choices\":[{\"index\":0,\"finish_reason\":\"stop\"}]}"))
                        .kind())
                .isEqualTo(FailureKind.PROTOCOL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reasoning_content", "reasoning"})
    void reasoningIsReadAndGoesBackInItsFieldWithToolCalls(String field) {
        ChatRequest first = ChatRequest.builder("Time?").tools(CLOCK).build();
        ProviderAnswer whole = chat(message("""
                "content":null,"%s":"I look.","tool_calls":[{"id":"call_1","type":"function",
                 "function":{"name":"clock","arguments":"{}"}}]""".formatted(field)));
        StringBuilder thought = new StringBuilder();
        ProviderAnswer streamed = StubbedOpenAi.streamed(CHAT_COMPLETIONS, """
                {"choices":[{"index":0,"delta":{"role":"assistant","content":"","%1$s":"I "}}]}
                {"choices":[{"index":0,"delta":{"%1$s":"look."}}]}
                {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","function":{"name":"clock","arguments":"{}"}}]}}]}
                {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}
                [DONE]""".formatted(field), new ChatListener() {
            @Override
            public void onText(String piece) {}

            @Override
            public void onReasoning(String piece) {
                thought.append(piece);
            }
        });

        assertThat(thought).hasToString("I look.");
        assertThat(streamed.content()).isEqualTo(whole.content());
        assertThat(((Part.Reasoning) whole.content().get(0)).text()).isEqualTo("I look.");
        JsonNode sent = StubbedOpenAi.body(CHAT_COMPLETIONS, "deepseek-v4", continued(first, whole.content()));
        assertThat(sent.path("messages").path(1).path(field).asText()).isEqualTo("I look.");
        assertThat(sent.path("messages").path(1).has(field.equals("reasoning") ? "reasoning_content" : "reasoning"))
                .isFalse();
    }

    @Test
    void aServiceThatSendsBothFieldsIsReadOnce() {
        ProviderAnswer answer =
                chat(message("\"content\":\"Yes.\",\"reasoning\":\"Hm.\",\"reasoning_content\":\"Hm.\""));

        assertThat(answer.content()).hasSize(2);
        assertThat(((Part.Reasoning) answer.content().get(0)).text()).isEqualTo("Hm.");
    }

    @Test
    void reasoningOfOthersAndOfAnswersWithoutToolsStaysHere() {
        List<Part> ofAnother = List.of(
                new Part.Reasoning("Hm.", Optional.of(new Signature("elsewhere", "reasoning_content"))),
                Part.ToolCall.of("call_1", "clock", "{}"));
        JsonNode sent = StubbedOpenAi.body(
                CHAT_COMPLETIONS,
                "deepseek-v4",
                continued(ChatRequest.builder("Time?").tools(CLOCK).build(), ofAnother));
        assertThat(sent.path("messages").path(1).has("reasoning_content")).isFalse();

        ProviderAnswer plain = chat(message("\"content\":\"Yes.\",\"reasoning_content\":\"Hm.\""));
        JsonNode next = StubbedOpenAi.body(
                CHAT_COMPLETIONS,
                "deepseek-v4",
                ChatRequest.builder("And now?")
                        .earlier(Message.user("Now?"))
                        .earlier(new Message(Role.ASSISTANT, plain.content()))
                        .build());
        assertThat(next.path("messages").path(1).has("reasoning_content")).isFalse();
        assertThat(next.path("messages").path(1).path("content").asText()).isEqualTo("Yes.");
    }

    /** As public reports quote them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // vLLM, DeepSeek
                "This model's maximum context length is 16384 tokens. However, you requested 122946 tokens (112946 in the messages, 10000 in the completion). Please reduce the length of the messages or completion.",
                "This model's maximum context length is 262144 tokens. However, you requested 0 output tokens and your prompt contains at least 262145 input tokens, for a total of at least 262145 tokens. (parameter=input_tokens, value=262145)",
                "max_tokens must be at least 1, got -186.",
                "'max_tokens' or 'max_completion_tokens' is too large: 2000. This model's maximum context length is 4096 tokens and your request has 2104 input tokens (2000 > 4096 - 2104).",
                // llama.cpp
                "the request exceeds the available context size, try increasing it",
                "request (9000 tokens) exceeds the available context size (8192 tokens), try increasing it",
                // LM Studio
                "The number of tokens to keep from the initial prompt is greater than the context length. Try to load the model with a larger context length, or provide a shorter input",
                "Trying to keep the first 111490 tokens when context the overflows. However, the model is loaded with context length of only 32768 tokens, which is not enough.",
                "Context size has been exceeded.",
                // Groq
                "Please reduce the length of the messages or completion.",
                // Mistral
                "Prompt contains 140000 tokens and 0 draft tokens, too large for model with 131072 maximum context length",
                // OpenRouter
                "This endpoint's maximum context length is 1048576 tokens. However, you requested about 1293741 tokens (1227853 of text input, 353 of tool input, 65535 in the output).",
                "Input length 300000 exceeds the maximum allowed input length of 262144 tokens.",
                // Together, xAI, Kimi, MiniMax, DashScope
                "The input (140000 tokens) is longer than the model's context length (131072 tokens).",
                "This model's maximum prompt length is 131072 but the request contains 537812 tokens",
                "Your request exceeded model token limit: 262144 (requested: 300000)",
                "invalid params, context window exceeds limit",
                "Range of input length should be [1, 129024]",
                // text-generation-inference, GitHub Copilot, LiteLLM, OpenAI, Anthropic and Google behind a gateway
                "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4000 `inputs` tokens and 512 `max_new_tokens`",
                "prompt token count of 130000 exceeds the limit of 128000",
                "ContextWindowExceededError: litellm.BadRequestError: Context Window exceeded for given call.",
                "Your input exceeds the context window of this model. Please adjust your input and try again.",
                "prompt is too long: 213462 tokens > 200000 maximum",
                "The input token count (1196265) exceeds the maximum number of tokens allowed (1048575)."
            })
    void windowErrorsWithoutACodeAreRecognizedByTheirText(String text) {
        String error = "\"message\":\"" + text + "\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400";
        assertThat(kind(400, "{\"error\":{" + error + "}}")).isEqualTo(FailureKind.CONTEXT_TOO_LONG);
        assertThat(kind(400, "{\"object\":\"error\"," + error + "}")).isEqualTo(FailureKind.CONTEXT_TOO_LONG);
        assertThat(kind(400, "{\"error\":\"" + text + "\"}")).isEqualTo(FailureKind.CONTEXT_TOO_LONG);
        assertThat(kind(422, "{\"detail\":[{\"msg\":\"" + text + "\"}]}")).isEqualTo(FailureKind.CONTEXT_TOO_LONG);
        assertThat(kind(500, "{\"error\":{" + error.replace("400", "500") + "}}"))
                .isEqualTo(FailureKind.CONTEXT_TOO_LONG);
        assertThat(kind(200, "{\"error\":{" + error + "}}")).isEqualTo(FailureKind.CONTEXT_TOO_LONG);
        assertThat(failure(() -> StubbedOpenAi.streamed(CHAT_COMPLETIONS, "{\"error\":{" + error + "}}", piece -> {}))
                        .kind())
                .isEqualTo(FailureKind.CONTEXT_TOO_LONG);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            400 | INVALID_REQUEST | tool_choice is weird
            400 | INVALID_REQUEST | context is not a field of this request
            400 | INVALID_REQUEST | max_tokens must be at least 1, got 0.
            400 | INVALID_REQUEST | The prompt is empty, expected text
            429 | RATE_LIMITED    | Rate limit reached: too many tokens per minute
            401 | AUTHENTICATION  | Key exceeded its context limit
            """)
    void otherErrorsKeepTheirMeaning(int status, FailureKind kind, String text) {
        assertThat(kind(status, "{\"error\":{\"message\":\"" + text + "\",\"type\":null,\"code\":null}}"))
                .isEqualTo(kind);
    }

    /** OpenRouter answers with success and puts the failure of the service behind it into the body. */
    @Test
    void anErrorInABodyOfSuccessIsThatError() {
        assertThat(kind(200, "{\"error\":{\"code\":502,\"message\":\"Provider returned error\"}}"))
                .isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(kind(200, "{\"error\":{\"code\":429,\"message\":\"busy\"}}")).isEqualTo(FailureKind.RATE_LIMITED);
        assertThat(kind(200, """
                {"choices":[{"message":{"content":""},"finish_reason":"error","error":{"code":502,"message":"cut"}}]}""")).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(chat("{\"error\":null," + message("\"content\":\"hello\"").substring(1))
                        .text())
                .isEqualTo("hello");
    }

    private static ChatRequest continued(ChatRequest first, List<Part> answer) {
        Part.ToolCall made = Message.toolCalls(answer).get(0);
        return ChatRequest.builder(Message.user(Part.ToolResult.of(made, "noon")))
                .earlier(first.messages())
                .earlier(new Message(Role.ASSISTANT, answer))
                .tools(CLOCK)
                .build();
    }

    private static String message(String fields) {
        return "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\"," + fields
                + "},\"finish_reason\":\"stop\"}]}";
    }

    private static String delta(String fields) {
        return "{\"choices\":[{\"index\":0,\"delta\":{" + fields + "}}]}\n"
                + "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n[DONE]";
    }

    private static FailureKind kind(int status, String body) {
        return failure(() -> StubbedOpenAi.replying(CHAT_COMPLETIONS, status, body)
                        .chat("some-model", ChatRequest.of("Hello?")))
                .kind();
    }

    private static ProviderException failure(Runnable call) {
        ProviderException failure = catchThrowableOfType(ProviderException.class, call::run);
        assertThat(failure).isNotNull();
        return failure;
    }

    private static ProviderAnswer chat(String body) {
        return StubbedOpenAi.replying(CHAT_COMPLETIONS, 200, body).chat("some-model", ChatRequest.of("Hello?"));
    }
}
