package dev.architect.provider.gemini;

import static dev.architect.provider.gemini.StubbedGemini.DONE;
import static dev.architect.provider.gemini.StubbedGemini.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.CacheLifetime;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Part;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolChoice;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What fails before any call, and in which words. */
class GeminiUnsupportedTest {

    private static final Tool TOOL = new Tool("weather", "", "{\"type\":\"object\"}");
    private static final OutputSchema SCHEMA = new OutputSchema("city", "{\"type\":\"object\"}");

    static Stream<Arguments> requests() {
        return Stream.of(
                Arguments.of(
                        "gemini-2.5-pro",
                        ChatRequest.builder("Hello?")
                                .effort(ReasoningEffort.NONE)
                                .build(),
                        "effort is NONE, expected one of [MINIMAL, LOW, MEDIUM, HIGH]"),
                Arguments.of(
                        "gemini-3.5-flash",
                        ChatRequest.builder("Hello?")
                                .effort(ReasoningEffort.NONE)
                                .build(),
                        "effort is NONE, expected one of [MINIMAL, LOW, MEDIUM, HIGH]"),
                Arguments.of(
                        "gemini-3-pro-preview",
                        ChatRequest.builder("Hello?")
                                .effort(ReasoningEffort.MEDIUM)
                                .build(),
                        "effort is MEDIUM, expected one of [LOW, HIGH]"),
                Arguments.of(
                        "gemini-2.5-flash",
                        ChatRequest.builder("Hello?")
                                .effort(ReasoningEffort.MAX)
                                .build(),
                        "effort is MAX, expected one of [NONE, MINIMAL, LOW, MEDIUM, HIGH]"),
                Arguments.of(
                        "gemini-2.0-flash",
                        ChatRequest.builder("Hello?")
                                .effort(ReasoningEffort.LOW)
                                .build(),
                        "model lacks [REASONING_EFFORT]"),
                Arguments.of(
                        "gemini-2.5-flash",
                        ChatRequest.builder("Hello?")
                                .tools(TOOL)
                                .toolChoice(ToolChoice.AUTO.oneAtATime())
                                .build(),
                        "model lacks [SINGLE_TOOL_CALL]"),
                Arguments.of(
                        "gemini-3.5-flash",
                        ChatRequest.builder(Message.user(
                                        new Part.Text("Hello?"), new Part.CacheBreakpoint(CacheLifetime.SHORT)))
                                .build(),
                        "model lacks [CACHE_BREAKPOINTS]"),
                Arguments.of(
                        "gemini-2.5-flash",
                        ChatRequest.builder("Hello?")
                                .tools(TOOL)
                                .outputSchema(SCHEMA)
                                .build(),
                        "tools has 1 entries with an outputSchema, expected 0 before version 3"),
                Arguments.of(
                        "gemini-2.5-flash",
                        ChatRequest.builder("Hello?")
                                .needs(Set.of(Capability.WEB_SEARCH))
                                .outputSchema(SCHEMA)
                                .build(),
                        "outputSchema is given with WEB_SEARCH, expected one of them before version 3"),
                Arguments.of(
                        "gemini-3.5-flash",
                        ChatRequest.builder("Hello?")
                                .needs(Set.of(Capability.WEB_SEARCH))
                                .tools(TOOL)
                                .build(),
                        "tools has 1 entries with WEB_SEARCH, expected 0"),
                Arguments.of(
                        "gemini-3.5-flash",
                        ChatRequest.builder("Hello?")
                                .tools(new Tool("7up", "", "{}"))
                                .build(),
                        "tool name is '7up', expected one that starts with a letter or underscore"),
                Arguments.of(
                        "gemini-3.5-flash",
                        media(new Part.Image(Media.of("image/gif", new byte[] {1}))),
                        "image is of type image/gif, expected one of "
                                + "[image/heic, image/heif, image/jpeg, image/png, image/webp]"),
                Arguments.of(
                        "gemini-3.5-flash",
                        media(new Part.Document(Media.of("application/zip", new byte[] {1}), "a.zip")),
                        "document is of type application/zip, expected application/pdf or a type of text/"),
                Arguments.of(
                        "gemini-3.5-flash",
                        media(new Part.Image(Media.at(URI.create("file:///etc/passwd")))),
                        "link is of scheme file, expected one of [gs, http, https]"),
                Arguments.of(
                        "gemini-2.0-flash",
                        media(new Part.Image(Media.at(URI.create("https://example.com/a.png")))),
                        "model lacks [MEDIA_LINKS]"),
                Arguments.of(
                        "gemma-3-27b-it",
                        ChatRequest.builder("Hello?").system("Be brief.").build(),
                        "model lacks [SYSTEM_TEXT]"),
                Arguments.of(
                        "gemini-3-pro-image-preview",
                        ChatRequest.builder("Hello?").tools(TOOL).build(),
                        "model lacks [TOOLS]"),
                Arguments.of(
                        "gemini-3.5-flash",
                        ChatRequest.builder("Hello?").option("gemini.seed", "7").build(),
                        "option is 'gemini.seed', expected one of [cached_content, service_tier]"),
                Arguments.of(
                        "gemini-3.5-flash",
                        ChatRequest.builder("Hello?")
                                .option("gemini.service_tier", "fast")
                                .build(),
                        "option gemini.service_tier is 'fast', expected one of [flex, priority, standard]"),
                Arguments.of(
                        "gemini-3.5-flash",
                        ChatRequest.builder("Hello?")
                                .option("gemini.cached_content", "../models")
                                .build(),
                        "option gemini.cached_content is no cache, expected cachedContents/id"),
                Arguments.of(
                        "gemini-3.5-flash",
                        ChatRequest.builder("Hello?")
                                .system("Be brief.")
                                .option("gemini.cached_content", "cachedContents/a")
                                .build(),
                        "option gemini.cached_content is given with system text or tools, expected them in it"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("requests")
    void failsBeforeAnyCall(String model, ChatRequest request, String expected) {
        StubbedGemini cases = new StubbedGemini(DONE);

        for (Runnable asking : List.<Runnable>of(
                () -> cases.provider.chat(call(model, request)),
                () -> cases.provider.stream(call(model, request), piece -> {}),
                () -> cases.provider.countTokens(call(model, request)))) {
            ProviderException failure = catchThrowableOfType(ProviderException.class, asking::run);
            assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
            assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
            assertThat(failure).hasMessageContaining(expected);
        }
        assertThat(cases.sent).isEmpty();
    }

    @Test
    void brokenSchemasFailBeforeAnyCall() {
        StubbedGemini cases = new StubbedGemini(DONE);
        for (ChatRequest broken : List.of(
                ChatRequest.builder("Hello?").tools(new Tool("t", "", "[")).build(),
                ChatRequest.builder("Hello?")
                        .outputSchema(new OutputSchema("t", "7"))
                        .build())) {
            ProviderException failure = catchThrowableOfType(
                    ProviderException.class, () -> cases.provider.chat(call("gemini-2.5-flash", broken)));

            assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_REQUEST);
            assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
            assertThat(failure)
                    .hasMessageContaining("is not a JSON object")
                    .message()
                    .doesNotContain("secret");
        }
        assertThat(cases.sent).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"gemini-3.5-flash, 1, model lacks [EMBEDDINGS]", "gemini-embedding-001, 101, expected 1..100"})
    void embedsOnlyWhatItCan(String model, int texts, String expected) {
        StubbedGemini cases = new StubbedGemini(DONE);
        EmbeddingCall call =
                new EmbeddingCall(model, Collections.nCopies(texts, "text"), Optional.empty(), Duration.ofSeconds(9));

        ProviderException failure = catchThrowableOfType(ProviderException.class, () -> cases.provider.embed(call));

        assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
        assertThat(failure).hasMessageContaining(expected);
        assertThat(cases.sent).isEmpty();
    }

    @Test
    void anEmbeddingModelDoesNothingElse() {
        assertThat(new StubbedGemini(DONE).provider.capabilities("gemini-embedding-001"))
                .containsExactly(Capability.EMBEDDINGS);
        assertThat(new StubbedGemini(DONE).provider.capabilities("gemini-2.5-flash"))
                .contains(Capability.TOOL_CHOICE, Capability.REASONING_EFFORT, Capability.TOKEN_COUNT)
                .doesNotContain(Capability.EMBEDDINGS, Capability.SINGLE_TOOL_CALL, Capability.CACHE_BREAKPOINTS);
    }

    private static ChatRequest media(Part part) {
        return ChatRequest.builder(Message.user(part, new Part.Text("What is this?")))
                .build();
    }
}
