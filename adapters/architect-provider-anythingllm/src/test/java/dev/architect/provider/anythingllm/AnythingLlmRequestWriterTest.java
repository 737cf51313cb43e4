package dev.architect.provider.anythingllm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Part;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.Tool;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplyHeaders;
import dev.architect.spi.ProviderCall;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is sent, as JSON, and what is refused instead. */
class AnythingLlmRequestWriterTest {

    private static final byte[] BYTES = "bytes!".getBytes(StandardCharsets.UTF_8);
    private static final Part PICTURE = new Part.Image(Media.of("image/png", BYTES));

    private final List<HttpRequest> sent = new ArrayList<>();
    private UnaryOperator<AnythingLlmProvider.Builder> setup = builder -> builder;

    @Test
    void writesOnlyTheFieldsOfTheRequest() {
        assertThat(body(ChatRequest.of("Hello?"))).isEqualTo(tree("{'message':'Hello?','sessionId':'drawn'}"));
    }

    @ParameterizedTest
    @CsvSource({"automatic", "chat", "query"})
    void answersInTheModeOfTheRequest(String mode) {
        setup = builder -> builder.mode(AnythingLlmMode.CHAT);

        assertThat(body(asking("mode", mode)).path("mode").asText()).isEqualTo(mode);
    }

    @Test
    void answersInTheModeOfTheBuilderWhenTheRequestNamesNone() {
        setup = builder -> builder.mode(AnythingLlmMode.QUERY);

        assertThat(body(ChatRequest.of("Hello?")).path("mode").asText()).isEqualTo("query");
    }

    @Test
    void goesOnWithASession() {
        JsonNode body = body(ChatRequest.builder("Hello?")
                .option("anythingllm.session", "customer 7")
                .option("anythingllm.reset", "true")
                .build());

        assertThat(body).isEqualTo(tree("{'message':'Hello?','reset':true,'sessionId':'customer 7'}"));
        assertThat(sent.get(0).path()).isEqualTo("/v1/workspace/docs/chat");
    }

    @Test
    void goesOnWithAThread() {
        ChatRequest request = ChatRequest.builder("Hello?")
                .option("anythingllm.thread", "a/b")
                .option("anythingllm.reset", "false")
                .build();

        assertThat(body(request)).isEqualTo(tree("{'message':'Hello?'}"));
        assertThat(sent.get(0).path()).isEqualTo("/v1/workspace/docs/thread/a%2Fb/chat");
        try (AnythingLlmProvider provider = provider("data: {\"type\":\"textResponse\",\"textResponse\":\"hi\"}\n\n")) {
            provider.stream(call(request), piece -> {});
        }
        assertThat(sent.get(1).path()).isEqualTo("/v1/workspace/docs/thread/a%2Fb/stream-chat");
    }

    @ParameterizedTest
    @CsvSource({
        "mode, loud, 'option anythingllm.mode is ''loud'', expected one of [automatic, chat, query]'",
        "mode, CHAT, 'expected one of [automatic, chat, query]'",
        "session, ' ', expected a name",
        "thread, ' ', expected the slug of a thread",
        "reset, yes, expected true or false",
        "reset, true, expected a session or a thread beside it",
        "temperature, 1, 'expected one of [mode, reset, session, thread]'"
    })
    void refusesOptionsThatAreUnknownOrBad(String name, String value, String expected) {
        assertThat(unsupported(asking(name, value))).hasMessageContaining(expected);
    }

    @Test
    void aThreadHasNoSession() {
        assertThat(unsupported(ChatRequest.builder("Hello?")
                        .option("anythingllm.thread", "a")
                        .option("anythingllm.session", "b")
                        .build()))
                .hasMessageContaining("expected no session beside it");
    }

    @Test
    void sendsImagesAndDocumentsBesideTheText() {
        ChatRequest request = ChatRequest.builder(Message.user(
                        PICTURE,
                        new Part.Text("What "),
                        new Part.Document(Media.of("application/pdf", BYTES), "report.pdf"),
                        new Part.Text("is this?"),
                        new Part.Document(Media.of("text/plain", BYTES), "notes")))
                .build();
        ObjectNode body = (ObjectNode) body(request);

        assertThat(body.path("message").asText()).isEqualTo("What is this?");
        assertThat(body.path("attachments"))
                .isEqualTo(tree(
                        "[{'name':'image-1.png','mime':'image/png','contentString':'data:image/png;base64,Ynl0ZXMh'},"
                                + "{'name':'report.pdf','mime':'application/anythingllm-document',"
                                + "'contentString':'data:application/pdf;base64,Ynl0ZXMh'},"
                                + "{'name':'notes.txt','mime':'application/anythingllm-document',"
                                + "'contentString':'data:text/plain;base64,Ynl0ZXMh'}]"));
    }

    @Test
    void refusesMediaThatItCannotSend() {
        assertThat(unsupported(saying(new Part.Image(Media.of("image/tiff", BYTES)))))
                .hasMessageContaining(
                        "image is of type image/tiff, expected one of [image/gif, image/jpeg, image/png, image/webp]");
        assertThat(unsupported(saying(new Part.Document(Media.of("application/zip", BYTES), "secret"))))
                .hasMessageContaining("document of type application/zip has a name without an ending")
                .message()
                .doesNotContain("secret");
        assertThat(unsupported(saying(new Part.Image(Media.at(URI.create("https://example.com/a.png"))))))
                .hasMessageContaining("MEDIA_LINKS");
        assertThat(unsupported(ChatRequest.builder(Message.user(PICTURE)).build()))
                .hasMessageContaining("message has no text");
    }

    @Test
    void everythingThatAWorkspaceKeepsToItselfFailsFast() {
        Map<Capability, ChatRequest> requests = Map.of(
                Capability.SYSTEM_TEXT, ChatRequest.builder("a").system("b").build(),
                Capability.MULTI_TURN,
                        ChatRequest.builder("a")
                                .earlier(Message.user("b"))
                                .earlier(Message.assistant("c"))
                                .build(),
                Capability.TEMPERATURE,
                        ChatRequest.builder("a").temperature(0.0).build(),
                Capability.MAX_OUTPUT_TOKENS,
                        ChatRequest.builder("a").maxOutputTokens(5).build(),
                Capability.STOP_SEQUENCES,
                        ChatRequest.builder("a").stopSequences(List.of("b")).build(),
                Capability.TOOLS,
                        ChatRequest.builder("a")
                                .tools(new Tool("t", "T.", "{}"))
                                .build(),
                Capability.JSON_SCHEMA,
                        ChatRequest.builder("a")
                                .outputSchema(new OutputSchema("s", "{}"))
                                .build(),
                Capability.REASONING_EFFORT,
                        ChatRequest.builder("a").effort(ReasoningEffort.LOW).build());

        requests.forEach((capability, request) ->
                assertThat(unsupported(request)).as(capability.name()).hasMessageContaining(capability.name()));
    }

    private static ChatRequest asking(String option, String value) {
        return ChatRequest.builder("Hello?")
                .option("anythingllm." + option, value)
                .build();
    }

    private static ChatRequest saying(Part part) {
        return ChatRequest.builder(Message.user(new Part.Text("What is this?"), part))
                .build();
    }

    /** The body of a call, with the drawn name of a session replaced. */
    private JsonNode body(ChatRequest request) {
        try (AnythingLlmProvider provider = provider("{\"type\":\"textResponse\",\"textResponse\":\"hi\"}")) {
            assertThat(provider.chat(call(request)).text()).isEqualTo("hi");
        }
        ObjectNode body = (ObjectNode) tree(String.valueOf(sent.get(0).body().orElseThrow()));
        if (body.path("sessionId").asText().startsWith("architect-")) {
            body.put("sessionId", "drawn");
        }
        return body;
    }

    private ProviderException unsupported(ChatRequest request) {
        try (AnythingLlmProvider provider = provider("{}")) {
            ProviderException streamed = AnythingLlmReplay.failure(() -> provider.stream(call(request), piece -> {}));
            ProviderException whole = AnythingLlmReplay.failure(() -> provider.chat(call(request)));
            assertThat(streamed).hasMessage(whole.getMessage());
            assertThat(whole.kind()).isEqualTo(FailureKind.UNSUPPORTED);
            assertThat(whole.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
            assertThat(sent).isEmpty();
            return whole;
        }
    }

    private AnythingLlmProvider provider(String reply) {
        return setup.apply(AnythingLlmProvider.builder(name -> Optional.of("key")))
                .replies(request -> {
                    sent.add(request);
                    return Reply.of(200, ReplyHeaders.none(), reply);
                })
                .build();
    }

    private static ProviderCall call(ChatRequest request) {
        return new ProviderCall("docs", request, Duration.ofSeconds(20));
    }

    private static JsonNode tree(String singleQuoted) {
        try {
            return new ObjectMapper().readTree(singleQuoted.replace('\'', '"'));
        } catch (IOException e) {
            throw new AssertionError(singleQuoted, e);
        }
    }
}
